//! Passkey ceremonies: what a browser was asked, kept for whoever began it, taken away once.

use crate::{
    Cx, Error, Result,
    change::Change,
    crypto::passkey::{Begun, LASTS},
};
use model::{PersonId, Typed, passkey::Ceremony};
use sqlx::PgConnection;
use uuid::Uuid;

/// The sentence for a passkey that did not prove itself.
pub(super) const NOT_ACCEPTED: &str =
    "This passkey was not accepted. Try again, or use another way.";

/// What a ceremony is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Kind {
    Register,
    SignIn,
    Second,
    Confirm,
}

impl Kind {
    const fn name(self) -> &'static str {
        match self {
            Self::Register => "register",
            Self::SignIn => "sign_in",
            Self::Second => "second",
            Self::Confirm => "confirm",
        }
    }
}

/// Asks for one of the passkeys of `person`.
pub(super) async fn begin_of(sql: &mut PgConnection, cx: &Cx, person: PersonId) -> Result<Begun> {
    let known = credentials(sql, person.0).await?;
    if known.is_empty() {
        return Err(Error::NotFound);
    }
    let known: Vec<String> = known.into_iter().map(|key| key.credential).collect();
    cx.deps().passkeys().begin_sign_in(&known)
}

/// Keeps what the browser was asked, for whoever holds `bound_to`.
pub(super) async fn keep(cx: &Cx, kind: Kind, bound_to: &[u8], begun: Begun) -> Result<Ceremony> {
    let id = cx.new_id();
    sqlx::query!(
        "select app.begin_ceremony($1, $2, $3, $4, $5)",
        id,
        kind.name(),
        bound_to,
        begun.state,
        cx.now() + LASTS
    )
    .execute(cx.deps().app().nobody())
    .await?;
    Ok(Ceremony { id: id.to_string(), options: begun.options })
}

/// Takes it away: it works once, for who began it.
pub(super) async fn take(cx: &Cx, kind: Kind, bound_to: &[u8], id: &str) -> Result<String> {
    let over = || Error::field("", "This took too long. Press the button again.");
    let id = Uuid::try_parse(id).map_err(|_| over())?;
    sqlx::query_scalar!(
        "select app.take_ceremony($1, $2, $3, $4)",
        id,
        kind.name(),
        bound_to,
        cx.now()
    )
    .fetch_one(cx.deps().app().nobody())
    .await?
    .ok_or_else(over)
}

/// Which of the passkeys of the person of `change` answered, if it proved itself.
pub(super) async fn spend(
    change: &mut Change,
    state: &str,
    response: &Typed,
) -> Result<Option<Uuid>> {
    let cx = change.cx().clone();
    let person = change.person()?;
    // Held, so that two answers of one passkey at once are looked at one after the other.
    sqlx::query!("select 1 as one from passkey where person_id = $1 for update", person)
        .fetch_all(change.sql())
        .await?;
    let known = credentials(change.sql(), person).await?;
    let list: Vec<String> = known.iter().map(|key| key.credential.clone()).collect();
    let used = match cx.deps().passkeys().finish_sign_in(state, response.expose(), &list) {
        Ok(used) => used,
        Err(Error::Invalid(_)) => return Ok(None),
        Err(other) => return Err(other),
    };
    let Some(key) = known.into_iter().find(|key| key.credential_id == used.credential_id) else {
        return Ok(None);
    };
    sqlx::query!(
        "update passkey set last_used_at = $1, credential = $2 where person_id = $3 and id = $4",
        cx.now(),
        used.updated.unwrap_or(key.credential),
        person,
        key.id
    )
    .execute(change.sql())
    .await?;
    Ok(Some(key.id))
}

struct Credential {
    id: Uuid,
    credential_id: Vec<u8>,
    credential: String,
}

async fn credentials(sql: &mut PgConnection, person: Uuid) -> Result<Vec<Credential>> {
    let known = sqlx::query_as!(
        Credential,
        "select id, credential_id, credential from passkey where person_id = $1",
        person
    )
    .fetch_all(sql)
    .await?;
    Ok(known)
}
