//! The self-probe: it proves what is so, and sees each policy that is gone or too wide.

use crate::support::{World, refusal, run, said};
use domain::{
    proof::{self, Column, trials},
    team,
};
use model::{CustomRole, HeldRole, Permission, Permissions, Role, RoleId, proof::Verdict};
use sqlx::{PgConnection, Row};
use std::collections::BTreeSet;
use time::Duration;

/// Policies that a permission is asked in and that it does not decide alone.
const NOT_ALONE: &[(&str, &str, &str)] = &[
    ("team", "select", "team.view"), // members see their team whatever their role
    ("api_key", "insert", "security.manage"), // asked for keys without an end only
    ("mail", "insert", "members.manage"), // letters of no team are everybody's to post
    ("probe_verdict", "select", "team.view"), // only the probe itself writes such a row
    ("ledger_proof", "select", "team.view"), // only the walk itself writes such a row
    ("audit_stream", "update", "audit.view"), // beside what shows the row
    ("audit_stream", "delete", "audit.view"), // beside what shows the row
    ("audit_stream_error", "select", "audit.export"), // only the delivery writes such a row
    ("team_deletion", "select", "team.delete"), // only its functions write such a row
    ("team_origin", "select", "data.export"), // only an import writes such a row
    ("former_file", "select", "data.export"), // the same
    ("former_file", "select", "audit.view"), // the same
    ("ownership_offer", "select", "members.view"), // of those to oneself
    ("ownership_offer", "update", "members.view"), // of those to oneself
    ("rule_draft", "select", "rules.edit"), // of one's own
    ("rule_draft", "delete", "rules.edit"), // of one's own
    // Asked for both at once, and no built-in role holds one alone (tests in saved_searches.rs).
    ("team_search", "insert", "audit.view"),
    ("team_search", "insert", "team.update"),
    ("team_search", "update", "team.update"),
    ("team_search", "delete", "team.update"),
    ("own_search", "select", "team.view"), // of one's own
    ("own_search", "update", "team.view"), // of one's own
    ("own_search", "delete", "team.view"), // of one's own
];

async fn probe(world: &World) -> Vec<Column> {
    proof::probe(&world.deps, &Role::ALL.map(HeldRole::from)).await.unwrap()
}

/// The cells that are not proven, each as "role permission".
fn wrong(columns: &[Column]) -> BTreeSet<String> {
    let cells = columns.iter().flat_map(|column| column.cells.iter().map(move |c| (column, c)));
    cells
        .filter(|(_, cell)| !cell.is_proven())
        .map(|(column, cell)| format!("{} {}", column.role, cell.permission.name()))
        .collect()
}

#[tokio::test]
async fn every_cell_is_proven_and_nothing_of_it_stays() {
    let world = World::new().await;
    let mut superuser = world.superuser().await;
    let before = rows(&mut superuser).await;
    let columns = probe(&world).await;
    let cells: Vec<_> = columns.iter().flat_map(|column| &column.cells).collect();
    assert_eq!(cells.len(), Role::ALL.len() * Permission::ALL.len());
    for (column, cell) in columns.iter().flat_map(|it| it.cells.iter().map(move |c| (it, c))) {
        assert!(cell.is_proven(), "{} {cell:?}", column.role);
        assert_eq!(cell.said, "");
        assert!(cell.tries >= 1);
    }
    assert_eq!(rows(&mut superuser).await, before, "synthetic people leave no trace");
}

async fn rows(superuser: &mut PgConnection) -> Vec<(String, i64)> {
    let tables = "select relname::text from pg_class where relkind = 'r'
                  and relnamespace = 'public'::regnamespace order by 1";
    let tables: Vec<String> = sqlx::query_scalar(tables).fetch_all(&mut *superuser).await.unwrap();
    let mut rows = Vec::new();
    for table in tables {
        let count = sqlx::AssertSqlSafe(format!("select count(*) from {table}"));
        let count = sqlx::query_scalar(count).fetch_one(&mut *superuser).await.unwrap();
        rows.push((table, count));
    }
    rows
}

/// A policy of the app role, as the catalogue tells it.
struct Policy {
    name: String,
    table: String,
    command: String,
    using: Option<String>,
    check: Option<String>,
}

impl Policy {
    /// The permissions that it asks for.
    fn asks(&self) -> Vec<Permission> {
        let text = format!("{:?}{:?}", self.using, self.check);
        let named = |permission: &&Permission| {
            text.contains(&format!("app.may('{}'::text)", permission.name()))
        };
        Permission::ALL.iter().filter(named).copied().collect()
    }

    fn create(&self, using: Option<&str>, check: Option<&str>) -> String {
        let using = using.map(|text| format!(" using ({text})")).unwrap_or_default();
        let check = check.map(|text| format!(" with check ({text})")).unwrap_or_default();
        format!(
            "create policy {} on {} for {} to probity_app{using}{check}",
            self.name, self.table, self.command
        )
    }
}

async fn policies(superuser: &mut PgConnection) -> Vec<Policy> {
    let all = "select policyname::text, tablename::text, lower(cmd), qual, with_check
               from pg_policies where roles = array['probity_app'::name] order by 2, 1";
    let rows = sqlx::query(all).fetch_all(superuser).await.unwrap();
    let policy = |row: &sqlx::postgres::PgRow| Policy {
        name: row.get(0),
        table: row.get(1),
        command: row.get(2),
        using: row.get(3),
        check: row.get(4),
    };
    rows.iter().map(policy).collect()
}

#[tokio::test]
async fn a_policy_that_is_gone_or_open_to_all_turns_its_cells_red() {
    let world = World::new().await;
    let mut superuser = world.superuser().await;
    let mut seen = 0;
    let all = policies(&mut superuser).await;
    for policy in &all {
        let on = (policy.table.as_str(), policy.command.as_str());
        for permission in policy.asks() {
            if NOT_ALONE.contains(&(on.0, on.1, permission.name())) {
                continue;
            }
            let tried = trials::of(permission).iter().any(|trial| trial.on == on);
            assert!(
                tried,
                "no trial of {permission:?} is about {on:?}: add one to proof/trials.rs"
            );
        }
        let alone = |it: &Permission| !NOT_ALONE.contains(&(on.0, on.1, it.name()));
        let Some(decides) = policy.asks().into_iter().find(alone) else { continue };
        seen += 1;
        let (drop, using, check) = (
            format!("drop policy {} on {}", policy.name, policy.table),
            policy.using.as_deref(),
            policy.check.as_deref(),
        );
        run(&mut superuser, &drop).await;
        let gone = wrong(&probe(&world).await);
        let asked = policy.asks();
        let about = |cell: &String| asked.iter().any(|it| cell.ends_with(it.name()));
        assert!(gone.iter().any(about), "{} is gone: {gone:?}", policy.name);
        run(&mut superuser, &policy.create(using.map(|_| "true"), check.map(|_| "true"))).await;
        let open = wrong(&probe(&world).await);
        run(&mut superuser, &drop).await;
        run(&mut superuser, &policy.create(using, check)).await;
        // What everybody may is no less proven when it is open to all in the team. And who does
        // not see a row cannot change it, whatever the policy for changes says.
        let everybodys = decides.held_by(Role::Viewer);
        let sees = |it: &Policy| it.command == "select" && it.asks().contains(&decides);
        let unseen = matches!(on.1, "update" | "delete")
            && all.iter().any(|other| other.table == policy.table && sees(other));
        assert!(
            everybodys || unseen || !open.is_empty(),
            "{} is open: nothing was noticed",
            policy.name
        );
    }
    assert!(seen > 25, "{seen} policies");
    assert_eq!(wrong(&probe(&world).await), BTreeSet::new(), "all as it was");
}

#[tokio::test]
async fn a_wider_role_in_the_database_turns_exactly_its_cell_red() {
    let world = World::new().await;
    let mut superuser = world.superuser().await;
    run(
        &mut superuser,
        "create or replace function app.role_has(role text, permission text) returns boolean
         language sql immutable parallel safe
         return permission <> 'billing.manage' or role in ('owner', 'member')",
    )
    .await;
    let found = wrong(&probe(&world).await);
    assert!(found.contains("member billing.manage"), "{found:?}");
    assert!(!found.contains("owner billing.manage") && !found.contains("admin billing.manage"));
    let cells = probe(&world).await.remove(2).cells;
    let cell = cells.iter().find(|cell| cell.permission == Permission::BillingManage).unwrap();
    assert_eq!((cell.guard, cell.database), (Verdict::No, Verdict::Yes));
    assert_eq!(cell.said, "app.may: yes");
}

#[tokio::test]
async fn roles_of_a_teams_own_are_tried_whatever_they_hold() {
    let world = World::new().await;
    let role = |n: usize, permissions: Permissions| {
        let id = RoleId(uuid::Uuid::from_u128(n as u128));
        HeldRole::Custom(CustomRole { id, name: format!("Role {n}"), permissions })
    };
    let all = Permissions::of(Role::Owner);
    let singles = Permission::ALL.iter().map(|it| Permissions::NONE.with(*it));
    let lacking = Permission::ALL.iter().map(|it| all.without(Permissions::NONE.with(*it)));
    let sets = singles.chain(lacking).chain([all, Permissions::NONE]);
    let roles: Vec<HeldRole> = sets.enumerate().map(|(n, set)| role(n, set)).collect();
    let columns = proof::probe(&world.deps, &roles).await.unwrap();
    assert_eq!(columns.len(), 38);
    for (column, held) in columns.iter().zip(&roles) {
        for cell in &column.cells {
            assert!(cell.is_proven(), "{}: {cell:?}", held.permissions().names());
        }
    }
}

#[tokio::test]
async fn an_owner_tries_the_matrix_and_everybody_in_the_team_sees_what_was_found() {
    let world = World::new().await;
    let ada = world.team(&world.person("Ada").await, "Halden").await;
    let admin = world.member(&ada, Role::Admin).await;
    let viewer = world.member(&ada, Role::Viewer).await;
    let support = world.role(&ada, "Support", "team.view keys.view").await;
    let refused = said(proof::probe_now(&admin).await);
    assert_eq!(refused, "This needs the role Owner or above. Ask an owner of the team for it.");
    assert!(proof::matrix(&viewer).await.unwrap().proofs.is_empty());
    let found = proof::probe_now(&ada).await.unwrap();
    assert_eq!((found.cells, found.wrong), (90, 0));
    let matrix = proof::matrix(&viewer).await.unwrap();
    assert_eq!((matrix.proofs.len(), matrix.own.len()), (5, 1));
    let which = HeldRole::Custom(support).which();
    let (cell, at) = matrix.cell(which, Permission::KeysView).unwrap();
    assert!(cell.held && cell.is_proven());
    assert_eq!(at, "2026-11-22T08:00:00Z");
    // Another team sees the four roles that it has too, and not ours.
    let theirs = world.team(&world.person("Mallory").await, "Mal").await;
    let seen = proof::matrix(&theirs).await.unwrap();
    assert_eq!((seen.proofs.len(), seen.own.len()), (4, 0));
    let log = domain::audit::list(&ada, model::page::Around::default()).await.unwrap();
    assert_eq!(log.page.rows[0].action, "role.probe");
}

#[tokio::test]
async fn it_runs_once_a_day_by_itself() {
    let world = World::new().await;
    let mut superuser = world.superuser().await;
    let mut latest = async || -> Option<String> {
        sqlx::query_scalar("select min(at)::text from probe_verdict")
            .fetch_one(&mut superuser)
            .await
            .unwrap()
    };
    proof::probe_due(&world.deps).await.unwrap();
    let first = latest().await;
    assert!(first.is_some());
    world.clock.advance(Duration::hours(23));
    proof::probe_due(&world.deps).await.unwrap();
    assert_eq!(latest().await, first);
    world.clock.advance(Duration::hours(1));
    proof::probe_due(&world.deps).await.unwrap();
    assert_ne!(latest().await, first);
}

#[tokio::test]
async fn nobody_writes_usage_into_a_team_that_was_there_before() {
    let world = World::new().await;
    let ada = world.team(&world.person("Ada").await, "Halden").await;
    let mut raw = world.raw("probity_app", team::card(&ada).unwrap().id, &ada).await;
    let refused = refusal(&mut raw, "select app.seed_usage()").await;
    assert_eq!(refused, "usage is counted, not written");
}
