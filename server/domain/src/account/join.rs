//! Making an account with an invitation: the mail has proven the address.

use super::{
    device::Remember,
    proof::Proof,
    session::{self, NewSession},
    sign_up::{NewPerson, signed_up, taken_or},
};
use crate::{
    Cx, Error, Result,
    crypto::token,
    invitation::{accepted, by_token, enter},
    limit,
};
use model::{Limit, PersonId, Typed, invitation::Join};
use secrecy::SecretString;
use sqlx::PgConnection;

/// Makes an account for the address that the link was mailed to, puts it into the team, and signs
/// its person in; all of it or nothing. Says the team's slug.
///
/// # Errors
/// [`Error::NotFound`] when the link is no longer good or was not mailed; [`Error::Conflict`] when
/// the address has an account; [`Error::Invalid`] names every wrong field.
pub async fn join(cx: &Cx, form: Join) -> Result<(NewSession, String)> {
    limit::take_by_address(cx, Limit::LinkAddress).await?;
    let found = by_token(cx, &form.token).await?.ok_or(Error::NotFound)?;
    if !found.may_join(cx) {
        return Err(Error::NotFound);
    }
    let person = NewPerson::read(&form.name, &found.email, form.password, &found.team_name)?;
    let hash = person.hash(cx).await?;
    let cx = cx.proven(PersonId(cx.new_id()));
    let mut change = cx.change_self(Some(found.team)).await?;
    if !spend(change.sql(), &form.token, person.name(), &hash).await? {
        return Err(Error::NotFound);
    }
    let role = enter(&mut change, found.team, found.id).await?;
    change.record(signed_up(&cx)?).await?;
    change.record(accepted(found.id, &role)).await?;
    let session = session::start(change, Proof::password(None), Remember::No).await?;
    Ok((session, found.slug))
}

/// Makes the person, once.
async fn spend(sql: &mut PgConnection, token: &Typed, name: &str, hash: &str) -> Result<bool> {
    let token = token::hash(&SecretString::from(token.expose()));
    let spent = sqlx::query_scalar!(
        r#"select app.join_by_invitation($1, $2, $3) as "spent!""#,
        token.as_slice(),
        name,
        hash
    )
    .fetch_one(sql)
    .await
    .map_err(|error| taken_or(error.into()))?;
    Ok(spent)
}
