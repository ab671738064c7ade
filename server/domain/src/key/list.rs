//! Reading keys. Their secrets cannot be read: they are not there.

use super::state::{self, Happened};
use crate::{Cx, Error, Result, event::rfc3339, text};
use model::{
    KeyId, Permission,
    key::{Environment, KeyOrder, KeyQuery, KeyRow, KeyState, Leak, Per, Previous, Rate, Reporter},
    page::{Page, PageSize},
};
use sqlx::PgConnection;
use time::{Duration, OffsetDateTime};
use uuid::Uuid;

/// Keys on one page, unless more or fewer are asked for.
const PAGE: PageSize = PageSize::usual(25);
/// Characters of a search that are looked at.
const SEARCH: usize = 120;

/// A page of the team's keys, in the order that is asked for.
///
/// # Errors
/// [`Error::Forbidden`] without `keys.view`.
pub async fn list(cx: &Cx, query: KeyQuery) -> Result<Page<KeyRow>> {
    let mut view = cx.view(Permission::KeysView).await?;
    let (before, after) = (cursor(query.before.as_deref()), cursor(query.after.as_deref()));
    let ids = ids(view.sql(), &query, before.or(after), after.is_some()).await?;
    let around = (before.is_some(), after.is_some());
    let page = Page::of(ids, query.size.unwrap_or(PAGE), around, |id| KeyId(*id).to_string());
    let rows = rows(view.sql(), cx, &page.rows).await?;
    Ok(Page {
        rows: rows.into_iter().map(|row| row.shown_to(cx)).collect::<Result<_>>()?,
        older: page.older,
        newer: page.newer,
    })
}

/// One key of the team.
///
/// # Errors
/// [`Error::Forbidden`] without `keys.view`.
pub async fn find(cx: &Cx, id: KeyId) -> Result<Option<KeyRow>> {
    let mut view = cx.view(Permission::KeysView).await?;
    let row = rows(view.sql(), cx, &[id.0]).await?.pop();
    row.map(|row| row.shown_to(cx)).transpose()
}

/// A cursor that is no key's id is treated as none: the first page is a kind answer to it.
fn cursor(text: Option<&str>) -> Option<Uuid> {
    text?.parse::<KeyId>().ok().map(|id| id.0)
}

/// One more than the page shows, nearest to the cursor first. What makes no sense is left out.
async fn ids(
    sql: &mut PgConnection,
    query: &KeyQuery,
    from: Option<Uuid>,
    is_backwards: bool,
) -> Result<Vec<Uuid>> {
    let order = KeyOrder::from_name(&query.sort).unwrap_or_default();
    let text = text::sought(&query.q, SEARCH);
    let ids = sqlx::query_scalar!(
        r#"select id as "id!" from app.keys_listed($1, $2, $3, $4, $5, $6, $7) id"#,
        text,
        Environment::from_name(&query.environment).map_or("", Environment::name),
        KeyState::from_name(&query.state).map_or("", KeyState::name),
        order.name(),
        from,
        order.is_ascending() != is_backwards,
        i32::from(query.size.unwrap_or(PAGE).and_next())
    )
    .fetch_all(sql)
    .await?;
    Ok(ids)
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
    disabled_at: Option<OffsetDateTime>,
    suspended_at: Option<OffsetDateTime>,
    last_used_at: Option<OffsetDateTime>,
    last_used_from: String,
    calls_24h: i64,
    networks: String,
    scopes: String,
    metadata: String,
    rate_limit: Option<i32>,
    rate_seconds: Option<i32>,
    quota: Option<i64>,
    quota_taken: i64,
    rotated_at: Option<OffsetDateTime>,
    previous_start: Option<String>,
    previous_ends_at: Option<OffsetDateTime>,
    /// While there is a warning of it.
    leaked_at: Option<OffsetDateTime>,
    leaked_where: String,
    leaked_by: Option<String>,
}

impl Row {
    fn shown_to(self, cx: &Cx) -> Result<KeyRow> {
        let unspent = cx.deps().keys().unspent(KeyId(self.id), cx.now());
        self.shown(cx.now(), unspent)
    }

    /// As it is shown; `unspent`: calls of its quota that this program has.
    fn shown(self, now: OffsetDateTime, unspent: i64) -> Result<KeyRow> {
        let words = |text: &str| text.split_whitespace().map(str::to_owned).collect();
        let positive = |number: i32| u32::try_from(number).ok();
        let rate = self.rate_limit.zip(self.rate_seconds).and_then(|(limit, seconds)| {
            Some(Rate { limit: positive(limit)?, per: Per::of_seconds(positive(seconds)?)? })
        });
        let state = state::of(
            &Happened {
                revoked_at: self.revoked_at,
                suspended_at: self.suspended_at,
                disabled_at: self.disabled_at,
                expires_at: self.expires_at,
            },
            now,
        );
        let previous = self.previous_start.zip(self.previous_ends_at).map(|(start, end)| {
            let end = self.expires_at.map_or(end, |whole| whole.min(end));
            let works = end > now && state == KeyState::Working;
            Previous { start, ends_at: rfc3339(end), works }
        });
        let by = self.leaked_by.as_deref().and_then(Reporter::from_name);
        let leak = self.leaked_at.zip(by).filter(|_| state != KeyState::Ended);
        let source = self.leaked_where;
        Ok(KeyRow {
            id: KeyId(self.id),
            name: self.name,
            environment: Environment::from_name(&self.environment)
                .ok_or(Error::Inconsistent("an unknown environment"))?,
            start: self.start,
            state,
            created_by: self.created_by,
            created_at: rfc3339(self.created_at),
            expires_at: self.expires_at.map(rfc3339),
            revoked_at: self.revoked_at.map(rfc3339),
            last_used_at: self.last_used_at.map(rfc3339),
            last_used_from: self.last_used_from,
            calls_24h: self.calls_24h,
            networks: words(&self.networks),
            scopes: words(&self.scopes),
            rate,
            quota: self.quota,
            quota_used: (self.quota_taken - unspent).max(0),
            metadata: self.metadata,
            rotated_at: self.rotated_at.map(rfc3339),
            previous,
            leak: leak.map(|(at, by)| Leak { at: rfc3339(at), source, by }),
        })
    }
}

/// What a page shows of these keys, in their order.
async fn rows(sql: &mut PgConnection, cx: &Cx, ids: &[Uuid]) -> Result<Vec<Row>> {
    let day_ago = cx.now() - Duration::days(1);
    let month = cx.now().date().replace_day(1).expect("every month has a first day");
    let rows = sqlx::query_as!(
        Row,
        r#"select k.id, k.name, k.environment, k.start, case when k.created_with is not null then
                      (select 'the key ' || w.name from api_key w
                       where w.team_id = k.team_id and w.id = k.created_with)
                  when k.created_by is null then 'the operator' else p.name end as "created_by?",
                  k.created_at,
                  app.key_end(k.created_at, k.expires_at, t.key_days) as expires_at,
                  k.revoked_at, k.disabled_at,
                  coalesce(e.suspended_at, e.closing_at) as suspended_at, k.networks, k.scopes, k.metadata,
                  k.rate_limit, k.rate_seconds, k.quota, k.rotated_at,
                  k.previous_start, k.previous_ends_at,
                  case when app.leak_stands(k.leaked_at, k.rotated_at, k.leak_dismissed_at,
                                            k.revoked_at)
                       then k.leaked_at end as leaked_at,
                  k.leaked_where, k.leaked_by,
                  s.last_at as "last_used_at?", coalesce(s.last_ip, '') as "last_used_from!",
                  (select coalesce(sum(u.calls), 0)::bigint from key_usage u
                   where u.team_id = $1 and u.key_id = k.id and u.hour > $3) as "calls_24h!",
                  coalesce(q.taken, 0) as "quota_taken!"
           from api_key k join team e on e.id = k.team_id
           left join person p on p.id = k.created_by
           left join team_policy t on t.team_id = k.team_id
           left join key_seen s on s.team_id = k.team_id and s.key_id = k.id
           left join key_quota q on q.team_id = k.team_id and q.key_id = k.id and q.month = $4
           where k.team_id = $1 and k.id = any($2)
           order by array_position($2, k.id)"#,
        cx.seat()?.id.0,
        ids,
        day_ago,
        month
    )
    .fetch_all(sql)
    .await?;
    Ok(rows)
}
