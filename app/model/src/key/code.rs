//! Why a key is or is not accepted.

use serde::{Deserialize, Serialize};

/// What verify answers. Of several reasons the first in this order is told.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum VerifyCode {
    Valid,
    /// There is no such key, or it was revoked.
    NotFound,
    /// An operator has suspended the team that owns it.
    TeamSuspended,
    /// Somebody of the team has switched it off.
    Disabled,
    /// It has ended, by its own date or by what its team's policy allows now.
    Expired,
    /// It names networks, and the request did not come from one of them.
    ForbiddenIp,
    /// It lacks one of the scopes that were asked for.
    InsufficientScope,
    /// Its calls of this month are used up.
    QuotaExceeded,
    /// It is used more often than it may.
    RateLimited,
}

impl VerifyCode {
    pub const ALL: [Self; 9] = [
        Self::Valid,
        Self::NotFound,
        Self::TeamSuspended,
        Self::Disabled,
        Self::Expired,
        Self::ForbiddenIp,
        Self::InsufficientScope,
        Self::QuotaExceeded,
        Self::RateLimited,
    ];

    /// The word in the API's answer and in the usage table.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Valid => "VALID",
            Self::NotFound => "NOT_FOUND",
            Self::TeamSuspended => "TEAM_SUSPENDED",
            Self::Disabled => "DISABLED",
            Self::Expired => "EXPIRED",
            Self::ForbiddenIp => "FORBIDDEN_IP",
            Self::InsufficientScope => "INSUFFICIENT_SCOPE",
            Self::QuotaExceeded => "QUOTA_EXCEEDED",
            Self::RateLimited => "RATE_LIMITED",
        }
    }
}
