//! The one way to a session, and the way back from its token to its person.

use super::{
    device::{self, Remember},
    proof::{First, PASSWORD, Proof},
};
use crate::{
    Cx, Deps, Error, Result,
    change::Change,
    crypto::{Place, token},
    event::{self, Event, Ledger},
    policy::Actor,
    role::Stored,
    task::Task,
};
use model::{
    AuditAction, Crest, DateStyle, PersonId, TeamId, account::Viewer, security::Bar, team::TeamCard,
};
use secrecy::SecretString;
use std::time::Duration;
use time::OffsetDateTime;
use uuid::Uuid;

/// How long a proof that it is you lasts (step-up).
const CONFIRMED: time::Duration = time::Duration::minutes(10);

/// A session that was just started, or goes on under a new token. Only hashes are stored.
pub struct NewSession {
    /// What the cookie holds.
    pub token: SecretString,
    /// How long it lasts at most.
    pub lasts: Duration,
    /// What the cookie of a browser holds that was not known before.
    pub device: Option<SecretString>,
}

/// The session that a request is made in, as it was when the request began.
#[derive(Debug)]
pub(crate) struct Session {
    pub(crate) hash: [u8; 32],
    pub(crate) id: Uuid,
    /// When its person signed in.
    pub(crate) began: OffsetDateTime,
    /// Whether its person has a second factor.
    pub(crate) second_factor: bool,
    confirmed_at: Option<OffsetDateTime>,
    /// With which factor its person last proved that it is them.
    pub(crate) confirmed_by: Option<String>,
}

impl Session {
    /// Until when the person counts as confirmed; none when they do not. A time in the future,
    /// after the clock was set back, proves nothing; nor does a password alone once there is a
    /// second factor.
    pub(crate) fn confirmed_until(&self, now: OffsetDateTime) -> Option<OffsetDateTime> {
        let enough = !self.second_factor || self.confirmed_by.as_deref() != Some(PASSWORD);
        let at = self.confirmed_at.filter(|at| enough && *at <= now)?;
        Some(at + CONFIRMED).filter(|until| now < *until)
    }
}

/// Starts a session for the person of `change`, who has proven who they are in full, and commits.
pub(super) async fn start(
    mut change: Change,
    proof: Proof,
    remember: Remember,
) -> Result<NewSession> {
    let cx = change.cx().clone();
    let token = token::new_token(cx.deps().random());
    let device = device::keep(&mut change, &proof, remember).await?;
    insert(&mut change, token::hash(&token), &proof, device.id).await?;
    let event = Event::new(Ledger::Person, AuditAction::SessionCreate)
        .on("session", "", "")
        .with("proof", proof.words());
    change.commit_in_teams(event).await?;
    Ok(NewSession { token, lasts: cx.deps().sessions().absolute, device: device.token })
}

/// The session of this request goes on under a new token, confirmed with `factor`, and `change` is
/// committed with that.
pub(super) async fn renew(mut change: Change, factor: &str) -> Result<NewSession> {
    let renewed = rotate(&mut change, factor).await?;
    let event = Event::new(Ledger::Person, AuditAction::SessionConfirm)
        .on("session", "", "")
        .with("factor", factor.split(':').next().unwrap_or_default());
    change.commit(event).await?;
    Ok(renewed)
}

/// The session of this request goes on under a new token, confirmed with `factor`. What held the
/// old token is signed out.
pub(super) async fn rotate(change: &mut Change, factor: &str) -> Result<NewSession> {
    let cx = change.cx().clone();
    let token = token::new_token(cx.deps().random());
    let hash = token::hash(&token);
    let renewed = sqlx::query_scalar!(
        r#"select app.confirm_session($1, $2) as "renewed!""#,
        hash.as_slice(),
        factor
    )
    .fetch_one(change.sql())
    .await?;
    if !renewed {
        return Err(Error::Unauthenticated);
    }
    Ok(NewSession { token, lasts: cx.deps().sessions().absolute, device: None })
}

/// Whose session this is, while it lasts.
pub(crate) async fn find(cx: &Cx, hash: [u8; 32]) -> Result<Option<(Viewer, Session)>> {
    let rows = sqlx::query!(
        r#"select person_id as "person_id!", name as "name!", email as "email!",
                  time_zone as "time_zone!", date_style as "date_style!",
                  session_id as "session_id!", session_began as "session_began!", confirmed_at,
                  confirmed_by, second_factor as "second_factor!", team_id, slug, team_name, role,
                  custom_role, role_title, role_permissions, crest, bar,
                  app.closing_of(team_id) as closing_at
           from app.who($1, $2, $3, $4)"#,
        hash.as_slice(),
        cx.now(),
        cx.ip().map(|ip| ip.to_string()),
        cx.origin().by_itself
    )
    .fetch_all(cx.deps().app().nobody())
    .await?;
    let Some(first) = rows.first() else { return Ok(None) };
    let session = Session {
        hash,
        id: first.session_id,
        began: first.session_began,
        second_factor: first.second_factor,
        confirmed_at: first.confirmed_at,
        confirmed_by: first.confirmed_by.clone(),
    };
    let mut viewer = Viewer {
        id: PersonId(first.person_id),
        name: first.name.clone(),
        email: first.email.clone(),
        second_factor: first.second_factor,
        confirmed_until: session.confirmed_until(cx.now()).map(event::rfc3339),
        zone: first.time_zone.clone(),
        dates: DateStyle::from_name(&first.date_style).unwrap_or_default(),
        teams: Vec::with_capacity(rows.len()),
    };
    for row in rows {
        // Somebody in no team is one row without a team.
        let (Some(id), Some(slug), Some(name), Some(role)) =
            (row.team_id, row.slug, row.team_name, row.role)
        else {
            continue;
        };
        let role = Stored { role, custom: row.custom_role, title: row.role_title }
            .held(row.role_permissions.as_deref())?;
        let crest = row.crest.as_deref().and_then(Crest::from_name).unwrap_or_default();
        let bar = bar(row.bar.as_deref())?;
        let (id, closing) = (TeamId(id), row.closing_at.map(event::rfc3339));
        viewer.teams.push(TeamCard { id, slug, name, role, crest, bar, closing });
    }
    Ok(Some((viewer, session)))
}

/// What keeps somebody out of a team, by its word in the database. An unknown one keeps them out.
pub(crate) fn bar(word: Option<&str>) -> Result<Option<Bar>> {
    let known = |word| Bar::from_name(word).ok_or(Error::Inconsistent("an unknown bar"));
    word.map(known).transpose()
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

/// Where the sealed origin of a session lives.
pub(super) const fn origin_place(id: Uuid) -> Place {
    Place { table: "session", column: "origin", row: id }
}

async fn insert(change: &mut Change, hash: [u8; 32], proof: &Proof, device: Uuid) -> Result<()> {
    let cx = change.cx().clone();
    let (id, person) = (cx.new_id(), change.person()?);
    let lifetimes = cx.deps().sessions();
    let origin = event::seal_origin(&cx, event::person_owner(person), &origin_place(id)).await?;
    let first = match proof.first {
        First::Password => "password",
        First::Passkey => "passkey",
    };
    sqlx::query!(
        "insert into session (id_hash, id, person_id, created_at, last_seen_at, idle_seconds,
                              expires_at, device_id, origin, first_proof, second_proof,
                              confirmed_at, confirmed_by)
         values ($1, $2, $3, $4, $4, $5, $6, $7, $8, $9, $10, $11, $12)",
        hash.as_slice(),
        id,
        person,
        cx.now(),
        i32::try_from(lifetimes.idle.as_secs()).unwrap_or(i32::MAX),
        cx.now() + lifetimes.absolute,
        device,
        origin,
        first,
        proof.second.as_ref().map(|second| second.kind()),
        proof.confirms().then(|| cx.now()),
        proof.confirms().then(|| proof.factor())
    )
    .execute(change.sql())
    .await?;
    Ok(())
}
