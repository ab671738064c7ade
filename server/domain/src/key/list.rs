//! Reading keys. Their secrets cannot be read: they are not there.

use super::state;
use crate::{Cx, Error, Result, event::rfc3339};
use model::{
    KeyId, Permission,
    key::{Environment, KeyRow},
    page::{Around, Page},
};
use sqlx::PgConnection;
use time::{Duration, OffsetDateTime};
use uuid::Uuid;

/// Keys on one page.
const PAGE: i64 = 25;

/// A page of the team's keys, newest first.
///
/// # Errors
/// [`Error::Forbidden`] without `keys.view`.
pub async fn list(cx: &Cx, around: Around) -> Result<Page<KeyRow>> {
    let mut view = cx.view(Permission::KeysView).await?;
    let newer = cursor(around.after.as_deref());
    let mut rows = match newer {
        Some(id) => after(view.sql(), cx, id).await?,
        None => before(view.sql(), cx, cursor(around.before.as_deref())).await?,
    };
    let more = rows.len() > PAGE as usize;
    rows.truncate(PAGE as usize);
    if newer.is_some() {
        rows.reverse();
    }
    let came_from_newer = around.before.is_some();
    let edge = |row: Option<&Row>| row.map(|row| KeyId(row.id).to_string());
    let (has_newer, has_older) =
        if newer.is_some() { (more, true) } else { (came_from_newer, more) };
    Ok(Page {
        newer: edge(rows.first()).filter(|_| has_newer),
        older: edge(rows.last()).filter(|_| has_older),
        rows: rows.into_iter().map(|row| row.shown(cx.now())).collect::<Result<_>>()?,
    })
}

/// One key of the team.
///
/// # Errors
/// [`Error::Forbidden`] without `keys.view`.
pub async fn find(cx: &Cx, id: KeyId) -> Result<Option<KeyRow>> {
    let mut view = cx.view(Permission::KeysView).await?;
    let row = one(view.sql(), cx, id).await?;
    row.map(|row| row.shown(cx.now())).transpose()
}

/// A cursor that is no key's id is treated as none: the first page is a kind answer to it.
fn cursor(text: Option<&str>) -> Option<Uuid> {
    text?.parse::<KeyId>().ok().map(|id| id.0)
}

struct Row {
    id: Uuid,
    name: String,
    environment: String,
    start: String,
    created_by: Option<String>,
    created_at: OffsetDateTime,
    expires_at: Option<OffsetDateTime>,
    revoked_at: Option<OffsetDateTime>,
    last_used_at: Option<OffsetDateTime>,
    calls_24h: i64,
    networks: String,
}

impl Row {
    fn shown(self, now: OffsetDateTime) -> Result<KeyRow> {
        Ok(KeyRow {
            id: KeyId(self.id),
            name: self.name,
            environment: Environment::from_name(&self.environment)
                .ok_or(Error::Inconsistent("an unknown environment"))?,
            start: self.start,
            state: state::of(self.revoked_at, self.expires_at, now),
            created_by: self.created_by,
            created_at: rfc3339(self.created_at),
            expires_at: self.expires_at.map(rfc3339),
            revoked_at: self.revoked_at.map(rfc3339),
            last_used_at: self.last_used_at.map(rfc3339),
            calls_24h: self.calls_24h,
            networks: self.networks.split_whitespace().map(str::to_owned).collect(),
        })
    }
}

fn a_day_ago(cx: &Cx) -> OffsetDateTime {
    cx.now() - Duration::days(1)
}

/// Ids are UUIDv7: their order is the order of creation.
async fn before(sql: &mut PgConnection, cx: &Cx, id: Option<Uuid>) -> Result<Vec<Row>> {
    let rows = sqlx::query_as!(
        Row,
        r#"select k.id, k.name, k.environment, k.start, p.name as "created_by?",
                  k.created_at, k.expires_at, k.revoked_at, k.networks,
                  u.last_used_at as "last_used_at?", coalesce(u.calls_24h, 0) as "calls_24h!"
           from (select id, name, environment, start, created_by, created_at, expires_at,
                        revoked_at, networks from api_key
                 where team_id = $1 and id < coalesce(
                     $2::uuid, 'ffffffff-ffff-ffff-ffff-ffffffffffff'::uuid)
                 order by id desc limit $3) k
           left join person p on p.id = k.created_by
           left join lateral (
               select max(last_at) as last_used_at,
                      sum(calls) filter (where hour > $4)::bigint as calls_24h
               from key_usage where team_id = $1 and key_id = k.id) u on true
           order by k.id desc"#,
        cx.seat()?.id.0,
        id,
        PAGE + 1,
        a_day_ago(cx)
    )
    .fetch_all(sql)
    .await?;
    Ok(rows)
}

async fn after(sql: &mut PgConnection, cx: &Cx, id: Uuid) -> Result<Vec<Row>> {
    let rows = sqlx::query_as!(
        Row,
        r#"select k.id, k.name, k.environment, k.start, p.name as "created_by?",
                  k.created_at, k.expires_at, k.revoked_at, k.networks,
                  u.last_used_at as "last_used_at?", coalesce(u.calls_24h, 0) as "calls_24h!"
           from (select id, name, environment, start, created_by, created_at, expires_at,
                        revoked_at, networks from api_key where team_id = $1 and id > $2
                 order by id limit $3) k
           left join person p on p.id = k.created_by
           left join lateral (
               select max(last_at) as last_used_at,
                      sum(calls) filter (where hour > $4)::bigint as calls_24h
               from key_usage where team_id = $1 and key_id = k.id) u on true
           order by k.id"#,
        cx.seat()?.id.0,
        id,
        PAGE + 1,
        a_day_ago(cx)
    )
    .fetch_all(sql)
    .await?;
    Ok(rows)
}

async fn one(sql: &mut PgConnection, cx: &Cx, id: KeyId) -> Result<Option<Row>> {
    let row = sqlx::query_as!(
        Row,
        r#"select k.id, k.name, k.environment, k.start, p.name as "created_by?",
                  k.created_at, k.expires_at, k.revoked_at, k.networks,
                  u.last_used_at as "last_used_at?", coalesce(u.calls_24h, 0) as "calls_24h!"
           from api_key k
           left join person p on p.id = k.created_by
           left join lateral (
               select max(last_at) as last_used_at,
                      sum(calls) filter (where hour > $3)::bigint as calls_24h
               from key_usage where team_id = $1 and key_id = k.id) u on true
           where k.team_id = $1 and k.id = $2"#,
        cx.seat()?.id.0,
        id.0,
        a_day_ago(cx)
    )
    .fetch_optional(sql)
    .await?;
    Ok(row)
}
