//! Changing one's password.

use super::{hash, least, store};
use crate::{
    Cx, Error, Result,
    account::{
        device, mailbox,
        session::{self, NewSession},
        sessions,
    },
    event::{Event, Ledger},
    mail::{self, Letter},
    password,
};
use model::{AuditAction, factor::ChangePassword};

/// Sets another password. All other sessions end, remembered browsers are asked again, and this
/// session goes on under a new token.
///
/// # Errors
/// [`Error::Unconfirmed`] without step-up; a sentence at `password` when it will not do.
pub async fn change_password(cx: &Cx, form: ChangePassword) -> Result<NewSession> {
    cx.require_confirmed()?;
    let session = cx.session().ok_or(Error::Unauthenticated)?;
    let viewer = cx.viewer().ok_or(Error::Unauthenticated)?;
    let mut own = vec![viewer.name.as_str(), viewer.email.as_str()];
    own.extend(viewer.teams.iter().map(|team| team.name.as_str()));
    password::check(&form.password, least(session.second_factor), &own)
        .map_err(|said| Error::field("password", said))?;
    let hash = hash(cx, &form.password).await?;
    let mut change = cx.change_session().await?;
    store(&mut change, &hash).await?;
    sessions::end_all_but(&mut change, Some(session.id)).await?;
    device::distrust_all(&mut change, None).await?;
    let to = mailbox::own(&mut change).await?;
    mail::post(&mut change, &to, Letter::PasswordChanged).await?;
    let event = Event::new(Ledger::Person, AuditAction::PasswordChange);
    change.record_in_teams(&event).await?;
    change.record(event).await?;
    let factor = session.confirmed_by.clone().unwrap_or_default();
    session::renew(change, &factor).await
}
