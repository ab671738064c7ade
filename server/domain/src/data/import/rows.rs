//! Statements that put rows of each kind into the team. `$2`: rows as JSON, as [`model::data::KINDS`] says.

use super::Checked;
use crate::{Error, Result};
use sqlx::PgConnection;
use time::{OffsetDateTime, format_description::well_known::Rfc3339};
use uuid::Uuid;

macro_rules! put {
    ($sql:expr, $team:expr, $rows:expr, $query:literal) => {
        sqlx::query!($query, $team, $rows).execute($sql).await?
    };
}

/// Puts these rows in.
pub(super) async fn insert(
    sql: &mut PgConnection,
    kind: &str,
    team: Uuid,
    rows: &str,
) -> Result<()> {
    match kind {
        "team" | "policy" => settings(sql, kind, team, rows).await,
        "roles" => roles(sql, team, rows).await,
        "members" | "invitations" => people(sql, kind, team, rows).await,
        "keys" => keys(sql, team, rows).await,
        "programs" | "rules" | "searches" => rules(sql, kind, team, rows).await,
        "usage" | "quotas" | "last-used" | "addresses" => usage(sql, kind, team, rows).await,
        _ => Err(Error::Inconsistent("a kind of rows that nobody writes")),
    }
}

async fn settings(sql: &mut PgConnection, kind: &str, team: Uuid, rows: &str) -> Result<()> {
    if kind == "team" {
        put!(
            sql,
            team,
            rows,
            "insert into team (id, slug, name, crest, time_zone, created_at, created_by, suspended_at)
             select $1::uuid, slug, name, crest, time_zone, created_at, created_by, suspended_at
             from jsonb_to_recordset($2::text::jsonb) as r (slug text, name text, crest text,
                 time_zone text, created_at timestamptz, created_by uuid, suspended_at timestamptz)"
        );
        return Ok(());
    }
    put!(
        &mut *sql,
        team,
        rows,
        "insert into team_policy (team_id, mfa_required_from, session_seconds, key_days, key_live_mfa,
                                  key_networks, key_leak_off, audit_days, audit_hold)
         select $1::uuid, mfa_required_from, session_seconds, key_days, key_live_mfa, key_networks,
             key_leak_off, audit_days, audit_hold
         from jsonb_to_recordset($2::text::jsonb) as r (mfa_required_from timestamptz,
             session_seconds integer, key_days integer, key_live_mfa boolean, key_networks boolean,
             key_leak_off boolean, audit_days integer, audit_hold text)"
    );
    put!(
        &mut *sql,
        team,
        rows,
        "insert into team_network (team_id, network)
         select $1::uuid, jsonb_array_elements_text(r.networks)
         from jsonb_to_recordset($2::text::jsonb) as r (networks jsonb)"
    );
    Ok(())
}

async fn roles(sql: &mut PgConnection, team: Uuid, rows: &str) -> Result<()> {
    put!(
        &mut *sql,
        team,
        rows,
        "insert into team_role (team_id, id, name, created_at)
         select $1::uuid, id, name, created_at
         from jsonb_to_recordset($2::text::jsonb) as r (id uuid, name text, created_at timestamptz)"
    );
    put!(
        &mut *sql,
        team,
        rows,
        "insert into team_role_permission (team_id, role_id, permission)
         select $1::uuid, r.id, jsonb_array_elements_text(r.permissions)
         from jsonb_to_recordset($2::text::jsonb) as r (id uuid, permissions jsonb)"
    );
    Ok(())
}

async fn people(sql: &mut PgConnection, kind: &str, team: Uuid, rows: &str) -> Result<()> {
    if kind == "members" {
        put!(
            sql,
            team,
            rows,
            "insert into member (team_id, person_id, role, custom_role, joined_at, added_by)
             select $1::uuid, person, role, custom_role, joined_at, added_by
             from jsonb_to_recordset($2::text::jsonb) as r (person uuid, role text, custom_role uuid,
                 joined_at timestamptz, added_by uuid)"
        );
        return Ok(());
    }
    put!(
        sql,
        team,
        rows,
        "insert into invitation (team_id, id, email, role, custom_role, message, mailed_hash, sent_by,
                                 sent_at, expires_at)
         select $1::uuid, id, email, role, custom_role, message, decode(mailed_hash, 'hex'), sent_by,
             sent_at, expires_at
         from jsonb_to_recordset($2::text::jsonb) as r (id uuid, email text, role text,
             custom_role uuid, message text, mailed_hash text, sent_by uuid, sent_at timestamptz,
             expires_at timestamptz)"
    );
    Ok(())
}

/// Puts the owner in.
pub(super) async fn insert_owner(
    sql: &mut PgConnection,
    team: Uuid,
    owner: Uuid,
    at: OffsetDateTime,
) -> Result<()> {
    sqlx::query!(
        "insert into member (team_id, person_id, role, joined_at) values ($1, $2, 'owner', $3)",
        team,
        owner,
        at
    )
    .execute(sql)
    .await?;
    Ok(())
}

async fn keys(sql: &mut PgConnection, team: Uuid, rows: &str) -> Result<()> {
    put!(
        sql,
        team,
        rows,
        "insert into api_key (team_id, id, name, environment, start, secret_hash, created_at, created_by,
             created_with, expires_at, revoked_at, revoked_by, first_used_at, networks, scopes, metadata,
             rate_limit, rate_seconds, quota, disabled_at, disabled_by, rotated_at, previous_hash,
             previous_start, previous_ends_at, leaked_at, leaked_where, leaked_by, leak_dismissed_at)
         select $1::uuid, id, name, environment, start, decode(secret_hash, 'hex'), created_at, created_by,
             created_with, expires_at, revoked_at, revoked_by, first_used_at, networks, scopes, metadata,
             rate_limit, rate_seconds, quota, disabled_at, disabled_by, rotated_at,
             decode(previous_hash, 'hex'), previous_start, previous_ends_at, leaked_at, leaked_where,
             leaked_by, leak_dismissed_at
         from jsonb_to_recordset($2::text::jsonb) as r (id uuid, name text, environment text, start text,
             secret_hash text, created_at timestamptz, created_by uuid, created_with uuid,
             expires_at timestamptz, revoked_at timestamptz, revoked_by uuid, first_used_at timestamptz,
             networks text, scopes text, metadata text, rate_limit integer, rate_seconds integer,
             quota bigint, disabled_at timestamptz, disabled_by uuid, rotated_at timestamptz,
             previous_hash text, previous_start text, previous_ends_at timestamptz,
             leaked_at timestamptz, leaked_where text, leaked_by text, leak_dismissed_at timestamptz)"
    );
    Ok(())
}

async fn rules(sql: &mut PgConnection, kind: &str, team: Uuid, rows: &str) -> Result<()> {
    match kind {
        "programs" => put!(
            sql,
            team,
            rows,
            "insert into affiliate_program (team_id, id, name, sealed, key_set_at, key_missing, created_at)
             select $1::uuid, id, name, decode(sealed, 'hex'), key_set_at, true, created_at
             from jsonb_to_recordset($2::text::jsonb) as r (id uuid, name text, sealed text,
                 key_set_at timestamptz, created_at timestamptz)"
        ),
        "rules" => put!(
            sql,
            team,
            rows,
            "insert into keyword_rule (team_id, id, keyword, folded, matching, language, url, program_id,
                                       priority, starts, ends, enabled, changed_at)
             select $1::uuid, id, keyword, folded, matching, language, url, program_id, priority, starts,
                 ends, enabled, changed_at
             from jsonb_to_recordset($2::text::jsonb) as r (id uuid, keyword text, folded text,
                 matching text, language text, url text, program_id uuid, priority integer, starts date,
                 ends date, enabled boolean, changed_at timestamptz)"
        ),
        _ => put!(
            sql,
            team,
            rows,
            "insert into team_search (team_id, id, name, search)
             select $1::uuid, id, name, search
             from jsonb_to_recordset($2::text::jsonb) as r (id uuid, name text, search text)"
        ),
    };
    Ok(())
}

async fn usage(sql: &mut PgConnection, kind: &str, team: Uuid, rows: &str) -> Result<()> {
    match kind {
        "usage" => put!(
            sql,
            team,
            rows,
            "insert into key_usage (team_id, key_id, hour, code, country, calls)
             select $1::uuid, key_id, hour, code, country, calls
             from jsonb_to_recordset($2::text::jsonb) as r (key_id uuid, hour timestamptz, code text,
                 country text, calls bigint)"
        ),
        "quotas" => put!(
            sql,
            team,
            rows,
            "insert into key_quota (team_id, key_id, month, taken)
             select $1::uuid, key_id, month, taken
             from jsonb_to_recordset($2::text::jsonb) as r (key_id uuid, month date, taken bigint)"
        ),
        "last-used" => put!(
            sql,
            team,
            rows,
            "insert into key_seen (team_id, key_id, last_at, last_ip)
             select $1::uuid, key_id, last_at, last_ip
             from jsonb_to_recordset($2::text::jsonb) as r (key_id uuid, last_at timestamptz,
                 last_ip text)"
        ),
        _ => put!(
            sql,
            team,
            rows,
            "insert into key_address (team_id, key_id, day, address, calls, refused, last_at)
             select $1::uuid, key_id, day, address, calls, refused, last_at
             from jsonb_to_recordset($2::text::jsonb) as r (key_id uuid, day date, address text,
                 calls bigint, refused bigint, last_at timestamptz)"
        ),
    };
    Ok(())
}

/// Domains that addresses must be of, once all members are in who were in before.
pub(super) async fn insert_domains(sql: &mut PgConnection, team: Uuid, rows: &str) -> Result<()> {
    put!(
        sql,
        team,
        rows,
        "insert into team_domain (team_id, domain)
         select $1::uuid, jsonb_array_elements_text(r.domains)
         from jsonb_to_recordset($2::text::jsonb) as r (domains jsonb)"
    );
    Ok(())
}

/// Where the team came from.
pub(super) async fn insert_origin(
    sql: &mut PgConnection,
    now: OffsetDateTime,
    team: Uuid,
    checked: &Checked,
) -> Result<()> {
    let bundle = &checked.bundle;
    let exported_at = OffsetDateTime::parse(&bundle.made_at, &Rfc3339)
        .map_err(|_| super::file::refused("Its list does not say when it was made."))?;
    sqlx::query!(
        "insert into team_origin (team_id, instance, signed_by, former_id, exported_at, imported_at)
         values ($1, $2, $3, $4, $5, $6)",
        team,
        bundle.instance,
        checked.key.to_string(),
        bundle.team.0,
        exported_at,
        now
    )
    .execute(sql)
    .await?;
    Ok(())
}

/// A part of a file that is kept.
pub(super) async fn insert_part(
    sql: &mut PgConnection,
    team: Uuid,
    name: &str,
    part: i32,
    sealed: &[u8],
) -> Result<()> {
    sqlx::query!(
        "insert into former_file (team_id, name, part, sealed) values ($1, $2, $3, $4)",
        team,
        name,
        part,
        sealed
    )
    .execute(sql)
    .await?;
    Ok(())
}
