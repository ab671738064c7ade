//! Switching a key off for a while, and on again.

use crate::{
    Cx, Error, Result,
    change::Change,
    event::{Event, Ledger},
};
use model::{AuditAction, KeyId, Permission, key::KeyRow};

/// Refuses the key from now on, until [`enable`]. When this returns, it is refused.
///
/// # Errors
/// [`Error::Forbidden`] without `keys.manage`; [`Error::NotFound`] for another team's key;
/// [`Error::Conflict`] when it is off, or gone.
pub async fn disable(cx: &Cx, id: KeyId) -> Result<KeyRow> {
    turn(cx, cx.change(Permission::KeysManage).await?, id, AuditAction::KeyDisable).await
}

/// Accepts the key again.
///
/// # Errors
/// As [`disable`]; [`Error::Unconfirmed`] without step-up.
pub async fn enable(cx: &Cx, id: KeyId) -> Result<KeyRow> {
    turn(cx, cx.change_confirmed(Permission::KeysManage).await?, id, AuditAction::KeyEnable).await
}

async fn turn(cx: &Cx, mut change: Change, id: KeyId, action: AuditAction) -> Result<KeyRow> {
    super::refuse_itself(cx, id)?;
    let off = (action == AuditAction::KeyDisable).then(|| cx.now());
    let name = sqlx::query_scalar!(
        "update api_key set disabled_at = $1, disabled_by = $2
         where team_id = $3 and id = $4 and revoked_at is null
             and (disabled_at is null) = ($1::timestamptz is not null)
         returning name",
        off,
        off.and(cx.person()).map(|person| person.0),
        cx.seat()?.id.0,
        id.0
    )
    .fetch_optional(change.sql())
    .await?;
    let Some(name) = name else {
        drop(change);
        return Err(otherwise(cx, id, off.is_some()).await?);
    };
    change.commit(Event::new(Ledger::Team, action).on("key", id, &name)).await?;
    super::forget(cx.deps(), id);
    super::find(cx, id).await?.ok_or(Error::Inconsistent("a switched key vanished"))
}

/// Why nothing was done.
async fn otherwise(cx: &Cx, id: KeyId, off: bool) -> Result<Error> {
    let key = super::find(cx, id).await?.ok_or(Error::NotFound)?;
    let already = if off { "off" } else { "on" };
    Ok(Error::Conflict(match key.revoked_at {
        Some(_) => format!("{} was revoked.", key.name),
        None => format!("{} is switched {already} already.", key.name),
    }))
}
