//! What the database refuses alone, where every guard in Rust was passed: the connection is the
//! role that serves requests, and its settings say who acts.

use crate::support::{World, insert_key, refusal, run, try_run};
use domain::{Cx, team};
use model::TeamId;
use sqlx::PgConnection;
use time::Duration;

const RLS: &str = "row-level security";

async fn scene() -> (World, Cx, TeamId) {
    let world = World::new().await;
    let ada = world.person("Ada").await;
    let team = world.team(&ada, "Halden").await;
    let id = team::card(&team).unwrap().id;
    (world, ada, id)
}

fn new_session(person: uuid::Uuid, first: &str, second: &str) -> String {
    format!(
        "insert into session (id_hash, person_id, created_at, last_seen_at, idle_seconds,
                              expires_at, first_proof, second_proof)
         values (sha256('forged'), '{person}', now(), now(), 60, now() + interval '1 hour',
                 '{first}', {second})"
    )
}

/// Rows that a statement touched before it was rolled back; none when it was refused.
async fn touches(conn: &mut PgConnection, sql: &str) -> Option<u64> {
    run(conn, "begin").await;
    let rows = try_run(conn, sql).await.ok();
    run(conn, "rollback").await;
    rows
}

#[tokio::test]
async fn a_session_without_its_second_factor_is_refused_whatever_path_it_came_by() {
    let world = World::new().await;
    let (ada, _) = world.with_app("Ada").await;
    let id = ada.person().unwrap().0;
    let mut app = world.raw("probity_app", TeamId(uuid::Uuid::nil()), &ada).await;
    let said = refusal(&mut app, &new_session(id, "password", "null")).await;
    assert_eq!(said, "a session needs the second factor of its person");
    let said = refusal(&mut app, &new_session(id, "password", "'device'")).await;
    assert_eq!(said, "this browser does not stand for a second factor");
    let mut superuser = world.superuser().await;
    let said = refusal(&mut superuser, &new_session(id, "password", "null")).await;
    assert_eq!(said, "a session needs the second factor of its person");
    assert_eq!(touches(&mut app, &new_session(id, "password", "'totp'")).await, Some(1));
}

#[tokio::test]
async fn what_needs_step_up_is_refused_by_the_policies_when_it_is_stale() {
    let (world, ada, team) = scene().await;
    let id = ada.person().unwrap().0;
    let luc = world.person("Luc").await.person().unwrap().0;
    let key = insert_key(team, &ada);
    let statements = [
        key.clone(),
        format!(
            "insert into member (team_id, person_id, role, joined_at)
             values ('{}', '{luc}', 'viewer', now())",
            team.0
        ),
        format!("insert into totp_offer values ('{id}', 'x', now())"),
        format!("insert into recovery_code values ('{id}', sha256('x'), now())"),
        format!("insert into passkey values ('{id}', gen_random_uuid(), 'x', 'x', '{{}}', now())"),
        format!(
            "insert into link (token_hash, person_id, purpose, email, created_at, expires_at)
             values (sha256('x'), '{id}', 'email', 'new@example.com', now(), now())"
        ),
        format!("update credential set password_hash = 'x' where person_id = '{id}'"),
    ];
    let mut fresh = world.raw("probity_app", team, &ada).await;
    for sql in &statements {
        assert_eq!(touches(&mut fresh, sql).await, Some(1), "confirmed: {sql}");
    }
    world.clock.advance(Duration::minutes(10));
    let mut stale = world.raw("probity_app", team, &ada).await;
    for sql in &statements {
        assert!(matches!(touches(&mut stale, sql).await, None | Some(0)), "stale: {sql}");
    }
    world.clock.advance(Duration::minutes(-11));
    let mut future = world.raw("probity_app", team, &ada).await;
    let said = refusal(&mut future, &key).await;
    assert!(said.contains(RLS), "confirmed in the future: {said}");
}

#[tokio::test]
async fn another_session_ends_only_after_step_up() {
    let (world, ada, team) = scene().await;
    let id = ada.person().unwrap().0;
    world.clock.advance(Duration::minutes(10));
    let mut stale = world.raw("probity_app", team, &ada).await;
    world.sign_in("ada@example.com", crate::support::PASSWORD).await.unwrap();
    let end = format!("update session set ended_at = now() where person_id = '{id}'");
    assert_eq!(touches(&mut stale, &end).await, Some(1), "its own, and not the other");
}

#[tokio::test]
async fn a_factor_goes_only_by_another_and_not_while_a_team_requires_one() {
    let world = World::new().await;
    let (ada, _) = world.with_app("Ada").await;
    let team = world.team(&ada, "Halden").await;
    let id = team::card(&team).unwrap().id;
    let remove = "delete from totp where person_id = (select app.person())";
    let mut app = world.raw("probity_app", id, &ada).await;
    assert_eq!(touches(&mut app, remove).await, Some(0), "it was confirmed by itself");
    let mut superuser = world.superuser().await;
    let other = "update session set confirmed_by = 'recovery'";
    run(&mut superuser, &format!("alter table session disable trigger user; {other}")).await;
    assert_eq!(touches(&mut app, remove).await, Some(1));
    run(&mut superuser, "alter table team_policy disable trigger user").await;
    let required = "insert into team_policy (team_id, mfa_required_from)
                    select id, now() + interval '1 year' from team";
    run(&mut superuser, required).await;
    run(&mut app, "begin").await;
    let said = refusal(&mut app, remove).await;
    assert_eq!(said, "a team requires a second factor");
}

#[tokio::test]
async fn a_session_cannot_confirm_itself_and_no_hash_can_be_read() {
    let (world, ada, team) = scene().await;
    let mut app = world.raw("probity_app", team, &ada).await;
    for sql in [
        "update session set confirmed_at = now()",
        "update session set expires_at = now() + interval '1 year'",
        "select password_hash from credential",
        "update person set email = 'new@example.com'",
        "update person set locked_at = now()",
        "select * from link",
        "select * from challenge",
        "select * from sign_up",
        "select * from ceremony",
        "update totp set secret = 'x'",
    ] {
        assert!(refusal(&mut app, sql).await.contains("permission denied"), "{sql}");
    }
}

#[tokio::test]
async fn a_reset_link_sets_a_password_only_in_the_transaction_that_spends_it() {
    let (world, ada, team) = scene().await;
    world.clock.advance(Duration::minutes(10));
    let mut app = world.raw("probity_app", team, &ada).await;
    let id = ada.person().unwrap().0;
    let offer = format!(
        "insert into link (token_hash, person_id, purpose, created_at, expires_at)
         values (sha256('x'), '{id}', 'reset', app.at(), app.at() + interval '1 hour')"
    );
    run(&mut app, &offer).await;
    let set = format!("update credential set password_hash = 'x' where person_id = '{id}'");
    assert_eq!(touches(&mut app, &set).await, Some(0));
    let both = format!("select app.spend_link(sha256('x'), 'reset', app.at()); {set}");
    assert_eq!(touches(&mut app, &both).await, Some(2), "one row looked at, one set");
    run(&mut app, "begin; select app.spend_link(sha256('x'), 'reset', app.at()); commit").await;
    assert_eq!(touches(&mut app, &set).await, Some(0), "it was spent before");
}
