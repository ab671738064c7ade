//! What people are told is kept about them, beside what the tables hold.

use crate::support::World;
use model::kept::KEPT;
use std::collections::BTreeSet;

/// What says nothing about a person, of tables that hold something else about people, and whole tables.
const OTHERS: &[(&str, &[&str])] = &[
    // The structure of the log, and what kinds of things are in it.
    (
        "audit_event",
        &["kind", "previous_hash", "hash", "actor_kind", "action", "target_kind", "outcome"],
    ),
    ("audit_block", &[]),
    ("ledger_head", &[]),
    ("ledger_proof", &[]),
    ("ledger_floor", &[]),
    ("ledger_acceptance", &[]),
    ("ceremony", &["id", "kind"]),
    // A team's own things.
    ("affiliate_program", &[]),
    ("api_answer", &["team_id", "key_id"]),
    (
        "api_key",
        &[
            "team_id",
            "id",
            "name",
            "environment",
            "start",
            "secret_hash",
            "networks",
            "scopes",
            "metadata",
            "previous_hash",
            "previous_start",
            "leaked_where",
            "leaked_by",
            "created_with",
        ],
    ),
    ("audit_export", &["team_id", "format", "state", "failed"]),
    (
        "audit_stream",
        &[
            "team_id",
            "id",
            "name",
            "kind",
            "shown",
            "sealed",
            "secret",
            "previous_secret",
            "state",
            "held_by",
        ],
    ),
    ("audit_stream_error", &[]),
    ("former_file", &["team_id"]),
    ("team_deletion", &["team_id", "link_hash"]),
    ("team_export", &["team_id", "state", "stage", "failed", "sum"]),
    ("team_origin", &[]),
    // Of teams that are no more: nobody is named.
    ("deletion", &[]),
    ("deletion_count", &[]),
    ("key_address", &["team_id", "key_id"]),
    ("key_notice", &["team_id", "key_id", "kind"]),
    ("key_quota", &[]),
    ("key_seen", &["team_id", "key_id"]),
    ("key_usage", &[]),
    ("keyword_rule", &[]),
    ("member_order", &["team_id"]),
    ("ownership_offer", &["team_id"]),
    ("probe_verdict", &[]),
    ("rule_state", &[]),
    ("team", &["id", "slug", "name", "crest", "time_zone"]),
    ("team_domain", &[]),
    ("team_network", &[]),
    ("team_policy", &[]),
    ("team_role", &[]),
    ("team_role_permission", &[]),
    ("team_search", &[]),
    ("usage_batch", &[]),
    // Of this Probity.
    ("instance", &[]),
    ("key_renewal", &[]),
    ("_sqlx_migrations", &[]),
];

#[tokio::test]
async fn no_column_with_something_personal_is_missing_from_what_people_are_told() {
    let world = World::new().await;
    let mut superuser = world.superuser().await;
    let columns: Vec<(String, String, bool)> = sqlx::query_as(
        "select c.relname::text, a.attname::text, exists (
                select from pg_constraint k where k.conrelid = c.oid and k.contype = 'f'
                    and k.confrelid = 'person'::regclass and a.attnum = any(k.conkey))
         from pg_attribute a join pg_class c on c.oid = a.attrelid
         where c.relnamespace = 'public'::regnamespace and c.relkind = 'r' and a.attnum > 0
             and not a.attisdropped
             and format_type(a.atttypid, null) not in ('timestamp with time zone', 'date', 'integer',
                 'bigint', 'boolean', 'xid8', 'integer[]')
         order by 1, 2",
    )
    .fetch_all(&mut superuser)
    .await
    .unwrap();
    let told: BTreeSet<(&str, &str)> = KEPT
        .iter()
        .flat_map(|kept| kept.columns)
        .flat_map(|(table, columns)| columns.iter().map(|column| (*table, *column)))
        .collect();
    let is_other = |table: &str, column: &str| {
        let other = OTHERS.iter().find(|(name, _)| *name == table);
        other.is_some_and(|(_, columns)| columns.is_empty() || columns.contains(&column))
    };
    let mut missing = Vec::new();
    for (table, column, is_person) in &columns {
        let is_told = told.contains(&(table.as_str(), column.as_str()));
        if !is_told && (*is_person || !is_other(table, column)) {
            missing.push(format!("{table}.{column}"));
        }
        assert!(!(is_told && is_other(table, column)), "{table}.{column} is in both lists");
    }
    assert_eq!(missing, [""; 0]);
    let is_there = |(table, column): &(&str, &str)| {
        columns.iter().any(|(other, name, _)| table == other && column == name)
    };
    let gone: Vec<_> = told.iter().filter(|place| !is_there(place)).collect();
    assert_eq!(gone, [&("", ""); 0], "these are told of, and are not there");
}
