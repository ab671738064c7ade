//! The rows of each kind as the database writes them: JSON, one object in each.

use crate::{Error, Result};
use futures::stream::BoxStream;
use model::data::Kind;
use sqlx::PgConnection;
use uuid::Uuid;

/// Of which team, for which export, and whether with hashes of secrets.
#[derive(Debug, Clone, Copy)]
pub(super) struct Of {
    pub(super) team: Uuid,
    pub(super) export: Uuid,
    pub(super) has_hashes: bool,
}

type Rows<'c> = BoxStream<'c, sqlx::Result<String>>;

macro_rules! rows {
    ($sql:expr, $query:literal, $($given:expr),*) => {
        sqlx::query_scalar!(
            r#"select row_to_json(r)::text as "line!" from ("# + $query + ") r",
            $($given),*
        )
        .fetch($sql)
    };
}

/// The rows of a kind, in one order, as they come. The audit log is none of these: it is read by
/// [`crate::audit::export::Whole`].
pub(super) fn of<'c>(sql: &'c mut PgConnection, kind: &Kind, of: Of) -> Result<Rows<'c>> {
    match kind.name {
        "team" | "policy" | "roles" | "members" | "invitations" => Ok(people(sql, kind.name, of)),
        "keys" => Ok(keys(sql, of)),
        "usage" | "quotas" | "last-used" | "addresses" => Ok(usage(sql, kind.name, of)),
        _ => others(sql, kind.name, of),
    }
}

fn people<'c>(sql: &'c mut PgConnection, kind: &str, Of { team, .. }: Of) -> Rows<'c> {
    match kind {
        "team" => rows!(
            sql,
            "select id, slug, name, crest, time_zone, created_at, created_by, suspended_at
             from team where id = $1",
            team
        ),
        "policy" => rows!(
            sql,
            "select p.mfa_required_from, p.session_seconds, p.key_days,
                    coalesce(p.key_live_mfa, false) as key_live_mfa,
                    coalesce(p.key_networks, false) as key_networks,
                    coalesce(p.key_leak_off, false) as key_leak_off,
                    coalesce(p.audit_days, 400) as audit_days, p.audit_hold,
                    array(select domain from team_domain where team_id = $1 order by 1) as domains,
                    array(select network from team_network where team_id = $1 order by 1) as networks
             from (select $1::uuid as id) t left join team_policy p on p.team_id = t.id",
            team
        ),
        "roles" => rows!(
            sql,
            "select id, name, created_at,
                    array(select permission from team_role_permission g
                          where g.team_id = $1 and g.role_id = r.id order by 1) as permissions
             from team_role r where team_id = $1 order by id",
            team
        ),
        "members" => rows!(
            sql,
            "select m.person_id as person, p.email, p.name, m.role, m.custom_role, m.joined_at,
                    m.added_by
             from member m join person p on p.id = m.person_id
             where m.team_id = $1 order by lower(p.email), m.person_id",
            team
        ),
        _ => rows!(
            sql,
            "select id, email, role, custom_role, message, sent_by, sent_at, expires_at
             from invitation where team_id = $1 and ended_at is null order by id",
            team
        ),
    }
}

fn keys(sql: &mut PgConnection, of: Of) -> Rows<'_> {
    if of.has_hashes {
        return rows!(
            sql,
            "select k.id, name, environment, start, created_at, created_by, created_with, expires_at,
                    revoked_at, revoked_by, first_used_at, networks, scopes, metadata, rate_limit,
                    rate_seconds, quota, disabled_at, disabled_by, rotated_at, previous_start,
                    previous_ends_at, leaked_at, leaked_where, leaked_by, leak_dismissed_at,
                    encode(h.secret_hash, 'hex') as secret_hash,
                    encode(h.previous_hash, 'hex') as previous_hash
             from api_key k join app.exported_hashes($2) h on h.id = k.id
             where k.team_id = $1 order by k.id",
            of.team,
            of.export
        );
    }
    rows!(
        sql,
        "select id, name, environment, start, created_at, created_by, created_with, expires_at,
                revoked_at, revoked_by, first_used_at, networks, scopes, metadata, rate_limit,
                rate_seconds, quota, disabled_at, disabled_by, rotated_at, previous_start,
                previous_ends_at, leaked_at, leaked_where, leaked_by, leak_dismissed_at,
                null as secret_hash, null as previous_hash
         from api_key where team_id = $1 order by id",
        of.team
    )
}

fn usage<'c>(sql: &'c mut PgConnection, kind: &str, Of { team, .. }: Of) -> Rows<'c> {
    match kind {
        "usage" => rows!(
            sql,
            "select key_id, hour, code, country, calls from key_usage
             where team_id = $1 order by key_id, hour, code, country",
            team
        ),
        "quotas" => rows!(
            sql,
            "select key_id, month, taken from key_quota where team_id = $1 order by key_id, month",
            team
        ),
        "last-used" => rows!(
            sql,
            "select key_id, last_at, last_ip from key_seen where team_id = $1 order by key_id",
            team
        ),
        _ => rows!(
            sql,
            r#"select key_id, day, address, calls, refused, last_at from key_address
               where team_id = $1 order by key_id, day, address collate "C""#,
            team
        ),
    }
}

fn others<'c>(sql: &'c mut PgConnection, kind: &str, Of { team, .. }: Of) -> Result<Rows<'c>> {
    Ok(match kind {
        "programs" => rows!(
            sql,
            "select id, name, key_set_at, created_at from affiliate_program
             where team_id = $1 order by id",
            team
        ),
        "rules" => rows!(
            sql,
            "select id, keyword, folded, matching, language, url, program_id, priority, starts, ends,
                    enabled, changed_at
             from keyword_rule where team_id = $1 order by id",
            team
        ),
        "searches" => rows!(
            sql,
            "select id, name, search from team_search where team_id = $1 order by id",
            team
        ),
        "streams" => rows!(
            sql,
            "select id, name, kind, shown, person_id, made_at, state from audit_stream
             where team_id = $1 order by id",
            team
        ),
        "access" => rows!(
            sql,
            "select id, person_id, began_at, ended_at, role, permissions from access_period
             where team_id = $1 order by began_at, id",
            team
        ),
        _ => return Err(Error::Inconsistent("a kind of rows that nobody reads")),
    })
}

/// How many rows there are of all kinds but the audit log.
pub(super) async fn count(sql: &mut PgConnection, team: Uuid) -> Result<i64> {
    let count = sqlx::query_scalar!(
        r#"select 2
               + (select count(*) from team_role where team_id = $1)
               + (select count(*) from member where team_id = $1)
               + (select count(*) from invitation where team_id = $1 and ended_at is null)
               + (select count(*) from api_key where team_id = $1)
               + (select count(*) from affiliate_program where team_id = $1)
               + (select count(*) from keyword_rule where team_id = $1)
               + (select count(*) from team_search where team_id = $1)
               + (select count(*) from key_usage where team_id = $1)
               + (select count(*) from key_quota where team_id = $1)
               + (select count(*) from key_seen where team_id = $1)
               + (select count(*) from key_address where team_id = $1)
               + (select count(*) from audit_stream where team_id = $1)
               + (select count(*) from access_period where team_id = $1) as "rows!""#,
        team
    );
    Ok(count.fetch_one(sql).await?)
}
