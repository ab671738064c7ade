//! The life of an API key.

pub(crate) mod acting;
mod addresses;
pub(crate) mod cache;
mod changed;
mod counting;
mod listed;
mod reminders;
mod rotation;
mod scan;
mod verdicts;

use crate::{
    permissions::new_key,
    support::{World, said},
};
use domain::{
    audit,
    key::{self, Ask},
};
use model::key::KeyQuery;
use model::{
    Typed,
    key::{KeyState, NewKey, VerifyCode},
    page::Around,
};
use time::Duration;

/// What verify says of a key.
async fn code(world: &World, secret: &str, ask: Ask<'_>) -> VerifyCode {
    key::verify(&world.anyone(), &Typed::new(secret), &ask).await.unwrap().code
}

/// The same with nothing else asked.
async fn plain(world: &World, secret: &str) -> VerifyCode {
    code(world, secret, Ask::default()).await
}

/// Nothing is told of it.
fn is_unknown(verdict: &key::Verdict) -> bool {
    verdict.code == VerifyCode::NotFound && verdict.key.is_none()
}

#[tokio::test]
async fn a_key_is_valid_until_it_is_revoked_and_not_a_moment_longer() {
    let world = World::new().await;
    let team = world.team(&world.person("Ada").await, "Halden").await;
    let made = key::create(&team, new_key()).await.unwrap();
    let verify = async || {
        key::verify(&world.anyone(), &Typed::new(&made.secret), &Ask::default()).await.unwrap()
    };
    let verdict = verify().await;
    assert!(verdict.is_valid());
    assert_eq!(verdict.key.map(|key| key.id), Some(made.id));
    key::revoke(&team, made.id, "").await.unwrap();
    assert!(is_unknown(&verify().await));
    let again = said(key::revoke(&team, made.id, "").await);
    assert_eq!(again, "billing-sync was revoked before.");
}

#[tokio::test]
async fn a_key_ends_on_its_day() {
    let world = World::new().await;
    let team = world.team(&world.person("Ada").await, "Halden").await;
    let made = key::create(&team, NewKey { days: "1".to_owned(), ..new_key() }).await.unwrap();
    world.clock.advance(Duration::days(1));
    let verdict =
        key::verify(&world.anyone(), &Typed::new(&made.secret), &Ask::default()).await.unwrap();
    assert_eq!(verdict.code, VerifyCode::Expired);
    let row = key::find(&team, made.id).await.unwrap().unwrap();
    assert_eq!(row.state, KeyState::Ended);
}

#[tokio::test]
async fn what_is_no_key_is_not_found() {
    let world = World::new().await;
    for text in ["", "pby_live_x", "ключ", &"x".repeat(5_000)] {
        let verdict =
            key::verify(&world.anyone(), &Typed::new(text), &Ask::default()).await.unwrap();
        assert!(is_unknown(&verdict));
    }
}

#[tokio::test]
async fn the_first_use_is_recorded_once_and_every_use_is_counted() {
    let world = World::new().await;
    let team = world.team(&world.person("Ada").await, "Halden").await;
    let made = key::create(&team, new_key()).await.unwrap();
    let uses = (0..10).map(|_| async {
        key::verify(&world.anyone(), &Typed::new(&made.secret), &Ask::default()).await.unwrap()
    });
    assert!(futures::future::join_all(uses).await.iter().all(key::Verdict::is_valid));
    key::flush_usage(&world.deps).await.unwrap();
    key::flush_usage(&world.deps).await.unwrap();
    assert_eq!(key::find(&team, made.id).await.unwrap().unwrap().calls_24h, 10);
    let page = audit::list(&team, Around::default()).await.unwrap();
    let actions: Vec<&str> = page.page.rows.iter().map(|row| row.action.as_str()).collect();
    assert_eq!(actions, ["key.first_use", "key.create", "team.create"]);
    assert_eq!(page.page.rows[0].actor, "Probity");
    assert_eq!(page.proof.unwrap().broken_at, None);
}

#[tokio::test]
async fn a_form_is_told_of_all_its_wrong_fields_and_nothing_is_written() {
    let world = World::new().await;
    let team = world.team(&world.person("Ada").await, "Halden").await;
    let Err(domain::Error::Invalid(errors)) = key::create(&team, NewKey::default()).await else {
        panic!("an empty form went through");
    };
    let fields: Vec<&str> = errors.iter().map(|error| error.field.as_str()).collect();
    assert_eq!(fields, ["name", "environment", "days"]);
    assert!(key::list(&team, KeyQuery::default()).await.unwrap().rows.is_empty());
    assert_eq!(audit::list(&team, Around::default()).await.unwrap().page.rows.len(), 1);
}

#[tokio::test]
async fn pages_of_keys_lead_on_and_back() {
    let world = World::new().await;
    let team = world.team(&world.person("Ada").await, "Halden").await;
    for number in 0..60 {
        world.clock.advance(Duration::seconds(1));
        key::create(&team, NewKey { name: format!("key {number}"), ..new_key() }).await.unwrap();
    }
    let first = key::list(&team, KeyQuery::default()).await.unwrap();
    assert_eq!((first.rows.len(), first.rows[0].name.as_str()), (25, "key 59"));
    let second = key::list(&team, KeyQuery { before: first.older.clone(), ..KeyQuery::default() })
        .await
        .unwrap();
    assert_eq!(second.rows[0].name, "key 34");
    let third =
        key::list(&team, KeyQuery { before: second.older, ..KeyQuery::default() }).await.unwrap();
    assert_eq!((third.rows.len(), third.older), (10, None));
    let back =
        key::list(&team, KeyQuery { after: second.newer, ..KeyQuery::default() }).await.unwrap();
    assert_eq!(back, first);
}

#[tokio::test]
async fn a_key_that_names_networks_is_accepted_from_these_only() {
    let world = World::new().await;
    let team = world.team(&world.person("Ada").await, "Halden").await;
    let networks = "203.0.113.0/24 2001:db8::/32".to_owned();
    let made = key::create(&team, NewKey { networks, ..new_key() }).await.unwrap();
    let open = key::create(&team, new_key()).await.unwrap();
    let code = async |secret: &str, ip: &str| {
        let ask = Ask { ip: ip.parse().ok(), ..Ask::default() };
        let verdict = key::verify(&world.anyone(), &Typed::new(secret), &ask).await;
        verdict.unwrap().code
    };
    for inside in ["203.0.113.9", "2001:db8::9", "::ffff:203.0.113.9"] {
        assert_eq!(code(&made.secret, inside).await, VerifyCode::Valid, "{inside}");
    }
    for outside in ["203.0.114.9", "2001:db9::9", "", "here"] {
        assert_eq!(code(&made.secret, outside).await, VerifyCode::ForbiddenIp, "{outside:?}");
        assert_eq!(code(&open.secret, outside).await, VerifyCode::Valid, "{outside:?}");
    }
    // What has ended is told first, wherever it comes from.
    world.clock.advance(Duration::days(91));
    assert_eq!(code(&made.secret, "203.0.114.9").await, VerifyCode::Expired);
    let shown = key::find(&world.again(&team, &team).await, made.id).await.unwrap().unwrap();
    assert_eq!(shown.networks, ["203.0.113.0/24", "2001:db8::/32"]);
    let wrong = NewKey { networks: "here".to_owned(), ..new_key() };
    let refused = said(key::create(&team, wrong).await);
    assert!(refused.starts_with("This is not a network: here."), "{refused}");
}
