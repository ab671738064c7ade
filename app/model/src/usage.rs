//! How keys were used: what verify answered, when, and where the calls came from.

use crate::KeyId;
use serde::{Deserialize, Serialize};

/// Of what usage is shown, as the URL says it.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct UsageQuery {
    /// A [`Span`]; empty for the first.
    pub span: String,
    /// A key; empty for all of the team.
    pub key: String,
}

/// How far back.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum Span {
    #[default]
    Day,
    Week,
    Month,
    Quarter,
}

impl Span {
    pub const ALL: [Self; 4] = [Self::Day, Self::Week, Self::Month, Self::Quarter];

    /// The word in addresses.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Day => "24h",
            Self::Week => "7d",
            Self::Month => "30d",
            Self::Quarter => "90d",
        }
    }

    /// The words shown to people.
    pub const fn title(self) -> &'static str {
        match self {
            Self::Day => "24 hours",
            Self::Week => "7 days",
            Self::Month => "30 days",
            Self::Quarter => "90 days",
        }
    }

    /// Hours of one bar.
    pub const fn step(self) -> u16 {
        match self {
            Self::Day => 1,
            Self::Week => 6,
            Self::Month | Self::Quarter => 24,
        }
    }

    /// How many bars.
    pub const fn bars(self) -> u16 {
        match self {
            Self::Day => 24,
            Self::Week => 28,
            Self::Month => 30,
            Self::Quarter => 90,
        }
    }

    /// The span called `name`.
    pub fn from_name(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|span| span.name() == name)
    }
}

/// What was answered in one stretch of time.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct UsageBar {
    /// When it begins: RFC 3339, UTC.
    pub from: String,
    pub accepted: i64,
    pub refused: i64,
}

/// Calls that have something in common.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct UsageShare {
    /// A word of verify, the name of a country or of a key.
    pub what: String,
    pub calls: i64,
}

/// A key and its calls.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct UsageOfKey {
    pub id: KeyId,
    pub name: String,
    pub calls: i64,
    pub refused: i64,
}

/// Days that addresses are kept for: long enough to see a month, and to look into what somebody
/// reports; no longer, because they are personal data of a customer's own customers.
pub const ADDRESS_DAYS: u8 = 30;

/// An address and the calls from it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct UsageOfAddress {
    /// An IPv4 address, or an IPv6 network of 64 bits; none for all others.
    pub address: Option<String>,
    pub calls: i64,
    /// Of them.
    pub refused: i64,
    /// RFC 3339, UTC.
    pub last_at: String,
}

/// Usage of a team or of one key.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct UsagePage {
    /// The key that it is of; none for the whole team.
    pub key: Option<UsageOfKey>,
    /// The oldest first, without gaps.
    pub bars: Vec<UsageBar>,
    pub accepted: i64,
    pub refused: i64,
    /// By what was answered, the most first.
    pub codes: Vec<UsageShare>,
    /// By country, the most first; of unknown ones as one.
    pub countries: Vec<UsageShare>,
    /// The addresses with the most calls, as far as verify was told them; all others last.
    pub addresses: Vec<UsageOfAddress>,
    /// The keys with the most calls; of the whole team only.
    pub keys: Vec<UsageOfKey>,
}
