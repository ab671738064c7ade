//! Another e-mail address: confirmed at the new one, announced at the old one.

use super::{link, mailbox, sign_up};
use crate::{
    Cx, Error, Result,
    change::Change,
    crypto::token,
    event::{Event, Ledger},
    limit,
    mail::{self, Letter, MailOwner, To},
    text,
};
use model::{
    AuditAction, Limit, PersonId, Typed,
    account::{ByLink, LinkCard},
    factor::ChangeEmail,
};
use secrecy::SecretString;
use time::Duration;

/// How long the link can be opened.
const LASTS: Duration = Duration::hours(24);

/// Mails a link to the new address. Nothing changes until it is opened. An address that has an
/// account is told so in its own mailbox; the answer here is the same.
///
/// # Errors
/// [`Error::Unconfirmed`] without step-up; a sentence at `email` when it is no other address.
pub async fn ask(cx: &Cx, form: ChangeEmail) -> Result<()> {
    cx.require_confirmed()?;
    let viewer = cx.viewer().ok_or(Error::Unauthenticated)?;
    let email = text::email(&form.email).map_err(|said| Error::field("email", said))?;
    if email == viewer.email {
        return Err(Error::field("email", "This is your address already. Enter another one."));
    }
    limit::take(cx, Limit::EmailChange, &viewer.id.to_string()).await?;
    let taken = mailbox::addressee(cx, &email).await?;
    let is_other = |to: &To| !matches!(to.owner, MailOwner::Person(id) if id == viewer.id.0);
    let to = mailbox::stranger(&email, "");
    let mut change = cx.change_self(None).await?;
    // For a taken address the same is written, so that the answer takes as long; but nobody ever
    // learns the token.
    let token = offer(&mut change, &email).await?;
    let letter = if taken.as_ref().is_some_and(is_other) {
        Letter::SignUpExists
    } else {
        Letter::ConfirmEmail { token }
    };
    mail::post(&mut change, &to, letter).await?;
    change.commit(Event::new(Ledger::Person, AuditAction::EmailAsk)).await.map(drop)
}

/// A new link for the person of `change`.
async fn offer(change: &mut Change, email: &str) -> Result<SecretString> {
    let cx = change.cx().clone();
    let token = token::new_token(cx.deps().random());
    let hash = token::hash(&token);
    sqlx::query!(
        "insert into link (token_hash, person_id, purpose, email, created_at, expires_at)
         values ($1, $2, 'email', $3, $4, $5)",
        hash.as_slice(),
        change.person()?,
        email,
        cx.now(),
        cx.now() + LASTS
    )
    .execute(change.sql())
    .await?;
    Ok(token)
}

/// What the link would change; none when it was used or is too old.
///
/// # Errors
/// When the database does not answer, or links were tried too often.
pub async fn email_card(cx: &Cx, token: &Typed) -> Result<Option<LinkCard>> {
    limit::take_by_address(cx, Limit::LinkAddress).await?;
    let found = link::find(cx, token, "email").await?;
    Ok(found.map(|link| LinkCard {
        email: link.email,
        new_email: link.new_email.unwrap_or_default(),
        least: 0,
    }))
}

/// Takes over the new address, and tells the old one.
///
/// # Errors
/// [`Error::NotFound`] when the link was used or is too old; [`Error::Conflict`] when the address
/// has another account by now.
pub async fn confirm_email(cx: &Cx, form: ByLink) -> Result<String> {
    limit::take_by_address(cx, Limit::LinkAddress).await?;
    let link = link::find(cx, &form.token, "email").await?.ok_or(Error::NotFound)?;
    let new = link.new_email.ok_or(Error::Inconsistent("a link to no address"))?;
    let mut change = cx.proven(PersonId(link.person)).change_self(None).await?;
    if !link::spend(&mut change, &form.token, "email").await? {
        return Err(Error::NotFound);
    }
    let old = sqlx::query_scalar!(r#"select app.take_over_address() as "old!""#)
        .fetch_one(change.sql())
        .await
        .map_err(|error| sign_up::taken_or(error.into()))?;
    let to = To { email: old, name: link.name, owner: MailOwner::Person(link.person) };
    mail::post(&mut change, &to, Letter::EmailChanged { to: text::masked(&new) }).await?;
    change.commit_in_teams(Event::new(Ledger::Person, AuditAction::EmailChange)).await?;
    Ok(new)
}
