//! Reading members.

use crate::{Cx, Error, Result, event::rfc3339, ownership};
use model::{
    Permission, PersonId, Role,
    member::{MemberPage, MemberQuery, MemberRow, Members},
    page::Page,
};
use sqlx::PgConnection;
use time::OffsetDateTime;
use uuid::Uuid;

/// Members on one page.
const PAGE: i64 = 25;
/// Characters of a search that are looked at.
const SEARCH: usize = 120;

/// A page of the team's members, by name.
///
/// # Errors
/// [`Error::Forbidden`] without `members.view`.
pub async fn list(cx: &Cx, query: MemberQuery) -> Result<Members> {
    let mut view = cx.view(Permission::MembersView).await?;
    let counts = counts(view.sql(), cx).await?;
    let offer = ownership::open(view.sql(), cx).await?;
    let asked = Asked::of(&query);
    let backwards = asked.after.is_some();
    let mut rows = if backwards {
        before(view.sql(), cx, &asked).await?
    } else {
        after(view.sql(), cx, &asked).await?
    };
    let more = rows.len() > PAGE as usize;
    rows.truncate(PAGE as usize);
    if backwards {
        rows.reverse();
    }
    let edge = |row: Option<&Row>| row.map(|row| PersonId(row.person).to_string());
    let (has_earlier, has_later) =
        if backwards { (more, true) } else { (asked.before.is_some(), more) };
    let page = Page {
        newer: edge(rows.first()).filter(|_| has_earlier),
        older: edge(rows.last()).filter(|_| has_later),
        rows: rows.into_iter().map(|row| row.shown(cx)).collect::<Result<_>>()?,
    };
    Ok(Members { page, all: counts.all, owners: counts.owners, offer })
}

/// One member, and what would happen without them.
///
/// # Errors
/// [`Error::Forbidden`] without `members.view`.
pub async fn find(cx: &Cx, person: PersonId) -> Result<Option<MemberPage>> {
    let mut view = cx.view(Permission::MembersView).await?;
    let Some(row) = one(view.sql(), cx, person).await? else { return Ok(None) };
    let counts = counts(view.sql(), cx).await?;
    let keys = match cx.require(Permission::KeysView) {
        Ok(()) => Some(keys_of(view.sql(), cx, person).await?),
        Err(_) => None,
    };
    let invitations = match cx.require(Permission::MembersManage) {
        Ok(()) => Some(invitations_of(view.sql(), cx, person).await?),
        Err(_) => None,
    };
    let sessions = row.sessions;
    let member = row.shown(cx)?;
    let is_only_owner = member.role == Role::Owner && counts.owners == 1;
    Ok(Some(MemberPage { member, sessions, keys, invitations, is_only_owner }))
}

/// What is asked for, with what makes no sense left out.
struct Asked {
    text: String,
    role: &'static str,
    before: Option<Uuid>,
    after: Option<Uuid>,
}

impl Asked {
    fn of(query: &MemberQuery) -> Self {
        let cursor = |text: &Option<String>| {
            text.as_deref()?.parse::<PersonId>().ok().map(|person| person.0)
        };
        Self {
            text: query.q.trim().chars().take(SEARCH).collect(),
            role: Role::from_name(&query.role).map_or("", Role::name),
            before: cursor(&query.before),
            after: cursor(&query.after),
        }
    }
}

struct Row {
    person: Uuid,
    name: String,
    email: String,
    role: String,
    joined_at: OffsetDateTime,
    added_by: Option<String>,
    two_step: bool,
    last_seen_at: Option<OffsetDateTime>,
    sessions: i64,
}

impl Row {
    fn shown(self, cx: &Cx) -> Result<MemberRow> {
        Ok(MemberRow {
            person: PersonId(self.person),
            name: self.name,
            email: self.email,
            role: Role::from_name(&self.role).ok_or(Error::Inconsistent("an unknown role"))?,
            two_step: self.two_step,
            last_seen_at: self.last_seen_at.map(rfc3339),
            joined_at: rfc3339(self.joined_at),
            added_by: self.added_by,
            is_you: cx.person() == Some(PersonId(self.person)),
        })
    }
}

struct Counts {
    all: i64,
    owners: i64,
}

async fn counts(sql: &mut PgConnection, cx: &Cx) -> Result<Counts> {
    let counts = sqlx::query_as!(
        Counts,
        r#"select count(*) as "all!", count(*) filter (where role = 'owner') as "owners!"
           from member where team_id = $1"#,
        cx.seat()?.id.0
    )
    .fetch_one(sql)
    .await?;
    Ok(counts)
}

/// Those who come later than `asked.before`, or the first.
async fn after(sql: &mut PgConnection, cx: &Cx, asked: &Asked) -> Result<Vec<Row>> {
    let rows = sqlx::query_as!(
        Row,
        r#"select m.person_id as person, m.name, m.email, m.role, m.joined_at,
                  a.name as "added_by?", s.two_step as "two_step!", s.last_seen_at,
                  s.sessions as "sessions!"
           from (select m.person_id, p.name, p.email, m.role, m.joined_at, m.added_by
                 from member m join person p on p.id = m.person_id
                 where m.team_id = $1 and ($2 = '' or m.role = $2)
                     and ($3 = '' or strpos(lower(p.name), lower($3)) > 0
                          or strpos(lower(p.email), lower($3)) > 0)
                     and ($4::uuid is null or (lower(p.name), p.id) >
                          (select lower(c.name), c.id from person c where c.id = $4))
                 order by lower(p.name), p.id limit $5) m
           left join person a on a.id = m.added_by
           cross join lateral app.member_seen(m.person_id) s
           order by lower(m.name), m.person_id"#,
        cx.seat()?.id.0,
        asked.role,
        asked.text,
        asked.before,
        PAGE + 1
    )
    .fetch_all(sql)
    .await?;
    Ok(rows)
}

/// Those who come before `asked.after`, the nearest first.
async fn before(sql: &mut PgConnection, cx: &Cx, asked: &Asked) -> Result<Vec<Row>> {
    let rows = sqlx::query_as!(
        Row,
        r#"select m.person_id as person, m.name, m.email, m.role, m.joined_at,
                  a.name as "added_by?", s.two_step as "two_step!", s.last_seen_at,
                  s.sessions as "sessions!"
           from (select m.person_id, p.name, p.email, m.role, m.joined_at, m.added_by
                 from member m join person p on p.id = m.person_id
                 where m.team_id = $1 and ($2 = '' or m.role = $2)
                     and ($3 = '' or strpos(lower(p.name), lower($3)) > 0
                          or strpos(lower(p.email), lower($3)) > 0)
                     and (lower(p.name), p.id) <
                         (select lower(c.name), c.id from person c where c.id = $4)
                 order by lower(p.name) desc, p.id desc limit $5) m
           left join person a on a.id = m.added_by
           cross join lateral app.member_seen(m.person_id) s
           order by lower(m.name) desc, m.person_id desc"#,
        cx.seat()?.id.0,
        asked.role,
        asked.text,
        asked.after,
        PAGE + 1
    )
    .fetch_all(sql)
    .await?;
    Ok(rows)
}

async fn one(sql: &mut PgConnection, cx: &Cx, person: PersonId) -> Result<Option<Row>> {
    let row = sqlx::query_as!(
        Row,
        r#"select m.person_id as person, p.name, p.email, m.role, m.joined_at,
                  a.name as "added_by?", s.two_step as "two_step!", s.last_seen_at,
                  s.sessions as "sessions!"
           from member m join person p on p.id = m.person_id
           left join person a on a.id = m.added_by
           cross join lateral app.member_seen(m.person_id) s
           where m.team_id = $1 and m.person_id = $2"#,
        cx.seat()?.id.0,
        person.0
    )
    .fetch_optional(sql)
    .await?;
    Ok(row)
}

async fn keys_of(sql: &mut PgConnection, cx: &Cx, person: PersonId) -> Result<i64> {
    let keys = sqlx::query_scalar!(
        r#"select count(*) as "n!" from api_key
           where team_id = $1 and created_by = $2 and revoked_at is null
               and (expires_at is null or expires_at > $3)"#,
        cx.seat()?.id.0,
        person.0,
        cx.now()
    )
    .fetch_one(sql)
    .await?;
    Ok(keys)
}

async fn invitations_of(sql: &mut PgConnection, cx: &Cx, person: PersonId) -> Result<i64> {
    let open = sqlx::query_scalar!(
        r#"select count(*) as "n!" from invitation
           where team_id = $1 and sent_by = $2 and ended_at is null"#,
        cx.seat()?.id.0,
        person.0
    )
    .fetch_one(sql)
    .await?;
    Ok(open)
}
