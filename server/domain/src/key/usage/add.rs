//! Adding what was counted to the database, once.

use super::{super::held, Batch, OfKey, Slot, address};
use crate::{Cx, Deps, Result, policy::Actor, ports::new_id, task::Task};
use model::usage::ADDRESS_DAYS;
use sqlx::PgConnection;
use std::{fs, io::ErrorKind};
use uuid::Uuid;

/// Adds what was counted until now, a transaction per team. What could not be added is kept for the
/// next time.
///
/// # Errors
/// The first failure; the others were still tried.
pub async fn flush_usage(deps: &Deps) -> Result<()> {
    let usage = deps.usage();
    let _alone = usage.flushing.lock().await;
    usage.take(|| new_id(deps.clock(), deps.random()));
    let pending = std::mem::take(&mut *held(&usage.pending));
    let mut first_failure = Ok(());
    let mut is_silent = false;
    for mut batch in pending {
        if !is_silent && let Err(error) = add_batch(deps, &mut batch).await {
            is_silent = error.is_silence();
            first_failure = first_failure.and(Err(error));
        }
        if batch.counts.0.is_empty() {
            batch.forget();
        } else {
            held(&usage.pending).push(batch);
        }
    }
    first_failure
}

/// Removes addresses whose days are over, and what tells that old batches were added.
///
/// # Errors
/// When the database does not answer.
pub async fn sweep_usage(deps: &Deps) -> Result<()> {
    let mut change = Cx::system(deps).change_as(Task::UsageSweep, Actor::default()).await?;
    sqlx::query!("delete from usage_batch where added_at < now() - interval '30 days'")
        .execute(change.sql())
        .await?;
    sqlx::query!(
        "delete from key_address where last_at < now() - make_interval(days => $1)",
        i32::from(ADDRESS_DAYS)
    )
    .execute(change.sql())
    .await?;
    change.commit_unaudited("nobody adds a batch again after a month, or asks who called").await
}

impl Batch {
    fn forget(self) {
        if let Some(file) = self.file
            && let Err(error) = fs::remove_file(&file)
            && error.kind() != ErrorKind::NotFound
        {
            tracing::warn!(cause = %error, "A file of counted usage stays: it is not added twice.");
        }
    }
}

/// A team's keys in their order, each with what was counted of it.
pub(super) type Keys<'a> = Vec<(Uuid, &'a OfKey)>;

/// What is left in the batch afterwards was not added.
async fn add_batch(deps: &Deps, batch: &mut Batch) -> Result<()> {
    let mut first_failure = Ok(());
    let teams: Vec<Uuid> = batch.counts.0.keys().copied().collect();
    for team in teams {
        // In one order always, so that two programs cannot wait for each other.
        let mut keys: Keys<'_> = match batch.counts.0.get(&team) {
            Some(keys) => keys.iter().map(|(key, counted)| (*key, counted)).collect(),
            None => continue,
        };
        keys.sort_by_key(|(key, _)| *key);
        match add_team(deps, team, batch.id, &keys).await {
            Ok(()) => drop(batch.counts.0.remove(&team)),
            // Of a team that was deleted meanwhile: there is nobody to count for.
            Err(error) if error.is_dangling() => drop(batch.counts.0.remove(&team)),
            Err(error) if error.is_silence() => return Err(error),
            Err(error) => first_failure = first_failure.and(Err(error)),
        }
    }
    first_failure
}

async fn add_team(deps: &Deps, team: Uuid, batch: Uuid, keys: &Keys<'_>) -> Result<()> {
    let about = Actor { team: Some(team), ..Actor::default() };
    let mut change = Cx::system(deps).change_as(Task::KeyUsage, about).await?;
    let is_new = sqlx::query!(
        "insert into usage_batch (team_id, id, added_at) values ($1, $2, $3)
         on conflict do nothing",
        team,
        batch,
        deps.clock().now()
    )
    .execute(change.sql())
    .await?
    .rows_affected()
        == 1;
    if is_new {
        add_calls(change.sql(), team, keys).await?;
        add_seen(change.sql(), team, keys).await?;
        address::add(change.sql(), team, keys).await?;
    }
    change.commit_unaudited("verifications are counted, not recorded").await
}

async fn add_calls(sql: &mut PgConnection, team: Uuid, keys: &Keys<'_>) -> Result<()> {
    let of_key = |(key, counted): &(Uuid, &OfKey)| {
        let mut calls = counted.calls.clone();
        calls.sort_unstable();
        let key = *key;
        calls.into_iter().map(move |(slot, calls)| (key, slot, calls))
    };
    let calls: Vec<(Uuid, Slot, i64)> = keys.iter().flat_map(of_key).collect();
    sqlx::query!(
        "insert into key_usage as u (team_id, key_id, hour, code, country, calls)
         select $1, * from unnest($2::uuid[], $3::timestamptz[], $4::text[], $5::text[],
                                  $6::bigint[])
         on conflict (team_id, key_id, hour, code, country) do update
         set calls = u.calls + excluded.calls",
        team,
        &calls.iter().map(|(key, ..)| *key).collect::<Vec<_>>(),
        &calls.iter().map(|(_, slot, _)| slot.hour).collect::<Vec<_>>(),
        &calls.iter().map(|(_, slot, _)| slot.word()).collect::<Vec<_>>() as &[&str],
        &calls.iter().map(|(_, slot, _)| slot.country()).collect::<Vec<_>>() as &[&str],
        &calls.iter().map(|(.., calls)| *calls).collect::<Vec<_>>()
    )
    .execute(sql)
    .await?;
    Ok(())
}

async fn add_seen(sql: &mut PgConnection, team: Uuid, keys: &Keys<'_>) -> Result<()> {
    let ip = |of: &OfKey| of.last.ip.map(|ip| ip.to_string()).unwrap_or_default();
    sqlx::query!(
        "insert into key_seen as s (team_id, key_id, last_at, last_ip)
         select $1, * from unnest($2::uuid[], $3::timestamptz[], $4::text[])
         on conflict (team_id, key_id) do update
         set last_at = excluded.last_at, last_ip = excluded.last_ip
         where s.last_at <= excluded.last_at",
        team,
        &keys.iter().map(|(key, _)| *key).collect::<Vec<_>>(),
        &keys.iter().map(|(_, of)| of.last.at).collect::<Vec<_>>(),
        &keys.iter().map(|(_, of)| ip(of)).collect::<Vec<_>>()
    )
    .execute(sql)
    .await?;
    Ok(())
}
