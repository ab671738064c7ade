//! Asking for a new invitation when the old one is over.

use super::find;
use crate::{
    Cx, Error, Result,
    event::{Event, Ledger},
    limit,
    mail::{self, Letter, MailOwner, To},
    policy::Actor,
    task::Task,
    text,
};
use model::{AuditAction, Limit, Typed};

/// Tells whoever sent it, once, that the link came too late.
///
/// # Errors
/// [`Error::NotFound`] when the link opens nothing; [`Error::Conflict`] when the invitation is
/// still good, or a new one was asked for.
pub async fn ask(cx: &Cx, token: &Typed) -> Result<()> {
    limit::take_by_address(cx, Limit::LinkAddress).await?;
    let found = find::by_token(cx, token).await?.ok_or(Error::NotFound)?;
    if !found.is_over(cx) {
        return Err(Error::Conflict("This invitation is still good. Open it again.".to_owned()));
    }
    let about = Actor { team: Some(found.team.0), ..Actor::default() };
    let mut change = cx.change_as(Task::InvitationAnswer, about).await?;
    let done = sqlx::query!(
        "update invitation set asked_at = $1
         where team_id = $2 and id = $3 and ended_at is null and asked_at is null",
        cx.now(),
        found.team.0,
        found.id.0
    )
    .execute(change.sql())
    .await?;
    if done.rows_affected() == 0 {
        return Err(Error::Conflict("A new invitation was asked for already.".to_owned()));
    }
    let to = To {
        email: found.sender_email,
        name: found.sender_name,
        owner: MailOwner::Person(found.sender),
    };
    let label = text::masked(&found.email);
    let letter =
        Letter::InvitationAsked { email: found.email, team: found.team_name, slug: found.slug };
    mail::post(&mut change, &to, letter).await?;
    let event =
        Event::new(Ledger::Team, AuditAction::InvitationAsk).on("invitation", found.id, &label);
    change.commit(event).await.map(drop)
}
