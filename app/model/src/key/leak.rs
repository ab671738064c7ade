//! A key that was found where others can read it.

use serde::{Deserialize, Serialize};

/// What is known of that.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Leak {
    /// When it was last reported; RFC 3339, UTC.
    pub at: String,
    /// An https address, as whoever reported it wrote it; empty where they wrote none.
    pub source: String,
    pub by: Reporter,
}

/// Who reported it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Reporter {
    /// Somebody over the API, who need not say who they are.
    Scanner,
    /// Whoever runs this Probity.
    Operator,
}

impl Reporter {
    pub const ALL: [Self; 2] = [Self::Scanner, Self::Operator];

    /// The word in the database and in the record.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Scanner => "scanner",
            Self::Operator => "operator",
        }
    }

    /// Who it was, at the beginning of a sentence.
    pub const fn title(self) -> &'static str {
        match self {
            Self::Scanner => "A scanner",
            Self::Operator => "Whoever runs this Probity",
        }
    }

    /// The reporter called `name`.
    pub fn from_name(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|reporter| reporter.name() == name)
    }
}
