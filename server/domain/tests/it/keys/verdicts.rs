//! What verify answers, in its fixed order.

use super::{code, plain};
use crate::{
    permissions::new_key,
    support::{World, run},
};
use domain::{
    Cx,
    key::{self, Ask},
    operator, security,
};
use model::{
    Typed,
    key::{NewKey, VerifyCode},
    security::SetKeys,
};
use std::borrow::Cow;
use time::Duration;

fn scopes(words: &[&'static str]) -> Ask<'static> {
    Ask { scopes: words.iter().map(|word| Cow::Borrowed(*word)).collect(), ..Ask::default() }
}

async fn made(team: &Cx, form: NewKey) -> String {
    key::create(team, NewKey { name: "k".into(), ..form }).await.unwrap().secret
}

#[tokio::test]
async fn of_many_reasons_the_first_in_the_order_is_told() {
    let world = World::new().await;
    let ada = world.team(&world.person("Ada").await, "Halden").await;
    let form = NewKey {
        networks: "203.0.113.0/24".into(),
        scopes: "read".into(),
        quota: "1".into(),
        rate: "1".into(),
        rate_per: "day".into(),
        days: "1".into(),
        ..new_key()
    };
    let made = key::create(&ada, form).await.unwrap();
    let inside = || Ask { ip: "203.0.113.9".parse().ok(), ..scopes(&["read"]) };
    let ask = async |ask| code(&world, &made.secret, ask).await;
    assert_eq!(ask(inside()).await, VerifyCode::Valid, "and both limits are used up");
    // From the weakest reason on, each is covered by the next stronger one.
    assert_eq!(ask(inside()).await, VerifyCode::QuotaExceeded);
    assert_eq!(
        ask(Ask { scopes: scopes(&["write"]).scopes, ..inside() }).await,
        VerifyCode::InsufficientScope
    );
    assert_eq!(ask(scopes(&["write"])).await, VerifyCode::ForbiddenIp);
    world.clock.advance(Duration::days(1));
    assert_eq!(ask(scopes(&["write"])).await, VerifyCode::Expired);
    let ada = world.again(&ada, &ada).await;
    key::disable(&ada, made.id).await.unwrap();
    assert_eq!(ask(scopes(&["write"])).await, VerifyCode::Disabled);
    operator::suspend(&world.deps, "halden", "they did not pay").await.unwrap();
    world.clock.advance(Duration::seconds(5));
    assert_eq!(ask(scopes(&["write"])).await, VerifyCode::TeamSuspended);
    let revokes = "alter table api_key disable trigger api_key_is_audited;
                   update api_key set revoked_at = now()";
    run(&mut world.superuser().await, revokes).await;
    world.clock.advance(Duration::seconds(5));
    assert_eq!(ask(scopes(&["write"])).await, VerifyCode::NotFound);
}

#[tokio::test]
async fn all_scopes_that_are_asked_for_must_be_held() {
    let world = World::new().await;
    let ada = world.team(&world.person("Ada").await, "Halden").await;
    let secret = made(&ada, NewKey { scopes: "orders:* read@invoices".into(), ..new_key() }).await;
    let bare = made(&ada, new_key()).await;
    for (words, fits) in [
        (&[][..], true),
        (&["orders:read"], true),
        (&["orders:read", "orders:write"], true),
        (&["orders:read", "read"], false),
        (&["admin"], false),
    ] {
        let expected = if fits { VerifyCode::Valid } else { VerifyCode::InsufficientScope };
        assert_eq!(code(&world, &secret, scopes(words)).await, expected, "{words:?}");
    }
    let on = |resource: &'static str| Ask { resource: Some(resource.into()), ..scopes(&["read"]) };
    assert_eq!(code(&world, &secret, on("invoices")).await, VerifyCode::Valid);
    assert_eq!(code(&world, &secret, on("orders")).await, VerifyCode::InsufficientScope);
    assert_eq!(code(&world, &bare, scopes(&["a"])).await, VerifyCode::InsufficientScope);
    assert_eq!(plain(&world, &bare).await, VerifyCode::Valid);
}

#[tokio::test]
async fn what_is_kept_with_a_key_is_given_back() {
    let world = World::new().await;
    let ada = world.team(&world.person("Ada").await, "Halden").await;
    let form =
        NewKey { scopes: "b a".into(), metadata: "{ \"customer\": \"c_17\" }".into(), ..new_key() };
    let secret = made(&ada, form).await;
    let verdict =
        key::verify(&world.anyone(), &Typed::new(&secret), &Ask::default()).await.unwrap();
    let known = verdict.key.unwrap();
    assert_eq!(known.metadata().unwrap().get(), "{\"customer\":\"c_17\"}");
    assert_eq!(known.scopes().iter().map(|scope| &**scope).collect::<Vec<_>>(), ["a", "b"]);
    assert_eq!(known.ends().as_deref(), Some("2027-02-20T08:00:00Z"));
}

#[tokio::test]
async fn a_key_without_networks_is_refused_once_its_team_asks_for_them() {
    let world = World::new().await;
    let ada = world.team(&world.person("Ada").await, "Halden").await;
    let secret = made(&ada, new_key()).await;
    assert_eq!(plain(&world, &secret).await, VerifyCode::Valid);
    let form = |asked: &str| SetKeys { key_networks: asked.into(), ..SetKeys::default() };
    security::set_keys(&ada, form("yes")).await.unwrap();
    let from = Ask { ip: "203.0.113.9".parse().ok(), ..Ask::default() };
    assert_eq!(code(&world, &secret, from).await, VerifyCode::ForbiddenIp);
    security::set_keys(&ada, form("no")).await.unwrap();
    assert_eq!(plain(&world, &secret).await, VerifyCode::Valid);
}
