//! Exports go after a day, and those that nobody writes any more have failed.

use crate::{Cx, Deps, Result, policy::Actor, sealed_file, task::Task};
use model::TeamId;
use time::Duration;

/// How long a file lies ready.
pub(super) const KEPT: Duration = Duration::DAY;
/// After so long without a word, whoever wrote it is gone.
const GONE: Duration = Duration::minutes(5);
/// Removed at once; the rest at the next run.
const MOST: i64 = 100;

/// Removes exports and their files after a day.
///
/// # Errors
/// When the database or the store does not answer; then the next run does it.
pub async fn sweep(deps: &Deps) -> Result<()> {
    let cx = Cx::system(deps);
    let mut change = cx.change_as(Task::AuditSweep, Actor::default()).await?;
    let gone = sqlx::query!(
        "update team_export set state = 'failed', stage = '', failed = $2
         where state in ('waiting', 'running') and touched_at < $1
         returning team_id, id",
        cx.now() - GONE,
        "Probity was stopped while it was written. Start it again."
    )
    .fetch_all(change.sql())
    .await?;
    let old = sqlx::query!(
        "select team_id, id from team_export where made_at < $1 order by made_at limit $2",
        cx.now() - KEPT,
        MOST
    )
    .fetch_all(change.sql())
    .await?;
    change.commit_unaudited("an export that ended is no change to the team").await?;
    // It may have died behind the end of a file.
    for row in gone {
        sealed_file::remove_all(deps, TeamId(row.team_id), row.id).await?;
    }
    for row in old {
        // The file first: a row without its file is found again, a file without a row is not.
        sealed_file::remove_all(deps, TeamId(row.team_id), row.id).await?;
        let mut change = cx.change_as(Task::AuditSweep, Actor::default()).await?;
        sqlx::query!("delete from team_export where team_id = $1 and id = $2", row.team_id, row.id)
            .execute(change.sql())
            .await?;
        change.commit_unaudited("nobody can ask for it any more").await?;
    }
    Ok(())
}
