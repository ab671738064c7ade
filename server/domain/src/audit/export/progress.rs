//! The row of an export, which its task alters while it is written.

use super::write::Lines;
use crate::{Cx, Deps, Result, policy::Actor, task::Task};
use model::{ExportId, TeamId, audit::ExportState};

/// One export.
pub(super) struct Row {
    pub(super) deps: Deps,
    pub(super) team: TeamId,
    pub(super) id: ExportId,
}

/// How far it has come.
#[derive(Debug, Default, Clone, Copy)]
pub(super) struct Progress {
    done_to: i64,
    up_to: i64,
    rows: i64,
    bytes: i64,
    failed: Option<&'static str>,
}

impl Progress {
    /// Nowhere, and why.
    pub(super) fn failed(why: &'static str) -> Self {
        Self { failed: Some(why), ..Self::default() }
    }

    /// At this record, of so many.
    pub(super) fn at(done_to: i64, up_to: i64, lines: &Lines) -> Self {
        let count = |number: u64| i64::try_from(number).unwrap_or(i64::MAX);
        let (rows, bytes) = (count(lines.rows), count(lines.bytes));
        Self { done_to, up_to, rows, bytes, failed: None }
    }
}

impl Row {
    /// Writes it down, unless it has ended already: false says that somebody cancelled it.
    pub(super) async fn say(&self, state: ExportState, progress: &Progress) -> Result<bool> {
        let cx = Cx::system(&self.deps);
        let about = Actor { team: Some(self.team.0), ..Actor::default() };
        let mut change = cx.change_as(Task::AuditExport, about).await?;
        let done = sqlx::query!(
            "update audit_export set state = $3, done_to = $4, up_to = $5, rows = $6, bytes = $7,
                                     failed = $8, touched_at = $9
             where team_id = $1 and id = $2 and state in ('waiting', 'running')",
            self.team.0,
            self.id.0,
            state.name(),
            progress.done_to,
            progress.up_to,
            progress.rows,
            progress.bytes,
            progress.failed,
            cx.now()
        )
        .execute(change.sql())
        .await?
        .rows_affected();
        change.commit_unaudited("how far an export is").await?;
        Ok(done == 1)
    }
}
