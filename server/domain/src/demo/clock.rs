//! Time and chance of the demo, both of which can be repeated.

use crate::ports::Clock;
use std::sync::{Mutex, PoisonError};
use time::{Duration, OffsetDateTime};

/// A clock that the demo's story moves.
pub(super) struct SetClock(Mutex<OffsetDateTime>);

impl SetClock {
    pub(super) fn new(at: OffsetDateTime) -> Self {
        Self(Mutex::new(at))
    }

    /// Never backwards: records are in the order of their times.
    pub(super) fn set(&self, at: OffsetDateTime) {
        let mut now = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        *now = at.max(*now);
    }

    pub(super) fn advance(&self, by: Duration) {
        *self.0.lock().unwrap_or_else(PoisonError::into_inner) += by;
    }
}

impl Clock for SetClock {
    fn now(&self) -> OffsetDateTime {
        *self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Dice that fall alike each time (a linear congruential generator, Numerical Recipes). Not for
/// secrets.
pub(super) struct Dice(u32);

impl Dice {
    pub(super) fn new() -> Self {
        Self(2026)
    }

    /// From 0 to below `sides`.
    pub(super) fn of(&mut self, sides: u32) -> u32 {
        self.0 = self.0.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
        (self.0 >> 8) % sides.max(1)
    }
}
