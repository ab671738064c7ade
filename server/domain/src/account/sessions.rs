//! Where somebody is signed in: looking, and ending it from elsewhere.

use super::{device, proof, session};
use crate::{
    Cx, Error, Result,
    change::Change,
    event::{self, Event, Ledger, rfc3339},
};
use model::{
    AuditAction,
    agent::Agent,
    session::{DeviceRow, SessionRow, Sessions},
};
use sqlx::PgConnection;
use time::OffsetDateTime;
use uuid::Uuid;

/// Every session that lasts, this one first, and every browser that is remembered.
///
/// # Errors
/// [`Error::Unauthenticated`] when nobody is signed in.
pub async fn list(cx: &Cx) -> Result<Sessions> {
    let this = cx.session().ok_or(Error::Unauthenticated)?.id;
    let person = cx.person().ok_or(Error::Unauthenticated)?.0;
    let mut view = cx.view_self().await?;
    let mut sessions = Vec::new();
    for row in session_rows(view.sql(), person, cx.now()).await? {
        sessions.push(shown(cx, person, row, this).await?);
    }
    sessions.sort_by_key(|row| !row.is_this);
    let mut devices = Vec::new();
    for row in device_rows(view.sql(), person, this, cx.now()).await? {
        devices.push(shown_device(cx, person, row).await?);
    }
    Ok(Sessions { sessions, devices })
}

/// Ends one session. The one that asks ends like any other: that is signing out.
///
/// # Errors
/// [`Error::NotFound`] when it is not theirs or has ended; [`Error::Unconfirmed`] without step-up,
/// for another session than the one that asks.
pub async fn end(cx: &Cx, id: &str) -> Result<()> {
    let this = cx.session().ok_or(Error::Unauthenticated)?.id;
    let id = Uuid::try_parse(id).map_err(|_| Error::NotFound)?;
    if id != this {
        cx.require_confirmed()?;
    }
    let mut change = cx.change_session().await?;
    let done = sqlx::query!(
        "update session set ended_at = $1 where person_id = $2 and id = $3 and ended_at is null",
        cx.now(),
        change.person()?,
        id
    )
    .execute(change.sql())
    .await?;
    if done.rows_affected() == 0 {
        return Err(Error::NotFound);
    }
    let event = Event::new(Ledger::Person, AuditAction::SessionRevoke).on("session", id, "");
    change.commit_in_teams(event).await
}

/// Ends every session but the one that asks; says how many there were.
///
/// # Errors
/// [`Error::Unconfirmed`] without step-up.
pub async fn end_others(cx: &Cx) -> Result<u64> {
    cx.require_confirmed()?;
    let mut change = cx.change_session().await?;
    let ended = end_all_but(&mut change, cx.session().map(|session| session.id)).await?;
    device::distrust_all(&mut change, None).await?;
    let event = Event::new(Ledger::Person, AuditAction::SessionRevoke)
        .on("session", "", "")
        .with("ended", ended);
    change.commit_in_teams(event).await?;
    Ok(ended)
}

/// Ends the sessions of the person of `change`, except perhaps `but`.
pub(super) async fn end_all_but(change: &mut Change, but: Option<Uuid>) -> Result<u64> {
    let (now, person) = (change.cx().now(), change.person()?);
    let done = sqlx::query!(
        "update session set ended_at = $1
         where person_id = $2 and ended_at is null and id is distinct from $3",
        now,
        person,
        but
    )
    .execute(change.sql())
    .await?;
    Ok(done.rows_affected())
}

struct Row {
    id: Uuid,
    origin: Option<Vec<u8>>,
    first_proof: String,
    second_proof: Option<String>,
    created_at: OffsetDateTime,
    last_seen_at: OffsetDateTime,
    expires_at: OffsetDateTime,
}

async fn session_rows(
    sql: &mut PgConnection,
    person: Uuid,
    now: OffsetDateTime,
) -> Result<Vec<Row>> {
    let rows = sqlx::query_as!(
        Row,
        "select id, origin, first_proof, second_proof, created_at, last_seen_at, expires_at
         from session
         where person_id = $1 and ended_at is null and expires_at > $2
             and last_seen_at + make_interval(secs => idle_seconds) > $2
         order by last_seen_at desc, id limit 100",
        person,
        now
    )
    .fetch_all(sql)
    .await?;
    Ok(rows)
}

async fn shown(cx: &Cx, person: Uuid, row: Row, this: Uuid) -> Result<SessionRow> {
    let place = session::origin_place(row.id);
    let origin = event::open_origin(cx, person, &place, row.origin.as_deref()).await?;
    let by_passkey = row.first_proof == "passkey";
    Ok(SessionRow {
        id: row.id.to_string(),
        agent: Agent::read(&origin.agent).words(),
        place: cx.deps().place_of(origin.ip.parse().ok()),
        ip: origin.ip,
        proof: proof::words(by_passkey, row.second_proof.as_deref()).to_owned(),
        created_at: rfc3339(row.created_at),
        last_seen_at: rfc3339(row.last_seen_at),
        expires_at: rfc3339(row.expires_at),
        is_this: row.id == this,
    })
}

struct Device {
    id: Uuid,
    origin: Option<Vec<u8>>,
    last_seen_at: OffsetDateTime,
    trusted_until: OffsetDateTime,
    is_this: bool,
}

async fn device_rows(
    sql: &mut PgConnection,
    person: Uuid,
    this: Uuid,
    now: OffsetDateTime,
) -> Result<Vec<Device>> {
    let rows = sqlx::query_as!(
        Device,
        r#"select d.id, d.origin, d.last_seen_at, d.trusted_until as "trusted_until!",
                  exists (select from session s where s.person_id = $1 and s.id = $2
                          and s.device_id = d.id) as "is_this!"
           from device d
           where d.person_id = $1 and d.ended_at is null and d.trusted_until > $3
           order by d.last_seen_at desc, d.id limit 100"#,
        person,
        this,
        now
    )
    .fetch_all(sql)
    .await?;
    Ok(rows)
}

async fn shown_device(cx: &Cx, person: Uuid, row: Device) -> Result<DeviceRow> {
    let place = device::origin_place(row.id);
    let origin = event::open_origin(cx, person, &place, row.origin.as_deref()).await?;
    Ok(DeviceRow {
        id: row.id.to_string(),
        agent: Agent::read(&origin.agent).words(),
        place: cx.deps().place_of(origin.ip.parse().ok()),
        last_seen_at: rfc3339(row.last_seen_at),
        trusted_until: rfc3339(row.trusted_until),
        is_this: row.is_this,
    })
}
