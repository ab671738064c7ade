//! A file of rules on its way in.

use serde::{Deserialize, Serialize};

/// The file itself.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct ImportFile {
    /// Slug of the team.
    pub team: String,
    pub file: String,
}

/// "Import it", after the dry run.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct ImportRules {
    /// Slug of the team.
    pub team: String,
    /// Which file was looked at.
    pub draft: String,
    /// `skip` to leave bad lines out.
    pub bad: String,
}

/// From which bad line on, as the address says it.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct ImportQuery {
    pub line: usize,
}

/// What an import does, in numbers.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Planned {
    pub new: usize,
    pub changed: usize,
    pub unchanged: usize,
    pub bad: usize,
}

/// A line that cannot be a rule.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct BadLine {
    /// Its number in the file, from 1; where it begins.
    pub line: usize,
    /// What is wrong with it, and what to do.
    pub said: String,
}

/// What would happen.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct DryRun {
    /// Names the file.
    pub draft: String,
    pub planned: Planned,
    /// Some of the bad lines, from the one that was asked for on.
    pub bad: Vec<BadLine>,
    /// Where the ones after these begin.
    pub next: Option<usize>,
}
