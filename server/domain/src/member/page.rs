//! Which members a page shows.

use crate::{Cx, Result};
use model::{
    PersonId, RoleRef,
    member::{MemberOrder, MemberQuery},
};
use sqlx::PgConnection;
use uuid::Uuid;

/// Members on one page.
pub(super) const PAGE: i64 = 25;
/// Characters of a search that are looked at.
const SEARCH: usize = 120;

/// What is asked for, with what makes no sense left out.
pub(super) struct Asked {
    text: String,
    role: Option<RoleRef>,
    two_step: Option<bool>,
    order: MemberOrder,
    before: Option<Uuid>,
    after: Option<Uuid>,
}

impl Asked {
    pub(super) fn of(query: &MemberQuery) -> Self {
        let cursor = |text: &Option<String>| {
            text.as_deref()?.parse::<PersonId>().ok().map(|person| person.0)
        };
        Self {
            text: query.q.trim().chars().take(SEARCH).collect(),
            role: query.role.parse().ok(),
            two_step: match query.two_step.as_str() {
                "on" => Some(true),
                "off" => Some(false),
                _ => None,
            },
            order: MemberOrder::from_name(&query.sort).unwrap_or_default(),
            before: cursor(&query.before),
            after: cursor(&query.after),
        }
    }

    /// Whether the page ends at a cursor.
    pub(super) const fn is_backwards(&self) -> bool {
        self.after.is_some()
    }

    /// Whether the page begins at one.
    pub(super) const fn is_further(&self) -> bool {
        self.before.is_some()
    }

    /// Whether the database must look at everybody's sessions and factors.
    fn looks(&self) -> bool {
        self.two_step.is_some() || self.order == MemberOrder::Seen
    }
}

/// One more than the page shows, nearest to the cursor first.
pub(super) async fn people(sql: &mut PgConnection, cx: &Cx, asked: &Asked) -> Result<Vec<Uuid>> {
    // Names go up, times go down: the latest first.
    match (asked.order == MemberOrder::Name) != asked.is_backwards() {
        true => ascending(sql, cx, asked).await,
        false => descending(sql, cx, asked).await,
    }
}

async fn ascending(sql: &mut PgConnection, cx: &Cx, asked: &Asked) -> Result<Vec<Uuid>> {
    let people = sqlx::query_scalar!(
        r#"with listed as (
               select m.person_id, case $4 when 'name' then lower(p.name)
                          when 'joined' then to_char(m.joined_at, 'YYYYMMDDHH24MISSUS')
                          else coalesce(to_char(s.last_seen_at, 'YYYYMMDDHH24MISSUS'), '') end as key
               from member m join person p on p.id = m.person_id
               left join (select * from app.members_seen() where $5) s
                   on s.person_id = m.person_id
               where m.team_id = $1
                   and ($2 = '' or m.role = $2 and m.custom_role is not distinct from $3)
                   and ($6 = '' or strpos(lower(p.name), lower($6)) > 0
                        or strpos(lower(p.email), lower($6)) > 0)
                   and ($7::bool is null or s.two_step = $7))
           select person_id from listed
           where $8::uuid is null
               or (key, person_id) > (select c.key, c.person_id from listed c where c.person_id = $8)
           order by key, person_id limit $9"#,
        cx.seat()?.id.0,
        asked.role.map_or("", RoleRef::name),
        asked.role.and_then(RoleRef::custom).map(|role| role.0),
        asked.order.name(),
        asked.looks(),
        asked.text,
        asked.two_step,
        asked.before.or(asked.after),
        PAGE + 1
    )
    .fetch_all(sql)
    .await?;
    Ok(people)
}

async fn descending(sql: &mut PgConnection, cx: &Cx, asked: &Asked) -> Result<Vec<Uuid>> {
    let people = sqlx::query_scalar!(
        r#"with listed as (
               select m.person_id, case $4 when 'name' then lower(p.name)
                          when 'joined' then to_char(m.joined_at, 'YYYYMMDDHH24MISSUS')
                          else coalesce(to_char(s.last_seen_at, 'YYYYMMDDHH24MISSUS'), '') end as key
               from member m join person p on p.id = m.person_id
               left join (select * from app.members_seen() where $5) s
                   on s.person_id = m.person_id
               where m.team_id = $1
                   and ($2 = '' or m.role = $2 and m.custom_role is not distinct from $3)
                   and ($6 = '' or strpos(lower(p.name), lower($6)) > 0
                        or strpos(lower(p.email), lower($6)) > 0)
                   and ($7::bool is null or s.two_step = $7))
           select person_id from listed
           where $8::uuid is null
               or (key, person_id) < (select c.key, c.person_id from listed c where c.person_id = $8)
           order by key desc, person_id desc limit $9"#,
        cx.seat()?.id.0,
        asked.role.map_or("", RoleRef::name),
        asked.role.and_then(RoleRef::custom).map(|role| role.0),
        asked.order.name(),
        asked.looks(),
        asked.text,
        asked.two_step,
        asked.before.or(asked.after),
        PAGE + 1
    )
    .fetch_all(sql)
    .await?;
    Ok(people)
}
