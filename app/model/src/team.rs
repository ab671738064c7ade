//! Teams: what the team forms send and what pages show of a team.

use crate::{Crest, HeldRole, Permission, TeamId, security::Bar};
use serde::{Deserialize, Serialize};

/// The "create a team" form, as typed.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct NewTeam {
    pub name: String,
}

/// The team's settings.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Settings {
    pub name: String,
    /// The part of its addresses after `/t/`.
    pub slug: String,
    pub crest: Crest,
    /// The IANA name of a time zone.
    pub zone: String,
}

/// The settings form, as typed.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct UpdateTeam {
    /// The team's slug until now.
    pub team: String,
    pub name: String,
    pub slug: String,
    pub crest: String,
    pub time_zone: String,
}

/// A team that the viewer belongs to, as the switcher shows it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct TeamCard {
    pub id: TeamId,
    pub slug: String,
    pub name: String,
    pub role: HeldRole,
    pub crest: Crest,
    /// What keeps the viewer out until they do something about it.
    pub bar: Option<Bar>,
    /// When the team is to be deleted: until then nothing in it is changed. RFC 3339, UTC.
    pub closing: Option<String>,
}

impl TeamCard {
    /// Whether the viewer holds this permission here. For what to show as disabled only: the
    /// operation and the database decide on their own.
    pub fn may(&self, permission: Permission) -> bool {
        self.bar.is_none() && self.role.holds(permission)
    }

    /// The address of one of this team's pages.
    pub fn path(&self, page: &str) -> String {
        format!("/t/{}{page}", self.slug)
    }
}

/// The state of a team in numbers, for its overview.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Overview {
    /// None when the viewer may not see keys.
    pub keys: Option<KeyCounts>,
    pub members: i64,
    /// Number of the last record in the team's ledger.
    pub records: i64,
}

/// A team's keys in numbers.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct KeyCounts {
    /// Keys that work now.
    pub working: i64,
    /// Keys in all, revoked and ended ones too.
    pub all: i64,
}

/// Limits of what may be typed.
pub mod bounds {
    /// Characters of a team's name.
    pub const NAME: usize = 80;
    /// Characters of a slug made from it.
    pub const SLUG: usize = 40;
}
