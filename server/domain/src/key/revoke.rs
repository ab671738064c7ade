//! Revoking a key: at once and for good.

use crate::{
    Cx, Error, Result,
    event::{Event, Ledger},
};
use model::{AuditAction, KeyId, Permission, key::KeyRow};
use sqlx::PgConnection;

/// Revokes a key of the team. When this returns, the key is refused.
///
/// # Errors
/// [`Error::Forbidden`] without `keys.manage`; [`Error::NotFound`] for another team's key, in the
/// same words as for none; [`Error::Conflict`] when it was revoked before.
pub async fn revoke(cx: &Cx, id: KeyId) -> Result<KeyRow> {
    let mut change = cx.change(Permission::KeysManage).await?;
    let Some(name) = mark(change.sql(), cx, id).await? else {
        drop(change);
        let key = super::find(cx, id).await?.ok_or(Error::NotFound)?;
        return Err(Error::Conflict(format!("{} was revoked before.", key.name)));
    };
    let event = Event::new(Ledger::Team, AuditAction::KeyRevoke).on("key", id, &name);
    change.commit(event).await?;
    super::find(cx, id).await?.ok_or(Error::Inconsistent("a revoked key vanished"))
}

/// The key's name, if this request revoked it: of two at once, one does.
async fn mark(sql: &mut PgConnection, cx: &Cx, id: KeyId) -> Result<Option<String>> {
    let person = cx.person().ok_or(Error::Unauthenticated)?;
    let name = sqlx::query_scalar!(
        "update api_key set revoked_at = $1, revoked_by = $2
         where team_id = $3 and id = $4 and revoked_at is null
         returning name",
        cx.now(),
        person.0,
        cx.seat()?.id.0,
        id.0
    )
    .fetch_optional(sql)
    .await?;
    Ok(name)
}
