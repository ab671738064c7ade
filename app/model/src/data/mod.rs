//! Whose data it is: exports of a team, where its data lives, and exports of a person's own.

mod bundle;
mod kind;

pub use bundle::{Bundle, Entry, MANIFEST};
pub use kind::{Column, Form, KINDS, Kind, LEFT_OUT, SCHEMA};

use crate::{DataExportId, audit::ExportLink, audit::ExportState};
use serde::{Deserialize, Serialize};

/// Starts an export of everything that is the team's.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct StartDataExport {
    pub team: String,
    /// `yes` to take hashes of the keys' secrets along.
    pub hashes: String,
}

/// One export, of whoever does something to it.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct OneDataExport {
    pub team: String,
    pub export: String,
}

/// An export as it is listed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct DataExportRow {
    pub id: DataExportId,
    pub state: ExportState,
    /// Who made it, as they are called today; empty when they have left.
    pub by: String,
    /// RFC 3339, UTC.
    pub made_at: String,
    /// When its file is destroyed: RFC 3339, UTC.
    pub until: String,
    pub name: String,
    pub has_hashes: bool,
    /// What is written now, in words; empty before and after.
    pub stage: String,
    /// Rows written, of how many: each is written twice, as JSON and as CSV.
    pub done: i64,
    pub total: i64,
    pub bytes: i64,
    /// SHA-256 of the archive; empty until it is ready.
    pub sha256: String,
    /// Why it failed, as a sentence.
    pub failed: String,
}

/// One export, and a link to its file where one was asked for.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct DataExportPage {
    pub row: DataExportRow,
    pub link: Option<ExportLink>,
}

/// The page about a team's data.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct DataPage {
    /// Of the last day, the newest first.
    pub exports: Vec<DataExportRow>,
    /// Where the team was imported from, if it was.
    pub origin: Option<Origin>,
    /// Days that records of the audit log are kept.
    pub audit_days: i32,
    /// Why none is removed at all; empty where they are.
    pub audit_hold: String,
    /// Where what the team owns lives: names and words, in the order in which they are shown.
    pub places: Vec<Dwelling>,
}

/// Somewhere that data of the team lives.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Dwelling {
    /// `Database`, `Keyring` …
    pub name: String,
    pub said: String,
}

/// Where an imported team came from.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Origin {
    /// The address of the Probity that it was exported from.
    pub instance: String,
    /// RFC 3339, UTC.
    pub imported_at: String,
    /// The key that the export was signed with.
    pub key: String,
}
