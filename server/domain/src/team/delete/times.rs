//! When a team's deletion reached each of its stages.

use crate::event::rfc3339;
use model::deletion::{Stage, StageRow};
use time::OffsetDateTime;

/// When each stage was done.
pub(super) struct Times {
    pub(super) asked_at: OffsetDateTime,
    pub(super) confirmed_at: OffsetDateTime,
    pub(super) begun_at: Option<OffsetDateTime>,
    pub(super) key_at: Option<OffsetDateTime>,
    pub(super) access_at: Option<OffsetDateTime>,
    pub(super) files_at: Option<OffsetDateTime>,
    pub(super) rows_at: Option<OffsetDateTime>,
    pub(super) done_at: Option<OffsetDateTime>,
}

impl Times {
    /// Every stage, with its time where it was reached.
    pub(super) fn rows(&self) -> Vec<StageRow> {
        Stage::ALL.map(|stage| StageRow { stage, at: self.at(stage).map(rfc3339) }).to_vec()
    }

    /// Those that were reached.
    pub(super) fn reached(&self) -> Vec<(Stage, OffsetDateTime)> {
        Stage::ALL.into_iter().filter_map(|stage| Some((stage, self.at(stage)?))).collect()
    }

    fn at(&self, stage: Stage) -> Option<OffsetDateTime> {
        match stage {
            Stage::Asked => Some(self.asked_at),
            Stage::Confirmed => Some(self.confirmed_at),
            Stage::Begun => self.begun_at,
            Stage::Key => self.key_at,
            Stage::Access => self.access_at,
            Stage::Files => self.files_at,
            Stage::Rows => self.rows_at,
            Stage::Done => self.done_at,
        }
    }
}
