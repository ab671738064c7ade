//! Another version of an owner's data key, and the end of those before it. The file of a key is replaced as a
//! whole, by one at a time, and while no rotation of the master key is under way: that would bring back what it
//! copied before.

use super::{Keyring, Owner, wrapping::folders};
use crate::{
    Error, Result,
    crypto::seal::{DataKey, Version},
    ports::random_256,
};
use object_store::{ObjectStoreExt, PutPayload};
use std::sync::Arc;
use uuid::Uuid;

/// Versions that one data key has at most: the present one, and those under which something is sealed that
/// stays so.
const VERSIONS: usize = 64;

impl Keyring {
    /// Makes a version with this id, under which everything is sealed from now on; one that there is already is
    /// not made again. The key as it is then; none where there is no key, or it was destroyed for good.
    ///
    /// # Errors
    /// [`Error::Conflict`] while the master key is rotated, and when there are too many versions already; when
    /// the store does not answer.
    pub async fn renew(&self, owner: Owner, id: Uuid) -> Result<Option<Arc<DataKey>>> {
        if matches!(owner, Owner::Signer) {
            return Err(Error::Inconsistent("what signs is not renewed"));
        }
        let random = Arc::clone(&self.inner.random);
        self.alter(owner, |versions| {
            if versions.iter().any(|version| version.id == id) {
                return Ok(false);
            }
            if versions.len() >= VERSIONS {
                return Err(Error::Conflict(format!(
                    "The data key of {owner} has {VERSIONS} versions, and each has records of a log that nobody else \
                     opens. It gets no other one."
                )));
            }
            versions.insert(0, Version { id, bytes: random_256(&*random) });
            Ok(true)
        })
        .await
    }

    /// Destroys a version before the present one: whatever is still sealed under it is gone for good.
    ///
    /// # Errors
    /// As [`renew`](Self::renew).
    pub async fn retire(&self, owner: Owner, id: Uuid) -> Result<Option<Arc<DataKey>>> {
        self.alter(owner, |versions| {
            let before = versions.len();
            let present = versions.first().map(|version| version.id);
            versions.retain(|version| version.id != id || present == Some(id));
            Ok(versions.len() < before)
        })
        .await
    }

    /// Replaces the file of a key, if `change` says that it did anything.
    async fn alter(
        &self,
        owner: Owner,
        change: impl FnOnce(&mut Vec<Version>) -> Result<bool>,
    ) -> Result<Option<Arc<DataKey>>> {
        const ROTATES: &str =
            "The master key is being rotated. Ask again when `probity keyring rotate` is done.";
        let rotates = || Error::Conflict(ROTATES.to_owned());
        let settled = self.waited(|masters| masters.settle()).await?;
        let _held = (settled.ok_or_else(rotates)?, self.hold().await?, self.alone().await?);
        let wrapping = self.in_force().await?;
        // Of one that was interrupted.
        if folders(self.store()).await?.iter().any(|folder| folder != wrapping.folder()) {
            return Err(rotates());
        }
        let Some(found) = self.unwrapped(&wrapping, owner).await? else { return Ok(None) };
        let mut versions = found.key.versions.clone();
        if !change(&mut versions)? {
            return Ok(Some(self.remember(found)));
        }
        let file = wrapping.wrap(&*self.inner.random, &DataKey { owner, versions })?;
        self.store().put(&wrapping.path(&owner), PutPayload::from(file)).await?;
        self.find_anew(owner).await
    }
}
