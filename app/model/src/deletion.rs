//! The deletion of a team: what its forms send, what its pages show, and what is signed in the end.

mod certificate;
mod paper;
#[cfg(test)]
mod tests;

pub use certificate::{Certificate, Removed, StageAt};
pub use paper::{Checked, check, wrapped};

use crate::TeamId;
use serde::{Deserialize, Serialize};

/// The form by which an owner asks for it, as typed.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct AskDeletion {
    pub team: String,
    /// The team's name.
    pub name: String,
}

/// The form by which another owner confirms it, as typed.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct ConfirmDeletion {
    pub team: String,
    /// The team's name.
    pub name: String,
}

/// The form by which an owner undoes it.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct UndoDeletion {
    pub team: String,
}

/// The name of the file that a certificate is downloaded as.
pub const CERTIFICATE: &str = "deletion-certificate.json";

/// The page about the deletion of the team of this slug.
pub fn page(slug: &str) -> String {
    format!("/t/{slug}/data/delete")
}

/// A deletion that was asked for.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Asked {
    /// Who asked.
    pub by: String,
    /// RFC 3339, UTC.
    pub at: String,
    pub waits: Waits,
}

/// What a deletion waits for.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub enum Waits {
    /// Another owner than the viewer, or than whoever asked.
    OtherOwner,
    /// The viewer: they confirm, or undo it.
    You,
    /// Nobody can confirm it: whoever asked is no longer an owner.
    Void,
    /// Its days, which began when `by` confirmed. `due`: RFC 3339, UTC.
    Days { due: String, by: String },
}

/// Rows of the team in one table.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct HeldRows {
    pub table: String,
    /// What they are.
    pub title: String,
    pub rows: i64,
}

/// What deleting the team does, and how far it is.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct DeletionPage {
    pub asked: Option<Asked>,
    /// Whether the viewer is an owner, who alone asks, confirms and undoes.
    pub is_owner: bool,
    pub owners: i64,
    /// Days between the confirmation and the deletion.
    pub days: i32,
    /// Every table with rows of teams, in the order in which they go.
    pub tables: Vec<HeldRows>,
    /// Sealed files of exports, and their bytes.
    pub files: i64,
    pub bytes: i64,
}

/// What became of a team, by the link of its deletion.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct DeletionCard {
    pub team: TeamId,
    pub stages: Vec<StageRow>,
    /// The signed certificate, once it is done.
    pub certificate: Option<String>,
}

/// A stage, and when it was done; RFC 3339, UTC.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct StageRow {
    pub stage: Stage,
    pub at: Option<String>,
}

/// What is done when a team is deleted, in this order.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Stage {
    Asked,
    Confirmed,
    Begun,
    Key,
    Access,
    Files,
    Rows,
    Done,
}

impl Stage {
    pub const ALL: [Self; 8] = [
        Self::Asked,
        Self::Confirmed,
        Self::Begun,
        Self::Key,
        Self::Access,
        Self::Files,
        Self::Rows,
        Self::Done,
    ];

    /// What was done.
    pub const fn title(self) -> &'static str {
        match self {
            Self::Asked => "An owner asked for it",
            Self::Confirmed => "Confirmed, and its keys refused",
            Self::Begun => "Its days were over: nobody gets in any more",
            Self::Key => "Its data key was destroyed",
            Self::Access => "Keys, streams and memberships were removed",
            Self::Files => "Files were removed",
            Self::Rows => "All other rows were removed",
            Self::Done => "The team was removed",
        }
    }
}
