//! Counting a key's calls: a rate in this program's memory, a quota that programs share.

use super::known::RateLimit;
use crate::{Cx, Deps, Result, policy::Actor, task::Task};
use model::{KeyId, TeamId};
use sqlx::PgConnection;
use std::{
    sync::{Mutex, MutexGuard, PoisonError},
    time::Duration,
};
use time::{Date, OffsetDateTime};

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

/// A sliding window of two counters: calls of the last span are weighed by how much of it is still
/// within reach.
#[derive(Debug, Default)]
struct Window {
    /// Its number since the program's clock began, and its length in seconds.
    number: u64,
    seconds: u32,
    current: u64,
    before: u64,
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
        let mut window = held(&self.window);
        window.move_to(limit.seconds, now);
        let span = u128::from(limit.seconds) * 1_000;
        let into = now.as_millis() % span;
        let weighed = u128::from(window.before) * (span - into) / span;
        let used = window.current + u64::try_from(weighed).unwrap_or(u64::MAX);
        let (cost, most) = (u64::from(cost), u64::from(limit.limit));
        let fits = used + cost <= most;
        if fits {
            window.current += cost;
        }
        let remaining = most.saturating_sub(used + if fits { cost } else { 0 });
        let reset = u64::try_from((span - into).div_ceil(1_000)).unwrap_or(u64::MAX);
        (fits, Left { limit: most, remaining, reset })
    }

    /// Takes `cost` calls from what this program has of the quota, and asks for more if needed.
    pub(super) async fn quota(
        &self,
        deps: &Deps,
        (team, key): (TeamId, KeyId),
        quota: u64,
        cost: u32,
    ) -> Result<(bool, Left)> {
        let (now, cost) = (deps.clock().now(), u64::from(cost));
        if self.spend(now, cost) {
            return Ok((true, self.left_of(quota, now)));
        }
        let _asking = self.asking.lock().await;
        if !self.spend(now, cost) {
            if !self.is_empty(now, deps.clock().elapsed(), cost) {
                let wanted = (quota / PART).clamp(1, PART_MOST).max(cost);
                let (granted, free) = take(deps, (team, key), month(now), quota, wanted).await?;
                self.add(now, granted, free, (granted < cost).then(|| deps.clock().elapsed()));
            }
            if !self.spend(now, cost) {
                return Ok((false, self.left_of(quota, now)));
            }
        }
        Ok((true, self.left_of(quota, now)))
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

impl Window {
    fn move_to(&mut self, seconds: u32, now: Duration) {
        let number = now.as_secs() / u64::from(seconds);
        if self.seconds != seconds {
            *self = Self { number, seconds, current: 0, before: 0 };
        } else if number == self.number + 1 {
            (self.number, self.before, self.current) = (number, self.current, 0);
        } else if number != self.number {
            (self.number, self.before, self.current) = (number, 0, 0);
        }
    }
}

fn held<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
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

/// How many of the calls that are `wanted` this program gets, and how many nobody has then.
async fn take(
    deps: &Deps,
    (team, key): (TeamId, KeyId),
    month: Date,
    quota: u64,
    wanted: u64,
) -> Result<(u64, u64)> {
    let about = Actor { team: Some(team.0), ..Actor::default() };
    let mut change = Cx::system(deps).change_as(Task::KeyQuota, about).await?;
    let taken = taken(change.sql(), (team, key), month).await?;
    let free = quota.saturating_sub(taken);
    let granted = wanted.min(free);
    add(change.sql(), (team, key), month, i64::try_from(granted).unwrap_or(i64::MAX)).await?;
    change.commit_unaudited("calls are counted, not recorded").await?;
    Ok((granted, free - granted))
}

/// Returns what was not spent.
pub(super) async fn give_back(
    deps: &Deps,
    (team, key): (TeamId, KeyId),
    month: Date,
    left: u64,
) -> Result<()> {
    let about = Actor { team: Some(team.0), ..Actor::default() };
    let mut change = Cx::system(deps).change_as(Task::KeyQuota, about).await?;
    taken(change.sql(), (team, key), month).await?;
    let left = i64::try_from(left).unwrap_or(i64::MAX);
    add(change.sql(), (team, key), month, -left).await?;
    change.commit_unaudited("calls are counted, not recorded").await
}

/// What all programs have taken this month; the row is held until the transaction ends.
async fn taken(sql: &mut PgConnection, (team, key): (TeamId, KeyId), month: Date) -> Result<u64> {
    sqlx::query!(
        "insert into key_quota (team_id, key_id, month, taken) values ($1, $2, $3, 0)
         on conflict do nothing",
        team.0,
        key.0,
        month
    )
    .execute(&mut *sql)
    .await?;
    let taken = sqlx::query_scalar!(
        "select taken from key_quota
         where team_id = $1 and key_id = $2 and month = $3 for update",
        team.0,
        key.0,
        month
    )
    .fetch_one(sql)
    .await?;
    Ok(u64::try_from(taken).unwrap_or_default())
}

async fn add(
    sql: &mut PgConnection,
    (team, key): (TeamId, KeyId),
    month: Date,
    more: i64,
) -> Result<()> {
    sqlx::query!(
        "update key_quota set taken = greatest(taken + $4, 0)
         where team_id = $1 and key_id = $2 and month = $3",
        team.0,
        key.0,
        month,
        more
    )
    .execute(sql)
    .await?;
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    const TEN: RateLimit = RateLimit { limit: 10, seconds: 60 };

    fn at(seconds: u64) -> Duration {
        Duration::from_secs(seconds)
    }

    #[test]
    fn a_rate_is_kept_and_comes_back_bit_by_bit() {
        let meter = Meter::default();
        let fits = |now, cost| meter.rate(TEN, cost, at(now)).0;
        assert!((0..10).all(|_| fits(600, 1)));
        assert!(!fits(600, 1) && !fits(659, 1), "ten in a minute");
        assert!(!fits(660, 1), "all ten of the window before still count");
        assert!(fits(666, 1), "a tenth of that window is out of reach");
        assert!(!fits(666, 1));
        assert!(fits(840, 10), "two windows later nothing counts");
    }

    #[test]
    fn what_is_left_is_told() {
        let meter = Meter::default();
        let (fits, left) = meter.rate(TEN, 4, at(15));
        assert_eq!((fits, left), (true, Left { limit: 10, remaining: 6, reset: 45 }));
        let (fits, left) = meter.rate(TEN, 7, at(15));
        assert_eq!((fits, left.remaining), (false, 6), "a refused call takes nothing");
        let (fits, left) = meter.rate(TEN, 0, at(15));
        assert_eq!((fits, left.remaining), (true, 6), "asking is free");
    }

    #[test]
    fn another_rate_begins_anew() {
        let meter = Meter::default();
        assert!(meter.rate(TEN, 10, at(5)).0);
        assert!(meter.rate(RateLimit { limit: 1, seconds: 1 }, 1, at(5)).0);
    }

    #[test]
    fn months_follow_each_other() {
        let december = time::macros::date!(2026 - 12 - 01);
        assert_eq!(next_month(december), time::macros::date!(2027 - 01 - 01));
        let late = time::macros::datetime!(2026-02-28 23:59:59 UTC);
        assert_eq!(month(late), time::macros::date!(2026 - 02 - 01));
    }
}
