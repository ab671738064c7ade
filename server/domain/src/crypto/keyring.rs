//! Where owners' data keys live: in a store of their own, apart from the database.

use super::seal::{DataKey, decrypt, encrypt};
use crate::{
    Error, Result,
    ports::{Random, random_256},
};
use model::{PersonId, TeamId};
use object_store::{ObjectStore, ObjectStoreExt, PutMode, PutPayload, path::Path};
use secrecy::{ExposeSecret, SecretString};
use std::{
    collections::HashMap,
    fmt,
    sync::{Arc, Mutex, PoisonError},
};
use uuid::Uuid;
use zeroize::Zeroizing;

/// Data keys kept open in memory. Beyond it, all are forgotten and read again when needed.
const OPEN: usize = 10_000;
/// Behind the id, instead of the key, in the file of one that was destroyed for good.
const DESTROYED: &[u8] = b"destroyed";

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

/// The instance's master key, which wraps every data key.
#[derive(Clone)]
pub struct MasterKey(Zeroizing<[u8; 32]>);

impl MasterKey {
    /// A new one, as the 64 hexadecimal digits of its file.
    pub fn generate(random: &dyn Random) -> SecretString {
        let bytes = random_256(random);
        let mut text = String::with_capacity(64);
        for byte in bytes.iter() {
            for digit in [byte >> 4, byte & 15] {
                text.push(char::from_digit(digit.into(), 16).expect("four bits are one digit"));
            }
        }
        SecretString::from(text)
    }

    /// From 64 hexadecimal digits; space around them does not matter.
    ///
    /// # Errors
    /// When it is anything else. The sentence does not repeat it.
    pub fn parse(text: &SecretString) -> Result<Self> {
        let digits = text.expose_secret().trim().as_bytes();
        let mut key = Zeroizing::new([0; 32]);
        if digits.len() != 64 {
            return Err(Error::Seal("a master key has 64 hexadecimal digits"));
        }
        for (byte, pair) in key.iter_mut().zip(digits.chunks_exact(2)) {
            let digit = |at: usize| char::from(pair[at]).to_digit(16);
            let (Some(high), Some(low)) = (digit(0), digit(1)) else {
                return Err(Error::Seal("a master key has 64 hexadecimal digits"));
            };
            *byte = u8::try_from(high << 4 | low).expect("two hexadecimal digits are one byte");
        }
        Ok(Self(key))
    }
}

/// One data key per owner, made when first needed. Cheap to clone.
#[derive(Clone)]
pub struct Keyring {
    inner: Arc<Inner>,
}

struct Inner {
    store: Arc<dyn ObjectStore>,
    master: MasterKey,
    random: Arc<dyn Random>,
    open: Mutex<HashMap<Owner, Arc<DataKey>>>,
}

impl Keyring {
    pub fn open(store: Arc<dyn ObjectStore>, master: MasterKey, random: Arc<dyn Random>) -> Self {
        Self { inner: Arc::new(Inner { store, master, random, open: Mutex::default() }) }
    }

    /// The owner's data key, made now if there is none yet.
    ///
    /// # Errors
    /// When the store does not answer, or holds a key that this master key cannot unwrap;
    /// [`Error::Destroyed`] for one that was [destroyed for good](Keyring::destroy_for_good).
    pub async fn key_of(&self, owner: Owner) -> Result<Arc<DataKey>> {
        if let Some(key) = self.remembered(owner) {
            return Ok(key);
        }
        let key = match self.read(owner).await? {
            Some(key) => key,
            None => self.make(owner).await?,
        };
        Ok(self.remember(key))
    }

    /// The owner's data key, if it exists: for reading what was sealed earlier.
    ///
    /// # Errors
    /// As [`Keyring::key_of`].
    pub async fn find(&self, owner: Owner) -> Result<Option<Arc<DataKey>>> {
        match self.remembered(owner) {
            Some(key) => Ok(Some(key)),
            None => Ok(self.read(owner).await?.map(|key| self.remember(key))),
        }
    }

    /// Destroys the owner's data key: whatever was sealed under it is gone for good.
    ///
    /// # Errors
    /// When the store does not answer; the key then still exists.
    pub async fn destroy(&self, owner: Owner) -> Result<()> {
        match self.inner.store.delete(&path(owner)).await {
            Ok(()) | Err(object_store::Error::NotFound { .. }) => {}
            Err(other) => return Err(other.into()),
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
        let (store, path) = (&self.inner.store, path(owner));
        loop {
            let found = match store.get(&path).await {
                Ok(found) => found.bytes().await?.first_chunk().copied(),
                Err(object_store::Error::NotFound { .. }) => None,
                Err(other) => return Err(other.into()),
            };
            let mark = PutPayload::from([&found.unwrap_or_default()[..], DESTROYED].concat());
            let put = match found {
                Some(_) => store.put(&path, mark).await,
                // Somebody may be making the first one now.
                None => store.put_opts(&path, mark, PutMode::Create.into()).await,
            };
            match put {
                Err(object_store::Error::AlreadyExists { .. }) => {}
                other => {
                    other?;
                    self.forget(owner);
                    return Ok(found.map(Uuid::from_bytes).filter(|id| !id.is_nil()));
                }
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

    async fn read(&self, owner: Owner) -> Result<Option<DataKey>> {
        let wrapped = match self.inner.store.get(&path(owner)).await {
            Ok(found) => found.bytes().await?,
            Err(object_store::Error::NotFound { .. }) => return Ok(None),
            Err(other) => return Err(other.into()),
        };
        let (id, body) =
            wrapped.split_first_chunk::<16>().ok_or(Error::Seal("a data key's file is cut"))?;
        if body == DESTROYED {
            return Ok(None);
        }
        let id = Uuid::from_bytes(*id);
        let plain = decrypt(&self.inner.master.0, &bound_to(owner, id), body)?;
        let bytes = <[u8; 32]>::try_from(plain.as_slice())
            .map_err(|_| Error::Seal("a data key of the wrong length"))?;
        Ok(Some(DataKey { owner, id, bytes: Zeroizing::new(bytes) }))
    }

    /// Two requests may make the same owner's first key at once: the store lets one through and
    /// the other reads it.
    async fn make(&self, owner: Owner) -> Result<DataKey> {
        let bytes = random_256(&*self.inner.random);
        let mut id = [0; 16];
        self.inner.random.fill(&mut id);
        let id = uuid::Builder::from_random_bytes(id).into_uuid();
        let bound = bound_to(owner, id);
        let wrapped = encrypt(&self.inner.master.0, &*self.inner.random, &bound, bytes.as_slice())?;
        let file = [id.as_bytes().as_slice(), &wrapped].concat();
        let put = self
            .inner
            .store
            .put_opts(&path(owner), PutPayload::from(file), PutMode::Create.into())
            .await;
        match put {
            Ok(_) => Ok(DataKey { owner, id, bytes }),
            Err(object_store::Error::AlreadyExists { .. }) => {
                self.read(owner).await?.ok_or(Error::Destroyed)
            }
            Err(other) => Err(other.into()),
        }
    }

    fn remembered(&self, owner: Owner) -> Option<Arc<DataKey>> {
        self.cache().get(&owner).cloned()
    }

    fn remember(&self, key: DataKey) -> Arc<DataKey> {
        let mut cache = self.cache();
        if cache.len() >= OPEN {
            cache.clear();
        }
        let key = Arc::new(key);
        cache.insert(key.owner, Arc::clone(&key));
        key
    }

    fn cache(&self) -> std::sync::MutexGuard<'_, HashMap<Owner, Arc<DataKey>>> {
        self.inner.open.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

fn path(owner: Owner) -> Path {
    Path::from(format!("keys/{owner}"))
}

fn bound_to(owner: Owner, id: Uuid) -> String {
    format!("data key|{owner}|{id}")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{crypto::Place, ports::SystemRandom};
    use object_store::memory::InMemory;

    const PLACE: Place = Place { table: "t", column: "c", row: Uuid::nil() };

    fn keyring(store: &Arc<InMemory>, master: &SecretString) -> Keyring {
        let master = MasterKey::parse(master).unwrap();
        Keyring::open(Arc::clone(store) as _, master, Arc::new(SystemRandom))
    }

    fn ada() -> Owner {
        Owner::Person(PersonId(Uuid::from_u128(1)))
    }

    #[tokio::test]
    async fn a_key_outlives_the_program_and_dies_when_destroyed() {
        let (store, master) = (Arc::default(), MasterKey::generate(&SystemRandom));
        let first = keyring(&store, &master).key_of(ada()).await.unwrap();
        let sealed = first.seal(&SystemRandom, &PLACE, b"x").unwrap();

        let later = keyring(&store, &master);
        let again = later.find(ada()).await.unwrap().expect("it was stored");
        assert_eq!(*again.open(&PLACE, &sealed).unwrap(), b"x");

        later.destroy(ada()).await.unwrap();
        assert!(later.find(ada()).await.unwrap().is_none());
        let fresh = later.key_of(ada()).await.unwrap();
        assert!(fresh.open(&PLACE, &sealed).is_err(), "erased for good");
    }

    #[tokio::test]
    async fn a_key_that_was_destroyed_for_good_is_never_made_again() {
        let (store, master) = (Arc::default(), MasterKey::generate(&SystemRandom));
        let (ring, other) = (keyring(&store, &master), keyring(&store, &master));
        let id = other.key_of(ada()).await.unwrap().id;
        assert_eq!(ring.destroy_for_good(ada()).await.unwrap(), Some(id));
        assert_eq!(ring.destroy_for_good(ada()).await.unwrap(), Some(id), "again");
        assert!(ring.find(ada()).await.unwrap().is_none());
        assert!(ring.key_of(ada()).await.is_err());
        assert!(other.find(ada()).await.unwrap().is_some(), "open in another program");
        other.forget(ada());
        assert!(other.key_of(ada()).await.is_err());
        let never = Owner::Person(PersonId(Uuid::from_u128(2)));
        assert_eq!(ring.destroy_for_good(never).await.unwrap(), None);
        assert!(ring.key_of(never).await.is_err());
    }

    #[tokio::test]
    async fn another_master_key_unwraps_nothing() {
        let store = Arc::default();
        keyring(&store, &MasterKey::generate(&SystemRandom)).key_of(ada()).await.unwrap();
        let other = keyring(&store, &MasterKey::generate(&SystemRandom));
        assert!(other.key_of(ada()).await.is_err());
    }

    #[tokio::test]
    async fn many_at_once_get_one_key() {
        let store = Arc::default();
        let master = MasterKey::generate(&SystemRandom);
        let rings: Vec<_> = (0..8).map(|_| keyring(&store, &master)).collect();
        let keys = futures::future::join_all(rings.iter().map(|ring| ring.key_of(ada()))).await;
        let ids: std::collections::HashSet<_> = keys.into_iter().map(|k| k.unwrap().id).collect();
        assert_eq!(ids.len(), 1);
    }

    #[test]
    fn a_master_key_is_64_digits() {
        for wrong in ["", "abc", &"g".repeat(64), &"a".repeat(63)] {
            assert!(MasterKey::parse(&SecretString::from(wrong.to_owned())).is_err());
        }
        assert!(MasterKey::parse(&SecretString::from(format!("{}\n", "a".repeat(64)))).is_ok());
    }
}
