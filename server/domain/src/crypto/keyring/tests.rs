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

/// A master key that a rotation replaces.
struct Replaced(Mutex<MasterKey>);

impl MasterKeys for Replaced {
    fn current(&self) -> Result<MasterKey> {
        Ok(lock(&self.0).clone())
    }

    fn hold(&self) -> Result<Box<dyn Send>> {
        Ok(Box::new(()))
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
    let masters = Arc::new(Replaced(Mutex::new(old.clone())));
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
