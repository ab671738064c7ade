//! What state a key is in.

use model::key::KeyState;
use time::OffsetDateTime;

/// When what happened to a key.
pub(super) struct Happened {
    pub(super) revoked_at: Option<OffsetDateTime>,
    /// To its team.
    pub(super) suspended_at: Option<OffsetDateTime>,
    pub(super) disabled_at: Option<OffsetDateTime>,
    pub(super) expires_at: Option<OffsetDateTime>,
}

/// The state at `now`; reasons in the order of verify, the first that holds is told.
pub(super) fn of(key: &Happened, now: OffsetDateTime) -> KeyState {
    match key {
        Happened { revoked_at: Some(_), .. } => KeyState::Revoked,
        Happened { suspended_at: Some(_), .. } => KeyState::Suspended,
        Happened { disabled_at: Some(_), .. } => KeyState::Disabled,
        Happened { expires_at: Some(end), .. } if *end <= now => KeyState::Ended,
        Happened { .. } => KeyState::Working,
    }
}
