//! The task that seals anew, some values at a time. Whatever cuts it off, the next run goes on: what is sealed
//! under another version than the present one is what is left.

use super::{RESTS, Whose, seal};
use crate::{Cx, Deps, Error, Result, audit, crypto::DataKey, policy::Actor, task::Task};
use std::sync::Arc;
use time::{Duration, OffsetDateTime};
use uuid::Uuid;

/// Owners, and values of each, in one run.
const OWNERS: i64 = 200;
const VALUES: usize = 1_000;
/// When it is looked again for what keeps a version: records that a team does not keep for ever, or a value
/// that does not open.
const AGAIN: Duration = Duration::days(7);
/// When it is tried again after a rotation of the master key kept it from beginning.
const LATER: Duration = Duration::minutes(1);

/// A renewal that can go on.
struct Due {
    whose: Whose,
    key_id: Uuid,
    begun_at: Option<OffsetDateTime>,
}

/// How far it came.
#[derive(Default)]
struct Reached {
    resealed: i64,
    remaining: i64,
    stuck: i64,
    kept: i64,
    is_sealed: bool,
    is_done: bool,
}

/// Goes on with every renewal that is under way.
///
/// # Errors
/// When the database or the keyring does not answer; the next run goes on.
pub async fn renew_due(deps: &Deps) -> Result<()> {
    let cx = Cx::system(deps);
    let mut failed = None;
    for due in due(&cx).await? {
        // One that cannot go on keeps no other waiting.
        match step(&cx, &due).await {
            Ok(()) => {}
            Err(Error::Conflict(_)) => postpone(&cx, &due).await?,
            Err(error) => failed = failed.or(Some(error)),
        }
    }
    failed.map_or(Ok(()), Err)
}

async fn due(cx: &Cx) -> Result<Vec<Due>> {
    let mut change = cx.change_as(Task::KeyringRenew, Actor::default()).await?;
    let rows = sqlx::query!(
        "select owner_kind, owner_id, key_id, begun_at from key_renewal
         where done_at is null and stopped_at is null and next_at <= $1
         order by next_at, owner_id limit $2",
        cx.now(),
        OWNERS
    )
    .fetch_all(change.sql())
    .await?;
    change.commit_unaudited("looking changes nothing").await?;
    let due = |(kind, id, key_id, begun_at)| Due { whose: Whose { kind, id }, key_id, begun_at };
    Ok(rows
        .into_iter()
        .map(|row| due((row.owner_kind, row.owner_id, row.key_id, row.begun_at)))
        .collect())
}

/// Sees to it that the keyring has the version, and says which key that is. None when there is nothing to be
/// renewed: nothing was ever sealed, or all of it was erased.
pub(super) async fn begin(cx: &Cx, whose: &Whose, key_id: Uuid) -> Result<Option<Arc<DataKey>>> {
    let renewed = cx.deps().keyring().renew(whose.owner()?, key_id).await?;
    let mut change = cx.change_as(Task::KeyringRenew, Actor::default()).await?;
    match &renewed {
        Some(_) => sqlx::query!(
            "update key_renewal set begun_at = $1
             where owner_kind = $2 and owner_id = $3 and key_id = $4 and begun_at is null",
            cx.now(),
            whose.kind,
            whose.id,
            key_id
        ),
        None => sqlx::query!(
            "delete from key_renewal where owner_kind = $1 and owner_id = $2 and key_id = $3",
            whose.kind,
            whose.id,
            key_id
        ),
    }
    .execute(change.sql())
    .await?;
    change.commit_unaudited("what was asked for is recorded").await?;
    Ok(renewed)
}

async fn step(cx: &Cx, due: &Due) -> Result<()> {
    let Some(key) = begin(cx, &due.whose, due.key_id).await? else { return Ok(()) };
    let begun_at = due.begun_at.unwrap_or(cx.now());
    let mut reached = Reached::default();
    let values = seal::anew(cx, &due.whose, &key, VALUES).await?;
    (reached.resealed, reached.stuck) = (values.resealed, values.stuck);
    let mut is_all = values.is_all;
    if is_all && due.whose.kind == "team" {
        let blocks = audit::index_anew(cx, due.whose.id).await?;
        (reached.resealed, is_all) = (reached.resealed + blocks.made, blocks.is_all);
    }
    reached.remaining = left(cx, &due.whose, key.id()).await? - reached.stuck;
    reached.is_sealed = is_all && reached.remaining <= 0;
    let rests = begun_at + RESTS;
    let mut next = cx.now();
    if reached.is_sealed {
        next = rests;
        if rests <= cx.now() {
            reached.kept = retire(cx, &due.whose, &key).await?;
            reached.is_done = reached.kept == 0;
            next = cx.now() + AGAIN;
        }
    }
    note(cx, due, &reached, next).await
}

/// Destroys the versions before the present one, as far as nothing is sealed under them; how many are kept.
async fn retire(cx: &Cx, whose: &Whose, key: &DataKey) -> Result<i64> {
    let mut kept = 0;
    for version in key.earlier() {
        let mut change = cx.change_as(Task::KeyringRenew, Actor::default()).await?;
        let by = sqlx::query_scalar!(
            "select app.sealed_under($1, $2, $3)",
            whose.kind,
            whose.id,
            version
        )
        .fetch_one(change.sql())
        .await?;
        change.commit_unaudited("looking changes nothing").await?;
        match by {
            Some(_) => kept += 1,
            None => drop(cx.deps().keyring().retire(whose.owner()?, version).await?),
        }
    }
    Ok(kept)
}

async fn left(cx: &Cx, whose: &Whose, version: Uuid) -> Result<i64> {
    let mut change = cx.change_as(Task::KeyringRenew, Actor::default()).await?;
    let left = sqlx::query_scalar!(
        r#"select app.sealed_left($1, $2, $3) as "left!""#,
        whose.kind,
        whose.id,
        version
    )
    .fetch_one(change.sql())
    .await?;
    change.commit_unaudited("looking changes nothing").await?;
    Ok(left)
}

/// Unless another renewal of this owner was asked for meanwhile.
async fn note(cx: &Cx, due: &Due, reached: &Reached, next: OffsetDateTime) -> Result<()> {
    let now = cx.now();
    let mut change = cx.change_as(Task::KeyringRenew, Actor::default()).await?;
    sqlx::query!(
        "update key_renewal
         set resealed = resealed + $1, remaining = $2, stuck = $3, kept = $4, next_at = $5,
             sealed_at = case when $6 then coalesce(sealed_at, $8) end, done_at = case when $7 then $8 end
         where owner_kind = $9 and owner_id = $10 and key_id = $11",
        reached.resealed,
        reached.remaining.max(0),
        reached.stuck,
        reached.kept,
        next,
        reached.is_sealed,
        reached.is_done,
        now,
        due.whose.kind,
        due.whose.id,
        due.key_id
    )
    .execute(change.sql())
    .await?;
    change.commit_unaudited("what was asked for is recorded").await
}

async fn postpone(cx: &Cx, due: &Due) -> Result<()> {
    let mut change = cx.change_as(Task::KeyringRenew, Actor::default()).await?;
    sqlx::query!(
        "update key_renewal set next_at = $1 where owner_kind = $2 and owner_id = $3",
        cx.now() + LATER,
        due.whose.kind,
        due.whose.id
    )
    .execute(change.sql())
    .await?;
    change.commit_unaudited("what was asked for is recorded").await
}
