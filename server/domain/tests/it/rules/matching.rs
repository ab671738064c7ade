//! What matches, for a key; and that what is remembered of rules is true, or is not used.

use super::{
    fill, form,
    programs::{made, replaced},
};
use crate::{
    keys::cache::{Other, soon},
    permissions::new_key,
    support::{World, run, said},
};
use domain::{
    Cx, Deps, audit, key,
    rule::{self, Asked, Found},
    team,
};
use model::{
    Role, Typed,
    key::{NewKey, VerifyCode},
    page::Around,
    rule::{Offer, RuleForm, TryRules},
    team::UpdateTeam,
};
use time::Duration;

async fn found(world: &World, deps: &Deps, secret: &str, message: &str) -> domain::Result<Found> {
    let asked = Asked::new(message.to_owned(), "", None)?;
    rule::offers(&world.anyone_in(deps), &Typed::new(secret), &asked).await
}

/// Offers in a program.
async fn offers_in(world: &World, deps: &Deps, secret: &str, message: &str) -> Vec<Offer> {
    match found(world, deps, secret, message).await.unwrap() {
        Found::Offers(offers) => offers,
        Found::Refused(verdict) => panic!("refused: {:?}", verdict.code),
    }
}

/// Keywords of the offers in the world's own program.
async fn matched(world: &World, secret: &str, message: &str) -> Vec<String> {
    let offers = offers_in(world, &world.deps, secret, message).await;
    offers.into_iter().map(|offer| offer.keyword).collect()
}

async fn secret(team: &Cx) -> String {
    key::create(team, new_key()).await.unwrap().secret
}

#[tokio::test]
async fn a_key_finds_the_offers_of_its_own_team_with_the_tag_filled_in_and_is_counted() {
    let world = World::new().await;
    let ada = world.team(&world.person("Ada").await, "Halden").await;
    let id = made(&ada).await.to_string();
    let url = "https://shop.example/?tag={tag}&k={keyword}".to_owned();
    rule::create(&ada, &RuleForm { program: id, url, ..form("running shoes") }).await.unwrap();
    let mal = world.team(&world.person("Mallory").await, "Mal").await;
    rule::create(&mal, &form("shoes")).await.unwrap();
    let made = key::create(&ada, new_key()).await.unwrap();
    let offers = offers_in(&world, &world.deps, &made.secret, "red RUNNING shoes?").await;
    assert_eq!(offers.len(), 1, "another team's rule is not asked");
    assert_eq!(offers[0].url, "https://shop.example/?tag=ada-21&k=running%20shoes");
    assert_eq!(offers[0].program.as_deref(), Some("Nordly"));
    assert_eq!(matched(&world, &secret(&mal).await, "running shoes").await, ["shoes"]);
    key::flush_usage(&world.deps).await.unwrap();
    assert_eq!(key::find(&ada, made.id).await.unwrap().unwrap().calls_24h, 1);
}

#[tokio::test]
async fn a_key_that_does_not_work_or_lacks_the_scope_finds_nothing() {
    let world = World::new().await;
    let ada = world.team(&world.person("Ada").await, "Halden").await;
    rule::create(&ada, &form("shoes")).await.unwrap();
    let with = async |form: NewKey| key::create(&ada, form).await.unwrap();
    let scoped = |scopes: &str| NewKey { scopes: scopes.into(), ..new_key() };
    let code = async |secret: &str| match found(&world, &world.deps, secret, "shoes").await {
        Ok(Found::Refused(verdict)) => verdict.code,
        Ok(Found::Offers(offers)) if offers.len() == 1 => VerifyCode::Valid,
        other => panic!("{other:?}"),
    };
    assert_eq!(code("pby_live_nothing").await, VerifyCode::NotFound);
    assert_eq!(
        code(&with(scoped("orders:read")).await.secret).await,
        VerifyCode::InsufficientScope
    );
    for enough in ["match", "orders:read match", "*"] {
        assert_eq!(code(&with(scoped(enough)).await.secret).await, VerifyCode::Valid, "{enough}");
    }
    let elsewhere = NewKey { networks: "203.0.113.0/24".into(), ..new_key() };
    assert_eq!(code(&with(elsewhere).await.secret).await, VerifyCode::ForbiddenIp);
    let spent = with(NewKey { quota: "1".into(), ..new_key() }).await.secret;
    assert_eq!(code(&spent).await, VerifyCode::Valid);
    assert_eq!(code(&spent).await, VerifyCode::QuotaExceeded);
    let revoked = with(new_key()).await;
    assert_eq!(code(&revoked.secret).await, VerifyCode::Valid);
    key::revoke(&ada, revoked.id, "billing-sync").await.unwrap();
    assert_eq!(code(&revoked.secret).await, VerifyCode::NotFound);
}

#[tokio::test]
async fn who_changed_a_rule_and_was_answered_finds_it_changed() {
    let world = World::new().await;
    let ada = world.team(&world.person("Ada").await, "Halden").await;
    let secret = secret(&ada).await;
    assert!(matched(&world, &secret, "shoes").await.is_empty());
    let id = rule::create(&ada, &form("shoes")).await.unwrap();
    // The clock stands still: what was remembered would hold for ever.
    assert_eq!(matched(&world, &secret, "shoes").await, ["shoes"]);
    rule::disable(&ada, id).await.unwrap();
    assert!(matched(&world, &secret, "shoes").await.is_empty());
    rule::enable(&ada, id).await.unwrap();
    rule::update(&ada, id, &form("boots")).await.unwrap();
    assert_eq!(matched(&world, &secret, "shoes boots").await, ["boots"]);
    rule::delete(&ada, id).await.unwrap();
    assert!(matched(&world, &secret, "shoes boots").await.is_empty());
}

#[tokio::test]
async fn another_program_finds_it_changed_as_soon_as_it_hears_of_it_whoever_did_it() {
    let world = World::new().await;
    let ada = world.team(&world.person("Ada").await, "Halden").await;
    let (secret, program) = (secret(&ada).await, made(&ada).await);
    let url = "https://shop.example/?tag={tag}".to_owned();
    let named = RuleForm { program: program.to_string(), url, ..form("shoes") };
    let id = rule::create(&ada, &RuleForm { starts: "2026-11-22".into(), ..named }).await.unwrap();
    let other = Other::start(&world).await;
    let url = async || {
        let offers = offers_in(&world, &other.deps, &secret, "shoes").await;
        offers.into_iter().next().map(|offer| offer.url)
    };
    assert_eq!(url().await.as_deref(), Some("https://shop.example/?tag=ada-21"));
    replaced(&ada, program, "ada-22").await.unwrap();
    soon(async || url().await.as_deref() == Some("https://shop.example/?tag=ada-22")).await;
    // Where the team's clocks are behind, the rule's first day has not begun.
    let west = UpdateTeam {
        name: "Halden".into(),
        slug: "halden".into(),
        crest: "plum".into(),
        time_zone: "Pacific/Honolulu".into(),
        ..UpdateTeam::default()
    };
    team::update(&ada, west).await.unwrap();
    soon(async || url().await.is_none()).await;
    world.clock.advance(Duration::days(1));
    soon(async || url().await.is_some()).await;
    let by_hand = format!(
        "alter table keyword_rule disable trigger keyword_rule_is_audited;
         delete from keyword_rule where id = '{}'",
        id.0
    );
    run(&mut world.superuser().await, &by_hand).await;
    soon(async || url().await.is_none()).await;
}

#[tokio::test]
async fn with_nobody_listening_a_program_asks_again_after_five_seconds_and_not_before() {
    let world = World::new().await;
    let ada = world.team(&world.person("Ada").await, "Halden").await;
    let secret = secret(&ada).await;
    let id = rule::create(&ada, &form("shoes")).await.unwrap();
    let other = world.another_program().await;
    assert_eq!(offers_in(&world, &other, &secret, "shoes").await.len(), 1);
    rule::delete(&ada, id).await.unwrap();
    assert_eq!(offers_in(&world, &other, &secret, "shoes").await.len(), 1, "nobody told it");
    world.clock.advance(Duration::seconds(5));
    assert!(offers_in(&world, &other, &secret, "shoes").await.is_empty());
    // With no database there is no answer.
    world.clock.advance(Duration::seconds(5));
    other.job().close().await;
    assert!(found(&world, &other, &secret, "shoes").await.is_err());
}

#[tokio::test]
async fn of_many_who_ask_at_once_one_reads_and_all_are_answered() {
    let world = World::new().await;
    let ada = world.team(&world.person("Ada").await, "Halden").await;
    fill(&world, &ada, 2_000).await;
    let secret = secret(&ada).await;
    let asked = (0..50).map(|_| matched(&world, &secret, "word 7, and word 1999!"));
    for found in futures::future::join_all(asked).await {
        assert_eq!(found, ["word 1999", "word 7"]);
    }
}

#[tokio::test]
async fn whoever_sees_rules_tries_them_without_seeing_the_key_or_being_counted() {
    let world = World::new().await;
    let ada = world.team(&world.person("Ada").await, "Halden").await;
    let program = made(&ada).await.to_string();
    let url = "https://shop.example/?tag={tag}&q={query}".to_owned();
    rule::create(&ada, &RuleForm { program, url, ..form("shoes") }).await.unwrap();
    let viewer = world.member(&ada, Role::Viewer).await;
    let tried = |message: &str| TryRules { message: message.into(), language: "en-GB".into() };
    let offers = rule::try_out(&viewer, tried("my shoes")).await.unwrap();
    assert_eq!(offers[0].url, "https://shop.example/?tag={tag}&q=my%20shoes");
    let empty = said(rule::try_out(&viewer, tried("")).await);
    assert_eq!(empty, "The message is empty. Send what somebody wrote.");
    assert!(said(rule::try_out(&viewer, tried(&"x".repeat(8_193))).await).contains("8192 bytes"));
    let none = TryRules { message: "x".into(), language: "german".into() };
    assert!(said(rule::try_out(&viewer, none).await).starts_with("This is no language."));
    let mal = world.team(&world.person("Mallory").await, "Mal").await;
    assert!(rule::try_out(&mal, tried("shoes")).await.unwrap().is_empty());
    let log = audit::list(&ada, Around::default()).await.unwrap();
    assert!(log.page.rows.iter().all(|row| row.action != "key.first_use"));
}
