//! A team's security policy: what the forms send, and what its page shows.

use serde::{Deserialize, Serialize};

/// Limits of what may be typed and kept.
pub mod bounds {
    /// Domains whose addresses a team takes.
    pub const DOMAINS: usize = 20;
    /// Days that records of the audit log are kept: from 30 days to ten years, 400 unless said otherwise.
    pub const AUDIT_DAYS: std::ops::RangeInclusive<i32> = 30..=3650;
    pub const AUDIT_DAYS_USUAL: i32 = 400;
    /// Characters of the reason for a legal hold.
    pub const HOLD: usize = 200;
    /// Networks from which a team can be entered.
    pub const NETWORKS: usize = 50;
    /// Hours that a session lasts at least, so that nobody signs in all day.
    pub const HOURS_LEAST: u64 = 1;
}

/// What keeps a member out of a team until they do something about it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub enum Bar {
    /// The team asks for a second factor, and they have none.
    SecondFactor,
    /// Their session is older than the team lets it be.
    Session,
    /// They are in a network that is not on the team's list.
    Network,
    /// The team is being deleted.
    Closed,
}

impl Bar {
    pub const ALL: [Self; 4] = [Self::SecondFactor, Self::Session, Self::Network, Self::Closed];

    /// The word in the database.
    pub const fn name(self) -> &'static str {
        match self {
            Self::SecondFactor => "second_factor",
            Self::Session => "session",
            Self::Network => "network",
            Self::Closed => "closed",
        }
    }

    /// The bar stored as `name`.
    pub fn from_name(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|bar| bar.name() == name)
    }

    /// The sentence for whoever stands before it: why, and what to do.
    pub const fn says(self) -> &'static str {
        match self {
            Self::SecondFactor => {
                "This team asks for two-step sign-in. Set it up, and you are in again."
            }
            Self::Session => {
                "This team asks you to sign in more often than others. Sign out, sign in, and you \
                 are in again."
            }
            Self::Network => {
                "This team is entered from certain networks only, and yours is not among them. \
                 Come from one that is, or ask an owner."
            }
            Self::Closed => {
                "This team is being deleted. When that is done, its owners get a letter with the \
                 certificate."
            }
        }
    }
}

/// From which day on members need a second factor; an empty day: never.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct RequireFactor {
    pub team: String,
    /// `2026-12-01`; it begins at midnight on the team's clocks.
    pub day: String,
}

/// Which addresses may come in.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct SetDomains {
    pub team: String,
    /// One on each line; empty for all.
    pub domains: String,
}

/// From which networks the team can be entered.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct SetNetworks {
    pub team: String,
    /// One on each line, IPv4 or IPv6, as CIDR or a single address; empty for all.
    pub networks: String,
}

/// How old a session may be.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct SetSessions {
    pub team: String,
    /// Whole hours; empty for as long as the instance lets it.
    pub hours: String,
}

/// What a key must keep to.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct SetKeys {
    pub team: String,
    /// Whole days that a key lasts at most; empty for no limit of the team's own.
    pub days: String,
    /// `yes` when live keys are made by people with a second factor only.
    pub live_mfa: String,
    /// `yes` when each key names the networks that it is used from.
    pub key_networks: String,
    /// `yes` when a key that is found in public is switched off at once.
    pub key_leak_off: String,
}

/// How long the records of the audit log are kept.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct SetRetention {
    pub team: String,
    /// Whole days.
    pub days: String,
    /// Why nothing may be removed at all for now; empty when it may.
    pub hold: String,
}

/// A team's security policy, with whom it concerns.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct SecurityPolicy {
    /// From when on a second factor is required; RFC 3339, UTC.
    pub required_from: Option<String>,
    /// The day of it on the team's clocks, as the form has it; empty when there is none.
    pub required_day: String,
    /// The team's time zone.
    pub zone: String,
    /// Members without a second factor.
    pub lacking: Vec<Lacking>,
    pub domains: Vec<String>,
    pub networks: Vec<String>,
    /// Where the viewer is now; empty when unknown.
    pub your_ip: String,
    pub session_hours: Option<i64>,
    /// What the instance lets a session last.
    pub session_hours_most: i64,
    pub key_days: Option<i64>,
    pub key_live_mfa: bool,
    pub key_networks: bool,
    pub key_leak_off: bool,
    /// Days that records of the audit log are kept.
    pub audit_days: i64,
    /// Why none is removed for now; empty when they are.
    pub audit_hold: String,
}

/// A member without a second factor.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Lacking {
    pub name: String,
    pub email: String,
}
