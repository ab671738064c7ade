//! Locking an account, and opening it again.

use super::act::{Act, Whom};
use crate::{Deps, Error, Result};
use model::AuditAction;

/// Nobody gets into the account by any way, and every session ends at once; says how many.
///
/// # Errors
/// [`Error::Conflict`] when it is locked already; [`Error::NotFound`] for an unknown person.
pub async fn lock(deps: &Deps, whom: &Whom, reason: &str) -> Result<u64> {
    let mut act = Act::begin(deps, whom, reason).await?;
    let (now, person) = (act.change.cx().now(), act.change.person()?);
    let done = sqlx::query!(
        "update person set locked_at = $1 where id = $2 and locked_at is null",
        now,
        person
    )
    .execute(act.change.sql())
    .await?;
    if done.rows_affected() == 0 {
        return Err(Error::Conflict("This account is locked already.".to_owned()));
    }
    let ended = act.sign_out().await?;
    act.done(AuditAction::PersonLock).await?;
    Ok(ended)
}

/// Opens a locked account: its person may sign in again.
///
/// # Errors
/// [`Error::Conflict`] when it is not locked; [`Error::NotFound`] for an unknown person.
pub async fn unlock(deps: &Deps, whom: &Whom, reason: &str) -> Result<()> {
    let mut act = Act::begin(deps, whom, reason).await?;
    let person = act.change.person()?;
    let done = sqlx::query!(
        "update person set locked_at = null where id = $1 and locked_at is not null",
        person
    )
    .execute(act.change.sql())
    .await?;
    if done.rows_affected() == 0 {
        return Err(Error::Conflict("This account is not locked.".to_owned()));
    }
    act.done(AuditAction::PersonUnlock).await
}
