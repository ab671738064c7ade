//! Signing in with a passkey: alone, or as the second step after a password.

use super::{second::HalfWay, slow};
use crate::{
    Cx, Error, Result,
    account::{
        ceremony::{self, Kind, NOT_ACCEPTED},
        device::Remember,
        proof::{Factor, Proof},
        session::{self, NewSession},
    },
    crypto::Passkeys,
    limit,
};
use model::{Limit, PersonId, account::PasskeyAnswer, passkey::Ceremony};

/// What the browser is asked: one of the visitor's own passkeys at the second step, any passkey
/// otherwise.
///
/// # Errors
/// [`Error::NotFound`] at the second step of somebody without a passkey.
pub async fn begin_passkey(cx: &Cx) -> Result<Ceremony> {
    limit::take_by_address(cx, Limit::PasskeyBegin).await?;
    let Some(half) = HalfWay::of(cx).await? else {
        let begun = cx.deps().passkeys().begin_discoverable()?;
        return ceremony::keep(cx, Kind::SignIn, &[], begun).await;
    };
    let mut change = cx.proven(half.person).change_self(None).await?;
    let begun = ceremony::begin_of(change.sql(), cx, half.person).await?;
    drop(change);
    ceremony::keep(cx, Kind::Second, &half.hash, begun).await
}

/// Signs in whoever the passkey belongs to. It needs no password and no account's patience: a
/// passkey cannot be guessed.
///
/// # Errors
/// One sentence for whatever is wrong with it; [`Error::Conflict`] when the second step is over.
pub async fn by_passkey(cx: &Cx, form: PasskeyAnswer) -> Result<NewSession> {
    match HalfWay::of(cx).await? {
        Some(half) => as_second_step(cx, half, form).await,
        None => alone(cx, form).await,
    }
}

async fn as_second_step(cx: &Cx, half: HalfWay, form: PasskeyAnswer) -> Result<NewSession> {
    half.count(cx).await?;
    let state = ceremony::take(cx, Kind::Second, &half.hash, &form.ceremony).await?;
    let mut change = cx.proven(half.person).change_self(None).await?;
    match ceremony::spend(&mut change, &state, &form.response).await? {
        Some(id) => half.enter(change, Factor::Passkey(id), Remember::read(&form.remember)).await,
        None => {
            drop(change);
            Err(half.refuse(cx, "").await?)
        }
    }
}

async fn alone(cx: &Cx, form: PasskeyAnswer) -> Result<NewSession> {
    slow::climb(cx).await?;
    let state = ceremony::take(cx, Kind::SignIn, &[], &form.ceremony).await?;
    let refused = || Error::field("", NOT_ACCEPTED);
    let (claimed, credential_id) = Passkeys::identify(form.response.expose())?;
    let person = owner(cx, &credential_id).await?.filter(|owner| *owner == claimed);
    let mut change = cx.proven(person.ok_or_else(refused)?).change_self(None).await?;
    let id = ceremony::spend(&mut change, &state, &form.response).await?.ok_or_else(refused)?;
    let session = session::start(change, Proof::passkey(id), Remember::No).await?;
    slow::descend(cx).await?;
    Ok(session)
}

/// Whose passkey it is; none when nobody's, or of somebody who may not sign in.
async fn owner(cx: &Cx, credential_id: &[u8]) -> Result<Option<PersonId>> {
    let person = sqlx::query_scalar!(
        r#"select person_id as "person!" from app.passkey_of($1)"#,
        credential_id
    )
    .fetch_optional(cx.deps().app().nobody())
    .await?;
    Ok(person.map(PersonId))
}
