//! The one way to a session, and the way back from its token to its person.

use crate::{
    Cx, Deps, Error, Result,
    crypto::token,
    event::{Event, Ledger},
    policy::Actor,
    task::Task,
};
use model::{AuditAction, DateStyle, PersonId, Role, TeamId, account::Viewer, team::TeamCard};
use secrecy::SecretString;
use sqlx::PgConnection;
use std::time::Duration;
use time::OffsetDateTime;
use uuid::Uuid;

/// A session that was just started. Only its hash is stored.
pub struct NewSession {
    /// What the cookie holds.
    pub token: SecretString,
    /// How long it lasts at most.
    pub lasts: Duration,
}

/// Starts a session for the person of `cx`, who has proven who they are in full.
pub(super) async fn start(cx: &Cx) -> Result<NewSession> {
    let token = token::new_token(cx.deps().random());
    let lifetimes = cx.deps().sessions();
    let person = cx.person().ok_or(Error::Unauthenticated)?;
    let mut change = cx.change_self(None).await?;
    let row = Row {
        id_hash: token::hash(&token),
        person: person.0,
        at: cx.now(),
        idle_seconds: i32::try_from(lifetimes.idle.as_secs()).unwrap_or(i32::MAX),
        expires_at: cx.now() + lifetimes.absolute,
    };
    insert(change.sql(), &row).await?;
    let event = Event::new(Ledger::Person, AuditAction::SessionCreate).on("session", "", "");
    change.record_in_teams(&event).await?;
    change.commit(event).await?;
    Ok(NewSession { token, lasts: lifetimes.absolute })
}

/// Whose session this is, while it lasts.
pub(crate) async fn find(cx: &Cx, id_hash: &[u8; 32]) -> Result<Option<Viewer>> {
    let rows = sqlx::query!(
        r#"select person_id as "person_id!", name as "name!", email as "email!",
                  team_id, slug, team_name, role
           from app.session_of($1, $2)"#,
        id_hash.as_slice(),
        cx.now()
    )
    .fetch_all(cx.deps().app().nobody())
    .await?;
    let Some(first) = rows.first() else { return Ok(None) };
    let (id, name, email) = (PersonId(first.person_id), first.name.clone(), first.email.clone());
    let mut teams = Vec::with_capacity(rows.len());
    for row in rows {
        // Somebody in no team is one row without a team.
        let (Some(id), Some(slug), Some(name), Some(role)) =
            (row.team_id, row.slug, row.team_name, row.role)
        else {
            continue;
        };
        let role = Role::from_name(&role).ok_or(Error::Inconsistent("an unknown role"))?;
        teams.push(TeamCard { id: TeamId(id), slug, name, role });
    }
    let (zone, dates) = ("UTC".to_owned(), DateStyle::default());
    Ok(Some(Viewer { id, name, email, teams, zone, dates }))
}

/// Removes sessions that ended a month ago.
///
/// # Errors
/// When the database does not answer.
pub async fn sweep(deps: &Deps) -> Result<()> {
    let mut change = Cx::system(deps).change_as(Task::SessionSweep, Actor::default()).await?;
    sqlx::query!(
        "delete from session where coalesce(ended_at, expires_at) < now() - interval '30 days'"
    )
    .execute(change.sql())
    .await?;
    change.commit_unaudited("what ended was recorded when it ended").await
}

struct Row {
    id_hash: [u8; 32],
    person: Uuid,
    at: OffsetDateTime,
    idle_seconds: i32,
    expires_at: OffsetDateTime,
}

async fn insert(sql: &mut PgConnection, row: &Row) -> Result<()> {
    sqlx::query!(
        "insert into session
             (id_hash, person_id, created_at, last_seen_at, idle_seconds, expires_at)
         values ($1, $2, $3, $3, $4, $5)",
        row.id_hash.as_slice(),
        row.person,
        row.at,
        row.idle_seconds,
        row.expires_at
    )
    .execute(sql)
    .await?;
    Ok(())
}
