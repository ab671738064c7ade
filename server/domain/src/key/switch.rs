//! Switching a key off for a while, and on again.

use crate::{
    Cx, Error, Result,
    event::{Event, Ledger},
};
use model::{AuditAction, KeyId, Permission, key::KeyRow};

/// Refuses the key from now on, until [`enable`]. When this returns, it is refused.
///
/// # Errors
/// [`Error::Forbidden`] without `keys.manage`; [`Error::NotFound`] for another team's key;
/// [`Error::Conflict`] when it is off, or gone.
pub async fn disable(cx: &Cx, id: KeyId) -> Result<KeyRow> {
    let mut change = cx.change(Permission::KeysManage).await?;
    let person = change.person()?;
    let name = sqlx::query_scalar!(
        "update api_key set disabled_at = $1, disabled_by = $2
         where team_id = $3 and id = $4 and disabled_at is null and revoked_at is null
         returning name",
        cx.now(),
        person,
        cx.seat()?.id.0,
        id.0
    )
    .fetch_optional(change.sql())
    .await?;
    let Some(name) = name else {
        drop(change);
        return Err(otherwise(cx, id, "is switched off already").await?);
    };
    change.commit(Event::new(Ledger::Team, AuditAction::KeyDisable).on("key", id, &name)).await?;
    super::forget(cx.deps(), id);
    super::find(cx, id).await?.ok_or(Error::Inconsistent("a disabled key vanished"))
}

/// Accepts the key again.
///
/// # Errors
/// As [`disable`]; [`Error::Unconfirmed`] without step-up.
pub async fn enable(cx: &Cx, id: KeyId) -> Result<KeyRow> {
    let mut change = cx.change_confirmed(Permission::KeysManage).await?;
    let name = sqlx::query_scalar!(
        "update api_key set disabled_at = null, disabled_by = null
         where team_id = $1 and id = $2 and disabled_at is not null and revoked_at is null
         returning name",
        cx.seat()?.id.0,
        id.0
    )
    .fetch_optional(change.sql())
    .await?;
    let Some(name) = name else {
        drop(change);
        return Err(otherwise(cx, id, "is switched on already").await?);
    };
    change.commit(Event::new(Ledger::Team, AuditAction::KeyEnable).on("key", id, &name)).await?;
    super::forget(cx.deps(), id);
    super::find(cx, id).await?.ok_or(Error::Inconsistent("an enabled key vanished"))
}

/// Why nothing was done.
async fn otherwise(cx: &Cx, id: KeyId, already: &str) -> Result<Error> {
    let key = super::find(cx, id).await?.ok_or(Error::NotFound)?;
    Ok(Error::Conflict(match key.revoked_at {
        Some(_) => format!("{} was revoked.", key.name),
        None => format!("{} {already}.", key.name),
    }))
}
