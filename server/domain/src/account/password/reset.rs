//! Setting a new password by a link.

use super::{hash, least, store};
use crate::{
    Cx, Error, Result,
    account::{device, link, mailbox, sessions},
    event::{Event, Ledger},
    limit,
    mail::{self, Letter},
    password,
};
use model::{
    AuditAction, Limit, PersonId, Typed,
    account::{LinkCard, Reset},
};

/// Whom the link concerns; none when it was used or is too old.
///
/// # Errors
/// When the database does not answer, or links were tried too often.
pub async fn reset_card(cx: &Cx, token: &Typed) -> Result<Option<LinkCard>> {
    limit::take_by_address(cx, Limit::LinkAddress).await?;
    let found = link::find(cx, token, "reset").await?;
    Ok(found.map(|link| LinkCard {
        email: link.email,
        new_email: String::new(),
        least: least(link.second_factor).characters(),
    }))
}

/// Sets a new password. Every session ends and nobody is signed in: the second factor is asked
/// for as always.
///
/// # Errors
/// [`Error::NotFound`] when the link was used or is too old; a sentence at `password` when it
/// will not do, and then the link stays good.
pub async fn reset(cx: &Cx, form: Reset) -> Result<()> {
    limit::take_by_address(cx, Limit::LinkAddress).await?;
    let link = link::find(cx, &form.token, "reset").await?.ok_or(Error::NotFound)?;
    password::check(&form.password, least(link.second_factor), &[&link.name, &link.email])
        .map_err(|said| Error::field("password", said))?;
    let hash = hash(cx, &form.password).await?;
    let mut change = cx.proven(PersonId(link.person)).change_self(None).await?;
    if !link::spend(&mut change, &form.token, "reset").await? {
        return Err(Error::NotFound);
    }
    store(&mut change, &hash).await?;
    sessions::end_all_but(&mut change, None).await?;
    device::distrust_all(&mut change, None).await?;
    let to = mailbox::own(&mut change).await?;
    mail::post(&mut change, &to, Letter::PasswordChanged).await?;
    change.commit_in_teams(Event::new(Ledger::Person, AuditAction::PasswordReset)).await
}
