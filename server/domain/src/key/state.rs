//! What state a key is in.

use model::key::KeyState;
use time::OffsetDateTime;

/// The state at `now`; reasons in their fixed order, the first that holds is told.
pub(super) fn of(
    revoked_at: Option<OffsetDateTime>,
    expires_at: Option<OffsetDateTime>,
    now: OffsetDateTime,
) -> KeyState {
    match (revoked_at, expires_at) {
        (Some(_), _) => KeyState::Revoked,
        (None, Some(end)) if end <= now => KeyState::Ended,
        (None, _) => KeyState::Working,
    }
}
