//! Letters before a key ends and when most of its quota is used: each once, to who can do something.

use crate::{
    permissions::new_key,
    support::{World, refusal, run},
};
use domain::{Cx, key, security, team};
use model::{Role, Typed, key::NewKey, security::SetKeys};
use secrecy::ExposeSecret;
use time::Duration;

/// Letters of these subjects since the last time, each with whom it is to, in words on one line.
async fn told(world: &World, subjects: &[&str]) -> Vec<(String, String)> {
    let letters = world.letters().await.into_iter();
    let words = |text: &str| text.split_whitespace().collect::<Vec<_>>().join(" ");
    let mut told: Vec<_> = letters
        .filter(|mail| subjects.contains(&mail.subject.as_str()))
        .map(|mail| (mail.to.clone(), words(mail.text.expose_secret())))
        .collect();
    told.sort();
    told
}

/// The letters about ends that are due now.
async fn ends(world: &World) -> Vec<(String, String)> {
    key::remind_ends(&world.deps).await.unwrap();
    told(world, &["API keys of your team end soon"]).await
}

/// The same about quotas.
async fn quotas(world: &World) -> Vec<(String, String)> {
    key::remind_quotas(&world.deps).await.unwrap();
    let subjects =
        ["Most of the quota of an API key is used", "The quota of an API key is used up"];
    told(world, &subjects).await
}

async fn lasting(ada: &Cx, name: &str, days: u16) -> model::reveal::RevealedKey {
    let form = NewKey { name: name.into(), days: days.to_string(), ..new_key() };
    key::create(ada, form).await.unwrap()
}

#[tokio::test]
async fn each_person_gets_one_letter_about_all_keys_14_3_and_1_days_before() {
    let world = World::new().await;
    let ada = world.team(&world.person("Ada").await, "Halden").await;
    world.join(&ada, &world.person("Ben").await, Role::Admin).await;
    world.join(&ada, &world.person("Cy").await, Role::Member).await;
    let other = world.team(&world.person("Mallory").await, "Mal").await;
    let one = lasting(&ada, "billing-sync", 20).await;
    lasting(&ada, "dispatch-board", 20).await;
    lasting(&other, "theirs", 20).await;
    assert_eq!(ends(&world).await, []);
    world.clock.advance(Duration::days(5));
    assert_eq!(ends(&world).await, [], "15 days before");
    let mut days = Vec::new();
    for day in (0..=14).rev() {
        world.clock.advance(Duration::days(1));
        let letters = ends(&world).await;
        assert_eq!(ends(&world).await, [], "once");
        if letters.is_empty() {
            continue;
        }
        days.push(day);
        let to: Vec<&str> = letters.iter().map(|(to, _)| to.as_str()).collect();
        assert_eq!(to, ["ada@example.com", "ben@example.com", "mallory@example.com"]);
        let said = format!(
            "billing-sync ({}…): ends on 12 December 2026, 08:00 UTC, never used. dispatch-board",
            &one.secret[..17]
        );
        assert!(letters[0].1.contains(&said), "{}", letters[0].1);
        assert!(!letters[0].1.contains("theirs") && letters[2].1.contains("theirs"));
    }
    assert_eq!(days, [14, 3, 1]);
}

#[tokio::test]
async fn after_a_pause_only_the_nearest_is_told_and_nothing_of_marks_before_a_key_was_made() {
    let world = World::new().await;
    let ada = world.team(&world.person("Ada").await, "Halden").await;
    lasting(&ada, "long", 90).await;
    world.clock.advance(Duration::days(88));
    assert_eq!(ends(&world).await.len(), 1, "two days before, for the day before that");
    let ada = world.again(&ada, &ada).await;
    for days in [14, 3, 1] {
        lasting(&ada, "short", days).await;
    }
    assert_eq!(ends(&world).await, []);
    world.clock.advance(Duration::days(1));
    let letters = ends(&world).await;
    assert!(letters[0].1.contains("long") && !letters[0].1.contains("short"), "{letters:?}");
    world.clock.advance(Duration::days(1));
    let letters = ends(&world).await;
    assert_eq!(letters[0].1.matches("short (").count(), 1, "the one of three days: {letters:?}");
}

#[tokio::test]
async fn a_policy_that_ends_keys_sooner_is_told_and_a_key_that_is_off_is_not() {
    let world = World::new().await;
    let ada = world.team(&world.person("Ada").await, "Halden").await;
    lasting(&ada, "works", 90).await;
    let (off, gone) = (lasting(&ada, "off", 90).await, lasting(&ada, "gone", 90).await);
    key::disable(&ada, off.id).await.unwrap();
    key::revoke(&ada, gone.id, "").await.unwrap();
    world.clock.advance(Duration::days(28));
    assert_eq!(ends(&world).await, []);
    let ada = world.again(&ada, &ada).await;
    security::set_keys(&ada, SetKeys { days: "30".into(), ..SetKeys::default() }).await.unwrap();
    let letters = ends(&world).await;
    assert_eq!(letters.len(), 1);
    assert!(letters[0].1.contains("works (") && !letters[0].1.contains("off ("), "{letters:?}");
    assert!(!letters[0].1.contains("gone ("), "{letters:?}");
}

#[tokio::test]
async fn two_programs_at_once_tell_it_once() {
    let world = World::new().await;
    let ada = world.team(&world.person("Ada").await, "Halden").await;
    for number in 0..30 {
        lasting(&ada, &format!("key {number}"), 20).await;
    }
    let other = world.another_program().await;
    world.clock.advance(Duration::days(6));
    let (one, two) = tokio::join!(key::remind_ends(&world.deps), key::remind_ends(&other));
    one.unwrap();
    two.unwrap();
    let posted = "select count(*) from mail where letter = 'keys_end'";
    let count = sqlx::query_scalar::<_, i64>(posted).fetch_one(&mut world.superuser().await).await;
    assert_eq!(count.unwrap(), 1);
    let told = "select count(*) from key_notice";
    let count = sqlx::query_scalar::<_, i64>(told).fetch_one(&mut world.superuser().await).await;
    assert_eq!(count.unwrap(), 30);
}

#[tokio::test]
async fn a_letter_that_cannot_be_posted_is_told_with_the_next_run() {
    let world = World::new().await;
    let ada = world.team(&world.person("Ada").await, "Halden").await;
    lasting(&ada, "billing-sync", 20).await;
    world.clock.advance(Duration::days(6));
    run(&mut world.superuser().await, "revoke insert on mail from probity_job").await;
    assert!(key::remind_ends(&world.deps).await.is_err());
    let columns = "id, owner_kind, owner_id, letter, sealed, created_at, next_at, for_team";
    let back = format!("grant insert ({columns}) on mail to probity_job");
    run(&mut world.superuser().await, &back).await;
    assert_eq!(ends(&world).await.len(), 1);
}

#[tokio::test]
async fn a_quota_is_told_of_at_80_and_100_percent_once_a_month() {
    let world = World::new().await;
    let ada = world.team(&world.person("Ada").await, "Halden").await;
    let form = NewKey { quota: "10".into(), ..new_key() };
    let made = key::create(&ada, form).await.unwrap();
    let calls = async |number| {
        for _ in 0..number {
            let ask = key::Ask::default();
            key::verify(&world.anyone(), &Typed::new(&made.secret), &ask).await.unwrap();
        }
    };
    calls(7).await;
    assert_eq!(quotas(&world).await, []);
    calls(1).await;
    let letters = quotas(&world).await;
    assert!(
        letters[0].1.contains("80 % of the 10 calls that the API key billing-sync"),
        "{letters:?}"
    );
    assert!(letters[0].1.contains(&format!("/t/halden/keys/{}", made.id)));
    assert_eq!(quotas(&world).await, [], "once");
    calls(3).await;
    let letters = quotas(&world).await;
    assert_eq!(letters.len(), 1);
    assert!(letters[0].1.contains("100 % of the 10 calls"), "{letters:?}");
    assert_eq!(quotas(&world).await, []);
    // The next month, from nothing to all of it: only that is told.
    world.clock.advance(Duration::days(10));
    assert_eq!(quotas(&world).await, []);
    calls(11).await;
    let letters = quotas(&world).await;
    assert_eq!(letters.len(), 1);
    assert!(letters[0].1.contains("100 %"), "{letters:?}");
}

#[tokio::test]
async fn no_request_and_no_other_task_takes_notices() {
    let world = World::new().await;
    let ada = world.team(&world.person("Ada").await, "Halden").await;
    let id = team::card(&ada).unwrap().id;
    let mut raw = world.raw("probity_app", id, &ada).await;
    let refused = refusal(&mut raw, "select app.take_notices(now())").await;
    assert_eq!(refused, "permission denied for function take_notices");
    let mut raw = world.raw("probity_job", id, &ada).await;
    run(&mut raw, "set app.task = 'key.usage'").await;
    let refused = refusal(&mut raw, "select app.take_notices(now())").await;
    assert_eq!(refused, "only who writes to them asks");
    let refused = refusal(&mut raw, "select from key_notice").await;
    assert_eq!(refused, "permission denied for table key_notice");
}
