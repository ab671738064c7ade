//! Exports of a team's audit log.

use crate::{ExportId, ledger::ExportFormat};
use serde::{Deserialize, Serialize};

words! {
    /// How far an export has come.
    ExportState {
        Waiting = "waiting", "Waiting for its turn";
        Running = "running", "Being written";
        Ready = "ready", "Ready";
        Failed = "failed", "Failed";
        Cancelled = "cancelled", "Cancelled";
    }
}

impl ExportState {
    /// Whether it can still be cancelled.
    pub const fn is_open(self) -> bool {
        matches!(self, Self::Waiting | Self::Running)
    }
}

/// Starts an export.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct StartExport {
    pub team: String,
    /// What records must fit; empty for all of them.
    pub search: String,
    pub format: String,
}

/// One export, of whoever does something to it.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct OneExport {
    pub team: String,
    pub export: String,
}

/// An export as it is listed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ExportRow {
    pub id: ExportId,
    pub state: ExportState,
    pub format: ExportFormat,
    pub search: String,
    /// Who made it, as they are called today; empty when they have left.
    pub by: String,
    /// RFC 3339, UTC.
    pub made_at: String,
    pub name: String,
    /// Records looked at, and how many there are.
    pub done_to: i64,
    pub up_to: i64,
    /// Records in the file.
    pub rows: i64,
    pub bytes: i64,
    /// Why it failed, as a sentence.
    pub failed: String,
}

impl ExportRow {
    /// The name of the file that says what it holds.
    pub fn manifest_name(&self) -> String {
        manifest_name(&self.name)
    }
}

/// The name of the file that says what the file `name` holds.
pub fn manifest_name(name: &str) -> String {
    format!("{name}.manifest.json")
}

/// Exports of the last day, the newest first.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ExportsPage {
    pub rows: Vec<ExportRow>,
}

/// One export, and its files where a link was asked for.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ExportPage {
    pub row: ExportRow,
    /// What stands before the names of its files.
    pub link: Option<ExportLink>,
}

/// A link to an export's files.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ExportLink {
    /// The part of the address between the export and the name of a file.
    pub token: String,
    /// When it ends: RFC 3339, UTC.
    pub until: String,
}

/// What is asked of an export's page: `?link=…` after one was made.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct ExportQuery {
    pub link: String,
}
