//! How often a key is used, in this program's memory.

use super::{super::known::RateLimit, Left};
use std::time::Duration;

/// A sliding window of two counters: calls of the last span are weighed by how much of it is still
/// within reach.
#[derive(Debug, Default)]
pub(super) struct Window {
    /// Its number since the program's clock began, and its length in seconds.
    number: u64,
    seconds: u32,
    current: u64,
    before: u64,
}

impl Window {
    /// Takes `cost` calls from the rate, or says when to come again. `now`: the program's own clock,
    /// which nobody sets.
    pub(super) fn take(&mut self, limit: RateLimit, cost: u32, now: Duration) -> (bool, Left) {
        let now = self.move_to(limit.seconds, now);
        let span = u128::from(limit.seconds) * 1_000;
        let into = now.as_millis() % span;
        let weighed = u128::from(self.before) * (span - into) / span;
        let used = self.current + u64::try_from(weighed).unwrap_or(u64::MAX);
        let (cost, most) = (u64::from(cost), u64::from(limit.limit));
        let fits = used + cost <= most;
        if fits {
            self.current += cost;
        }
        let remaining = most.saturating_sub(used + if fits { cost } else { 0 });
        let reset = u64::try_from((span - into).div_ceil(1_000)).unwrap_or(u64::MAX);
        (fits, Left { limit: most, remaining, reset })
    }

    /// Two calls may come in another order than they looked at the clock: one that looked just before
    /// this window began, and came after, counts in it.
    fn move_to(&mut self, seconds: u32, now: Duration) -> Duration {
        let number = now.as_secs() / u64::from(seconds);
        if self.seconds == seconds && number + 1 == self.number {
            return Duration::from_secs(self.number * u64::from(seconds));
        }
        if self.seconds != seconds {
            *self = Self { number, seconds, current: 0, before: 0 };
        } else if number == self.number + 1 {
            (self.number, self.before, self.current) = (number, self.current, 0);
        } else if number != self.number {
            (self.number, self.before, self.current) = (number, 0, 0);
        }
        now
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const TEN: RateLimit = RateLimit { limit: 10, seconds: 60 };

    fn at(seconds: u64) -> Duration {
        Duration::from_secs(seconds)
    }

    #[test]
    fn a_call_that_looked_at_the_clock_before_another_one_resets_nothing() {
        let mut window = Window::default();
        let mut fits = |now, cost| window.take(TEN, cost, at(now)).0;
        assert!(fits(840, 10));
        assert!(!fits(839, 1), "the window is full, whoever is late");
        assert!(!fits(840, 1));
    }

    #[test]
    fn a_rate_is_kept_and_comes_back_bit_by_bit() {
        let mut window = Window::default();
        let mut fits = |now, cost| window.take(TEN, cost, at(now)).0;
        assert!((0..10).all(|_| fits(600, 1)));
        assert!(!fits(600, 1) && !fits(659, 1), "ten in a minute");
        assert!(!fits(660, 1), "all ten of the window before still count");
        assert!(fits(666, 1), "a tenth of that window is out of reach");
        assert!(!fits(666, 1));
        assert!(fits(840, 10), "two windows later nothing counts");
    }

    #[test]
    fn what_is_left_is_told() {
        let mut window = Window::default();
        let (fits, left) = window.take(TEN, 4, at(15));
        assert_eq!((fits, left), (true, Left { limit: 10, remaining: 6, reset: 45 }));
        let (fits, left) = window.take(TEN, 7, at(15));
        assert_eq!((fits, left.remaining), (false, 6), "a refused call takes nothing");
        let (fits, left) = window.take(TEN, 0, at(15));
        assert_eq!((fits, left.remaining), (true, 6), "asking is free");
    }

    #[test]
    fn another_rate_begins_anew() {
        let mut window = Window::default();
        assert!(window.take(TEN, 10, at(5)).0);
        assert!(window.take(RateLimit { limit: 1, seconds: 1 }, 1, at(5)).0);
    }
}
