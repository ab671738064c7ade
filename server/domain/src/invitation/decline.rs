//! Declining an invitation.

use super::mine;
use crate::{
    Cx, Error, Result,
    event::{Event, Ledger},
    policy::Actor,
    task::Task,
};
use model::{AuditAction, InvitationId, invitation::InvitationCard};

/// Ends an invitation to the caller; says to which team it was.
///
/// # Errors
/// [`Error::NotFound`] for an invitation that is not theirs, was used, taken back, or is too old.
pub async fn decline(cx: &Cx, id: InvitationId) -> Result<InvitationCard> {
    let (team, card) = mine::one(cx, id).await?;
    // Who declines is not in the team and writes nothing into its log; a task does it for them.
    let about = Actor { team: Some(team.0), person: cx.person().map(|p| p.0), ..Actor::default() };
    let mut change = cx.change_as(Task::InvitationAnswer, about).await?;
    let done = sqlx::query!(
        "update invitation set ended_at = $1, ended_by = $2, outcome = 'declined'
         where team_id = $3 and id = $4 and ended_at is null",
        cx.now(),
        change.person()?,
        team.0,
        id.0
    )
    .execute(change.sql())
    .await?;
    if done.rows_affected() == 0 {
        return Err(Error::NotFound);
    }
    let event = Event::new(Ledger::Team, AuditAction::InvitationDecline).on("invitation", id, "");
    change.commit(event).await?;
    Ok(card)
}
