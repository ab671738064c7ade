//! The row of an export, which its task alters while it is written.

use super::super::archive::Written;
use crate::{
    Change, Cx, Deps, Result,
    mail::{self, Letter, To},
    policy::Actor,
    task::Task,
};
use model::{DataExportId, audit::ExportState, team::TeamCard};

/// One export.
pub(super) struct Row {
    pub(super) deps: Deps,
    pub(super) team: TeamCard,
    pub(super) id: DataExportId,
}

/// How far it has come.
#[derive(Debug, Default, Clone, Copy)]
pub(super) struct Progress {
    pub(super) stage: &'static str,
    pub(super) done: i64,
    pub(super) total: i64,
}

impl Row {
    /// Writes it down, unless it has ended already: false says that somebody cancelled it.
    pub(super) async fn say(&self, state: ExportState, at: Progress) -> Result<bool> {
        let mut change = self.change().await?;
        let done = sqlx::query!(
            "update team_export set state = $3, stage = $4, done = $5, total = $6, touched_at = $7
             where team_id = $1 and id = $2 and state in ('waiting', 'running')",
            self.team.id.0,
            self.id.0,
            state.name(),
            at.stage,
            at.done,
            at.total,
            self.deps.clock().now()
        )
        .execute(change.sql())
        .await?
        .rows_affected();
        change.commit_unaudited("how far an export is").await?;
        Ok(done == 1)
    }

    /// Says that it failed, and why.
    pub(super) async fn fail(&self, why: &'static str) -> Result<()> {
        let mut change = self.change().await?;
        sqlx::query!(
            "update team_export set state = 'failed', stage = '', failed = $3
             where team_id = $1 and id = $2 and state in ('waiting', 'running')",
            self.team.id.0,
            self.id.0,
            why
        )
        .execute(change.sql())
        .await?;
        change.commit_unaudited("an export that failed is no change to the team").await
    }

    /// Says that its file is there, and writes to who asked; false when it was cancelled meanwhile.
    pub(super) async fn ready(&self, written: &Written, total: i64, to: &To) -> Result<bool> {
        let mut change = self.change().await?;
        let done = sqlx::query!(
            "update team_export
             set state = 'ready', stage = '', done = $3, total = $3, bytes = $4, sum = $5,
                 touched_at = $6
             where team_id = $1 and id = $2 and state = 'running'",
            self.team.id.0,
            self.id.0,
            total,
            i64::try_from(written.bytes).unwrap_or(i64::MAX),
            written.sum.as_slice(),
            self.deps.clock().now()
        )
        .execute(change.sql())
        .await?
        .rows_affected();
        if done == 1 {
            let (team, slug) = (self.team.name.clone(), self.team.slug.clone());
            let letter = Letter::ExportReady { team, slug, export: self.id.to_string() };
            mail::post(&mut change, to, letter).await?;
        }
        change.commit_unaudited("that it was asked for is recorded").await?;
        Ok(done == 1)
    }

    async fn change(&self) -> Result<Change> {
        let about = Actor { team: Some(self.team.id.0), ..Actor::default() };
        Cx::system(&self.deps).change_as(Task::DataExport, about).await
    }
}
