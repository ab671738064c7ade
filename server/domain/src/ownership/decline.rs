//! Declining ownership.

use super::{about, ended};
use crate::{Cx, Error, Result};
use model::{AuditAction, Permission, PersonId};

/// The caller does not want the team that is offered to them.
///
/// # Errors
/// [`Error::Conflict`] when no offer is open to them.
pub async fn decline(cx: &Cx) -> Result<()> {
    cx.require(Permission::MembersView)?;
    let team = cx.seat()?.id;
    let person = cx.person().ok_or(Error::Unauthenticated)?;
    let mut change = cx.change_self(Some(team)).await?;
    let by = sqlx::query_scalar!(
        "update ownership_offer set ended_at = $1, outcome = 'declined'
         where team_id = $2 and offered_to = $3 and ended_at is null returning offered_by",
        cx.now(),
        team.0,
        person.0
    )
    .fetch_optional(change.sql())
    .await?
    .ok_or_else(ended)?;
    change.commit(about(AuditAction::OwnershipDecline, PersonId(by))).await.map(drop)
}
