//! Signing somebody out everywhere.

use super::act::{Act, Whom};
use crate::{Deps, Result};
use model::AuditAction;

/// Ends every session, and forgets remembered browsers; says how many sessions there were.
///
/// # Errors
/// [`Error::NotFound`](crate::Error::NotFound) for an unknown person.
pub async fn sign_out(deps: &Deps, whom: &Whom, reason: &str) -> Result<u64> {
    let mut act = Act::begin(deps, whom, reason).await?;
    let ended = act.sign_out().await?;
    act.done(AuditAction::PersonSignOut).await?;
    Ok(ended)
}
