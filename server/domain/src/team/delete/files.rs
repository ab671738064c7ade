//! The files of a team: exports, sealed under its key, below a folder of its own.

use crate::{Deps, Result};
use futures::TryStreamExt;
use model::TeamId;
use object_store::{ObjectStoreExt, path::Path};

/// How many files a team has, and their bytes.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(super) struct Files {
    pub(super) number: i64,
    pub(super) bytes: i64,
}

/// Counts them.
pub(super) async fn count(deps: &Deps, team: TeamId) -> Result<Files> {
    let found = deps.exports().list(Some(&folder(team)));
    let counted = found.try_fold(Files::default(), async |Files { number, bytes }, file| {
        let more = i64::try_from(file.size).unwrap_or(i64::MAX);
        Ok(Files { number: number + 1, bytes: bytes.saturating_add(more) })
    });
    Ok(counted.await?)
}

/// Removes them; how many there were.
pub(super) async fn remove(deps: &Deps, team: TeamId) -> Result<i64> {
    let found: Vec<_> = deps.exports().list(Some(&folder(team))).try_collect().await?;
    let mut removed = 0;
    for file in found {
        match deps.exports().delete(&file.location).await {
            Ok(()) => removed += 1,
            Err(object_store::Error::NotFound { .. }) => {}
            Err(other) => return Err(other.into()),
        }
    }
    Ok(removed)
}

fn folder(team: TeamId) -> Path {
    Path::from(team.to_string())
}
