//! What the database knows of a quota: calls that it has handed to the programs that count.

use crate::{Cx, Deps, Result, policy::Actor, task::Task};
use model::{KeyId, TeamId};
use sqlx::PgConnection;
use time::Date;

/// How many of the calls that are `wanted` this program gets, and how many nobody has then.
pub(super) async fn take(
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
pub(in crate::key) async fn give_back(
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
