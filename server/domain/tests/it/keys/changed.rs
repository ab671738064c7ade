//! A key whose terms are changed.

use super::{code, plain};
use crate::{
    permissions::new_key,
    support::{World, refusal, said},
};
use domain::{
    Error, audit,
    key::{self, Ask},
    security, team,
};
use model::{
    Permission, Role,
    key::{NewKey, VerifyCode},
    page::Around,
    security::SetKeys,
};
use time::Duration;

#[tokio::test]
async fn what_a_key_may_is_changed_at_once_and_its_secret_and_its_end_stay() {
    let world = World::new().await;
    let ada = world.team(&world.person("Ada").await, "Halden").await;
    let made = key::create(&ada, NewKey { scopes: "a".into(), ..new_key() }).await.unwrap();
    let asks = |scope: &'static str| Ask { scopes: vec![scope.into()], ..Ask::default() };
    assert_eq!(code(&world, &made.secret, asks("b")).await, VerifyCode::InsufficientScope);
    let form = NewKey {
        name: "sync".into(),
        scopes: "b".into(),
        networks: "203.0.113.0/24".into(),
        rate: "5".into(),
        rate_per: "hour".into(),
        quota: "9".into(),
        metadata: "{\"a\": 1}".into(),
        // Not looked at.
        environment: "test".into(),
        days: "never".into(),
        ..NewKey::default()
    };
    let changed = key::update(&ada, made.id, &form).await.unwrap();
    assert_eq!((changed.name.as_str(), changed.quota), ("sync", Some(9)));
    assert_eq!(changed.expires_at, made.expires_at);
    assert_eq!(changed.environment, made.environment);
    assert_eq!(plain(&world, &made.secret).await, VerifyCode::ForbiddenIp);
    let ip = Some("203.0.113.9".parse().unwrap());
    assert_eq!(code(&world, &made.secret, Ask { ip, ..asks("b") }).await, VerifyCode::Valid);
    let log = audit::list(&ada, Around::default()).await.unwrap();
    let event = log.page.rows.iter().find(|row| row.action == "key.update").unwrap();
    for said in
        ["\"name_before\": \"billing-sync\"", "\"scopes_before\": \"a\"", "\"scopes\": \"b\""]
    {
        assert!(event.detail.contains(said), "{}", event.detail);
    }
}

#[tokio::test]
async fn a_wrong_change_is_refused_with_a_sentence_and_changes_nothing() {
    let world = World::new().await;
    let ada = world.team(&world.person("Ada").await, "Halden").await;
    let made = key::create(&ada, new_key()).await.unwrap();
    let before = key::find(&ada, made.id).await.unwrap();
    let wrong = NewKey {
        name: " ".into(),
        scopes: "probity:security.manage".into(),
        quota: "0".into(),
        ..new_key()
    };
    let Err(Error::Invalid(errors)) = key::update(&ada, made.id, &wrong).await else {
        panic!("it went through")
    };
    let fields: Vec<&str> = errors.iter().map(|error| error.field.as_str()).collect();
    assert_eq!(fields, ["name", "scopes", "quota"]);
    security::set_keys(&ada, SetKeys { key_networks: "yes".into(), ..SetKeys::default() })
        .await
        .unwrap();
    let open = said(key::update(&ada, made.id, &new_key()).await);
    assert!(open.starts_with("The team’s keys name the networks"), "{open}");
    security::set_keys(&ada, SetKeys::default()).await.unwrap();
    let viewer = world.member(&ada, Role::Viewer).await;
    let refused = key::update(&viewer, made.id, &new_key()).await;
    assert!(matches!(refused, Err(Error::Forbidden(Permission::KeysManage))));
    let other = world.team(&world.person("Ben").await, "Nordlys").await;
    assert!(matches!(key::update(&other, made.id, &new_key()).await, Err(Error::NotFound)));
    assert_eq!(key::find(&ada, made.id).await.unwrap(), before);
    key::revoke(&ada, made.id, "").await.unwrap();
    let gone = said(key::update(&ada, made.id, &new_key()).await);
    assert_eq!(gone, "billing-sync was revoked. Create another key.");
}

#[tokio::test]
async fn a_change_waits_for_step_up_in_code_and_database() {
    let world = World::new().await;
    let ada = world.team(&world.person("Ada").await, "Halden").await;
    let made = key::create(&ada, new_key()).await.unwrap();
    world.clock.advance(Duration::minutes(11));
    let refused = key::update(&ada, made.id, &new_key()).await;
    assert!(matches!(refused, Err(Error::Unconfirmed { .. })));
    let mut raw = world.raw("probity_app", team::card(&ada).unwrap().id, &ada).await;
    for what in ["name = 'x'", "scopes = '*'", "networks = '0.0.0.0/0'", "quota = 7"] {
        let sql = format!("update api_key set {what} where id = '{}'", made.id.0);
        let said = refusal(&mut raw, &sql).await;
        assert_eq!(said, "a key is changed or comes back to life after step-up only", "{what}");
    }
}
