//! Two teams that must never learn of each other.

use crate::{
    permissions::new_key,
    support::{World, insert_key, refusal, run, said},
};
use domain::{audit, key, policy::tables, team};
use model::key::KeyQuery;
use model::page::Around;
use sqlx::{AssertSqlSafe, Connection};

#[tokio::test]
async fn another_teams_key_is_not_found_in_the_same_words_as_none() {
    let world = World::new().await;
    let ours = world.team(&world.person("Ada").await, "Halden").await;
    let theirs = world.team(&world.person("Mallory").await, "Mal").await;
    let key = key::create(&ours, new_key()).await.unwrap();
    let unknown = model::KeyId(uuid::Uuid::from_u128(7));
    assert_eq!(key::find(&theirs, key.id).await.unwrap(), None);
    assert_eq!(
        said(key::revoke(&theirs, key.id, "").await),
        said(key::revoke(&theirs, unknown, "").await)
    );
    assert!(key::list(&theirs, KeyQuery::default()).await.unwrap().rows.is_empty());
    assert_eq!(key::find(&ours, key.id).await.unwrap().unwrap().revoked_at, None);
}

#[tokio::test]
async fn a_stranger_who_names_our_team_in_the_settings_sees_no_row_of_any_table() {
    let world = World::new().await;
    let ours = world.team(&world.person("Ada").await, "Halden").await;
    key::create(&ours, new_key()).await.unwrap();
    audit::prove(&world.deps).await.unwrap();
    let stranger = world.person("Mallory").await;
    let id = team::card(&ours).unwrap().id;
    let mut raw = world.raw("probity_app", id, &stranger).await;
    for table in ["team", "member", "api_key", "key_usage"] {
        let column = if table == "api_key" { "id" } else { "*" };
        let count = format!("select count({column}) from {table}");
        let count: i64 =
            sqlx::query_scalar(AssertSqlSafe(count)).fetch_one(&mut raw).await.unwrap();
        assert_eq!(count, 0, "{table}");
    }
    for table in ["audit_event", "ledger_head", "ledger_proof"] {
        let count = format!("select count(*) from {table} where kind = 'team'");
        let others: i64 =
            sqlx::query_scalar(AssertSqlSafe(count)).fetch_one(&mut raw).await.unwrap();
        assert_eq!(others, 0, "{table}");
    }
}

#[tokio::test]
async fn a_connection_that_acts_as_nobody_sees_and_changes_nothing() {
    let world = World::new().await;
    let ours = world.team(&world.person("Ada").await, "Halden").await;
    key::create(&ours, new_key()).await.unwrap();
    for role in ["probity_app", "probity_job"] {
        let mut nobody = sqlx::PgConnection::connect_with(&world.options(role)).await.unwrap();
        for table in tables() {
            for sql in [
                format!("select 1 from {} limit 1", table.name),
                format!("delete from {}", table.name),
            ] {
                let touched = crate::support::try_run(&mut nobody, &sql).await;
                assert!(!matches!(touched, Ok(rows) if rows > 0), "{role}: {sql}");
            }
        }
    }
}

#[tokio::test]
async fn a_row_cannot_be_put_into_another_team() {
    let world = World::new().await;
    let ada = world.person("Ada").await;
    let ours = team::card(&world.team(&ada, "Halden").await).unwrap().id;
    let theirs = team::card(&world.team(&world.person("Mallory").await, "Mal").await).unwrap().id;
    let mut raw = world.raw("probity_app", ours, &ada).await;
    let insert = insert_key(theirs, &ada);
    let refused = refusal(&mut raw, &insert).await;
    assert_eq!(refused, "new row violates row-level security policy for table \"api_key\"");
}

#[tokio::test]
async fn a_request_cannot_act_as_a_background_task() {
    let world = World::new().await;
    let ada = world.person("Ada").await;
    let team = team::card(&world.team(&ada, "Halden").await).unwrap().id;
    let mut raw = world.raw("probity_app", team, &ada).await;
    run(&mut raw, "select set_config('app.task', 'key.usage', false)").await;
    let record = "{\"actor\":{\"kind\":\"system\"}}";
    let append = format!("select app.append('team', '{}', '{record}'::bytea, null)", team.0);
    assert_eq!(refusal(&mut raw, &append).await, "this caller may not write to this ledger");
    let usage = "insert into key_usage (team_id, key_id, hour, code, calls)
                 select team_id, id, now(), 'VALID', 1 from api_key";
    assert_eq!(refusal(&mut raw, usage).await, "permission denied for table key_usage");
}

#[tokio::test]
async fn a_member_reads_their_own_records_and_an_admin_all() {
    let world = World::new().await;
    let owner = world.team(&world.person("Ada").await, "Halden").await;
    key::create(&owner, new_key()).await.unwrap();
    let admin = world.member(&owner, model::Role::Admin).await;
    let member = world.member(&owner, model::Role::Member).await;
    let all = audit::list(&admin, Around::default()).await.unwrap();
    let actions: Vec<&str> = all.page.rows.iter().map(|row| row.action.as_str()).collect();
    assert!(all.whole);
    assert_eq!(actions, ["member.add", "member.add", "key.create", "team.create"]);
    let own = audit::list(&member, Around::default()).await.unwrap();
    assert!(!own.whole && own.page.rows.is_empty() && own.proof.is_none());
    assert_eq!(audit::find(&member, 1).await.unwrap(), None);
}
