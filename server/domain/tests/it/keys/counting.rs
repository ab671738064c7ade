//! Rates, quotas and usage: nothing is admitted beyond a limit, nothing is lost.

use super::{code, plain};
use crate::{permissions::new_key, support::World};
use domain::{
    Deps,
    key::{self, Ask, Journal, Verdict},
};
use futures::future::join_all;
use model::{
    Typed,
    key::{NewKey, VerifyCode},
};
use std::path::PathBuf;
use time::Duration;

async fn ask(world: &World, deps: &Deps, secret: &str, ask: &Ask<'_>) -> Verdict {
    key::verify(&world.anyone_in(deps), &Typed::new(secret), ask).await.unwrap()
}

async fn valid_of(world: &World, deps: &Deps, secret: &str, calls: usize) -> usize {
    let nothing = Ask::default();
    let asked = (0..calls).map(|_| ask(world, deps, secret, &nothing));
    join_all(asked).await.iter().filter(|verdict| verdict.is_valid()).count()
}

#[tokio::test]
async fn a_rate_lets_so_many_calls_through_and_says_when_there_are_more() {
    let world = World::new().await;
    let ada = world.team(&world.person("Ada").await, "Halden").await;
    let form = NewKey { rate: "10".into(), rate_per: "minute".into(), ..new_key() };
    let secret = key::create(&ada, form).await.unwrap().secret;
    assert_eq!(valid_of(&world, &world.deps, &secret, 25).await, 10);
    let refused = ask(&world, &world.deps, &secret, &Ask::default()).await;
    assert_eq!(refused.code, VerifyCode::RateLimited);
    let left = refused.rate.unwrap();
    assert_eq!((left.limit, left.remaining, left.reset), (10, 0, 60));
    world.clock.advance(Duration::minutes(2));
    let dear = Ask { cost: Some(7), ..Ask::default() };
    assert_eq!(ask(&world, &world.deps, &secret, &dear).await.rate.unwrap().remaining, 3);
    assert_eq!(code(&world, &secret, dear).await, VerifyCode::RateLimited);
    let look = Ask { cost: Some(0), ..Ask::default() };
    assert_eq!(ask(&world, &world.deps, &secret, &look).await.rate.unwrap().remaining, 3);
}

#[tokio::test]
async fn a_clock_that_is_set_back_does_not_lengthen_a_rate() {
    let world = World::new().await;
    let ada = world.team(&world.person("Ada").await, "Halden").await;
    let form = NewKey { rate: "1".into(), rate_per: "second".into(), ..new_key() };
    let secret = key::create(&ada, form).await.unwrap().secret;
    assert_eq!(plain(&world, &secret).await, VerifyCode::Valid);
    assert_eq!(plain(&world, &secret).await, VerifyCode::RateLimited);
    world.clock.advance(Duration::hours(-1));
    assert_eq!(plain(&world, &secret).await, VerifyCode::Valid, "it begins anew, and is not stuck");
}

#[tokio::test]
async fn a_quota_is_never_exceeded_by_two_programs_at_once_and_begins_anew_each_month() {
    let world = World::with(domain::Signup::Open, 8).await;
    let ada = world.team(&world.person("Ada").await, "Halden").await;
    let form = NewKey { quota: "100".into(), ..new_key() };
    let secret = key::create(&ada, form).await.unwrap().secret;
    let other = world.another_program().await;
    let (one, two) = tokio::join!(
        valid_of(&world, &world.deps, &secret, 90),
        valid_of(&world, &other, &secret, 90)
    );
    assert_eq!(one + two, 100);
    let refused = ask(&world, &other, &secret, &Ask::default()).await;
    assert_eq!(refused.code, VerifyCode::QuotaExceeded);
    let left = refused.quota.unwrap();
    // The 22nd of November, at eight: nine days less eight hours.
    assert_eq!((left.limit, left.remaining, left.reset), (100, 0, 9 * 86_400 - 8 * 3_600));
    world.clock.advance(Duration::days(9));
    assert_eq!(plain(&world, &secret).await, VerifyCode::Valid);
}

#[tokio::test]
async fn a_quota_is_spent_only_on_calls_that_nothing_else_is_against() {
    let world = World::new().await;
    let ada = world.team(&world.person("Ada").await, "Halden").await;
    let form = NewKey {
        quota: "5".into(),
        rate: "2".into(),
        rate_per: "minute".into(),
        scopes: "a".into(),
        ..new_key()
    };
    let secret = key::create(&ada, form).await.unwrap().secret;
    let lacking = Ask { scopes: vec!["b".into()], ..Ask::default() };
    for _ in 0..10 {
        assert_eq!(code(&world, &secret, lacking.clone()).await, VerifyCode::InsufficientScope);
    }
    for _ in 0..2 {
        assert_eq!(valid_of(&world, &world.deps, &secret, 6).await, 2, "the rate");
        world.clock.advance(Duration::minutes(2));
    }
    assert_eq!(valid_of(&world, &world.deps, &secret, 6).await, 1, "the fifth of five");
    assert_eq!(plain(&world, &secret).await, VerifyCode::QuotaExceeded);
}

#[tokio::test]
async fn what_a_program_took_and_did_not_spend_is_there_for_the_others() {
    let world = World::new().await;
    let ada = world.team(&world.person("Ada").await, "Halden").await;
    let form = NewKey { quota: "1000".into(), ..new_key() };
    let made = key::create(&ada, form).await.unwrap();
    assert_eq!(valid_of(&world, &world.deps, &made.secret, 3).await, 3);
    let mut superuser = world.superuser().await;
    let mut taken = async || -> i64 {
        sqlx::query_scalar("select taken from key_quota").fetch_one(&mut superuser).await.unwrap()
    };
    assert_eq!(taken().await, 10, "a hundredth at a time");
    assert_eq!(key::find(&ada, made.id).await.unwrap().unwrap().quota_used, 3);
    key::return_quotas(&world.deps).await.unwrap();
    assert_eq!(taken().await, 3);
    let other = world.another_program().await;
    assert_eq!(valid_of(&world, &other, &made.secret, 1000).await, 997);
}

pub(super) fn journal() -> (PathBuf, Option<Journal>) {
    let folder = std::env::temp_dir().join(format!("probity-usage-{}", uuid::Uuid::new_v4()));
    let journal = Journal::open(&folder).unwrap();
    (folder, Some(journal))
}

#[tokio::test]
async fn what_a_killed_program_had_noted_is_counted_by_the_next_once() {
    let world = World::new().await;
    let ada = world.team(&world.person("Ada").await, "Halden").await;
    let made = key::create(&ada, new_key()).await.unwrap();
    let (folder, noted) = journal();
    let killed = world.program_with(noted).await;
    assert_eq!(valid_of(&world, &killed, &made.secret, 30).await, 30);
    key::flush_usage(&killed).await.unwrap();
    assert_eq!(valid_of(&world, &killed, &made.secret, 12).await, 12);
    killed.settle().await; // as before each answer
    drop(killed); // without a flush, as by kill -9
    let next = world.program_with(Some(Journal::open(&folder).unwrap())).await;
    let calls = async || key::find(&ada, made.id).await.unwrap().unwrap().calls_24h;
    assert_eq!(calls().await, 30);
    key::flush_usage(&next).await.unwrap();
    key::flush_usage(&next).await.unwrap();
    assert_eq!(calls().await, 42);
    std::fs::remove_dir_all(folder).unwrap();
}

#[tokio::test]
async fn a_batch_whose_commit_nobody_heard_of_is_added_once() {
    let world = World::new().await;
    let ada = world.team(&world.person("Ada").await, "Halden").await;
    let made = key::create(&ada, new_key()).await.unwrap();
    let (folder, noted) = journal();
    let program = world.program_with(noted).await;
    assert_eq!(valid_of(&world, &program, &made.secret, 7).await, 7);
    // Its file is kept as it would be by a program that is killed between COMMIT and removal.
    let file = std::fs::read_dir(&folder).unwrap().next().unwrap().unwrap().path();
    let notes = std::fs::read(&file).unwrap();
    key::flush_usage(&program).await.unwrap();
    assert!(!file.exists());
    drop(program);
    std::fs::write(&file, notes).unwrap();
    let next = world.program_with(Some(Journal::open(&folder).unwrap())).await;
    key::flush_usage(&next).await.unwrap();
    assert!(!file.exists(), "and it is gone");
    assert_eq!(key::find(&ada, made.id).await.unwrap().unwrap().calls_24h, 7);
    std::fs::remove_dir_all(folder).unwrap();
}

#[tokio::test]
async fn calls_that_cannot_be_added_now_are_added_later() {
    let world = World::new().await;
    let ada = world.team(&world.person("Ada").await, "Halden").await;
    let made = key::create(&ada, new_key()).await.unwrap();
    let mut superuser = world.superuser().await;
    assert_eq!(valid_of(&world, &world.deps, &made.secret, 5).await, 5);
    crate::support::run(&mut superuser, "revoke insert on usage_batch from probity_job").await;
    assert!(key::flush_usage(&world.deps).await.is_err());
    assert_eq!(valid_of(&world, &world.deps, &made.secret, 6).await, 6);
    assert!(key::flush_usage(&world.deps).await.is_err());
    crate::support::run(&mut superuser, "grant insert on usage_batch to probity_job").await;
    key::flush_usage(&world.deps).await.unwrap();
    assert_eq!(key::find(&ada, made.id).await.unwrap().unwrap().calls_24h, 11);
}

#[tokio::test]
async fn calls_are_counted_by_what_was_answered_and_the_last_one_says_from_where() {
    let world = World::new().await;
    let ada = world.team(&world.person("Ada").await, "Halden").await;
    let form = NewKey { scopes: "a".into(), ..new_key() };
    let made = key::create(&ada, form).await.unwrap();
    let from = |ip: &str| Ask { ip: ip.parse().ok(), ..Ask::default() };
    code(&world, &made.secret, from("203.0.113.7")).await;
    code(&world, &made.secret, Ask { scopes: vec!["b".into()], ..from("203.0.113.7") }).await;
    world.clock.advance(Duration::seconds(1));
    code(&world, &made.secret, from("2001:db8::7")).await;
    key::flush_usage(&world.deps).await.unwrap();
    let rows: Vec<(String, i64)> =
        sqlx::query_as("select code, calls from key_usage order by code")
            .fetch_all(&mut world.superuser().await)
            .await
            .unwrap();
    assert_eq!(rows, [("INSUFFICIENT_SCOPE".to_owned(), 1), ("VALID".to_owned(), 2)]);
    let shown = key::find(&ada, made.id).await.unwrap().unwrap();
    assert_eq!((shown.calls_24h, shown.last_used_from.as_str()), (3, "2001:db8::7"));
}
