//! What nobody can use any more, removed.

use crate::{Cx, Deps, Result, policy::Actor, task::Task};

/// Removes half-done sign-ins, ceremonies, sign-ups and links that are over, what slowed down guesses
/// that stopped, and files that were looked at and never imported.
///
/// # Errors
/// When the database does not answer.
pub async fn sweep(deps: &Deps) -> Result<()> {
    let mut change = Cx::system(deps).change_as(Task::AccountSweep, Actor::default()).await?;
    let sql = change.sql();
    sqlx::query!("delete from challenge where expires_at < now() - interval '1 day'")
        .execute(&mut *sql)
        .await?;
    sqlx::query!("delete from ceremony where expires_at < now()").execute(&mut *sql).await?;
    sqlx::query!("delete from sign_up where expires_at < now() - interval '1 day'")
        .execute(&mut *sql)
        .await?;
    sqlx::query!("delete from link where expires_at < now() - interval '30 days'")
        .execute(&mut *sql)
        .await?;
    sqlx::query!("delete from sign_in_curve where last_at < now() - interval '2 days'")
        .execute(&mut *sql)
        .await?;
    sqlx::query!("delete from rule_draft where made_at < now() - interval '1 hour'")
        .execute(&mut *sql)
        .await?;
    change.commit_unaudited("none of it meant anything any more").await
}
