//! Reading members.

use super::page::{self, Asked};
use crate::{
    Cx, Result,
    event::rfc3339,
    ownership,
    role::{self, Stored},
};
use model::{
    CustomRole, HeldRole, Permission, PersonId,
    member::{MemberPage, MemberQuery, MemberRow, Members},
    page::Page,
};
use sqlx::PgConnection;
use time::OffsetDateTime;
use uuid::Uuid;

/// A page of the team's members, in the order that is asked for.
///
/// # Errors
/// [`crate::Error::Forbidden`] without `members.view`.
pub async fn list(cx: &Cx, query: MemberQuery) -> Result<Members> {
    let mut view = cx.view(Permission::MembersView).await?;
    let counts = counts(view.sql(), cx).await?;
    let offer = ownership::open(view.sql(), cx).await?;
    let roles = role::all(view.sql(), cx).await?;
    let asked = Asked::of(&query);
    let people = page::people(view.sql(), &asked).await?;
    let people =
        Page::of(people, asked.size, asked.around(), |person| PersonId(*person).to_string());
    let rows = rows(view.sql(), cx, &people.rows).await?;
    let page = Page {
        newer: people.newer,
        older: people.older,
        rows: rows.into_iter().map(|row| row.shown(cx, &roles)).collect::<Result<_>>()?,
    };
    Ok(Members { page, all: counts.all, owners: counts.owners, roles, offer })
}

/// One member, and what would happen without them.
///
/// # Errors
/// [`crate::Error::Forbidden`] without `members.view`.
pub async fn find(cx: &Cx, person: PersonId) -> Result<Option<MemberPage>> {
    let mut view = cx.view(Permission::MembersView).await?;
    let Some(row) = rows(view.sql(), cx, &[person.0]).await?.pop() else { return Ok(None) };
    let counts = counts(view.sql(), cx).await?;
    let keys = match cx.require(Permission::KeysView) {
        Ok(()) => Some(keys_of(view.sql(), cx, person).await?),
        Err(_) => None,
    };
    let invitations = match cx.require(Permission::MembersManage) {
        Ok(()) => Some(invitations_of(view.sql(), cx, person).await?),
        Err(_) => None,
    };
    let roles = role::all(view.sql(), cx).await?;
    let sessions = row.sessions;
    let member = row.shown(cx, &roles)?;
    let is_only_owner = member.role.is_owner() && counts.owners == 1;
    Ok(Some(MemberPage { member, sessions, keys, invitations, is_only_owner, roles }))
}

struct Row {
    person: Uuid,
    name: String,
    email: String,
    role: String,
    custom: Option<Uuid>,
    joined_at: OffsetDateTime,
    added_by: Option<String>,
    two_step: bool,
    last_seen_at: Option<OffsetDateTime>,
    sessions: i64,
}

impl Row {
    fn shown(self, cx: &Cx, roles: &[CustomRole]) -> Result<MemberRow> {
        let own = roles.iter().find(|role| Some(role.id.0) == self.custom);
        let role = match own {
            Some(role) => HeldRole::Custom(role.clone()),
            None => Stored { role: self.role, custom: self.custom, title: None }.held(None)?,
        };
        Ok(MemberRow {
            person: PersonId(self.person),
            name: self.name,
            email: self.email,
            role,
            two_step: self.two_step,
            last_seen_at: self.last_seen_at.map(rfc3339),
            joined_at: rfc3339(self.joined_at),
            added_by: self.added_by,
            is_you: cx.person() == Some(PersonId(self.person)),
        })
    }
}

/// What a page shows of these people, in their order.
async fn rows(sql: &mut PgConnection, cx: &Cx, people: &[Uuid]) -> Result<Vec<Row>> {
    let rows = sqlx::query_as!(
        Row,
        r#"select m.person_id as person, p.name, p.email, m.role, m.custom_role as custom,
                  m.joined_at, a.name as "added_by?", s.two_step as "two_step!", s.last_seen_at,
                  s.sessions as "sessions!"
           from app.members_seen($2) s
           join member m on m.person_id = s.person_id
           join person p on p.id = m.person_id
           left join person a on a.id = m.added_by
           where m.team_id = $1
           order by array_position($2, m.person_id)"#,
        cx.seat()?.id.0,
        people
    )
    .fetch_all(sql)
    .await?;
    Ok(rows)
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
