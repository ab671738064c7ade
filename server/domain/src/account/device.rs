//! Browsers in which somebody has signed in before: they are let in where a stranger must wait,
//! and stand for the second factor for 30 days if their person says so.

use super::{mailbox, proof::Proof};
use crate::{
    Cx, Error, Result,
    change::Change,
    crypto::{Place, token},
    event::{self, Event, Ledger},
    mail::{self, Letter},
};
use model::{AuditAction, agent::Agent};
use secrecy::SecretString;
use time::Duration;
use uuid::Uuid;

/// How long a browser stands for the second factor.
const TRUSTED: Duration = Duration::days(30);

/// Whether this browser shall stand for the second factor from now on.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Remember {
    Yes,
    No,
}

impl Remember {
    /// A ticked box says `yes`.
    pub(super) fn read(typed: &str) -> Self {
        if typed == "yes" { Self::Yes } else { Self::No }
    }
}

/// A browser that this person is known in.
pub(super) struct Known {
    pub(super) id: Uuid,
    pub(super) trusted: bool,
}

/// The browser of a session that starts.
pub(super) struct Kept {
    pub(super) id: Uuid,
    /// A new token, when the browser was not known.
    pub(super) token: Option<SecretString>,
}

/// Whether this request comes from a browser that `person` is known in.
pub(super) async fn find(cx: &Cx, person: Uuid) -> Result<Option<Known>> {
    let Some(token) = &cx.origin().device else { return Ok(None) };
    let hash = token::hash(token);
    let found = sqlx::query_as!(
        Known,
        r#"select id as "id!", trusted as "trusted!" from app.device_of($1, $2, $3)"#,
        hash.as_slice(),
        person,
        cx.now()
    )
    .fetch_optional(cx.deps().app().nobody())
    .await?;
    Ok(found)
}

/// Notes that its person signs in with this browser, and tells them when it is a new one.
pub(super) async fn keep(change: &mut Change, proof: &Proof, remember: Remember) -> Result<Kept> {
    let cx = change.cx().clone();
    let person = change.person()?;
    // Remembered is only what has just been proven by a second factor.
    let trusts = remember == Remember::Yes && proof.second.is_some() && proof.confirms();
    let kept = match find(&cx, person).await? {
        Some(known) => {
            seen(change, known.id).await?;
            Kept { id: known.id, token: None }
        }
        None => {
            let others = count(change, person).await?;
            let kept = insert(change).await?;
            if others > 0 {
                tell(change).await?;
            }
            kept
        }
    };
    if trusts {
        trust(change, kept.id).await?;
    }
    Ok(kept)
}

/// A new browser is news to somebody who has others.
async fn tell(change: &mut Change) -> Result<()> {
    let cx = change.cx().clone();
    let place = cx.deps().place_of(cx.origin().ip);
    let agent = Agent::read(&cx.origin().agent).words();
    let at = cx.now();
    let to = mailbox::own(change).await?;
    mail::post(change, &to, Letter::NewDevice { agent, place, at }).await
}

/// No browser stands for the second factor any more, except perhaps `but`.
pub(super) async fn distrust_all(change: &mut Change, but: Option<Uuid>) -> Result<()> {
    let person = change.person()?;
    sqlx::query!(
        "update device set trusted_until = null
         where person_id = $1 and trusted_until is not null and id is distinct from $2",
        person,
        but
    )
    .execute(change.sql())
    .await?;
    Ok(())
}

/// This browser no longer stands for the second factor, and is as unknown as any.
///
/// # Errors
/// [`Error::NotFound`] when it is not one of theirs.
pub async fn forget(cx: &Cx, id: &str) -> Result<()> {
    let id = Uuid::try_parse(id).map_err(|_| Error::NotFound)?;
    let mut change = cx.change_self(None).await?;
    let done = sqlx::query!(
        "update device set ended_at = $1, trusted_until = null, origin = null
         where person_id = $2 and id = $3 and ended_at is null",
        cx.now(),
        change.person()?,
        id
    )
    .execute(change.sql())
    .await?;
    if done.rows_affected() == 0 {
        return Err(Error::NotFound);
    }
    change
        .commit(Event::new(Ledger::Person, AuditAction::DeviceForget).on("device", id, ""))
        .await
        .map(drop)
}

/// Where the sealed origin of a browser lives.
pub(super) const fn origin_place(id: Uuid) -> Place {
    Place { table: "device", column: "origin", row: id }
}

async fn count(change: &mut Change, person: Uuid) -> Result<i64> {
    let others =
        sqlx::query_scalar!(r#"select count(*) as "n!" from device where person_id = $1"#, person)
            .fetch_one(change.sql())
            .await?;
    Ok(others)
}

async fn insert(change: &mut Change) -> Result<Kept> {
    let cx = change.cx().clone();
    let (id, person) = (cx.new_id(), change.person()?);
    let token = token::new_token(cx.deps().random());
    let hash = token::hash(&token);
    let origin = event::seal_origin(&cx, event::person_owner(person), &origin_place(id)).await?;
    sqlx::query!(
        "insert into device (person_id, id, token_hash, origin, created_at, last_seen_at)
         values ($1, $2, $3, $4, $5, $5)",
        person,
        id,
        hash.as_slice(),
        origin,
        cx.now()
    )
    .execute(change.sql())
    .await?;
    Ok(Kept { id, token: Some(token) })
}

async fn seen(change: &mut Change, id: Uuid) -> Result<()> {
    let cx = change.cx().clone();
    let person = change.person()?;
    let origin = event::seal_origin(&cx, event::person_owner(person), &origin_place(id)).await?;
    sqlx::query!(
        "update device set last_seen_at = $1, origin = $2 where person_id = $3 and id = $4",
        cx.now(),
        origin,
        person,
        id
    )
    .execute(change.sql())
    .await?;
    Ok(())
}

async fn trust(change: &mut Change, id: Uuid) -> Result<()> {
    let cx = change.cx().clone();
    let person = change.person()?;
    sqlx::query!(
        "update device set trusted_until = $1 where person_id = $2 and id = $3",
        cx.now() + TRUSTED,
        person,
        id
    )
    .execute(change.sql())
    .await?;
    let event = Event::new(Ledger::Person, AuditAction::DeviceTrust).on("device", id, "");
    change.record(event.with("days", TRUSTED.whole_days())).await?;
    Ok(())
}
