//! Counting verifications: in memory, added to the database every second and at the end.

use crate::{Cx, Deps, Result, policy::Actor, task::Task};
use sqlx::PgConnection;
use std::{
    collections::HashMap,
    mem,
    sync::{Mutex, PoisonError},
};
use time::OffsetDateTime;
use uuid::Uuid;

/// Verifications that the database does not know of yet.
#[derive(Debug, Default)]
pub(crate) struct Usage {
    counts: Mutex<HashMap<Slot, Count>>,
}

/// A key in an hour.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
struct Slot {
    team: Uuid,
    key: Uuid,
    hour: OffsetDateTime,
}

#[derive(Debug, Clone, Copy)]
struct Count {
    calls: i64,
    refused: i64,
    last_at: OffsetDateTime,
}

impl Usage {
    pub(crate) fn count(&self, team: Uuid, key: Uuid, at: OffsetDateTime, accepted: bool) {
        let hour =
            at.replace_time(time::Time::from_hms(at.hour(), 0, 0).expect("an hour has a start"));
        let one = Count { calls: 1, refused: i64::from(!accepted), last_at: at };
        self.add(Slot { team, key, hour }, one);
    }

    fn add(&self, slot: Slot, more: Count) {
        let mut counts = self.counts.lock().unwrap_or_else(PoisonError::into_inner);
        let count = counts.entry(slot).or_insert(Count { calls: 0, refused: 0, ..more });
        count.calls += more.calls;
        count.refused += more.refused;
        count.last_at = count.last_at.max(more.last_at);
    }

    fn take(&self) -> HashMap<Uuid, Vec<(Slot, Count)>> {
        let counts = mem::take(&mut *self.counts.lock().unwrap_or_else(PoisonError::into_inner));
        let mut teams: HashMap<Uuid, Vec<_>> = HashMap::new();
        for (slot, count) in counts {
            teams.entry(slot.team).or_default().push((slot, count));
        }
        teams
    }
}

/// Adds what was counted to the database, a transaction per team. What could not be added is
/// kept for the next time.
///
/// # Errors
/// The first failure; the other teams were still tried.
pub async fn flush_usage(deps: &Deps) -> Result<()> {
    let mut first_failure = Ok(());
    for (team, counts) in deps.usage().take() {
        if let Err(error) = flush_team(deps, team, &counts).await {
            for (slot, count) in counts {
                deps.usage().add(slot, count);
            }
            first_failure = first_failure.and(Err(error));
        }
    }
    first_failure
}

async fn flush_team(deps: &Deps, team: Uuid, counts: &[(Slot, Count)]) -> Result<()> {
    let about = Actor { team: Some(team), ..Actor::default() };
    let mut change = Cx::system(deps).change_as(Task::KeyUsage, about).await?;
    add_all(change.sql(), team, counts).await?;
    change.commit_unaudited("verifications are counted, not recorded").await
}

async fn add_all(sql: &mut PgConnection, team: Uuid, counts: &[(Slot, Count)]) -> Result<()> {
    // In one order always, so that two programs cannot wait for each other.
    let mut counts = counts.to_vec();
    counts.sort_by_key(|(slot, _)| (slot.key, slot.hour));
    let column = |of: fn(&(Slot, Count)) -> i64| counts.iter().map(of).collect::<Vec<_>>();
    sqlx::query!(
        "insert into key_usage as u (team_id, key_id, hour, calls, refused, last_at)
         select $1, * from unnest($2::uuid[], $3::timestamptz[], $4::bigint[], $5::bigint[],
                                  $6::timestamptz[])
         on conflict (team_id, key_id, hour) do update
         set calls = u.calls + excluded.calls, refused = u.refused + excluded.refused,
             last_at = greatest(u.last_at, excluded.last_at)",
        team,
        &counts.iter().map(|(slot, _)| slot.key).collect::<Vec<_>>(),
        &counts.iter().map(|(slot, _)| slot.hour).collect::<Vec<_>>(),
        &column(|(_, count)| count.calls),
        &column(|(_, count)| count.refused),
        &counts.iter().map(|(_, count)| count.last_at).collect::<Vec<_>>()
    )
    .execute(sql)
    .await?;
    Ok(())
}
