//! Looking up keys that memory does not know, and remembering them.

use super::{
    cache::{Hash, Remembered},
    known::{Known, Row},
};
use crate::{Cx, Result};
use model::TeamId;
use std::sync::Arc;

/// The key of this hash, which memory does not know.
pub(super) async fn look_up(cx: &Cx, hash: Hash) -> Result<Option<Arc<Known>>> {
    let (cache, clock) = (cx.deps().keys(), cx.deps().clock());
    // Of many calls that come with one key at once, one asks, and the others find its answer.
    let _asking = cache.asking(&hash).await;
    let now = clock.elapsed();
    let generation = match cache.get(&hash, now) {
        Remembered::Ask(generation) => generation,
        remembered => return Ok(remembered.found().flatten()),
    };
    let row = find(cx, &[hash.to_vec()]).await?.pop();
    let known = row.map(|row| known(cx, row)).transpose()?;
    cache.put(hash, known.clone(), generation, now);
    Ok(known)
}

/// Looks up at once what memory does not know of these, so that whoever verifies them finds it there.
///
/// # Errors
/// When the database does not answer.
pub(super) async fn look_up_all(cx: &Cx, hashes: impl Iterator<Item = Hash>) -> Result<()> {
    let (cache, now) = (cx.deps().keys(), cx.deps().clock().elapsed());
    let asked: Vec<(Hash, u64)> = hashes
        .filter_map(|hash| match cache.get(&hash, now) {
            Remembered::Ask(generation) => Some((hash, generation)),
            _ => None,
        })
        .collect();
    // One alone is looked up by whoever verifies it.
    if asked.len() < 2 {
        return Ok(());
    }
    let hashes: Vec<Vec<u8>> = asked.iter().map(|(hash, _)| hash.to_vec()).collect();
    let mut found = std::collections::HashMap::new();
    for row in find(cx, &hashes).await? {
        found.insert(row.hash.clone(), known(cx, row)?);
    }
    for (hash, generation) in asked {
        cache.put(hash, found.get(hash.as_slice()).cloned(), generation, now);
    }
    Ok(())
}

fn known(cx: &Cx, row: Row) -> Result<Arc<Known>> {
    let team = TeamId(row.team_id);
    Ok(Arc::new(row.known(|key| cx.deps().keys().meter(team, key))?))
}

async fn find(cx: &Cx, hashes: &[Vec<u8>]) -> Result<Vec<Row>> {
    let found = sqlx::query_as!(
        Row,
        r#"select asked.hash as "hash!", team_id as "team_id!", id as "id!", name as "name!",
                  environment as "environment!", expires_at, revoked_at, suspended_at, disabled_at,
                  first_used_at, networks as "networks!", needs_networks as "needs_networks!",
                  scopes as "scopes!", metadata as "metadata!", rate_limit, rate_seconds, quota
           from unnest($1::bytea[]) asked (hash) cross join lateral app.key_of(asked.hash)"#,
        hashes
    )
    .fetch_all(cx.deps().app().nobody())
    .await?;
    Ok(found)
}
