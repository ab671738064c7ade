//! Removing every second factor of somebody who has lost them.

use super::act::{Act, Whom};
use crate::{
    Deps, Error, Result,
    mail::{self, Letter},
};
use model::AuditAction;

/// A password is enough again: app, passkeys and recovery codes go, sessions end, and the person
/// is told. Says how many sessions ended.
///
/// # Errors
/// [`Error::Conflict`] when there is none; [`Error::NotFound`] for an unknown person.
pub async fn reset_mfa(deps: &Deps, whom: &Whom, reason: &str) -> Result<u64> {
    let mut act = Act::begin(deps, whom, reason).await?;
    let person = act.change.person()?;
    let apps = sqlx::query!("delete from totp where person_id = $1", person)
        .execute(act.change.sql())
        .await?;
    let passkeys = sqlx::query!("delete from passkey where person_id = $1", person)
        .execute(act.change.sql())
        .await?;
    if apps.rows_affected() + passkeys.rows_affected() == 0 {
        return Err(Error::Conflict("This account has no second factor.".to_owned()));
    }
    sqlx::query!("delete from recovery_code where person_id = $1", person)
        .execute(act.change.sql())
        .await?;
    let ended = act.sign_out().await?;
    let what = "every second factor, by the operator".to_owned();
    mail::post(&mut act.change, &act.to, Letter::FactorRemoved { what }).await?;
    act.done(AuditAction::PersonResetMfa).await?;
    Ok(ended)
}
