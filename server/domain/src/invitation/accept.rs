//! Accepting an invitation.

use super::mine;
use crate::{
    Cx, Error, Result,
    change::Change,
    event::{Event, Ledger},
    security::OTHER_ADDRESS,
};
use model::{AuditAction, InvitationId, TeamId, invitation::InvitationCard};

/// Puts the caller, whose address it is, into the team; says into which.
///
/// # Errors
/// [`Error::NotFound`] for an invitation that is not theirs, was used, taken back, or is too old.
pub async fn accept(cx: &Cx, id: InvitationId) -> Result<InvitationCard> {
    let (team, card) = mine::one(cx, id).await?;
    let mut change = cx.change_self(Some(team)).await?;
    let role = enter(&mut change, team, id).await?;
    let event = accepted(id, &role);
    change.record(event.clone()).await?;
    change.commit(event.moved_to(Ledger::Person)).await?;
    Ok(card)
}

/// Spends the invitation for the person of `change` and makes them a member; their role.
pub(crate) async fn enter(change: &mut Change, team: TeamId, id: InvitationId) -> Result<String> {
    sqlx::query_scalar!("select app.accept_invitation($1, $2)", team.0, id.0)
        .fetch_one(change.sql())
        .await
        .map_err(inside)?
        .ok_or(Error::NotFound)
}

/// The record of somebody who came in.
pub(crate) fn accepted(id: InvitationId, role: &str) -> Event {
    Event::new(Ledger::Team, AuditAction::InvitationAccept)
        .on("invitation", id, "")
        .with("role", role)
}

/// Two invitations accepted at once, or somebody put in meanwhile.
fn inside(error: sqlx::Error) -> Error {
    let error = Error::from(error);
    if error.is_constraint("member_pkey") {
        return Error::Conflict("You are in this team already.".to_owned());
    }
    if error.is_code(OTHER_ADDRESS) {
        return Error::Conflict(
            "The team does not take addresses like yours any more. Ask whoever invited you.".into(),
        );
    }
    error
}
