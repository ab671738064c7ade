//! Counting a key's calls: a rate in this program's memory, a quota that programs share.

mod shared;
mod window;

pub(super) use shared::give_back;

use super::{held, known::RateLimit};
use crate::{Deps, Result};
use model::{KeyId, TeamId};
use shared::take;
use std::{sync::Mutex, time::Duration};
use time::{Date, OffsetDateTime};
use window::Window;

/// Of a quota, a program takes this part at a time: it asks the database once for so many calls.
const PART: u64 = 100;
/// But no more than this many calls, so that little is lost when it is killed.
const PART_MOST: u64 = 1_000;
/// How long an empty quota is not asked about again.
const EMPTY_FOR: Duration = Duration::from_secs(1);

/// What is counted of one key, whichever secret it comes with.
#[derive(Debug, Default)]
pub(super) struct Meter {
    window: Mutex<Window>,
    lease: Mutex<Lease>,
    /// One asks for more, the others wait for its answer.
    asking: tokio::sync::Mutex<()>,
}

/// What is left of a limit after a call, for who calls.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Left {
    pub limit: u64,
    pub remaining: u64,
    /// Seconds until there is more: the end of the window, or of the month.
    pub reset: u64,
}

/// Calls that the database has handed to this program.
#[derive(Debug)]
struct Lease {
    month: Date,
    left: u64,
    /// What nobody had taken yet when this was asked for.
    free: u64,
    empty_until: Duration,
}

impl Default for Lease {
    fn default() -> Self {
        Self { month: Date::MIN, left: 0, free: 0, empty_until: Duration::ZERO }
    }
}

impl Meter {
    /// Takes `cost` calls from the rate, or says when to come again. `now`: the program's own clock,
    /// which nobody sets.
    pub(super) fn rate(&self, limit: RateLimit, cost: u32, now: Duration) -> (bool, Left) {
        held(&self.window).take(limit, cost, now)
    }

    /// Takes `cost` calls from what this program has of the quota, and asks for more if needed.
    pub(super) async fn quota(
        &self,
        deps: &Deps,
        of: (TeamId, KeyId),
        quota: u64,
        cost: u32,
    ) -> Result<(bool, Left)> {
        let (now, cost) = (deps.clock().now(), u64::from(cost));
        let fits = self.spend(now, cost) || Box::pin(self.ask(deps, of, quota, cost)).await?;
        Ok((fits, self.left_of(quota, now)))
    }

    /// The same when this program has too few.
    async fn ask(&self, deps: &Deps, of: (TeamId, KeyId), quota: u64, cost: u64) -> Result<bool> {
        let _asking = self.asking.lock().await;
        let now = deps.clock().now();
        if self.spend(now, cost) {
            return Ok(true);
        }
        if !self.is_empty(now, deps.clock().elapsed(), cost) {
            let wanted = (quota / PART).clamp(1, PART_MOST).max(cost);
            let (granted, free) = take(deps, of, month(now), quota, wanted).await?;
            self.add(now, granted, free, (granted < cost).then(|| deps.clock().elapsed()));
        }
        Ok(self.spend(now, cost))
    }

    /// Takes back what was spent on a call that was refused after all.
    pub(super) fn give_back(&self, cost: u32) {
        held(&self.lease).left += u64::from(cost);
    }

    /// What is not spent in this month.
    pub(super) fn unspent(&self, now: OffsetDateTime) -> u64 {
        let lease = held(&self.lease);
        if lease.month == month(now) { lease.left } else { 0 }
    }

    /// Everything that is not spent, with its month, to be returned.
    pub(super) fn empty(&self) -> (Date, u64) {
        let mut lease = held(&self.lease);
        (lease.month, std::mem::take(&mut lease.left))
    }

    fn spend(&self, now: OffsetDateTime, cost: u64) -> bool {
        let mut lease = held(&self.lease);
        if lease.month != month(now) {
            *lease = Lease { month: month(now), ..Lease::default() };
        }
        let fits = cost <= lease.left;
        if fits {
            lease.left -= cost;
        }
        fits
    }

    fn add(&self, now: OffsetDateTime, granted: u64, free: u64, empty_at: Option<Duration>) {
        let mut lease = held(&self.lease);
        if lease.month == month(now) {
            lease.left += granted;
            lease.free = free;
            if let Some(at) = empty_at {
                lease.empty_until = at + EMPTY_FOR;
            }
        }
    }

    fn is_empty(&self, now: OffsetDateTime, elapsed: Duration, cost: u64) -> bool {
        let lease = held(&self.lease);
        lease.month == month(now) && elapsed < lease.empty_until && lease.left < cost
    }

    fn left_of(&self, quota: u64, now: OffsetDateTime) -> Left {
        let lease = held(&self.lease);
        let reset = next_month(month(now)).midnight().assume_utc() - now;
        Left {
            limit: quota,
            remaining: (lease.left + lease.free).min(quota),
            reset: u64::try_from(reset.whole_seconds()).unwrap_or_default(),
        }
    }
}

/// The first day of the month.
fn month(at: OffsetDateTime) -> Date {
    at.date().replace_day(1).expect("every month has a first day")
}

fn next_month(month: Date) -> Date {
    let (year, next) = (month.year(), month.month().next());
    let year = if next == time::Month::January { year + 1 } else { year };
    Date::from_calendar_date(year, next, 1).expect("every month has a first day")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn months_follow_each_other() {
        let december = time::macros::date!(2026 - 12 - 01);
        assert_eq!(next_month(december), time::macros::date!(2027 - 01 - 01));
        let late = time::macros::datetime!(2026-02-28 23:59:59 UTC);
        assert_eq!(month(late), time::macros::date!(2026 - 02 - 01));
    }
}
