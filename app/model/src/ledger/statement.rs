//! What is signed: how far a ledger reaches, and what an export holds.

use super::{Hash, LedgerId, Signed, Statement};
use serde::{Deserialize, Serialize};

/// How far a ledger reached: whoever has kept this can tell whether it was cut or rebuilt since.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Checkpoint {
    pub ledger: LedgerId,
    /// The number of its last record.
    pub seq: i64,
    /// Records that it holds, the last one included.
    pub count: i64,
    /// The hash of the last record.
    pub hash: Hash,
    /// When every record up to it was found to follow the one before: RFC 3339, UTC.
    pub at: String,
}

impl Statement for Checkpoint {
    const TITLE: &'static str = "probity.checkpoint.v1";
}

/// What an operator accepted as the whole of a ledger, although more was signed for before: nothing that was
/// signed earlier counts any more.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Acceptance {
    pub ledger: LedgerId,
    /// The number of its last record then, and its hash.
    pub seq: i64,
    pub hash: Hash,
    pub reason: String,
    /// RFC 3339, UTC.
    pub at: String,
}

impl Statement for Acceptance {
    const TITLE: &'static str = "probity.acceptance.v1";
}

/// Records of a ledger that were removed because they were old. The others follow them as before.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Trim {
    pub ledger: LedgerId,
    /// The number of the last one that was removed.
    pub seq: i64,
    /// Its hash.
    pub hash: Hash,
    /// Days that records of this ledger were kept.
    pub days: i32,
    /// RFC 3339, UTC.
    pub at: String,
}

impl Statement for Trim {
    const TITLE: &'static str = "probity.trim.v1";
}

/// That a ledger ended because its team was deleted: it is gone, and nobody took it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Deletion {
    pub ledger: LedgerId,
    /// The number of its last record.
    pub seq: i64,
    /// Its hash.
    pub hash: Hash,
    /// RFC 3339, UTC.
    pub at: String,
}

impl Statement for Deletion {
    const TITLE: &'static str = "probity.deletion.v1";
}

/// What an export holds.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Manifest {
    /// The address of the Probity that made it.
    pub instance: String,
    pub ledger: LedgerId,
    /// What the ledger's owner was called.
    pub name: String,
    /// RFC 3339, UTC.
    pub made_at: String,
    /// The search that records had to fit; empty for all of them.
    pub search: String,
    pub file: FileSummary,
    /// The first and the last record in it; none when it has none.
    pub first: Option<Edge>,
    pub last: Option<Edge>,
    /// How far the ledger reached then.
    pub head: i64,
    /// Kept earlier, about this ledger, oldest first.
    pub checkpoints: Vec<Signed<Checkpoint>>,
    /// What was removed before, because it was old.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub trim: Option<Signed<Trim>>,
}

impl Statement for Manifest {
    const TITLE: &'static str = "probity.manifest.v1";
}

/// A record at an end of an export.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Edge {
    pub seq: i64,
    pub previous_hash: Hash,
    pub hash: Hash,
}

/// The file of records.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct FileSummary {
    pub name: String,
    pub format: ExportFormat,
    pub rows: u64,
    pub bytes: u64,
    pub sha256: Hash,
}

/// How records are written.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum ExportFormat {
    /// A JSON object on each line.
    Jsonl,
    /// RFC 4180, for spreadsheets.
    Csv,
}

impl ExportFormat {
    pub const ALL: [Self; 2] = [Self::Jsonl, Self::Csv];

    /// The word for it, and the end of its files' names.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Jsonl => "jsonl",
            Self::Csv => "csv",
        }
    }

    /// What is called `name`.
    pub fn from_name(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|format| format.name() == name)
    }
}
