//! What an export of a team holds, signed: `manifest.json` in its archive.

use crate::{
    TeamId,
    ledger::{Hash, Statement},
};
use serde::{Deserialize, Serialize};

/// The name of the manifest in the archive. It is the one file that it does not list.
pub const MANIFEST: &str = "manifest.json";

/// What an export of a team holds.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Bundle {
    /// The address of the Probity that made it.
    pub instance: String,
    pub team: TeamId,
    pub name: String,
    /// The moment as of which everything in it is so: RFC 3339, UTC.
    pub made_at: String,
    /// The version of the forms of its files.
    pub schema: u32,
    /// Whether hashes of the keys' secrets are in it, with which keys work elsewhere.
    pub has_hashes: bool,
    /// Every file but this one, in the order in which they were written.
    pub files: Vec<Entry>,
}

impl Statement for Bundle {
    const TITLE: &'static str = "probity.team-export.v1";
}

/// A file of the archive.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Entry {
    pub name: String,
    /// Rows, where it is one that has rows.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub rows: Option<u64>,
    /// Unpacked.
    pub bytes: u64,
    pub sha256: Hash,
}
