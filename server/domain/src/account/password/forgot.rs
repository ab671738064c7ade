//! Asking for a link to a new password.

use crate::{
    Cx, Error, Result,
    account::mailbox,
    change::Change,
    crypto::token,
    event::{Event, Ledger},
    limit,
    mail::{self, Letter, MailOwner},
    text,
};
use model::{AuditAction, Limit, PersonId, account::Forgot};
use secrecy::SecretString;
use time::Duration;

/// How long the link can be opened.
const LASTS: Duration = Duration::minutes(30);

/// Longer than either answer takes.
const ANSWERED_AFTER: std::time::Duration = std::time::Duration::from_millis(300);

/// Mails a link to the address, if it has an account. The answer is the same if it has none.
///
/// # Errors
/// A sentence at `email` when it is no address; [`Error::TooMany`] when asked too often.
pub async fn forgot(cx: &Cx, form: Forgot) -> Result<()> {
    let email = text::email(&form.email).map_err(|said| Error::field("email", said))?;
    limit::take_by_address(cx, Limit::ForgotAddress).await?;
    limit::take(cx, Limit::ForgotAccount, &email.to_lowercase()).await?;
    // Writing a link takes longer than writing none: the answer waits for both alike.
    let (sent, ()) = tokio::join!(send(cx, &email), tokio::time::sleep(ANSWERED_AFTER));
    sent
}

async fn send(cx: &Cx, email: &str) -> Result<()> {
    let Some(to) = mailbox::addressee(cx, email).await? else { return Ok(()) };
    let MailOwner::Person(person) = to.owner else { return Ok(()) };
    let mut change = cx.proven(PersonId(person)).change_self(None).await?;
    let token = offer(&mut change).await?;
    mail::post(&mut change, &to, Letter::ResetPassword { token }).await?;
    let event = Event::new(Ledger::Person, AuditAction::PasswordForget);
    change.commit(event).await.map(drop)
}

/// A new link for the person of `change`.
pub(crate) async fn offer(change: &mut Change) -> Result<SecretString> {
    let cx = change.cx().clone();
    let token = token::new_token(cx.deps().random());
    let hash = token::hash(&token);
    sqlx::query!(
        "insert into link (token_hash, person_id, purpose, created_at, expires_at)
         values ($1, $2, 'reset', $3, $4)",
        hash.as_slice(),
        change.person()?,
        cx.now(),
        cx.now() + LASTS
    )
    .execute(change.sql())
    .await?;
    Ok(token)
}
