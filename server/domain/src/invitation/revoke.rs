//! Taking an invitation back.

use super::{ended_meanwhile, managed};
use crate::{
    Cx, Result,
    event::{Event, Ledger},
};
use model::{AuditAction, InvitationId, Permission};

/// Ends an open invitation: its links open nothing any more. Says whose it was.
///
/// # Errors
/// As [`super::send`]; [`crate::Error::NotFound`] when it has ended.
pub async fn revoke(cx: &Cx, id: InvitationId) -> Result<String> {
    cx.require(Permission::MembersManage)?;
    cx.require_confirmed()?;
    let mut change = cx.change_confirmed(Permission::MembersManage).await?;
    let it = managed(change.sql(), cx, id).await?;
    let done = sqlx::query!(
        "update invitation set ended_at = $1, ended_by = $2, outcome = 'revoked'
         where team_id = $3 and id = $4 and ended_at is null",
        cx.now(),
        cx.person().map(|person| person.0),
        cx.seat()?.id.0,
        id.0
    )
    .execute(change.sql())
    .await?;
    if done.rows_affected() == 0 {
        return Err(ended_meanwhile());
    }
    let event =
        Event::new(Ledger::Team, AuditAction::InvitationRevoke).on("invitation", id, &it.label());
    change.commit(event).await?;
    Ok(it.email)
}
