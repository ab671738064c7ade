//! A key with two secrets, and one that is off for a while.

use super::plain;
use crate::{
    permissions::new_key,
    support::{World, refusal, run, said},
};
use domain::{Error, audit, key, member, security, team};
use model::{
    Permission, Role,
    key::{KeyState, NewKey, RotateKey, VerifyCode},
    page::Around,
    security::SetKeys,
};
use time::Duration;

fn overlap(hours: &str) -> RotateKey {
    RotateKey { overlap: hours.to_owned(), ..RotateKey::default() }
}

#[tokio::test]
async fn both_secrets_work_until_the_overlap_ends_and_the_new_one_keeps_everything() {
    let world = World::new().await;
    let ada = world.team(&world.person("Ada").await, "Halden").await;
    let form = NewKey {
        scopes: "orders:read".into(),
        quota: "1000".into(),
        networks: "203.0.113.0/24".into(),
        ..new_key()
    };
    let made = key::create(&ada, NewKey { networks: String::new(), ..form }).await.unwrap();
    let before = key::find(&ada, made.id).await.unwrap().unwrap();
    let new = key::rotate(&ada, made.id, &overlap("24")).await.unwrap();
    assert_ne!(new.secret, made.secret);
    assert_eq!((new.id, new.expires_at.as_ref()), (made.id, made.expires_at.as_ref()));
    let after = key::find(&ada, made.id).await.unwrap().unwrap();
    assert_eq!((&after.scopes, after.quota), (&before.scopes, before.quota));
    assert!(after.previous.as_ref().is_some_and(|old| old.works && old.start == before.start));
    assert_eq!(plain(&world, &made.secret).await, VerifyCode::Valid, "the old one");
    assert_eq!(plain(&world, &new.secret).await, VerifyCode::Valid, "the new one");
    world.clock.advance(Duration::hours(24));
    assert_eq!(plain(&world, &made.secret).await, VerifyCode::Expired);
    assert_eq!(plain(&world, &new.secret).await, VerifyCode::Valid);
    let log = audit::list(&world.again(&ada, &ada).await, Around::default()).await.unwrap();
    let event = log.page.rows.iter().find(|row| row.action == "key.rotate").unwrap();
    assert!(event.detail.contains(&before.start), "{event:?}");
    assert!(!event.detail.contains(&new.secret), "never a secret");
}

#[tokio::test]
async fn the_old_secret_ends_with_its_key_and_a_rotation_makes_nothing_longer() {
    let world = World::new().await;
    let ada = world.team(&world.person("Ada").await, "Halden").await;
    let made = key::create(&ada, NewKey { days: "1".into(), ..new_key() }).await.unwrap();
    let new = key::rotate(&ada, made.id, &overlap("168")).await.unwrap();
    assert_eq!(new.replaces.as_ref().map(|old| &old.ends_at), made.expires_at.as_ref());
    world.clock.advance(Duration::days(1));
    for secret in [&made.secret, &new.secret] {
        assert_eq!(plain(&world, secret).await, VerifyCode::Expired);
    }
    let ada = world.again(&ada, &ada).await;
    let refused = said(key::rotate(&ada, made.id, &overlap("1")).await);
    assert!(refused.contains("would end with it"), "{refused}");
}

#[tokio::test]
async fn an_overlap_is_ended_at_once_and_no_second_one_begins_while_it_lasts() {
    let world = World::new().await;
    let ada = world.team(&world.person("Ada").await, "Halden").await;
    let made = key::create(&ada, new_key()).await.unwrap();
    assert_eq!(said(key::end_overlap(&ada, made.id).await), "billing-sync has one secret only.");
    let new = key::rotate(&ada, made.id, &overlap("24")).await.unwrap();
    assert_eq!(
        said(key::rotate(&ada, made.id, &overlap("24")).await),
        "billing-sync has two secrets already. End the old one first."
    );
    assert_eq!(plain(&world, &made.secret).await, VerifyCode::Valid);
    key::end_overlap(&ada, made.id).await.unwrap();
    assert_eq!(plain(&world, &made.secret).await, VerifyCode::Expired, "and not from memory");
    assert_eq!(plain(&world, &new.secret).await, VerifyCode::Valid);
    // "Not at all": the old one ends in the same moment.
    let last = key::rotate(&ada, made.id, &overlap("0")).await.unwrap();
    assert_eq!(plain(&world, &new.secret).await, VerifyCode::Expired);
    assert_eq!(plain(&world, &last.secret).await, VerifyCode::Valid);
    assert_eq!(plain(&world, &made.secret).await, VerifyCode::NotFound, "the one before that");
}

#[tokio::test]
async fn of_two_who_rotate_at_once_one_does() {
    let world = World::new().await;
    let ada = world.team(&world.person("Ada").await, "Halden").await;
    let made = key::create(&ada, new_key()).await.unwrap();
    let form = overlap("24");
    let (one, two) =
        tokio::join!(key::rotate(&ada, made.id, &form), key::rotate(&ada, made.id, &form));
    let (good, bad): (Vec<_>, Vec<_>) = [one, two].into_iter().partition(Result::is_ok);
    assert_eq!((good.len(), bad.len()), (1, 1));
    assert!(matches!(bad.into_iter().next(), Some(Err(Error::Conflict(_)))));
    assert_eq!(plain(&world, &made.secret).await, VerifyCode::Valid, "the first overlap holds");
}

#[tokio::test]
async fn a_key_is_off_until_it_is_switched_on_and_gone_when_revoked() {
    let world = World::new().await;
    let ada = world.team(&world.person("Ada").await, "Halden").await;
    let made = key::create(&ada, new_key()).await.unwrap();
    assert_eq!(plain(&world, &made.secret).await, VerifyCode::Valid);
    let off = key::disable(&ada, made.id).await.unwrap();
    assert_eq!(off.state, KeyState::Disabled);
    assert_eq!(plain(&world, &made.secret).await, VerifyCode::Disabled);
    assert_eq!(said(key::disable(&ada, made.id).await), "billing-sync is switched off already.");
    key::enable(&ada, made.id).await.unwrap();
    assert_eq!(plain(&world, &made.secret).await, VerifyCode::Valid);
    key::revoke(&ada, made.id, "").await.unwrap();
    assert_eq!(plain(&world, &made.secret).await, VerifyCode::NotFound);
    assert_eq!(said(key::enable(&ada, made.id).await), "billing-sync was revoked.");
    assert_eq!(
        said(key::rotate(&ada, made.id, &overlap("1")).await),
        "billing-sync was revoked. Create another key."
    );
}

#[tokio::test]
async fn whoever_may_not_does_none_of_it_and_bringing_to_life_waits_for_step_up() {
    let world = World::new().await;
    let ada = world.team(&world.person("Ada").await, "Halden").await;
    let made = key::create(&ada, new_key()).await.unwrap();
    let viewer = world.member(&ada, Role::Viewer).await;
    let own = |result: domain::Result<()>| {
        assert!(matches!(result, Err(Error::Forbidden(Permission::KeysManage))), "{result:?}");
    };
    own(key::rotate(&viewer, made.id, &overlap("1")).await.map(drop));
    own(key::end_overlap(&viewer, made.id).await.map(drop));
    own(key::disable(&viewer, made.id).await.map(drop));
    own(key::enable(&viewer, made.id).await.map(drop));
    world.clock.advance(Duration::minutes(10));
    let waits =
        |result: domain::Result<()>| assert!(matches!(result, Err(Error::Unconfirmed { .. })));
    waits(key::rotate(&ada, made.id, &overlap("1")).await.map(drop));
    key::disable(&ada, made.id).await.unwrap();
    waits(key::enable(&ada, made.id).await.map(drop));
    // Past every check of the program.
    let (team, id) = (team::card(&ada).unwrap().id, made.id.0);
    let mut raw = world.raw("probity_app", team, &ada).await;
    let life = "a key is changed or comes back to life after step-up only";
    let on = format!("update api_key set disabled_at = null where id = '{id}'");
    assert_eq!(refusal(&mut raw, &on).await, life);
    let secret = format!(
        "update api_key set previous_ends_at = now(), secret_hash = sha256('x') where id = '{id}'"
    );
    assert_eq!(refusal(&mut raw, &secret).await, life);
}

#[tokio::test]
async fn the_database_alone_keeps_a_revoked_key_and_the_end_of_an_old_secret() {
    let world = World::new().await;
    let ada = world.team(&world.person("Ada").await, "Halden").await;
    let made = key::create(&ada, new_key()).await.unwrap();
    key::rotate(&ada, made.id, &overlap("24")).await.unwrap();
    let team = team::card(&ada).unwrap().id;
    let mut raw = world.raw("probity_app", team, &ada).await;
    let alters = |what: &str| format!("update api_key set {what} where id = '{}'", made.id.0);
    let longer = alters("previous_ends_at = previous_ends_at + interval '1 day'");
    assert_eq!(refusal(&mut raw, &longer).await, "a replaced secret ends no later than was said");
    let endless = refusal(&mut raw, &alters("previous_ends_at = null")).await;
    assert!(endless.contains("api_key_overlap"), "{endless}");
    for closed in ["expires_at = null", "previous_hash = sha256('x')", "start = secret_hash::text"]
    {
        let refused = refusal(&mut raw, &alters(closed)).await;
        assert_eq!(refused, "permission denied for table api_key", "{closed}");
    }
    key::revoke(&ada, made.id, "").await.unwrap();
    let back = refusal(&mut raw, &alters("revoked_at = null, revoked_by = null")).await;
    assert_eq!(back, "a revoked key stays as it is");
    // Without an end from owners only.
    let admin = world.member(&ada, Role::Admin).await;
    let mut raw = world.raw("probity_app", team, &admin).await;
    let endless = format!(
        "insert into api_key (team_id, id, name, environment, start, secret_hash, created_at,
                              created_by)
         values ('{}', gen_random_uuid(), 'k', 'test', 'pby', sha256('y'), now(), '{}')",
        team.0,
        admin.person().unwrap().0
    );
    let refused = refusal(&mut raw, &endless).await;
    assert!(refused.starts_with("new row violates row-level security"), "{refused}");
    let mut raw = world.raw("probity_app", team, &ada).await;
    run(&mut raw, "begin").await;
    run(
        &mut raw,
        &endless
            .replace(&admin.person().unwrap().0.to_string(), &ada.person().unwrap().0.to_string()),
    )
    .await;
}

#[tokio::test]
async fn only_an_owner_makes_a_key_that_never_ends_and_it_may_come_to_one_by_policy() {
    let world = World::new().await;
    let ada = world.team(&world.person("Ada").await, "Halden").await;
    let admin = world.member(&ada, Role::Admin).await;
    let never = || NewKey { days: "never".into(), ..new_key() };
    assert_eq!(
        said(key::create(&admin, never()).await),
        "Only an owner makes keys that never end. Enter days."
    );
    let made = key::create(&ada, never()).await.unwrap();
    assert_eq!(made.expires_at, None);
    world.clock.advance(Duration::days(1000));
    assert_eq!(plain(&world, &made.secret).await, VerifyCode::Valid);
    let ada = world.again(&ada, &ada).await;
    security::set_keys(&ada, SetKeys { days: "90".into(), ..SetKeys::default() }).await.unwrap();
    assert_eq!(plain(&world, &made.secret).await, VerifyCode::Expired, "its team's policy now");
    let shown = key::find(&ada, made.id).await.unwrap().unwrap();
    assert_eq!(shown.state, KeyState::Ended);
    assert!(said(key::create(&ada, never()).await).contains("at most 90 days"));
    security::set_keys(&ada, SetKeys::default()).await.unwrap();
    assert_eq!(plain(&world, &made.secret).await, VerifyCode::Valid);
}

#[tokio::test]
async fn keys_outlive_who_made_them() {
    let world = World::new().await;
    let ada = world.team(&world.person("Ada").await, "Halden").await;
    let admin = world.member(&ada, Role::Admin).await;
    let made = key::create(&admin, new_key()).await.unwrap();
    member::remove(&ada, admin.person().unwrap()).await.unwrap();
    assert_eq!(plain(&world, &made.secret).await, VerifyCode::Valid);
}

#[tokio::test]
async fn whoever_revokes_a_key_in_use_types_its_name() {
    let world = World::new().await;
    let ada = world.team(&world.person("Ada").await, "Halden").await;
    let made = key::create(&ada, new_key()).await.unwrap();
    plain(&world, &made.secret).await;
    key::flush_usage(&world.deps).await.unwrap();
    let asked = "It is in use. Type its name, billing-sync, to revoke it.";
    assert_eq!(said(key::revoke(&ada, made.id, "").await), asked);
    assert_eq!(plain(&world, &made.secret).await, VerifyCode::Valid);
    key::revoke(&ada, made.id, " billing-sync ").await.unwrap();
    // A week later nobody would notice.
    let old = key::create(&ada, new_key()).await.unwrap();
    plain(&world, &old.secret).await;
    key::flush_usage(&world.deps).await.unwrap();
    world.clock.advance(Duration::days(7));
    key::revoke(&world.again(&ada, &ada).await, old.id, "").await.unwrap();
}

#[tokio::test]
async fn keys_issued_by_the_operator_work_belong_to_the_team_and_are_one_record() {
    let world = World::new().await;
    let ada = world.team(&world.person("Ada").await, "Halden").await;
    let wanted = key::Issue {
        team: "halden".into(),
        count: 25_000,
        name: "customer".into(),
        environment: model::key::Environment::Live,
        days: Some(30),
        reason: "they move here".into(),
    };
    let secrets = key::issue(&world.deps, &wanted).await.unwrap();
    assert_eq!(secrets.len(), 25_000);
    let secret = secrecy::ExposeSecret::expose_secret(&secrets[24_999]);
    assert_eq!(plain(&world, secret).await, VerifyCode::Valid);
    let log = audit::list(&ada, Around::default()).await.unwrap().page.rows;
    let events: Vec<_> = log.iter().filter(|row| row.action == "key.issue").collect();
    assert!(events.len() == 1 && events[0].detail.contains("25000"), "{events:?}");
    let found = model::key::KeyQuery { q: "customer 25000".into(), ..Default::default() };
    let shown = key::list(&ada, found).await.unwrap().rows;
    assert_eq!(shown[0].created_by.as_deref(), Some("the operator"));
    for wrong in [
        key::Issue { count: 0, ..wanted.clone() },
        key::Issue { count: key::ISSUE_MOST + 1, ..wanted.clone() },
        key::Issue { days: Some(366), ..wanted.clone() },
        key::Issue { name: " ".into(), ..wanted.clone() },
        key::Issue { reason: String::new(), ..wanted.clone() },
    ] {
        assert!(matches!(key::issue(&world.deps, &wrong).await, Err(Error::Invalid(_))));
    }
    let unknown = key::Issue { team: "nordlys".into(), ..wanted };
    assert!(matches!(key::issue(&world.deps, &unknown).await, Err(Error::NotFound)));
}
