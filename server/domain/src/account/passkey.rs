//! Passkeys of somebody who is signed in: adding, naming, removing, and step-up by one.

use super::{
    confirm, factors, mailbox, proof, recovery,
    session::{self, NewSession},
};
use crate::{
    Cx, Error, Result,
    change::Change,
    crypto::passkey::{Begun, Holder, LASTS},
    event::{Event, Ledger},
    limit,
    mail::{self, Letter},
    text,
};
use model::{
    AuditAction, Limit, Next, PersonId, Typed,
    account::PasskeyAnswer,
    factor::{OnePasskey, bounds},
    passkey::Ceremony,
};
use sqlx::PgConnection;
use uuid::Uuid;

/// What the browser is asked for a new passkey.
///
/// # Errors
/// [`Error::Unconfirmed`] without step-up; [`Error::Conflict`] when there are too many.
pub async fn begin_registration(cx: &Cx) -> Result<Ceremony> {
    cx.require_confirmed()?;
    let viewer = cx.viewer().ok_or(Error::Unauthenticated)?;
    let mut view = cx.view_self().await?;
    let known = credential_ids(view.sql(), viewer.id.0).await?;
    drop(view);
    if known.len() as i64 >= bounds::PASSKEYS {
        let said = format!("There is room for {} passkeys. Remove one first.", bounds::PASSKEYS);
        return Err(Error::Conflict(said));
    }
    let holder = Holder { person: viewer.id, email: &viewer.email, name: &viewer.name };
    let begun = cx.deps().passkeys().begin_registration(&holder, &known)?;
    keep(cx, Kind::Register, &own_session(cx)?, begun).await
}

/// Keeps a new passkey.
///
/// # Errors
/// [`Error::Unconfirmed`] without step-up; a sentence when it was not accepted, or its name will
/// not do.
pub async fn add(cx: &Cx, form: PasskeyAnswer) -> Result<Next> {
    cx.require_confirmed()?;
    let name = name(&form.name)?;
    let state = take(cx, Kind::Register, &own_session(cx)?, &form.ceremony).await?;
    let made = cx.deps().passkeys().finish_registration(&state, form.response.expose())?;
    let mut change = cx.change_self(None).await?;
    let id = cx.new_id();
    sqlx::query!(
        "insert into passkey (person_id, id, name, credential_id, credential, created_at)
         values ($1, $2, $3, $4, $5, $6)",
        change.person()?,
        id,
        name,
        made.credential_id,
        made.credential,
        cx.now()
    )
    .execute(change.sql())
    .await
    .map_err(|error| known_already(error.into()))?;
    let to = mailbox::own(&mut change).await?;
    let what = format!("the passkey “{name}”");
    mail::post(&mut change, &to, Letter::FactorAdded { what }).await?;
    let codes = recovery::first_set(&mut change).await?;
    let event = Event::new(Ledger::Person, AuditAction::PasskeyAdd).on("passkey", id, &name);
    change.commit_in_teams(event).await?;
    Ok(factors::done(codes, &format!("Passkey {name} can sign you in from now on.")))
}

/// Gives a passkey another name.
///
/// # Errors
/// [`Error::NotFound`] when it is not theirs; a sentence at `name` when that will not do.
pub async fn rename(cx: &Cx, form: OnePasskey) -> Result<()> {
    let id = Uuid::try_parse(&form.passkey).map_err(|_| Error::NotFound)?;
    let name = name(&form.name)?;
    let mut change = cx.change_self(None).await?;
    let done = sqlx::query!(
        "update passkey set name = $1 where person_id = $2 and id = $3",
        name,
        change.person()?,
        id
    )
    .execute(change.sql())
    .await?;
    if done.rows_affected() == 0 {
        return Err(Error::NotFound);
    }
    let event = Event::new(Ledger::Person, AuditAction::PasskeyRename).on("passkey", id, &name);
    change.commit(event).await.map(drop)
}

/// Removes a passkey.
///
/// # Errors
/// [`Error::Unconfirmed`] without step-up by another factor; [`Error::Conflict`] while a team
/// requires a second factor and this is the last.
pub async fn remove(cx: &Cx, form: OnePasskey) -> Result<()> {
    let id = Uuid::try_parse(&form.passkey).map_err(|_| Error::NotFound)?;
    cx.require_confirmed_without(Some(&proof::passkey_name(id)))?;
    let mut change = cx.change_self(None).await?;
    let person = change.person()?;
    let name = sqlx::query_scalar!(
        "delete from passkey where person_id = $1 and id = $2 returning name",
        person,
        id
    )
    .fetch_optional(change.sql())
    .await
    .map_err(factors::required)?
    .ok_or(Error::NotFound)?;
    factors::removed(&mut change, &format!("the passkey “{name}”")).await?;
    let event = Event::new(Ledger::Person, AuditAction::PasskeyRemove).on("passkey", id, &name);
    change.commit_in_teams(event).await
}

/// What the browser is asked for a step-up by passkey.
///
/// # Errors
/// [`Error::NotFound`] when there is no passkey to do it with.
pub async fn begin_confirm(cx: &Cx) -> Result<Ceremony> {
    let bound = own_session(cx)?;
    let mut view = cx.view_self().await?;
    let person = cx.person().ok_or(Error::Unauthenticated)?;
    let begun = begin_of(view.sql(), cx, person).await?;
    drop(view);
    keep(cx, Kind::Confirm, &bound, begun).await
}

/// Step-up by a passkey: it replaces password and second factor.
///
/// # Errors
/// A sentence when it was not accepted, or when it is the factor that is to go.
pub async fn confirm_by_passkey(cx: &Cx, form: PasskeyAnswer) -> Result<NewSession> {
    let person = cx.person().ok_or(Error::Unauthenticated)?;
    limit::take(cx, Limit::Confirm, &person.to_string()).await?;
    let state = take(cx, Kind::Confirm, &own_session(cx)?, &form.ceremony).await?;
    let mut change = cx.change_session().await?;
    let Some(id) = spend(&mut change, &state, &form.response).await? else {
        drop(change);
        return Err(confirm::refuse(cx, "", NOT_ACCEPTED).await?);
    };
    let factor = proof::passkey_name(id);
    if factor == form.without {
        let said = "This is the passkey that is to go. Use another factor.";
        return Err(Error::field("", said));
    }
    let renewed = session::renew(change, &factor).await?;
    limit::give_back(cx, Limit::Confirm, &person.to_string()).await?;
    Ok(renewed)
}

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

async fn credential_ids(sql: &mut PgConnection, person: Uuid) -> Result<Vec<Vec<u8>>> {
    let ids = sqlx::query_scalar!("select credential_id from passkey where person_id = $1", person)
        .fetch_all(sql)
        .await?;
    Ok(ids)
}

fn own_session(cx: &Cx) -> Result<[u8; 32]> {
    Ok(cx.session().ok_or(Error::Unauthenticated)?.hash)
}

fn name(typed: &str) -> Result<String> {
    text::name(typed, "the passkey", bounds::PASSKEY_NAME)
        .map_err(|said| Error::field("name", said))
}

fn known_already(error: Error) -> Error {
    if error.is_constraint("passkey_credential_id") {
        return Error::Conflict("This passkey is set up already.".to_owned());
    }
    error
}
