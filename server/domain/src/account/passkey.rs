//! Passkeys of somebody who is signed in: adding, naming, removing, and step-up by one.

use super::{
    ceremony::{self, Kind, NOT_ACCEPTED},
    confirm, factors, mailbox, proof, recovery,
    session::{self, NewSession},
};
use crate::{
    Cx, Error, Result,
    crypto::passkey::Holder,
    event::{Event, Ledger},
    limit,
    mail::{self, Letter},
    text,
};
use model::{
    AuditAction, Limit, Next,
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
    ceremony::keep(cx, Kind::Register, &own_session(cx)?, begun).await
}

/// Keeps a new passkey, which also confirms the session: its device has checked its person.
///
/// # Errors
/// [`Error::Unconfirmed`] without step-up; a sentence when it was not accepted, or its name will
/// not do.
pub async fn add(cx: &Cx, form: PasskeyAnswer) -> Result<(NewSession, Next)> {
    cx.require_confirmed()?;
    let name = name(&form.name)?;
    let state = ceremony::take(cx, Kind::Register, &own_session(cx)?, &form.ceremony).await?;
    let made = cx.deps().passkeys().finish_registration(&state, form.response.expose())?;
    let mut change = cx.change_session().await?;
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
    let session = session::rotate(&mut change, &proof::passkey_name(id)).await?;
    let to = mailbox::own(&mut change).await?;
    let what = format!("the passkey “{name}”");
    mail::post(&mut change, &to, Letter::FactorAdded { what }).await?;
    let codes = recovery::first_set(&mut change).await?;
    let event = Event::new(Ledger::Person, AuditAction::PasskeyAdd).on("passkey", id, &name);
    change.commit_in_teams(event).await?;
    Ok((session, factors::done(codes, &format!("Passkey {name} can sign you in from now on."))))
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
    let begun = ceremony::begin_of(view.sql(), cx, person).await?;
    drop(view);
    ceremony::keep(cx, Kind::Confirm, &bound, begun).await
}

/// Step-up by a passkey: it replaces password and second factor.
///
/// # Errors
/// A sentence when it was not accepted, or when it is the factor that is to go.
pub async fn confirm_by_passkey(cx: &Cx, form: PasskeyAnswer) -> Result<NewSession> {
    let person = cx.person().ok_or(Error::Unauthenticated)?;
    limit::take(cx, Limit::Confirm, &person.to_string()).await?;
    let state = ceremony::take(cx, Kind::Confirm, &own_session(cx)?, &form.ceremony).await?;
    let mut change = cx.change_session().await?;
    let Some(id) = ceremony::spend(&mut change, &state, &form.response).await? else {
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
