//! API keys: what the key forms send, what lists show, what verify answers.

use crate::{KeyId, TeamId, Typed};
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

/// The "create a key" form, as typed.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct NewKey {
    /// Slug of the team.
    pub team: String,
    pub name: String,
    /// `live` or `test`.
    pub environment: String,
    /// Whole days until it ends, 1 to 365.
    pub days: String,
    /// From where it may be used: networks, IPv4 or IPv6, as CIDR or single addresses; empty for
    /// anywhere.
    pub networks: String,
}

/// The "revoke this key" form.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct RevokeKey {
    /// Slug of the team.
    pub team: String,
    pub key: String,
}

/// What state a key is in, decided by the database's clock.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum KeyState {
    Working,
    Ended,
    Revoked,
}

impl KeyState {
    /// What verify answers for a key in this state. A revoked key is as good as none: whoever
    /// still has it learns nothing about the team.
    pub const fn code(self) -> VerifyCode {
        match self {
            Self::Working => VerifyCode::Valid,
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
    /// Verifications in the last 24 hours.
    pub calls_24h: i64,
    /// From where it may be used; none for anywhere.
    pub networks: Vec<String>,
}

/// The body of `POST /v1/keys/verify`.
#[derive(Debug, Clone, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
pub struct Verify {
    pub key: Typed,
    /// Where your customer's request came from.
    pub ip: Option<std::net::IpAddr>,
}

/// Why a key is or is not accepted.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum VerifyCode {
    Valid,
    NotFound,
    Expired,
    /// It names networks, and the request did not come from one of them.
    ForbiddenIp,
}

impl VerifyCode {
    /// The word in the API's answer and in the usage table.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Valid => "VALID",
            Self::NotFound => "NOT_FOUND",
            Self::Expired => "EXPIRED",
            Self::ForbiddenIp => "FORBIDDEN_IP",
        }
    }
}

/// The answer of `POST /v1/keys/verify`. Only a valid key's owner is named in full: an unknown
/// key has nothing but a code.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Verdict {
    pub valid: bool,
    pub code: VerifyCode,
    pub key_id: Option<KeyId>,
    pub team_id: Option<TeamId>,
    pub name: Option<String>,
    pub environment: Option<Environment>,
    pub expires_at: Option<String>,
}

impl Verdict {
    /// No such key.
    pub const NOT_FOUND: Self = Self {
        valid: false,
        code: VerifyCode::NotFound,
        key_id: None,
        team_id: None,
        name: None,
        environment: None,
        expires_at: None,
    };
}

/// Limits of what may be typed.
pub mod bounds {
    /// Characters of a key's name.
    pub const NAME: usize = 60;
    /// Days a key lives unless said otherwise.
    pub const DAYS: u16 = 90;
    /// Days a key may live at most.
    pub const DAYS_MOST: u16 = 365;
    /// Bytes of a key in a request: anything longer is not one of ours.
    pub const TEXT: usize = 256;
}
