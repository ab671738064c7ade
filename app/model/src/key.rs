//! API keys: what the key forms send, what lists show, what verify answers.

mod code;
mod form;
mod leak;
mod query;
mod scope;

pub use code::VerifyCode;
pub use form::{KeyForm, NewKey, RevokeKey, RotateKey, UpdateKey, bounds};
pub use leak::{Leak, Reporter};
pub use query::{KeyOrder, KeyQuery};
pub use scope::{OURS, is_ours, permissions_of, scope_of};

use crate::{KeyId, Permissions};
use serde::{Deserialize, Serialize};

/// Where a key is meant to be used; part of its text.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Environment {
    Live,
    Test,
}

impl Environment {
    pub const ALL: [Self; 2] = [Self::Live, Self::Test];

    /// The word in the key, the database and the API.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Live => "live",
            Self::Test => "test",
        }
    }

    /// The environment called `name`.
    pub fn from_name(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|environment| environment.name() == name)
    }
}

/// What state a key is in, decided by the database's clock.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum KeyState {
    Working,
    /// The operator keeps all keys of its team from being accepted.
    Suspended,
    /// Switched off by somebody of the team, until somebody switches it on.
    Disabled,
    Ended,
    Revoked,
}

impl KeyState {
    pub const ALL: [Self; 5] =
        [Self::Working, Self::Suspended, Self::Disabled, Self::Ended, Self::Revoked];

    /// The word in addresses and on pages.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Working => "working",
            Self::Suspended => "suspended",
            Self::Disabled => "disabled",
            Self::Ended => "ended",
            Self::Revoked => "revoked",
        }
    }

    /// The word shown to people.
    pub const fn title(self) -> &'static str {
        match self {
            Self::Working => "Working",
            Self::Suspended => "Team suspended",
            Self::Disabled => "Switched off",
            Self::Ended => "Ended",
            Self::Revoked => "Revoked",
        }
    }

    /// The state called `name`.
    pub fn from_name(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|state| state.name() == name)
    }

    /// What verify answers for a key in this state. A revoked key is as good as none: whoever
    /// still has it learns nothing about the team.
    pub const fn code(self) -> VerifyCode {
        match self {
            Self::Working => VerifyCode::Valid,
            Self::Suspended => VerifyCode::TeamSuspended,
            Self::Disabled => VerifyCode::Disabled,
            Self::Ended => VerifyCode::Expired,
            Self::Revoked => VerifyCode::NotFound,
        }
    }
}

/// A key as lists show it. Never its secret.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct KeyRow {
    pub id: KeyId,
    pub name: String,
    pub environment: Environment,
    /// First characters of the key, enough to recognise it: `pby_live_9TqWx9sY`.
    pub start: String,
    pub state: KeyState,
    /// Who made it; none when that person is gone.
    pub created_by: Option<String>,
    /// RFC 3339, UTC, as all times here.
    pub created_at: String,
    pub expires_at: Option<String>,
    pub revoked_at: Option<String>,
    pub last_used_at: Option<String>,
    /// From where it was used then: an address; empty where nobody said.
    pub last_used_from: String,
    /// Verifications in the last 24 hours.
    pub calls_24h: i64,
    /// From where it may be used; none for anywhere.
    pub networks: Vec<String>,
    /// What it may, in the words of the team's own API.
    pub scopes: Vec<String>,
    pub rate: Option<Rate>,
    /// Calls in a calendar month, UTC.
    pub quota: Option<i64>,
    /// Of it, calls of this month; what other programs have taken and not spent counts as used.
    pub quota_used: i64,
    /// A JSON object; empty for none.
    pub metadata: String,
    pub rotated_at: Option<String>,
    /// The secret before the last rotation.
    pub previous: Option<Previous>,
    /// That it was found where others can read it, until something was done about that.
    pub leak: Option<Leak>,
}

impl KeyRow {
    /// What it may do in Probity's own API.
    pub fn permissions(&self) -> Permissions {
        permissions_of(self.scopes.iter().map(String::as_str))
    }

    /// Its scopes in the words of the team's own API.
    pub fn own_scopes(&self) -> impl Iterator<Item = &str> {
        self.scopes.iter().map(String::as_str).filter(|scope| !is_ours(scope))
    }
}

/// How often a key may be used: so many calls in so much time.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Rate {
    pub limit: u32,
    pub per: Per,
}

/// A span that calls are counted in.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Per {
    Second,
    #[default]
    Minute,
    Hour,
    Day,
}

impl Per {
    pub const ALL: [Self; 4] = [Self::Second, Self::Minute, Self::Hour, Self::Day];

    /// The word in forms and in the record.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Second => "second",
            Self::Minute => "minute",
            Self::Hour => "hour",
            Self::Day => "day",
        }
    }

    /// As the database and the API have it.
    pub const fn seconds(self) -> u32 {
        match self {
            Self::Second => 1,
            Self::Minute => 60,
            Self::Hour => 60 * 60,
            Self::Day => 24 * 60 * 60,
        }
    }

    /// The span called `name`.
    pub fn from_name(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|per| per.name() == name)
    }

    /// The span of so many seconds.
    pub fn of_seconds(seconds: u32) -> Option<Self> {
        Self::ALL.into_iter().find(|per| per.seconds() == seconds)
    }
}

/// A secret that was replaced, and works until the overlap ends.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Previous {
    /// First characters, as of the key.
    pub start: String,
    pub ends_at: String,
    /// Whether it still works.
    pub works: bool,
}
