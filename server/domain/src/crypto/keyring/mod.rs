//! Where owners' data keys live: in a store of their own, apart from the database.

mod master;
mod newborn;
mod renewal;
mod rotation;
mod wrapping;

pub use master::{Held, MasterKey, MasterKeys};
pub use rotation::{Holding, Rotation};

use super::seal::DataKey;
use crate::{Error, Result, ports::Random};
use model::{PersonId, TeamId};
use object_store::{ObjectStore, ObjectStoreExt, PutMode, PutPayload, path::Path};
use std::{
    collections::HashMap,
    fmt,
    str::FromStr,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
};
use uuid::Uuid;
use wrapping::{Wrapping, folders, id_in, mark};

/// Data keys kept open in memory. Beyond it, all are forgotten and read again when needed.
const OPEN: usize = 10_000;

/// Whose data it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Owner {
    Person(PersonId),
    Team(TeamId),
    /// Nobody in particular: for people who have no account yet.
    Instance,
    /// Probity itself, for what it signs.
    Signer,
}

impl fmt::Display for Owner {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Person(id) => id.fmt(f),
            Self::Team(id) => id.fmt(f),
            Self::Instance => f.write_str("instance"),
            Self::Signer => f.write_str("signer"),
        }
    }
}

impl FromStr for Owner {
    type Err = Error;

    fn from_str(name: &str) -> Result<Self> {
        match name {
            "instance" => return Ok(Self::Instance),
            "signer" => return Ok(Self::Signer),
            _ => {}
        }
        let person = name.parse().map(Self::Person);
        let owner = person.or_else(|_| name.parse().map(Self::Team));
        owner.map_err(|_| Error::Seal("no name of an owner"))
    }
}

/// One data key per owner, made when first needed. Cheap to clone.
///
/// Several programs have it at once, and each remembers what it read: whenever a key is asked for, it is looked
/// whether its file is still the one that was read.
#[derive(Clone)]
pub struct Keyring {
    inner: Arc<Inner>,
}

struct Inner {
    store: Arc<dyn ObjectStore>,
    masters: Arc<dyn MasterKeys>,
    random: Arc<dyn Random>,
    /// As it was when it was last looked.
    wrapping: Mutex<Option<Wrapping>>,
    open: Mutex<HashMap<Owner, Open>>,
}

/// A data key that was read.
#[derive(Clone)]
struct Open {
    key: Arc<DataKey>,
    /// Of its file, which another one would not have.
    tag: Option<String>,
}

impl Keyring {
    pub fn open(
        store: Arc<dyn ObjectStore>,
        masters: Arc<dyn MasterKeys>,
        random: Arc<dyn Random>,
    ) -> Self {
        let (wrapping, open) = (Mutex::default(), Mutex::default());
        Self { inner: Arc::new(Inner { store, masters, random, wrapping, open }) }
    }

    /// The owner's data key as it is now, made if there is none yet.
    ///
    /// # Errors
    /// When the store does not answer, or holds a key that this master key cannot unwrap.
    pub async fn key_of(&self, owner: Owner) -> Result<Arc<DataKey>> {
        match self.find(owner).await? {
            Some(key) => Ok(key),
            None => Ok(self.remember(self.make(owner).await?)),
        }
    }

    /// The owner's data key as it is now, if it exists.
    ///
    /// # Errors
    /// As [`Keyring::key_of`].
    pub async fn find(&self, owner: Owner) -> Result<Option<Arc<DataKey>>> {
        if let Some(open) = self.remembered(owner)
            && self.is_present(owner, &open).await?
        {
            return Ok(Some(open.key));
        }
        self.find_anew(owner).await
    }

    /// The same for opening this, which what is remembered is enough for if it has the version: for whoever opens
    /// many.
    ///
    /// # Errors
    /// As [`Keyring::key_of`].
    pub async fn opener(&self, owner: Owner, sealed: &[u8]) -> Result<Option<Arc<DataKey>>> {
        match self.remembered(owner) {
            Some(open) if open.key.knows(sealed) => Ok(Some(open.key)),
            _ => self.find_anew(owner).await,
        }
    }

    async fn find_anew(&self, owner: Owner) -> Result<Option<Arc<DataKey>>> {
        Ok(self.read(owner).await?.map(|open| self.remember(open)))
    }

    /// Destroys the owner's data key: whatever was sealed under it is gone for good.
    ///
    /// # Errors
    /// When the store does not answer; the key then still exists.
    pub async fn destroy(&self, owner: Owner) -> Result<()> {
        let _held = (self.hold().await?, self.alone().await?);
        for folder in folders(self.store()).await? {
            match self.store().delete(&Path::from(format!("{folder}/{owner}"))).await {
                Ok(()) | Err(object_store::Error::NotFound { .. }) => {}
                Err(other) => return Err(other.into()),
            }
        }
        self.cache().remove(&owner);
        Ok(())
    }

    /// Destroys the owner's data key, and never makes another one: a mark stays in its place. Says which key
    /// it was; none when there never was one.
    ///
    /// # Errors
    /// When the store does not answer: it can then be done again.
    pub async fn destroy_for_good(&self, owner: Owner) -> Result<Option<Uuid>> {
        let _held = (self.hold().await?, self.alone().await?);
        let here = self.in_force().await?;
        let mut destroyed = None;
        for folder in folders(self.store()).await?.into_iter().chain([here.folder().to_owned()]) {
            let path = Path::from(format!("{folder}/{owner}"));
            let found = self.marked(&path, folder == here.folder()).await?;
            destroyed = destroyed.or(found);
        }
        self.forget(owner);
        Ok(destroyed)
    }

    /// Puts the mark in the place of this file, or where there is none yet if there must be one.
    async fn marked(&self, path: &Path, always: bool) -> Result<Option<Uuid>> {
        loop {
            let found = match self.store().get(path).await {
                Ok(found) => Some(id_in(&found.bytes().await?)),
                Err(object_store::Error::NotFound { .. }) if always => None,
                Err(object_store::Error::NotFound { .. }) => return Ok(None),
                Err(other) => return Err(other.into()),
            };
            let mark = PutPayload::from(mark(found.flatten()));
            let put = match found {
                Some(_) => self.store().put(path, mark).await,
                // Somebody may be making the first one now.
                None => self.store().put_opts(path, mark, PutMode::Create.into()).await,
            };
            match put {
                Err(object_store::Error::AlreadyExists { .. }) => {}
                other => return other.map(|_| found.flatten()).map_err(Error::from),
            }
        }
    }

    /// Reads the owner's data key again when it is next needed.
    pub(crate) fn forget(&self, owner: Owner) {
        self.cache().remove(&owner);
    }

    /// The same of everybody's.
    pub(crate) fn forget_all(&self) {
        self.cache().clear();
    }

    /// Whether its file is still the one that was read.
    async fn is_present(&self, owner: Owner, open: &Open) -> Result<bool> {
        let Some(wrapping) = lock(&self.inner.wrapping).clone() else { return Ok(false) };
        match self.store().head(&wrapping.path(&owner)).await {
            Ok(found) => Ok(found.e_tag.is_some() && found.e_tag == open.tag),
            Err(object_store::Error::NotFound { .. }) => Ok(false),
            Err(other) => Err(other.into()),
        }
    }

    /// The file of a data key may be gone because a rotation ended since it was last looked.
    async fn read(&self, owner: Owner) -> Result<Option<Open>> {
        let known = lock(&self.inner.wrapping).clone();
        if let Some(known) = &known
            && let Some(key) = self.unwrapped(known, owner).await?
        {
            return Ok(Some(key));
        }
        let now = self.in_force().await?;
        match known.is_some_and(|known| known.folder() == now.folder()) {
            true => Ok(None),
            false => self.unwrapped(&now, owner).await,
        }
    }

    async fn unwrapped(&self, wrapping: &Wrapping, owner: Owner) -> Result<Option<Open>> {
        match self.store().get(&wrapping.path(&owner)).await {
            Ok(found) => {
                let tag = found.meta.e_tag.clone();
                let key = wrapping.unwrap(owner, &found.bytes().await?)?;
                Ok(key.map(|key| Open { key: Arc::new(key), tag }))
            }
            Err(object_store::Error::NotFound { .. }) => Ok(None),
            Err(other) => Err(other.into()),
        }
    }

    /// Two requests may make the same owner's first key at once: the store lets one through and
    /// the other reads it.
    async fn make(&self, owner: Owner) -> Result<Open> {
        let _held = self.hold().await?;
        let wrapping = self.in_force().await?;
        let (key, file) = wrapping.make(&*self.inner.random, owner)?;
        let (path, file) = (wrapping.path(&owner), PutPayload::from(file));
        match self.store().put_opts(&path, file, PutMode::Create.into()).await {
            Ok(put) => Ok(Open { key: Arc::new(key), tag: put.e_tag }),
            Err(object_store::Error::AlreadyExists { .. }) => {
                self.unwrapped(&wrapping, owner).await?.ok_or(Error::Destroyed)
            }
            Err(other) => Err(other.into()),
        }
    }

    /// Keeps a rotation from ending.
    async fn hold(&self) -> Result<Held> {
        self.waited(|masters| masters.hold()).await
    }

    /// Keeps everybody else from altering or destroying a data key that is there.
    async fn alone(&self) -> Result<Held> {
        self.waited(|masters| masters.alone()).await
    }

    async fn waited<T: Send + 'static>(
        &self,
        wait: impl FnOnce(&dyn MasterKeys) -> Result<T> + Send + 'static,
    ) -> Result<T> {
        let masters = Arc::clone(&self.inner.masters);
        let held = tokio::task::spawn_blocking(move || wait(&*masters)).await;
        held.map_err(|_| Error::Inconsistent("a lock of the keyring could not be waited for"))?
    }

    /// The master key in force.
    async fn in_force(&self) -> Result<Wrapping> {
        let master = self.inner.masters.current()?;
        let known = lock(&self.inner.wrapping).clone();
        if let Some(known) = known.filter(|known| known.is_by(&master)) {
            return Ok(known);
        }
        let found = Wrapping::there(self.store(), &master).await?;
        *lock(&self.inner.wrapping) = Some(found.clone());
        Ok(found)
    }

    fn store(&self) -> &dyn ObjectStore {
        &*self.inner.store
    }

    fn remembered(&self, owner: Owner) -> Option<Open> {
        self.cache().get(&owner).cloned()
    }

    fn remember(&self, open: Open) -> Arc<DataKey> {
        let mut cache = self.cache();
        if cache.len() >= OPEN {
            cache.clear();
        }
        let key = Arc::clone(&open.key);
        cache.insert(key.owner, open);
        key
    }

    fn cache(&self) -> MutexGuard<'_, HashMap<Owner, Open>> {
        lock(&self.inner.open)
    }
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

#[cfg(test)]
mod tests;
