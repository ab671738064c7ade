//! Withdrawing an offer of ownership.

use super::{about, ended};
use crate::{Cx, Result};
use model::{AuditAction, Permission, PersonId};

/// Ends the open offer of the team; any owner may.
///
/// # Errors
/// [`crate::Error::Forbidden`] for anybody but an owner; [`crate::Error::Conflict`] when none is
/// open.
pub async fn withdraw(cx: &Cx) -> Result<()> {
    let mut change = cx.change(Permission::SecurityManage).await?;
    let to = sqlx::query_scalar!(
        "update ownership_offer set ended_at = $1, outcome = 'withdrawn'
         where team_id = $2 and ended_at is null returning offered_to",
        cx.now(),
        cx.seat()?.id.0
    )
    .fetch_optional(change.sql())
    .await?
    .ok_or_else(ended)?;
    change.commit(about(AuditAction::OwnershipWithdraw, PersonId(to))).await.map(drop)
}
