//! Reads PostgreSQL's own catalogue: what no one may forget when adding a table or a function.

use crate::support::{World, run, try_run};
use domain::{
    policy,
    proof::known::{DEFINERS, GLOBAL_INDEXES},
};
use sqlx::PgConnection;
use std::collections::BTreeSet;

async fn names(conn: &mut PgConnection, sql: &'static str) -> BTreeSet<String> {
    sqlx::query_scalar(sql).fetch_all(conn).await.unwrap().into_iter().collect()
}

fn none() -> BTreeSet<String> {
    BTreeSet::new()
}

#[tokio::test]
async fn every_table_is_in_the_policy_table_and_forces_row_level_security() {
    let mut conn = World::new().await.superuser().await;
    let tables = names(
        &mut conn,
        "select relname::text from pg_class where relnamespace = 'public'::regnamespace
         and relkind in ('r', 'p') and relname <> '_sqlx_migrations'",
    )
    .await;
    assert_eq!(tables, policy::tables().map(|table| table.name.to_owned()).collect());
    assert_eq!(names(&mut conn, UNFORCED).await, none());
    run(&mut conn, "create table forgotten (team_id uuid)").await;
    assert_eq!(names(&mut conn, UNFORCED).await.len(), 1, "a forgotten table is noticed");
}

const UNFORCED: &str = "select relname::text from pg_class
    where relnamespace = 'public'::regnamespace and relkind in ('r', 'p')
    and relname <> '_sqlx_migrations' and not (relrowsecurity and relforcerowsecurity)";

#[tokio::test]
async fn nothing_is_owned_by_a_superuser_or_a_login_role() {
    let mut conn = World::new().await.superuser().await;
    let strangers = names(
        &mut conn,
        "select c.relname::text from pg_class c
         where relnamespace in ('public'::regnamespace, 'app'::regnamespace)
         and relowner <> 'probity_owner'::regrole
         union all
         select p.proname::text from pg_proc p where pronamespace = 'app'::regnamespace
         and proowner <> 'probity_owner'::regrole",
    )
    .await;
    assert_eq!(strangers, none());
    let powerful = names(
        &mut conn,
        "select rolname::text from pg_roles where rolname like 'probity%' and
         (rolsuper or rolbypassrls or rolcreaterole or rolcreatedb or rolreplication
          or (rolname = 'probity_owner' and rolcanlogin))",
    )
    .await;
    assert_eq!(powerful, none());
}

#[tokio::test]
async fn functions_that_pass_row_level_security_are_listed_and_pinned() {
    let mut conn = World::new().await.superuser().await;
    let definers = names(
        &mut conn,
        "select proname::text from pg_proc where prosecdef
         and pronamespace in ('app'::regnamespace, 'public'::regnamespace)",
    )
    .await;
    assert_eq!(definers, DEFINERS.iter().map(|(name, _)| (*name).to_owned()).collect());
    let loose = names(
        &mut conn,
        "select proname::text from pg_proc where prosecdef
         and pronamespace = 'app'::regnamespace
         and not coalesce('search_path=pg_catalog, pg_temp' = any (proconfig), false)",
    )
    .await;
    assert_eq!(loose, none());
    let open = names(
        &mut conn,
        "select proname::text from pg_proc where pronamespace = 'app'::regnamespace
         and (proacl is null or exists (select from aclexplode(proacl) where grantee = 0))",
    )
    .await;
    assert_eq!(open, none(), "callable by everybody");
}

#[tokio::test]
async fn no_login_role_may_truncate_refer_or_add_triggers() {
    let mut conn = World::new().await.superuser().await;
    let grants = names(
        &mut conn,
        "select grantee || ' ' || privilege_type || ' ' || table_name
         from information_schema.role_table_grants
         where table_schema in ('public', 'app') and grantee <> 'probity_owner'
         and privilege_type not in ('SELECT', 'INSERT', 'UPDATE', 'DELETE')",
    )
    .await;
    assert_eq!(grants, none());
    let defaults = names(
        &mut conn,
        "select defaclobjtype::text from pg_default_acl d, aclexplode(d.defaclacl) a
         where a.grantee <> 'probity_owner'::regrole",
    )
    .await;
    assert_eq!(defaults, none(), "privileges that new objects would have by default");
}

#[tokio::test]
async fn rows_of_a_team_start_with_the_team_in_every_index_and_reference() {
    let mut conn = World::new().await.superuser().await;
    let global = names(
        &mut conn,
        "select i.indexrelid::regclass::text from pg_index i
         join pg_attribute t on t.attrelid = i.indrelid and t.attname = 'team_id'
         where i.indkey[0] <> t.attnum",
    )
    .await;
    assert_eq!(global, GLOBAL_INDEXES.iter().map(|(name, _)| (*name).to_owned()).collect());
    let crossing = names(
        &mut conn,
        "select c.conname::text from pg_constraint c
         join pg_attribute a on a.attrelid = c.conrelid and a.attname = 'team_id'
         join pg_attribute b on b.attrelid = c.confrelid and b.attname = 'team_id'
         where c.contype = 'f' and (c.conkey[1] <> a.attnum or c.confkey[1] <> b.attnum)",
    )
    .await;
    assert_eq!(crossing, none(), "references that could cross teams");
}

#[tokio::test]
async fn there_is_no_view_or_copy_that_passes_row_level_security() {
    let mut conn = World::new().await.superuser().await;
    let views = "select relname::text from pg_class where relkind in ('v', 'm')
        and relnamespace in ('public'::regnamespace, 'app'::regnamespace)
        and (relkind = 'm' or not coalesce('security_invoker=true' = any (reloptions), false))";
    assert_eq!(names(&mut conn, views).await, none());
    run(&mut conn, "create view leak as select * from api_key").await;
    assert_eq!(names(&mut conn, views).await.len(), 1, "a plain view is noticed");
}

#[tokio::test]
async fn migrations_and_roles_may_be_applied_again() {
    let world = World::new().await;
    let mut conn = world.superuser().await;
    assert_eq!(domain::schema::migrate(&mut conn).await.unwrap(), 0);
    assert_eq!(domain::schema::pending(&mut conn).await.unwrap(), 0);
    world.deps.app().ready().await.unwrap();
    try_run(&mut conn, "delete from _sqlx_migrations where version = 6").await.unwrap();
    let lacking = world.deps.app().ready().await.unwrap_err().to_string();
    assert!(lacking.contains("run probity migrate"), "{lacking}");
}

/// An action in the table that nothing records would be a promise that is not kept.
#[test]
fn every_audited_action_is_recorded_somewhere() {
    let root = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
    let (mut folders, mut code) = (vec![root], String::new());
    while let Some(folder) = folders.pop() {
        for entry in std::fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                folders.push(path);
            } else {
                code.push_str(&std::fs::read_to_string(path).unwrap());
            }
        }
    }
    for action in model::AuditAction::ALL {
        assert!(code.contains(&format!("AuditAction::{action:?}")), "{action:?} is never recorded");
    }
}

/// What a request may alter without a record, and why nobody asks about it.
const UNRECORDED: &[(&str, &str)] = &[
    ("api_answer insert", "the answer to a change, beside its record"),
    ("audit_export update", "its task says in the same row how far it is; cancelling is recorded"),
    ("challenge insert", "a question to a browser; what is answered is recorded"),
    ("device insert", "a browser in which somebody signed in, beside the record of that"),
    ("device update", "when it was last seen"),
    ("link insert", "a mailed link, beside the record of who asked for it"),
    ("mail insert", "a letter, beside the record of what it tells"),
    (
        "own_search delete",
        "a search that its person keeps for themself: nobody else is touched by it",
    ),
    ("own_search insert", "the same"),
    ("own_search update", "the same"),
    ("rule_draft delete", "a file that was looked at; the import of it is recorded"),
    ("rule_draft insert", "the same"),
    ("team_export update", "its task says in the same row how far it is; cancelling is recorded"),
    ("totp_offer insert", "a secret that is offered; taking it is recorded"),
    ("totp_offer update", "the same"),
];

/// Whatever else a request alters, the database demands the record of it: each mutating operation names its
/// action, or it cannot commit.
#[test]
fn whatever_requests_alter_demands_a_record_or_says_why_not() {
    use domain::policy::{Rule, tables};
    let of_requests =
        |rule: &Rule| !matches!(rule, Rule::Task(_) | Rule::TaskSql(..) | Rule::AnyTask(_));
    let mut unrecorded = BTreeSet::new();
    for table in tables() {
        let demands = table.guard.as_ref().map_or("", |guard| guard.on);
        for policy in table.policies.iter().filter(|policy| of_requests(&policy.rule)) {
            let command = format!("{:?}", policy.command).to_lowercase();
            if command != "select" && !demands.contains(&command) {
                unrecorded.insert(format!("{} {command}", table.name));
            }
        }
    }
    let said: BTreeSet<String> = UNRECORDED.iter().map(|(what, _)| (*what).to_owned()).collect();
    assert_eq!(unrecorded, said);
}

/// Operators of these types are not leakproof: under row-level security they lose their index.
#[tokio::test]
async fn no_column_is_of_a_type_that_loses_its_index() {
    let mut conn = World::new().await.superuser().await;
    let slow = "select table_name || '.' || column_name from information_schema.columns
        where table_schema = 'public' and table_name <> '_sqlx_migrations'
        and data_type in ('jsonb', 'json', 'ARRAY', 'USER-DEFINED', 'numeric', 'tsvector')";
    // Asked by a function that row-level security does not keep from its index.
    assert_eq!(names(&mut conn, slow).await, ["audit_block.terms".to_owned()].into());
}

/// Replica mode skips triggers that are not, and a NOTIFY in every change costs most of the speed.
#[tokio::test]
async fn our_triggers_are_always_on_and_only_what_is_seldom_notifies() {
    let mut conn = World::new().await.superuser().await;
    let skipped = "select tgname::text from pg_trigger where not tgisinternal and tgenabled <> 'A'";
    assert_eq!(names(&mut conn, skipped).await, none());
    let notifying = "select proname::text from pg_proc
        where pronamespace = 'app'::regnamespace and prosrc ilike '%notify%'";
    // Keys and rules for them change seldom, and other programs must hear of it.
    let seldom = ["count_rules", "tell_key", "tell_rules", "tell_team_keys"].map(str::to_owned);
    assert_eq!(names(&mut conn, notifying).await, seldom.into());
}
