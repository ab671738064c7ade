//! Removing what is over.

use crate::{Cx, Deps, Result, policy::Actor, task::Task};

/// Removes letters that were sent or given up a month ago.
///
/// # Errors
/// When the database does not answer.
pub async fn sweep(deps: &Deps) -> Result<()> {
    let mut change = Cx::system(deps).change_as(Task::MailSweep, Actor::default()).await?;
    sqlx::query!(
        "delete from mail where coalesce(sent_at, failed_at) < now() - interval '30 days'"
    )
    .execute(change.sql())
    .await?;
    change.commit_unaudited("what caused a letter was recorded then").await
}
