//! The task that deletes: one stage after the other, each written down when it is done. Whatever cuts it
//! off, the next run goes on where it was.

use super::stages;
use crate::{Cx, Deps, Error, Result, policy::Actor, task::Task};
use model::{TeamId, deletion::Stage};
use time::OffsetDateTime;

/// Teams in one run.
const TEAMS: i64 = 20;

/// Deletes the teams whose days are over, and goes on with those that were begun.
///
/// # Errors
/// When the database, the keyring or the store of files does not answer; the next run goes on.
pub async fn delete_due(deps: &Deps) -> Result<()> {
    let mut failed = None;
    for team in due(&Cx::system(deps)).await? {
        let deleted = async {
            while delete_step(deps, team).await?.is_some() {}
            Ok::<_, Error>(())
        };
        // One that cannot go on keeps no other waiting.
        failed = deleted.await.err().or(failed);
    }
    failed.map_or(Ok(()), Err)
}

/// Does the next stage of a team's deletion, and says which; none when it is not due, or done.
///
/// # Errors
/// As [`delete_due`].
pub async fn delete_step(deps: &Deps, team: TeamId) -> Result<Option<Stage>> {
    let cx = Cx::system(deps);
    let Some(reached) = reached(&cx, team).await? else {
        return Ok(stages::begin(&cx, team).await?.then_some(Stage::Begun));
    };
    let Some(next) = reached.next() else { return Ok(None) };
    let done = match next {
        Stage::Key => stages::destroy_key(&cx, team).await,
        Stage::Access => stages::end_access(&cx, team).await,
        Stage::Files => stages::remove_files(&cx, team).await,
        Stage::Rows => stages::remove_rows(&cx, team).await,
        _ => stages::finish(&cx, team).await,
    };
    match done {
        Ok(()) => Ok(Some(next)),
        Err(error) => match self::reached(&cx, team).await? {
            // Another program was faster: what this one was about to remove is gone.
            Some(reached) if reached.next().is_none() => Ok(None),
            _ => Err(error),
        },
    }
}

/// How far a deletion is.
struct Reached {
    key_at: Option<OffsetDateTime>,
    access_at: Option<OffsetDateTime>,
    files_at: Option<OffsetDateTime>,
    rows_at: Option<OffsetDateTime>,
    done_at: Option<OffsetDateTime>,
}

impl Reached {
    fn next(&self) -> Option<Stage> {
        let stages = [
            (Stage::Key, self.key_at),
            (Stage::Access, self.access_at),
            (Stage::Files, self.files_at),
            (Stage::Rows, self.rows_at),
            (Stage::Done, self.done_at),
        ];
        stages.into_iter().find(|(_, at)| at.is_none()).map(|(stage, _)| stage)
    }
}

/// None before it is begun.
async fn reached(cx: &Cx, team: TeamId) -> Result<Option<Reached>> {
    let mut change = cx.change_as(Task::TeamDelete, about(team)).await?;
    let row = sqlx::query_as!(
        Reached,
        "select key_at, access_at, files_at, rows_at, done_at from deletion where team_id = $1",
        team.0
    )
    .fetch_optional(change.sql())
    .await?;
    change.commit_unaudited("looking changes nothing").await?;
    Ok(row)
}

async fn due(cx: &Cx) -> Result<Vec<TeamId>> {
    let mut change = cx.change_as(Task::TeamDelete, Actor::default()).await?;
    let teams = sqlx::query_scalar!(
        r#"select team_id as "team_id!" from (
               select d.team_id from team_deletion d where d.due_at <= $1
               union select d.team_id from deletion d where d.done_at is null) due
           order by team_id limit $2"#,
        cx.now(),
        TEAMS
    )
    .fetch_all(change.sql())
    .await?;
    change.commit_unaudited("looking changes nothing").await?;
    Ok(teams.into_iter().map(TeamId).collect())
}

pub(super) fn about(team: TeamId) -> Actor {
    Actor { team: Some(team.0), ..Actor::default() }
}
