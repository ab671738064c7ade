//! Adding what was counted to the database, once.

use super::{super::held, Batch, Counts, Seen, Slot, address};
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
        if batch.teams.is_empty() {
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

/// What is left in the batch afterwards was not added.
async fn add_batch(deps: &Deps, batch: &mut Batch) -> Result<()> {
    let mut first_failure = Ok(());
    let teams: Vec<Uuid> = batch.teams.keys().copied().collect();
    for team in teams {
        let Some(counts) = batch.teams.get(&team) else { continue };
        match add_team(deps, team, batch.id, counts).await {
            Ok(()) => drop(batch.teams.remove(&team)),
            // Of a team that was deleted meanwhile: there is nobody to count for.
            Err(error) if error.is_dangling() => drop(batch.teams.remove(&team)),
            Err(error) if error.is_silence() => return Err(error),
            Err(error) => first_failure = first_failure.and(Err(error)),
        }
    }
    first_failure
}

async fn add_team(deps: &Deps, team: Uuid, batch: Uuid, counts: &Counts) -> Result<()> {
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
        add_calls(change.sql(), team, counts).await?;
        add_seen(change.sql(), team, counts).await?;
        address::add(change.sql(), team, &counts.addresses).await?;
    }
    change.commit_unaudited("verifications are counted, not recorded").await
}

async fn add_calls(sql: &mut PgConnection, team: Uuid, counts: &Counts) -> Result<()> {
    // In one order always, so that two programs cannot wait for each other.
    let mut calls: Vec<(&Slot, i64)> = counts.calls.iter().map(|(slot, n)| (slot, *n)).collect();
    calls.sort_by_key(|(slot, _)| (slot.key, slot.hour, slot.code, slot.country));
    sqlx::query!(
        "insert into key_usage as u (team_id, key_id, hour, code, country, calls)
         select $1, * from unnest($2::uuid[], $3::timestamptz[], $4::text[], $5::text[],
                                  $6::bigint[])
         on conflict (team_id, key_id, hour, code, country) do update
         set calls = u.calls + excluded.calls",
        team,
        &calls.iter().map(|(slot, _)| slot.key).collect::<Vec<_>>(),
        &calls.iter().map(|(slot, _)| slot.hour).collect::<Vec<_>>(),
        &calls.iter().map(|(slot, _)| slot.word()).collect::<Vec<_>>() as &[&str],
        &calls.iter().map(|(slot, _)| slot.country()).collect::<Vec<_>>(),
        &calls.iter().map(|(_, calls)| *calls).collect::<Vec<_>>()
    )
    .execute(sql)
    .await?;
    Ok(())
}

async fn add_seen(sql: &mut PgConnection, team: Uuid, counts: &Counts) -> Result<()> {
    let mut seen: Vec<(Uuid, &Seen)> = counts.seen.iter().map(|((_, key), s)| (*key, s)).collect();
    seen.sort_by_key(|(key, _)| *key);
    let ip = |seen: &Seen| seen.ip.map(|ip| ip.to_string()).unwrap_or_default();
    sqlx::query!(
        "insert into key_seen as s (team_id, key_id, last_at, last_ip)
         select $1, * from unnest($2::uuid[], $3::timestamptz[], $4::text[])
         on conflict (team_id, key_id) do update
         set last_at = excluded.last_at, last_ip = excluded.last_ip
         where s.last_at <= excluded.last_at",
        team,
        &seen.iter().map(|(key, _)| *key).collect::<Vec<_>>(),
        &seen.iter().map(|(_, seen)| seen.at).collect::<Vec<_>>(),
        &seen.iter().map(|(_, seen)| ip(seen)).collect::<Vec<_>>()
    )
    .execute(sql)
    .await?;
    Ok(())
}
