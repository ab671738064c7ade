//! Keyword rules: what their forms send, what lists show, what matches a message.

mod form;
mod import;

pub use form::{
    EditProgram, NewProgram, OneProgram, OneRule, ReplaceAffiliateKey, RuleForm, RuleQuery, bounds,
};
pub use import::{BadLine, DryRun, ImportFile, ImportQuery, ImportRules, Planned};

use crate::{ProgramId, RuleId, page::Page};
use serde::{Deserialize, Serialize};

/// How a keyword is looked for in a message.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Matching {
    /// The message is the keyword, and nothing else.
    Exact,
    /// Its words stand in the message, next to each other.
    #[default]
    Phrase,
    /// Words of the message begin so.
    Prefix,
}

impl Matching {
    pub const ALL: [Self; 3] = [Self::Exact, Self::Phrase, Self::Prefix];

    /// The word in the database, in files and in addresses.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Exact => "exact",
            Self::Phrase => "phrase",
            Self::Prefix => "prefix",
        }
    }

    /// The words shown to people.
    pub const fn title(self) -> &'static str {
        match self {
            Self::Exact => "The whole message",
            Self::Phrase => "Words in it",
            Self::Prefix => "How words in it begin",
        }
    }

    /// The one called `name`.
    pub fn from_name(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|matching| matching.name() == name)
    }
}

/// Whether a rule counts today.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum RuleState {
    On,
    /// Switched off.
    Off,
    /// Its first day is yet to come.
    Waiting,
    /// Its last day is over.
    Over,
}

/// A rule as lists and its page show it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct RuleRow {
    pub id: RuleId,
    pub keyword: String,
    pub matching: Matching,
    /// `de`; empty for any.
    pub language: String,
    /// With `{tag}`, `{keyword}` and `{query}` as they were typed.
    pub url: String,
    pub program: Option<RuleProgram>,
    pub priority: i32,
    /// First and last day: `2026-12-01`; empty for none.
    pub starts: String,
    pub ends: String,
    pub enabled: bool,
    pub state: RuleState,
}

/// The program that a rule names.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct RuleProgram {
    pub id: ProgramId,
    pub name: String,
}

/// A page of rules, and what there is to choose from.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct RulesPage {
    pub page: Page<RuleRow>,
    /// Rules of the team.
    pub all: i32,
    pub programs: Vec<ProgramRow>,
}

/// A rule and the programs that it could name.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct RulePage {
    pub rule: RuleRow,
    pub programs: Vec<ProgramRow>,
}

/// An affiliate program. Its key is never shown: only since when it is the one.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ProgramRow {
    pub id: ProgramId,
    pub name: String,
    /// RFC 3339, UTC; none while it has no key, which an import does not bring.
    pub key_set_at: Option<String>,
    /// Rules that name it.
    pub rules: i64,
}

/// Whose keyword a message holds.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Offer {
    pub rule: RuleId,
    /// As it was typed.
    pub keyword: String,
    /// The rule's address, filled in.
    pub url: String,
    /// The program's name.
    pub program: Option<String>,
    pub priority: i32,
}

/// What a message is tried with, as the address says it.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct TryRules {
    pub message: String,
    pub language: String,
}
