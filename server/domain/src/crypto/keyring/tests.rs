use super::*;
use crate::{crypto::Place, ports::SystemRandom};
use object_store::memory::InMemory;
use secrecy::SecretString;
use uuid::Uuid;

const PLACE: Place = Place { table: "t", column: "c", row: Uuid::nil() };

fn keyring(store: &Arc<InMemory>, master: &SecretString) -> Keyring {
    let master = MasterKey::parse(master).unwrap();
    Keyring::open(Arc::clone(store) as _, Arc::new(master), Arc::new(SystemRandom))
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
    let id = other.key_of(ada()).await.unwrap().id();
    assert_eq!(ring.destroy_for_good(ada()).await.unwrap(), Some(id));
    assert_eq!(ring.destroy_for_good(ada()).await.unwrap(), Some(id), "again");
    assert!(ring.find(ada()).await.unwrap().is_none());
    assert!(ring.key_of(ada()).await.is_err());
    assert!(other.find(ada()).await.unwrap().is_none(), "another program that had it open");
    assert!(other.key_of(ada()).await.is_err());
    let never = Owner::Person(PersonId(Uuid::from_u128(2)));
    assert_eq!(ring.destroy_for_good(never).await.unwrap(), None);
    assert!(ring.key_of(never).await.is_err());
}

#[tokio::test]
async fn what_was_destroyed_for_good_stays_so_under_another_master_key() {
    let (store, old, new) = (Arc::<InMemory>::default(), master(), master());
    let ring =
        Keyring::open(Arc::clone(&store) as _, Arc::new(old.clone()), Arc::new(SystemRandom));
    for number in 1..=3 {
        ring.key_of(team(number)).await.unwrap();
    }
    ring.destroy_for_good(team(1)).await.unwrap();
    let rotation = rotation(&store, &old, &new).await;
    rotation.wrap(|_, _| {}).await.unwrap();
    let copied = Path::from(format!("{}/{}", Wrapping::of(&new).folder(), team(2)));
    let stale = store.get(&copied).await.unwrap().bytes().await.unwrap();
    ring.destroy_for_good(team(2)).await.unwrap();
    // As if it had been read before, and is written after.
    store.put(&copied, stale.into()).await.unwrap();
    rotation.wrap(|_, _| {}).await.unwrap();
    let later =
        Keyring::open(Arc::clone(&store) as _, Arc::new(new.clone()), Arc::new(SystemRandom));
    for number in [1, 2] {
        assert!(later.find(team(number)).await.unwrap().is_none());
        assert!(matches!(later.key_of(team(number)).await, Err(Error::Destroyed)));
    }
    assert!(later.find(team(3)).await.unwrap().is_some());
    let holding = later.holding(true).await.unwrap();
    assert_eq!((holding.teams, holding.destroyed, holding.broken.len()), (1, 2, 0));
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
    let ids: std::collections::HashSet<_> = keys.into_iter().map(|k| k.unwrap().id()).collect();
    assert_eq!(ids.len(), 1);
}

#[test]
fn a_master_key_is_64_digits() {
    for wrong in ["", "abc", &"g".repeat(64), &"a".repeat(63)] {
        assert!(MasterKey::parse(&SecretString::from(wrong.to_owned())).is_err());
    }
    assert!(MasterKey::parse(&SecretString::from(format!("{}\n", "a".repeat(64)))).is_ok());
}

/// A master key that a rotation replaces.
struct Replaced(Mutex<MasterKey>, std::sync::atomic::AtomicBool);

impl MasterKeys for Replaced {
    fn current(&self) -> Result<MasterKey> {
        Ok(lock(&self.0).clone())
    }

    fn hold(&self) -> Result<Held> {
        Ok(Box::new(()))
    }

    fn alone(&self) -> Result<Held> {
        Ok(Box::new(()))
    }

    fn settle(&self) -> Result<Option<Held>> {
        let rotates = self.1.load(std::sync::atomic::Ordering::Relaxed);
        Ok((!rotates).then(|| Box::new(()) as Held))
    }
}

fn team(number: u128) -> Owner {
    Owner::Team(TeamId(Uuid::from_u128(number)))
}

fn master() -> MasterKey {
    MasterKey::parse(&MasterKey::generate(&SystemRandom)).unwrap()
}

async fn rotation(store: &Arc<InMemory>, from: &MasterKey, to: &MasterKey) -> Rotation {
    Rotation::new(Arc::clone(store) as _, Arc::new(SystemRandom), from, to).await.unwrap()
}

#[tokio::test]
async fn a_rotation_goes_on_while_keys_are_made_and_destroyed() {
    let (store, old, new) = (Arc::<InMemory>::default(), master(), master());
    let masters = Arc::new(Replaced(Mutex::new(old.clone()), false.into()));
    let ring =
        Keyring::open(Arc::clone(&store) as _, Arc::clone(&masters) as _, Arc::new(SystemRandom));
    let mut sealed = Vec::new();
    for number in 1..100 {
        let key = ring.key_of(team(number)).await.unwrap();
        sealed.push(key.seal(&SystemRandom, &PLACE, b"x").unwrap());
    }
    let rotation = rotation(&store, &old, &new).await;
    let mut told = Vec::new();
    assert_eq!(rotation.wrap(|done, all| told.push((done, all))).await.unwrap(), 99);
    assert_eq!((told.first(), told.last()), (Some(&(1, 99)), Some(&(99, 99))));
    // Meanwhile, and after it was interrupted here.
    ring.destroy(team(7)).await.unwrap();
    ring.key_of(ada()).await.unwrap();
    assert_eq!(ring.holding(true).await.unwrap().others, 98, "destroyed in both");
    assert_eq!(rotation.wrap(|_, _| {}).await.unwrap(), 99);
    *lock(&masters.0) = new.clone();

    // The program that runs has forgotten nothing, and makes keys for the new one.
    ring.key_of(team(200)).await.unwrap();
    assert_eq!(ring.forget_others().await.unwrap(), Some(99));
    let later =
        Keyring::open(Arc::clone(&store) as _, Arc::new(new.clone()), Arc::new(SystemRandom));
    let holding = later.holding(true).await.unwrap();
    let expected = Holding { master: new.name(), people: 1, teams: 99, ..Holding::default() };
    assert_eq!(holding, expected);
    for (number, sealed) in (1..100).zip(sealed) {
        match later.find(team(number)).await.unwrap() {
            Some(key) => assert_eq!(*key.open(&PLACE, &sealed).unwrap(), b"x"),
            None => assert_eq!(number, 7),
        }
    }
    let late = Keyring::open(Arc::clone(&store) as _, Arc::new(old), Arc::new(SystemRandom));
    assert!(late.key_of(team(1)).await.is_err(), "the old one opens nothing");
    assert!(late.key_of(team(300)).await.is_err(), "and makes nothing");
}

#[tokio::test]
async fn what_was_destroyed_while_it_was_wrapped_does_not_come_back() {
    let (store, old, new) = (Arc::<InMemory>::default(), master(), master());
    let ring =
        Keyring::open(Arc::clone(&store) as _, Arc::new(old.clone()), Arc::new(SystemRandom));
    ring.key_of(team(1)).await.unwrap();
    ring.key_of(team(2)).await.unwrap();
    let rotation = rotation(&store, &old, &new).await;
    rotation.wrap(|_, _| {}).await.unwrap();
    // Destroyed between its reading and its writing: as if only the old file had been there to delete.
    store.delete(&Path::from(format!("keys/{}", team(1)))).await.unwrap();
    rotation.wrap(|_, _| {}).await.unwrap();
    let later = Keyring::open(Arc::clone(&store) as _, Arc::new(new), Arc::new(SystemRandom));
    assert!(later.find(team(1)).await.unwrap().is_none());
    assert!(later.find(team(2)).await.unwrap().is_some());
}

#[tokio::test]
async fn nothing_is_removed_that_only_another_master_key_wrapped() {
    let (store, old, new) = (Arc::<InMemory>::default(), master(), master());
    let ring =
        Keyring::open(Arc::clone(&store) as _, Arc::new(old.clone()), Arc::new(SystemRandom));
    ring.key_of(team(1)).await.unwrap();
    rotation(&store, &old, &new).await.wrap(|_, _| {}).await.unwrap();
    ring.key_of(team(2)).await.unwrap();
    let early = Keyring::open(Arc::clone(&store) as _, Arc::new(new), Arc::new(SystemRandom));
    assert_eq!(early.forget_others().await.unwrap(), None);
    assert!(ring.find(team(2)).await.unwrap().is_some());
    assert_eq!(
        ring.forget_others().await.unwrap(),
        Some(1),
        "what was begun is wrapped by the other, too"
    );
}

#[tokio::test]
async fn a_file_that_does_not_open_is_named_and_stops_a_rotation() {
    let (store, old, new) = (Arc::<InMemory>::default(), master(), master());
    let ring =
        Keyring::open(Arc::clone(&store) as _, Arc::new(old.clone()), Arc::new(SystemRandom));
    ring.key_of(team(1)).await.unwrap();
    let cut = Path::from(format!("keys/{}", team(2)));
    store.put(&cut, PutPayload::from_static(b"cut")).await.unwrap();
    let holding = ring.holding(true).await.unwrap();
    assert_eq!(holding.broken, [team(2).to_string()]);
    assert!(rotation(&store, &old, &new).await.wrap(|_, _| {}).await.is_err());
    assert!(ring.find(team(1)).await.unwrap().is_some());
}

#[tokio::test]
async fn a_renewed_key_seals_with_its_new_version_and_opens_what_the_others_sealed() {
    let (store, master) = (Arc::default(), MasterKey::generate(&SystemRandom));
    let (ring, other) = (keyring(&store, &master), keyring(&store, &master));
    let first = ring.key_of(ada()).await.unwrap();
    let old = first.seal(&SystemRandom, &PLACE, b"x").unwrap();
    other.key_of(ada()).await.unwrap();
    let version = Uuid::from_u128(2);
    for _ in 0..2 {
        let key = ring.renew(ada(), version).await.unwrap().expect("there is one");
        assert_eq!((key.id(), key.earlier().collect::<Vec<_>>()), (version, vec![first.id()]));
    }
    let key = other.key_of(ada()).await.unwrap();
    let new = key.seal(&SystemRandom, &PLACE, b"y").unwrap();
    assert_eq!((&new[1..17], key.id()), (version.as_bytes().as_slice(), version));
    assert!(first.open(&PLACE, &new).is_err());
    for sealed in [&old, &new] {
        let opener = ring.opener(ada(), sealed).await.unwrap().unwrap();
        opener.open(&PLACE, sealed).unwrap();
    }
    let holding = ring.holding(true).await.unwrap();
    assert_eq!((holding.people, holding.earlier, holding.broken.len()), (1, 1, 0));

    // The present one is never retired; the one before is, for everybody.
    ring.retire(ada(), version).await.unwrap();
    ring.retire(ada(), first.id()).await.unwrap();
    assert!(ring.retire(ada(), first.id()).await.unwrap().is_some(), "again");
    for ring in [&ring, &other] {
        let key = ring.find(ada()).await.unwrap().unwrap();
        assert!(key.open(&PLACE, &old).is_err());
        assert_eq!(*key.open(&PLACE, &new).unwrap(), b"y");
    }
}

#[tokio::test]
async fn what_is_not_there_or_signs_is_not_renewed() {
    let (store, master) = (Arc::default(), MasterKey::generate(&SystemRandom));
    let ring = keyring(&store, &master);
    assert!(ring.renew(ada(), Uuid::from_u128(2)).await.unwrap().is_none());
    assert!(ring.find(ada()).await.unwrap().is_none(), "and none was made");
    ring.key_of(ada()).await.unwrap();
    ring.destroy_for_good(ada()).await.unwrap();
    assert!(ring.renew(ada(), Uuid::from_u128(2)).await.unwrap().is_none());
    assert!(ring.key_of(ada()).await.is_err(), "destroyed for good");
    assert!(ring.renew(Owner::Signer, Uuid::from_u128(2)).await.is_err());
}

#[tokio::test]
async fn every_version_is_wrapped_by_another_master_key_and_none_comes_while_that_goes_on() {
    let (store, old, new) = (Arc::<InMemory>::default(), master(), master());
    let masters = Arc::new(Replaced(Mutex::new(old.clone()), false.into()));
    let ring =
        Keyring::open(Arc::clone(&store) as _, Arc::clone(&masters) as _, Arc::new(SystemRandom));
    ring.key_of(team(1)).await.unwrap();
    let sealed = ring.key_of(team(1)).await.unwrap().seal(&SystemRandom, &PLACE, b"x").unwrap();
    ring.renew(team(1), Uuid::from_u128(2)).await.unwrap();
    let refused = |result: Result<Option<Arc<DataKey>>>| match result {
        Err(Error::Conflict(said)) => assert!(said.contains("is being rotated"), "{said}"),
        other => panic!("{:?}", other.map(|_| ())),
    };
    masters.1.store(true, std::sync::atomic::Ordering::Relaxed);
    refused(ring.renew(team(1), Uuid::from_u128(3)).await);
    masters.1.store(false, std::sync::atomic::Ordering::Relaxed);
    // One that was interrupted: what it has wrapped must not change.
    let rotation = rotation(&store, &old, &new).await;
    rotation.wrap(|_, _| {}).await.unwrap();
    refused(ring.renew(team(1), Uuid::from_u128(3)).await);
    refused(ring.retire(team(1), ring.find(team(1)).await.unwrap().unwrap().versions[1].id).await);
    *lock(&masters.0) = new.clone();
    let later = Keyring::open(Arc::clone(&store) as _, Arc::new(new), Arc::new(SystemRandom));
    later.forget_others().await.unwrap();
    let key = later.find(team(1)).await.unwrap().unwrap();
    assert_eq!((key.id(), key.versions.len()), (Uuid::from_u128(2), 2));
    assert_eq!(*key.open(&PLACE, &sealed).unwrap(), b"x");
    later.renew(team(1), Uuid::from_u128(3)).await.unwrap();
    assert_eq!(ring.key_of(team(1)).await.unwrap().id(), Uuid::from_u128(3));
}

#[tokio::test]
async fn a_key_has_some_versions_and_no_more() {
    let (store, master) = (Arc::default(), MasterKey::generate(&SystemRandom));
    let ring = keyring(&store, &master);
    ring.key_of(ada()).await.unwrap();
    for number in 1..64 {
        ring.renew(ada(), Uuid::from_u128(number)).await.unwrap();
    }
    assert!(matches!(ring.renew(ada(), Uuid::from_u128(64)).await, Err(Error::Conflict(_))));
    assert_eq!(ring.key_of(ada()).await.unwrap().id(), Uuid::from_u128(63));
}

/// A master key whose keyring several have.
struct Shared(MasterKey, Arc<tokio::sync::Semaphore>);

impl MasterKeys for Shared {
    fn current(&self) -> Result<MasterKey> {
        Ok(self.0.clone())
    }

    fn hold(&self) -> Result<Held> {
        Ok(Box::new(()))
    }

    fn alone(&self) -> Result<Held> {
        let held = Arc::clone(&self.1).acquire_owned();
        Ok(Box::new(tokio::runtime::Handle::current().block_on(held).unwrap()))
    }

    fn settle(&self) -> Result<Option<Held>> {
        Ok(Some(Box::new(())))
    }
}

#[tokio::test]
async fn a_key_that_is_destroyed_while_it_is_renewed_stays_destroyed() {
    use object_store::throttle::{ThrottleConfig, ThrottledStore};
    let slow = ThrottleConfig {
        wait_put_per_call: std::time::Duration::from_millis(10),
        ..ThrottleConfig::default()
    };
    let store = Arc::new(ThrottledStore::new(InMemory::new(), slow));
    let masters = Arc::new(Shared(master(), Arc::new(tokio::sync::Semaphore::new(1))));
    let ring = || {
        Keyring::open(Arc::clone(&store) as _, Arc::clone(&masters) as _, Arc::new(SystemRandom))
    };
    for number in 1..20 {
        let (one, other) = (ring(), ring());
        one.key_of(team(number)).await.unwrap();
        let renewed = async {
            tokio::time::sleep(std::time::Duration::from_millis(number as u64 % 7)).await;
            other.renew(team(number), Uuid::from_u128(2)).await
        };
        let destroyed = async {
            tokio::time::sleep(std::time::Duration::from_millis(number as u64 % 11)).await;
            match number % 2 {
                0 => one.destroy(team(number)).await,
                _ => one.destroy_for_good(team(number)).await.map(drop),
            }
        };
        let (renewed, destroyed) = tokio::join!(renewed, destroyed);
        renewed.unwrap();
        destroyed.unwrap();
        assert!(ring().find(team(number)).await.unwrap().is_none(), "{number}");
    }
}
