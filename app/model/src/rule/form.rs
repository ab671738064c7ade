//! What the forms about rules and programs send, as typed.

use crate::{Typed, page::PageSize};
use serde::{Deserialize, Serialize};

/// The form of a rule: a new one, or all of one that is there.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct RuleForm {
    /// Slug of the team.
    pub team: String,
    /// Which one; empty for a new one.
    pub rule: String,
    pub keyword: String,
    /// The name of a [`super::Matching`].
    pub matching: String,
    /// `de`; empty for any.
    pub language: String,
    pub url: String,
    /// A program's id; empty for none.
    pub program: String,
    pub priority: String,
    /// Days like `2026-12-01`; empty for none.
    pub starts: String,
    pub ends: String,
    /// `yes` or `no`.
    pub enabled: String,
}

/// A form about one rule with nothing to fill in.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct OneRule {
    /// Slug of the team.
    pub team: String,
    pub rule: String,
}

/// Which rules a list shows, as the address says it.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct RuleQuery {
    /// Part of a keyword.
    pub q: String,
    /// Empty for all, as the others.
    pub language: String,
    pub matching: String,
    /// A program's id.
    pub program: String,
    /// `yes` or `no`.
    pub enabled: String,
    pub before: Option<String>,
    pub after: Option<String>,
    /// None for the usual one; pages in the browser do not choose.
    #[serde(skip)]
    pub size: Option<PageSize>,
}

/// The "add a program" form.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct NewProgram {
    /// Slug of the team.
    pub team: String,
    pub name: String,
    /// The key that the program knows its partner by.
    pub tag: Typed,
}

/// A program's name.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct EditProgram {
    /// Slug of the team.
    pub team: String,
    pub program: String,
    pub name: String,
}

/// Another key in place of a program's.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct ReplaceAffiliateKey {
    /// Slug of the team.
    pub team: String,
    pub program: String,
    pub tag: Typed,
}

/// A form about one program with nothing to fill in.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct OneProgram {
    /// Slug of the team.
    pub team: String,
    pub program: String,
}

/// Limits of what may be typed.
pub mod bounds {
    /// Rules of one team.
    pub const RULES: usize = 50_000;
    /// Programs of one team.
    pub const PROGRAMS: usize = 100;
    /// Characters of a keyword.
    pub const KEYWORD: usize = 200;
    /// The same of what it becomes when it is compared: one character may become several.
    pub const FOLDED: usize = 400;
    /// Characters of an address.
    pub const URL: usize = 1_000;
    /// Highest priority, and lowest.
    pub const PRIORITY: i32 = 1_000;
    /// Characters of a program's name.
    pub const PROGRAM: usize = 60;
    /// Characters of an affiliate key.
    pub const TAG: usize = 200;
    /// Bytes of a message.
    pub const MESSAGE: usize = 8 * 1024;
    /// Characters of a message that go into an address.
    pub const QUERY: usize = 200;
    /// Offers of one answer.
    pub const OFFERS: usize = 50;
    /// The same, where nobody says how many.
    pub const OFFERS_USUAL: usize = 10;
    /// Bytes of a file of rules.
    pub const FILE: usize = 16 * 1024 * 1024;
}
