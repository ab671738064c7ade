//! What is signed when a team was deleted.

use super::Stage;
use crate::{TeamId, ledger::Statement};
use serde::{Deserialize, Serialize};

/// That a team was deleted: what, when, and which key was destroyed. It names no person and not the team:
/// whoever keeps it knows whose it is. No text in it has a space, so that a letter may break it into lines.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Certificate {
    /// The address of the Probity that signed.
    pub instance: String,
    pub team: TeamId,
    /// The id of the data key that was destroyed; none where the team never had one.
    pub key: Option<String>,
    /// Each stage, in its order.
    pub stages: Vec<StageAt>,
    /// Rows that were removed, of each table that had any.
    pub tables: Vec<Removed>,
    /// Files that were removed.
    pub files: i64,
}

impl Statement for Certificate {
    const TITLE: &'static str = "probity.certificate.v1";
}

impl Certificate {
    /// Rows that were removed, of all tables.
    pub fn rows(&self) -> i64 {
        self.tables.iter().map(|removed| removed.rows).sum()
    }
}

/// When a stage was done.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct StageAt {
    pub stage: Stage,
    /// RFC 3339, UTC.
    pub at: String,
}

/// Rows of one table that were removed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Removed {
    pub table: String,
    pub rows: i64,
}
