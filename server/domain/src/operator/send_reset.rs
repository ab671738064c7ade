//! Having a link to a new password mailed: the operator never sees it.

use super::act::{Act, Whom};
use crate::{
    Deps, Result, account,
    mail::{self, Letter},
};
use model::AuditAction;

/// Mails the person a link that is good for 30 minutes.
///
/// # Errors
/// [`Error::NotFound`](crate::Error::NotFound) for an unknown person.
pub async fn send_reset(deps: &Deps, whom: &Whom, reason: &str) -> Result<()> {
    let mut act = Act::begin(deps, whom, reason).await?;
    let token = account::offer_reset(&mut act.change).await?;
    mail::post(&mut act.change, &act.to, Letter::ResetByOperator { token }).await?;
    act.done(AuditAction::PersonSendReset).await
}
