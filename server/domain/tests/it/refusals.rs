//! Who is refused stands in the log, and cannot fill it.

use crate::{
    permissions::new_key,
    support::{World, run},
};
use domain::{Cx, audit, key, role};
use model::{
    HeldRole, Role,
    audit::{AuditQuery, AuditRow, Outcome},
    role::NewRole,
};
use time::Duration;

async fn found(team: &Cx, q: &str) -> Vec<AuditRow> {
    let query = AuditQuery { q: q.to_owned(), ..AuditQuery::default() };
    audit::search(team, query).await.unwrap().page.rows
}

#[tokio::test]
async fn a_refusal_is_recorded_once_in_ten_minutes_with_how_often_it_happened() {
    let world = World::new().await;
    let team = world.team(&world.person("Ada").await, "Halden").await;
    let viewer = world.member(&team, Role::Viewer).await;
    for _ in 0..5 {
        key::create(&viewer, new_key()).await.unwrap_err();
    }
    assert_eq!(found(&team, "action:access.refuse").await, [], "not in the request");
    audit::record_refusals(&world.deps).await.unwrap();
    audit::record_refusals(&world.deps).await.unwrap();
    let rows = found(&team, "action:access.refuse").await;
    let [row] = &rows[..] else { panic!("{rows:?}") };
    assert_eq!((row.outcome, row.actor_kind.as_str()), (Outcome::Refused, "system"));
    assert_eq!(row.target_id, viewer.person().unwrap().to_string());
    assert!(
        row.detail.contains("\"keys.manage\"") && row.detail.contains("\"times\": 5"),
        "{row:?}"
    );
    assert!(row.ip.starts_with("10."), "where it came from: {row:?}");

    // Again: it waits, and is counted.
    for _ in 0..7 {
        key::create(&viewer, new_key()).await.unwrap_err();
    }
    role::create(&viewer, NewRole::default()).await.unwrap_err();
    audit::record_refusals(&world.deps).await.unwrap();
    let rows = found(&team, "action:access.refuse").await;
    assert_eq!(rows.len(), 2, "another permission is another refusal");
    world.clock.advance(Duration::minutes(10));
    audit::record_refusals(&world.deps).await.unwrap();
    let rows = found(&team, "action:access.refuse").await;
    assert!(rows.len() == 3 && rows[0].detail.contains("\"times\": 7"), "{rows:?}");
}

#[tokio::test]
async fn a_team_s_ledger_takes_sixty_in_an_hour_and_another_s_its_own() {
    let world = World::new().await;
    let team = world.team(&world.person("Ada").await, "Halden").await;
    let mut viewers = Vec::new();
    for _ in 0..14 {
        viewers.push(world.member(&team, Role::Viewer).await);
    }
    let other = world.team(&world.person("Ben").await, "Bergen").await;
    let stranger = world.member(&other, Role::Viewer).await;
    let permissions = model::Permission::ALL;
    for cx in viewers.iter().chain([&stranger]) {
        for permission in permissions {
            drop(cx.view(*permission).await);
        }
    }
    audit::record_refusals(&world.deps).await.unwrap();
    let count = async |cx: &Cx| {
        let mut owner = world.superuser().await;
        let id = domain::team::card(cx).unwrap().id.0;
        sqlx::query_scalar::<_, i64>(
            "select count(*) from audit_event where ledger = $1 and action = 'access.refuse'",
        )
        .bind(id)
        .fetch_one(&mut owner)
        .await
        .unwrap()
    };
    assert_eq!(count(&team).await, 60);
    let lacks = permissions.iter().filter(|it| !HeldRole::from(Role::Viewer).holds(**it)).count();
    assert_eq!(count(&other).await, lacks as i64);
    world.clock.advance(Duration::HOUR);
    audit::record_refusals(&world.deps).await.unwrap();
    assert_eq!(count(&team).await, 120, "what was over waited");
}

#[tokio::test]
async fn who_is_kept_out_by_the_policy_is_recorded_and_a_stranger_is_not() {
    let world = World::new().await;
    let team = world.team(&world.person("Ada").await, "Halden").await;
    let viewer = world.member(&team, Role::Viewer).await;
    let id = domain::team::card(&team).unwrap().id.0;
    let mut owner = world.superuser().await;
    let listed = format!(
        "alter table team_network disable trigger user;
         insert into team_network (team_id, network) values ('{id}', '203.0.113.0/24')"
    );
    run(&mut owner, &listed).await;
    let slug = domain::team::card(&team).unwrap().slug.clone();
    let email = viewer.viewer().unwrap().email.clone();
    let again = world.sign_in(&email, crate::support::PASSWORD).await.unwrap();
    let again = again.in_team(&slug).await.unwrap();
    audit::list(&again, model::page::Around::default()).await.unwrap_err();
    let stranger = world.person("Mallory").await;
    assert!(stranger.in_team(&slug).await.is_err());
    audit::record_refusals(&world.deps).await.unwrap();
    let rows: Vec<(String, String)> = sqlx::query_as(
        "select action, convert_from(record, 'UTF8') from audit_event
         where kind = 'team' and outcome = 'refused'",
    )
    .fetch_all(&mut owner)
    .await
    .unwrap();
    let [(action, record)] = &rows[..] else { panic!("{rows:?}") };
    assert!(action == "access.bar" && record.contains("\"network\""), "{record}");
}
