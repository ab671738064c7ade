//! Keys that act in Probity itself.

use super::plain;
use crate::{
    permissions::new_key,
    support::{World, insert_key, refusal, run, said, try_run},
};
use domain::{Cx, Error, audit, key, member, role, security, team};
use model::{
    KeyId, Permission, Permissions, Role, RoleRef, TeamId, Typed,
    audit::Outcome,
    key::{KeyQuery, NewKey, RotateKey, VerifyCode},
    page::Around,
    reveal::RevealedKey,
    role::NewRole,
    security::SetKeys,
};
use sqlx::{Connection, PgConnection};
use time::Duration;

/// What a key of this kind is asked for with.
fn acting(permissions: &str) -> NewKey {
    NewKey { name: "ci".into(), ticked: Permissions::named(permissions).into(), ..new_key() }
}

/// The key as the caller of a request.
pub(crate) async fn caller(world: &World, secret: &str) -> Cx {
    key::admit(world.anyone(), &Typed::new(secret))
        .await
        .unwrap()
        .unwrap_or_else(|_| panic!("let in"))
}

/// Why it is not let in.
async fn refused(world: &World, secret: &str) -> VerifyCode {
    let admitted = key::admit(world.anyone(), &Typed::new(secret)).await.unwrap();
    admitted.err().expect("not let in").code
}

/// A bare connection in which the settings say that this key acts, from `ip`.
async fn raw(world: &World, team: TeamId, secret: &str, ip: &str) -> PgConnection {
    let mut conn = PgConnection::connect_with(&world.options("probity_app")).await.unwrap();
    let at = domain::ports::Clock::now(&*world.clock);
    let settings = format!(
        "set app.team = '{}'; set app.ip = '{ip}'; set app.at = '{at}';
         select set_config('app.key', encode(sha256('{secret}'), 'hex'), false)",
        team.0
    );
    run(&mut conn, &settings).await;
    conn
}

async fn may(conn: &mut PgConnection, permission: Permission) -> bool {
    let may = sqlx::query_scalar("select app.may($1)").bind(permission.name());
    may.fetch_one(conn).await.unwrap()
}

async fn scene(world: &World, permissions: &str) -> (Cx, TeamId, RevealedKey) {
    let ada = world.team(&world.person("Ada").await, "Halden").await;
    let made = key::create(&ada, acting(permissions)).await.unwrap();
    let id = team::card(&ada).unwrap().id;
    (ada, id, made)
}

#[tokio::test]
async fn a_key_does_what_its_scopes_say_and_nothing_else_in_code_and_database() {
    let world = World::new().await;
    let (_, team, made) = scene(&world, "keys.view usage.view").await;
    let cx = caller(&world, &made.secret).await;
    let listed = key::list(&cx, KeyQuery::default()).await.unwrap().rows;
    assert_eq!(listed.len(), 1);
    let refusal = key::create(&cx, new_key()).await;
    assert!(matches!(refusal, Err(Error::Forbidden(Permission::KeysManage))));
    let mut raw = raw(&world, team, &made.secret, "10.0.0.1").await;
    for permission in Permission::ALL {
        // Whoever acts in a team sees it.
        let held = Permissions::named("team.view keys.view usage.view").holds(*permission);
        assert_eq!(may(&mut raw, *permission).await, held, "{}", permission.name());
    }
    // It is nobody: what is a person's own is closed to it.
    assert!(matches!(domain::account::sessions(&cx).await, Err(Error::Unauthenticated)));
    assert_eq!(plain(&world, &made.secret).await, VerifyCode::Valid, "verify looks at no person");
}

#[tokio::test]
async fn a_key_without_such_scopes_sees_not_even_the_team() {
    let world = World::new().await;
    let (_, team, made) = scene(&world, "").await;
    let cx = caller(&world, &made.secret).await;
    let mut raw = raw(&world, team, &made.secret, "10.0.0.1").await;
    for permission in Permission::ALL {
        let refused = cx.view(*permission).await.err();
        assert!(matches!(refused, Some(Error::Forbidden(_))), "{}", permission.name());
        assert!(!may(&mut raw, *permission).await, "{}", permission.name());
    }
}

#[tokio::test]
async fn what_is_not_for_keys_no_scope_gives_them() {
    let world = World::new().await;
    let (_, team, made) = scene(&world, "keys.view").await;
    let mut superuser = world.superuser().await;
    let every: Vec<String> = Permission::ALL.iter().map(|it| model::key::scope_of(*it)).collect();
    run(&mut superuser, "alter table api_key disable trigger all").await;
    run(&mut superuser, &format!("update api_key set scopes = '{} *'", every.join(" "))).await;
    let other = world.another_program().await;
    let cx = key::admit(world.anyone_in(&other), &Typed::new(&made.secret)).await.unwrap();
    let cx = cx.unwrap_or_else(|_| panic!("let in"));
    let mut raw = raw(&world, team, &made.secret, "10.0.0.1").await;
    for permission in Permission::ALL {
        let is_for_keys = permission.is_for_keys();
        let name = permission.name();
        assert_eq!(cx.view(*permission).await.is_ok(), is_for_keys, "{name}");
        assert_eq!(may(&mut raw, *permission).await, is_for_keys, "{name}");
    }
}

#[tokio::test]
async fn a_key_makes_and_rotates_other_keys_and_the_log_says_which_it_was() {
    let world = World::new().await;
    let (ada, _, made) = scene(&world, "keys.view keys.manage").await;
    world.clock.advance(Duration::minutes(30)); // nobody has confirmed anything lately
    let cx = caller(&world, &made.secret).await;
    let second = key::create(&cx, new_key()).await.unwrap();
    let shown = key::find(&cx, second.id).await.unwrap().unwrap();
    assert_eq!(shown.created_by.as_deref(), Some("the key ci"));
    let overlap = RotateKey { overlap: "0".into(), ..RotateKey::default() };
    let rotated = key::rotate(&cx, second.id, &overlap).await.unwrap();
    assert_eq!(plain(&world, &rotated.secret).await, VerifyCode::Valid);
    key::disable(&cx, second.id).await.unwrap();
    key::enable(&cx, second.id).await.unwrap();
    key::revoke(&cx, second.id, "billing-sync").await.unwrap();
    let log = audit::list(&world.again(&ada, &ada).await, Around::default()).await.unwrap();
    assert_eq!(log.proof.and_then(|proof| proof.broken_at), None);
    let by_key = log.page.rows.iter().filter(|row| row.actor_kind == "key");
    let told: Vec<_> = by_key.map(|row| (row.action.as_str(), row.actor.as_str())).collect();
    let actions = ["key.revoke", "key.enable", "key.disable", "key.rotate", "key.create"];
    assert_eq!(told, actions.map(|action| (action, "API key ci")));
    let event = log.page.rows.iter().find(|row| row.actor_kind == "key").unwrap();
    assert_eq!((event.outcome, event.agent.as_str()), (Outcome::Ok, "Test/1"));
    assert!(event.ip.starts_with("10."), "sealed under the team's key: {}", event.ip);
}

#[tokio::test]
async fn a_key_does_not_change_itself() {
    let world = World::new().await;
    let (_, _, made) = scene(&world, "keys.view keys.manage").await;
    let cx = caller(&world, &made.secret).await;
    let words = "No key changes itself. Use another one.";
    let overlap = RotateKey { overlap: "24".into(), ..RotateKey::default() };
    assert_eq!(said(key::rotate(&cx, made.id, &overlap).await), words);
    assert_eq!(said(key::end_overlap(&cx, made.id).await), words);
    assert_eq!(said(key::update(&cx, made.id, &acting("keys.view")).await), words);
    assert_eq!(said(key::revoke(&cx, made.id, "ci").await), words);
    assert_eq!(said(key::disable(&cx, made.id).await), words);
    assert_eq!(plain(&world, &made.secret).await, VerifyCode::Valid);
}

/// Somebody of the team who manages keys and sees nothing of the audit log.
async fn key_manager(world: &World, ada: &Cx) -> Cx {
    let form = NewRole {
        name: "Keys".into(),
        ticked: Permissions::named("keys.view keys.manage").into(),
        ..NewRole::default()
    };
    role::create(ada, form).await.unwrap();
    let made = role::list(ada).await.unwrap().remove(0).role.id;
    let ben = world.member(ada, Role::Viewer).await;
    let person = ben.person().unwrap();
    member::change_role(ada, person, RoleRef::Custom(made)).await.unwrap();
    world.again(&ben, &ben).await
}

#[tokio::test]
async fn nobody_gets_more_through_a_key_than_they_hold_in_code_and_database() {
    let world = World::new().await;
    let (ada, team, strong) = scene(&world, "audit.view").await;
    let ben = key_manager(&world, &ada).await;
    let lacks = |result: Result<(), Error>| {
        assert!(matches!(result, Err(Error::Forbidden(Permission::AuditView))), "{result:?}");
    };
    let overlap = RotateKey { overlap: "0".into(), ..RotateKey::default() };
    lacks(key::create(&ben, acting("audit.view")).await.map(drop));
    lacks(key::rotate(&ben, strong.id, &overlap).await.map(drop));
    lacks(key::update(&ben, strong.id, &acting("keys.view")).await.map(drop));
    let weak = key::create(&ben, acting("keys.view")).await.unwrap();
    lacks(key::update(&ben, weak.id, &acting("audit.view")).await.map(drop));
    // A key that manages keys is held to the same.
    let made = key::create(&ben, acting("keys.view keys.manage")).await.unwrap();
    let cx = caller(&world, &made.secret).await;
    lacks(key::create(&cx, acting("audit.view")).await.map(drop));
    lacks(key::rotate(&cx, strong.id, &overlap).await.map(drop));
    // The same past the guard.
    let said = "nobody gets more through a key than they hold";
    for mut raw in [
        world.raw("probity_app", team, &ben).await,
        raw(&world, team, &made.secret, "10.0.0.1").await,
    ] {
        let steals = [
            format!("update api_key set secret_hash = sha256('z') where id = '{}'", strong.id.0),
            format!("update api_key set scopes = 'probity:audit.view' where id = '{}'", weak.id.0),
            format!("update api_key set scopes = '' where id = '{}'", strong.id.0),
        ];
        for steal in steals {
            assert_eq!(refusal(&mut raw, &steal).await, said, "{steal}");
        }
    }
    let mut raw = world.raw("probity_app", team, &ben).await;
    for scope in ["probity:audit.view", "probity:team.delete", "probity:"] {
        let insert = insert_key(team, &ben).replace("created_by)", "created_by, scopes)");
        let insert = format!("{}, '{scope}')", insert.trim_end_matches(')'));
        assert_eq!(refusal(&mut raw, &insert).await, said, "{scope}");
    }
    key::disable(&ben, strong.id).await.unwrap(); // what takes power away is free
}

#[tokio::test]
async fn a_key_acts_only_in_its_team_from_its_networks_and_while_it_works() {
    let world = World::new().await;
    let (ada, team, made) = scene(&world, "keys.view keys.manage").await;
    let ben = world.team(&world.person("Ben").await, "Nordlys").await;
    let theirs = key::create(&ben, new_key()).await.unwrap();
    let cx = caller(&world, &made.secret).await;
    assert!(matches!(key::revoke(&cx, theirs.id, "").await, Err(Error::NotFound)));
    let mut elsewhere = raw(&world, team::card(&ben).unwrap().id, &made.secret, "10.0.0.1").await;
    assert!(!may(&mut elsewhere, Permission::KeysView).await, "another team in the settings");
    // Networks.
    let form = NewKey { networks: "203.0.113.0/24".into(), ..acting("keys.view keys.manage") };
    key::update(&ada, made.id, &form).await.unwrap();
    assert_eq!(refused(&world, &made.secret).await, VerifyCode::ForbiddenIp);
    for (ip, lets) in [("10.0.0.1", false), ("203.0.113.7", true)] {
        let mut raw = raw(&world, team, &made.secret, ip).await;
        assert_eq!(may(&mut raw, Permission::KeysView).await, lets, "{ip}");
    }
    assert!(matches!(key::create(&cx, new_key()).await, Err(Error::Unauthenticated)));
    key::update(&ada, made.id, &acting("keys.view keys.manage")).await.unwrap();
    // Off, and gone: also in a request that began before.
    let cx = caller(&world, &made.secret).await;
    key::disable(&ada, made.id).await.unwrap();
    assert_eq!(refused(&world, &made.secret).await, VerifyCode::Disabled);
    assert!(matches!(key::create(&cx, new_key()).await, Err(Error::Unauthenticated)));
    assert!(key::list(&cx, KeyQuery::default()).await.is_err());
    key::enable(&ada, made.id).await.unwrap();
    let ends = key::find(&ada, made.id).await.unwrap().unwrap();
    assert!(ends.expires_at.is_some());
    world.clock.advance(Duration::days(91));
    assert_eq!(refused(&world, &made.secret).await, VerifyCode::Expired);
    let mut raw = raw(&world, team, &made.secret, "203.0.113.7").await;
    assert!(!may(&mut raw, Permission::KeysView).await);
}

#[tokio::test]
async fn who_revokes_a_key_waits_for_what_it_is_doing_and_nothing_comes_after() {
    let world = World::new().await;
    let (ada, team, made) = scene(&world, "keys.view keys.manage").await;
    let mut acts = raw(&world, team, &made.secret, "10.0.0.1").await;
    run(&mut acts, "begin; select app.hold_key()").await;
    let revoked = key::revoke(&ada, made.id, "ci");
    tokio::pin!(revoked);
    let early = tokio::time::timeout(std::time::Duration::from_millis(200), &mut revoked).await;
    assert!(early.is_err(), "it waits");
    run(&mut acts, "commit").await;
    revoked.await.unwrap();
    assert_eq!(refusal(&mut acts, "select app.hold_key()").await, "the key has ended");
}

#[tokio::test]
async fn a_record_cannot_name_another_actor_than_the_key_that_acts() {
    let world = World::new().await;
    let (ada, team, made) = scene(&world, "keys.view").await;
    let mut raw = raw(&world, team, &made.secret, "10.0.0.1").await;
    let append = |kind: &str, id: uuid::Uuid| {
        let record = format!(
            "{{\"id\":\"{id}\",\"at\":\"2026-11-22T08:00:00Z\",\"action\":\"x\",
              \"actor\":{{\"kind\":\"{kind}\",\"id\":\"{id}\"}},
              \"target\":{{\"kind\":\"\",\"id\":\"\"}},\"outcome\":\"ok\"}}"
        );
        format!("select app.append('team', '{}', convert_to('{record}', 'UTF8'), null)", team.0)
    };
    let other = KeyId(uuid::Uuid::from_u128(7));
    for (kind, id) in [("person", ada.person().unwrap().0), ("key", other.0), ("system", made.id.0)]
    {
        let said = refusal(&mut raw, &append(kind, id)).await;
        assert_eq!(said, "a record names somebody else as its actor", "{kind}");
    }
    try_run(&mut raw, &append("key", made.id.0)).await.unwrap();
}

#[tokio::test]
async fn the_keys_of_a_suspended_team_do_nothing() {
    let world = World::new().await;
    let (ada, team, made) = scene(&world, "keys.view").await;
    assert!(caller(&world, &made.secret).await.view(Permission::KeysView).await.is_ok());
    let slug = team::card(&ada).unwrap().slug;
    domain::operator::suspend(&world.deps, &slug, "unpaid").await.unwrap();
    // Verify has not heard of it yet, the database knows.
    let admitted = key::admit(world.anyone(), &Typed::new(&made.secret)).await;
    assert!(matches!(admitted, Err(Error::Unauthenticated)));
    let mut raw = raw(&world, team, &made.secret, "10.0.0.1").await;
    assert!(!may(&mut raw, Permission::KeysView).await);
}

#[tokio::test]
async fn what_a_team_asks_of_its_keys_holds_for_those_that_keys_make() {
    let world = World::new().await;
    let (ada, _, made) = scene(&world, "keys.view keys.manage").await;
    let policy = SetKeys { days: "30".into(), live_mfa: "yes".into(), ..SetKeys::default() };
    security::set_keys(&ada, policy).await.unwrap();
    let cx = caller(&world, &made.secret).await;
    let long = said(key::create(&cx, NewKey { environment: "test".into(), ..new_key() }).await);
    assert_eq!(long, "The team’s keys last at most 30 days. Enter fewer.");
    let live = said(key::create(&cx, NewKey { days: "30".into(), ..new_key() }).await);
    assert!(live.contains("made by people with two-step sign-in"), "{live}");
    let fits = NewKey { days: "30".into(), environment: "test".into(), ..new_key() };
    key::create(&cx, fits).await.unwrap();
}

#[tokio::test]
async fn under_one_name_a_request_is_done_once_a_day() {
    let world = World::new().await;
    let (_, _, made) = scene(&world, "keys.view keys.manage").await;
    let named = async |request: &[u8]| {
        let cx = caller(&world, &made.secret).await.once("order-17", &[request]);
        domain::once(&cx, key::create(&cx, new_key())).await
    };
    let first = named(b"a").await.unwrap();
    assert_eq!(named(b"a").await.unwrap().secret, first.secret);
    let another = said(named(b"b").await);
    assert_eq!(another, "Another request came with this Idempotency-Key. Give each its own.");
    world.clock.advance(Duration::hours(25));
    domain::sweep_answers(&world.deps).await.unwrap();
    assert_ne!(named(b"a").await.unwrap().id, first.id);
}
