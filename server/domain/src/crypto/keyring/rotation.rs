//! From one master key to another: every data key is wrapped anew, in a folder of its own, which comes into
//! force as a whole. Whenever it is interrupted, one of the two folders is whole.

use super::{Keyring, MasterKey, Owner, Wrapping, wrapping::folders};
use crate::{
    Error, Result,
    failpoint::{Point, reach},
    ports::Random,
};
use futures::{StreamExt, TryStreamExt, stream};
use object_store::{ObjectStore, ObjectStoreExt, PutPayload, path::Path};
use std::sync::Arc;
use tokio::task::JoinSet;

/// Files that are read and written at once.
const AT_ONCE: usize = 32;

/// A rotation of the master key.
#[derive(Clone)]
pub struct Rotation {
    store: Arc<dyn ObjectStore>,
    random: Arc<dyn Random>,
    from: Wrapping,
    to: Wrapping,
}

impl Rotation {
    /// From the key in force to another.
    ///
    /// # Errors
    /// When the store does not answer, or was not wrapped by `from`.
    pub async fn new(
        store: Arc<dyn ObjectStore>,
        random: Arc<dyn Random>,
        from: &MasterKey,
        to: &MasterKey,
    ) -> Result<Self> {
        let from = Wrapping::there(&*store, from).await?;
        Ok(Self { to: Wrapping::of(to), store, random, from })
    }

    /// Wraps what is not wrapped yet, takes back what was destroyed meanwhile, and says after each how many are
    /// done of how many. How many there are.
    ///
    /// # Errors
    /// When the store does not answer, or a file does not open: nothing has changed yet.
    pub async fn wrap(&self, mut tell: impl FnMut(usize, usize)) -> Result<usize> {
        let (old, new) = (self.from.files(&*self.store).await?, self.to.files(&*self.store).await?);
        // Also what was destroyed for good while it was wrapped: then the mark is on one side only. Versions come
        // and go between rotations only.
        let missing: Vec<&String> = old
            .iter()
            .filter(|(name, versions)| new.get(*name) != Some(versions))
            .map(|(name, _)| name)
            .collect();
        let (mut done, mut missing) = (old.len() - missing.len(), missing.into_iter());
        // On all cores: what a file takes is mostly the system's calls and the way to the threads that make them.
        let (all, mut wrapping) = (Arc::new(self.clone()), JoinSet::new());
        loop {
            while wrapping.len() < AT_ONCE
                && let Some(name) = missing.next()
            {
                let (all, name) = (Arc::clone(&all), name.clone());
                wrapping.spawn(async move { all.one(&name).await });
            }
            let Some(wrapped) = wrapping.join_next().await else { break };
            wrapped.unwrap_or(Err(Error::Inconsistent("a key was not wrapped to the end")))?;
            done += 1;
            reach(Point::RotateWrapping);
            tell(done, old.len());
        }
        for name in new.keys().filter(|name| !old.contains_key(*name)) {
            self.store.delete(&self.to.path(name)).await?;
        }
        Ok(old.len())
    }

    async fn one(&self, name: &str) -> Result<()> {
        let Some(file) = read(&*self.store, &self.from.path(&name)).await? else { return Ok(()) };
        let file = match self.from.unwrap(named(name)?, &file)? {
            Some(key) => self.to.wrap(&*self.random, &key)?,
            None => file,
        };
        self.store.put(&self.to.path(&name), PutPayload::from(file)).await?;
        Ok(())
    }
}

/// What a keyring holds.
#[derive(Debug, Default, Clone, PartialEq, Eq)]
pub struct Holding {
    /// The name of the master key in force.
    pub master: String,
    pub people: usize,
    pub teams: usize,
    /// Versions of data keys before the present ones.
    pub earlier: u64,
    /// Of those that were destroyed for good only a mark is left.
    pub destroyed: usize,
    /// What a master key wrapped that is not in force: of a rotation that is not done.
    pub others: usize,
    /// Files that do not open.
    pub broken: Vec<String>,
}

impl Keyring {
    /// What it holds. `open` says whether every file is opened.
    ///
    /// # Errors
    /// When the store does not answer, or there is no master key.
    pub async fn holding(&self, open: bool) -> Result<Holding> {
        let wrapping = self.in_force().await?;
        let mut holding = Holding { master: wrapping.name(), ..Holding::default() };
        for (name, versions) in wrapping.files(self.store()).await? {
            let Ok(owner) = named(&name) else {
                holding.broken.push(name);
                continue;
            };
            holding.earlier += versions.saturating_sub(1);
            match owner {
                _ if versions == 0 => holding.destroyed += 1,
                Owner::Person(_) => holding.people += 1,
                Owner::Team(id) if !id.0.is_nil() => holding.teams += 1,
                _ => {}
            }
            let path = wrapping.path(&owner);
            if open
                && let Some(file) = read(self.store(), &path).await?
                && wrapping.unwrap(owner, &file).is_err()
            {
                holding.broken.push(name);
            }
        }
        for folder in folders(self.store()).await? {
            if folder != wrapping.folder() {
                holding.others += in_folder(self.store(), &folder).await?.len();
            }
        }
        Ok(holding)
    }

    /// Removes what other master keys wrapped, as far as the one in force wrapped it, too; how many files that
    /// were, if it was all. For when no rotation is under way.
    ///
    /// # Errors
    /// As [`holding`](Self::holding).
    pub async fn forget_others(&self) -> Result<Option<usize>> {
        let wrapping = self.in_force().await?;
        let files = wrapping.files(self.store()).await?;
        let mut old = Vec::new();
        for folder in folders(self.store()).await? {
            if folder != wrapping.folder() {
                old.extend(in_folder(self.store(), &folder).await?);
            }
        }
        if old.iter().any(|path| path.filename().is_none_or(|name| !files.contains_key(name))) {
            return Ok(None);
        }
        let forgotten = stream::iter(&old).map(|path| self.store().delete(path));
        let mut forgotten = std::pin::pin!(forgotten.buffer_unordered(AT_ONCE));
        while forgotten.try_next().await?.is_some() {
            reach(Point::RotateForgetting);
        }
        Ok(Some(old.len()))
    }
}

async fn in_folder(store: &dyn ObjectStore, folder: &str) -> Result<Vec<Path>> {
    let files = store.list(Some(&Path::from(folder)));
    Ok(files.map_ok(|file| file.location).try_collect().await?)
}

async fn read(store: &dyn ObjectStore, path: &Path) -> Result<Option<Vec<u8>>> {
    match store.get(path).await {
        Ok(found) => Ok(Some(found.bytes().await?.to_vec())),
        Err(object_store::Error::NotFound { .. }) => Ok(None),
        Err(other) => Err(other.into()),
    }
}

fn named(name: &str) -> Result<Owner> {
    name.parse()
}
