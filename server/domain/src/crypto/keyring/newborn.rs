//! Data keys of owners who may not come to be: their rows are not committed yet, and a program that dies in
//! between would leave a key of nobody. Until it is settled, a name beside the keys tells of each.

use super::{DataKey, Keyring, Owner};
use crate::Result;
use futures::TryStreamExt;
use object_store::{ObjectStoreExt, PutPayload, path::Path};
use std::sync::Arc;

/// The folder of their names.
const FOLDER: &str = "newborn";

impl Keyring {
    /// The data key of an owner who comes to be with the transaction that is under way.
    ///
    /// # Errors
    /// As [`Keyring::key_of`].
    pub(crate) async fn key_of_newborn(&self, owner: Owner) -> Result<Arc<DataKey>> {
        self.store().put(&named(owner), PutPayload::new()).await?;
        self.key_of(owner).await
    }

    /// Of whom nobody has said yet whether they came to be.
    ///
    /// # Errors
    /// When the store does not answer.
    pub(crate) async fn newborn(&self) -> Result<Vec<Owner>> {
        let files: Vec<_> = self.store().list(Some(&Path::from(FOLDER))).try_collect().await?;
        files.iter().filter_map(|file| file.location.filename()).map(str::parse).collect()
    }

    /// They came to be: their key stays.
    ///
    /// # Errors
    /// When the store does not answer.
    pub(crate) async fn settle(&self, owner: Owner) -> Result<()> {
        match self.store().delete(&named(owner)).await {
            Ok(()) | Err(object_store::Error::NotFound { .. }) => Ok(()),
            Err(other) => Err(other.into()),
        }
    }

    /// They did not: their key goes. What was destroyed for good stays so.
    ///
    /// # Errors
    /// As [`Keyring::destroy`].
    pub(crate) async fn unmake(&self, owner: Owner) -> Result<()> {
        self.forget(owner);
        if self.find(owner).await?.is_some() {
            self.destroy(owner).await?;
        }
        self.settle(owner).await
    }
}

fn named(owner: Owner) -> Path {
    Path::from(format!("{FOLDER}/{owner}"))
}
