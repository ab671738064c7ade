//! How far renewals are, for the operator.

use super::Whose;
use crate::{Cx, Deps, Result, policy::Actor, task::Task};
use time::OffsetDateTime;

/// Renewals that are named one by one.
const NAMED: i64 = 20;

/// All of them.
#[derive(Debug, Default)]
pub struct Renewals {
    /// Owners whose values are still sealed anew.
    pub under_way: i64,
    pub stopped: i64,
    /// With nothing left to be sealed anew, but versions before it.
    pub waiting: i64,
    /// Of these, with records under versions before it.
    pub kept: i64,
    /// With no version before it.
    pub done: i64,
    /// Values that were sealed anew, that are left as far as they were counted, and that do not open.
    pub resealed: i64,
    pub remaining: i64,
    pub stuck: i64,
    /// Some of those that are not done, the oldest first.
    pub named: Vec<Renewal>,
}

/// One of them.
#[derive(Debug)]
pub struct Renewal {
    pub owner: String,
    pub resealed: i64,
    /// None before it was counted.
    pub remaining: Option<i64>,
    pub stuck: i64,
    /// Since when nothing is left.
    pub sealed_at: Option<OffsetDateTime>,
    pub kept: i64,
    pub is_stopped: bool,
}

/// How far they are.
///
/// # Errors
/// When the database does not answer.
pub async fn load(deps: &Deps) -> Result<Renewals> {
    let mut change = Cx::system(deps).change_as(Task::Operator, Actor::default()).await?;
    let all = sqlx::query!(
        r#"select count(*) filter (where sealed_at is null) as "under_way!",
                  count(*) filter (where done_at is null and stopped_at is not null) as "stopped!",
                  count(*) filter (where sealed_at is not null and done_at is null) as "waiting!",
                  count(*) filter (where kept > 0) as "kept!",
                  count(*) filter (where done_at is not null) as "done!",
                  coalesce(sum(resealed), 0)::bigint as "resealed!",
                  coalesce(sum(remaining), 0)::bigint as "remaining!",
                  coalesce(sum(stuck), 0)::bigint as "stuck!"
           from key_renewal"#
    )
    .fetch_one(change.sql())
    .await?;
    let rows = sqlx::query!(
        "select owner_kind, owner_id, resealed, remaining, stuck, sealed_at, kept, stopped_at
         from key_renewal where done_at is null
         order by sealed_at is not null, asked_at, owner_kind, owner_id limit $1",
        NAMED
    )
    .fetch_all(change.sql())
    .await?;
    change.commit_unaudited("looking changes nothing").await?;
    let named = rows.into_iter().map(|row| {
        Ok(Renewal {
            owner: Whose { kind: row.owner_kind, id: row.owner_id }.owner()?.to_string(),
            resealed: row.resealed,
            remaining: row.remaining,
            stuck: row.stuck,
            sealed_at: row.sealed_at,
            kept: row.kept,
            is_stopped: row.stopped_at.is_some(),
        })
    });
    Ok(Renewals {
        under_way: all.under_way,
        stopped: all.stopped,
        waiting: all.waiting,
        kept: all.kept,
        done: all.done,
        resealed: all.resealed,
        remaining: all.remaining,
        stuck: all.stuck,
        named: named.collect::<Result<_>>()?,
    })
}
