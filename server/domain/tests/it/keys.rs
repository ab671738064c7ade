//! The life of an API key.

use crate::{
    permissions::new_key,
    support::{World, said},
};
use domain::{audit, key};
use model::{
    Typed,
    key::{KeyState, NewKey, VerifyCode},
    page::Around,
};
use time::Duration;

#[tokio::test]
async fn a_key_is_valid_until_it_is_revoked_and_not_a_moment_longer() {
    let world = World::new().await;
    let team = world.team(&world.person("Ada").await, "Halden").await;
    let made = key::create(&team, new_key()).await.unwrap();
    let verify = async || key::verify(&world.anyone(), &Typed::new(&made.secret)).await.unwrap();
    let verdict = verify().await;
    assert!(verdict.valid && verdict.code == VerifyCode::Valid);
    assert_eq!(verdict.key_id, Some(made.id));
    key::revoke(&team, made.id).await.unwrap();
    assert_eq!(verify().await, model::key::Verdict::NOT_FOUND);
    let again = said(key::revoke(&team, made.id).await);
    assert_eq!(again, "billing-sync was revoked before.");
}

#[tokio::test]
async fn a_key_ends_on_its_day() {
    let world = World::new().await;
    let team = world.team(&world.person("Ada").await, "Halden").await;
    let made = key::create(&team, NewKey { days: "1".to_owned(), ..new_key() }).await.unwrap();
    world.clock.advance(Duration::days(1));
    let verdict = key::verify(&world.anyone(), &Typed::new(&made.secret)).await.unwrap();
    assert!(!verdict.valid && verdict.code == VerifyCode::Expired);
    let row = key::find(&team, made.id).await.unwrap().unwrap();
    assert_eq!(row.state, KeyState::Ended);
}

#[tokio::test]
async fn what_is_no_key_is_not_found() {
    let world = World::new().await;
    for text in ["", "pby_live_x", "ключ", &"x".repeat(5_000)] {
        let verdict = key::verify(&world.anyone(), &Typed::new(text)).await.unwrap();
        assert_eq!(verdict, model::key::Verdict::NOT_FOUND);
    }
}

#[tokio::test]
async fn the_first_use_is_recorded_once_and_every_use_is_counted() {
    let world = World::new().await;
    let team = world.team(&world.person("Ada").await, "Halden").await;
    let made = key::create(&team, new_key()).await.unwrap();
    let uses = (0..10)
        .map(|_| async { key::verify(&world.anyone(), &Typed::new(&made.secret)).await.unwrap() });
    assert!(futures::future::join_all(uses).await.iter().all(|verdict| verdict.valid));
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
    assert!(key::list(&team, Around::default()).await.unwrap().rows.is_empty());
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
    let first = key::list(&team, Around::default()).await.unwrap();
    assert_eq!((first.rows.len(), first.rows[0].name.as_str()), (25, "key 59"));
    let second =
        key::list(&team, Around { before: first.older.clone(), after: None }).await.unwrap();
    assert_eq!(second.rows[0].name, "key 34");
    let third = key::list(&team, Around { before: second.older, after: None }).await.unwrap();
    assert_eq!((third.rows.len(), third.older), (10, None));
    let back = key::list(&team, Around { before: None, after: second.newer }).await.unwrap();
    assert_eq!(back, first);
}
