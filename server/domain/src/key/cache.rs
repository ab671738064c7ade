//! What verify remembers of keys, and how it knows that this still holds.
//!
//! Whoever alters a key forgets it here before answering; other programs hear of it from the
//! database (`listen.rs`). An answer from memory is given while the listener is known to be alive,
//! or was read within [`UNPROVEN`]; else the database is asked, and if it is silent, nobody is let
//! in. What was read while something was forgotten is used once and not kept: it may be from before.

use super::{held, known::Known, meter::Meter};
use model::{KeyId, TeamId};
use std::{
    array,
    collections::HashMap,
    hash::{BuildHasherDefault, Hasher},
    sync::{
        Arc, Mutex, PoisonError, RwLock,
        atomic::{AtomicU64, Ordering},
    },
    time::Duration,
};
use time::OffsetDateTime;
use uuid::Uuid;

/// How long what was read holds with nobody listening.
const UNPROVEN: Duration = Duration::from_secs(5);
/// How long after its last sign the listener counts as alive; it gives one each second.
const ALIVE: Duration = Duration::from_secs(3);
/// How long a text is remembered that is no key. Making one is not told to other programs.
const UNKNOWN: Duration = Duration::from_secs(5);
/// Keys that the database is asked about at once. Of many calls with one key, one asks.
const ASKING: usize = 64;
/// Readers meet on one of these only by chance.
const SHARDS: usize = 16;
/// Keys of one shard; whoever comes after begins anew.
const KNOWN_MOST: usize = 1 << 16;
/// The same of what is no key: strangers send those.
const UNKNOWN_MOST: usize = 1 << 12;

/// SHA-256 of a key's text.
pub(super) type Hash = [u8; 32];

/// Keys by the hash of their text.
#[derive(Debug)]
pub(crate) struct Cache {
    shards: [RwLock<Shard>; SHARDS],
    asking: [tokio::sync::Mutex<()>; ASKING],
    /// When the last sign of the listener was sent, in milliseconds; 0 for never.
    alive_at: AtomicU64,
    meters: Mutex<HashMap<Uuid, (TeamId, Arc<Meter>)>>,
}

#[derive(Debug, Default)]
struct Shard {
    known: HashMap<Hash, Kept, BuildHasherDefault<Folded>>,
    unknown: HashMap<Hash, Duration, BuildHasherDefault<Folded>>,
    /// Goes up whenever something is forgotten.
    generation: u64,
}

#[derive(Debug)]
struct Kept {
    key: Arc<Known>,
    /// Seconds of the program's clock.
    read_at: u32,
}

/// What memory says of a key.
#[derive(Debug)]
pub(super) enum Remembered {
    Key(Arc<Known>),
    /// There is no such key.
    Nothing,
    /// The database must be asked; what it says may be kept if nothing was forgotten since.
    Ask(u64),
}

impl Remembered {
    /// What is known of the key: perhaps that there is none. None where the database must be asked.
    pub(super) fn found(self) -> Option<Option<Arc<Known>>> {
        match self {
            Self::Key(key) => Some(Some(key)),
            Self::Nothing => Some(None),
            Self::Ask(_) => None,
        }
    }
}

impl Default for Cache {
    fn default() -> Self {
        Self {
            shards: array::from_fn(|_| RwLock::default()),
            asking: array::from_fn(|_| tokio::sync::Mutex::default()),
            alive_at: AtomicU64::default(),
            meters: Mutex::default(),
        }
    }
}

impl Cache {
    /// Waits for whoever asks about this key, or one of a few others. Look again then.
    pub(super) async fn asking(&self, hash: &Hash) -> tokio::sync::MutexGuard<'_, ()> {
        self.asking[usize::from(hash[30]) % ASKING].lock().await
    }

    /// `now`: the program's own clock, which nobody sets.
    pub(super) fn get(&self, hash: &Hash, now: Duration) -> Remembered {
        let shard = self.shard(hash).read().unwrap_or_else(PoisonError::into_inner);
        if let Some(kept) = shard.known.get(hash) {
            let age = seconds(now).saturating_sub(kept.read_at);
            if self.is_told(now) || u64::from(age) < UNPROVEN.as_secs() {
                return Remembered::Key(Arc::clone(&kept.key));
            }
        } else if shard.unknown.get(hash).is_some_and(|at| now.saturating_sub(*at) < UNKNOWN) {
            return Remembered::Nothing;
        }
        Remembered::Ask(shard.generation)
    }

    /// Keeps what the database said, unless something was forgotten while it was asked.
    pub(super) fn put(&self, hash: Hash, key: Option<Arc<Known>>, generation: u64, now: Duration) {
        let mut shard = self.shard(&hash).write().unwrap_or_else(PoisonError::into_inner);
        if shard.generation != generation {
            return;
        }
        match key {
            Some(key) => {
                if shard.known.len() >= KNOWN_MOST {
                    shard.known.clear();
                }
                shard.known.insert(hash, Kept { key, read_at: seconds(now) });
            }
            None => {
                if shard.unknown.len() >= UNKNOWN_MOST {
                    shard.unknown.clear();
                }
                shard.unknown.insert(hash, now);
            }
        }
    }

    /// Forgets the key with this secret.
    pub(super) fn forget_secret(&self, hash: &Hash) {
        let mut shard = self.shard(hash).write().unwrap_or_else(PoisonError::into_inner);
        shard.generation += 1;
        shard.known.remove(hash);
        shard.unknown.remove(hash);
    }

    /// Forgets the key, with all its secrets.
    pub(super) fn forget_key(&self, key: KeyId) {
        self.forget_where(|known| known.id == key);
    }

    /// Forgets every key of the team.
    pub(super) fn forget_team(&self, team: TeamId) {
        self.forget_where(|known| known.team == team);
    }

    fn forget_where(&self, is_meant: impl Fn(&Known) -> bool) {
        for shard in &self.shards {
            let meant: Vec<Hash> = {
                let shard = shard.read().unwrap_or_else(PoisonError::into_inner);
                let meant = shard.known.iter().filter(|(_, kept)| is_meant(&kept.key));
                meant.map(|(hash, _)| *hash).collect()
            };
            let mut shard = shard.write().unwrap_or_else(PoisonError::into_inner);
            shard.generation += 1;
            for hash in meant {
                shard.known.remove(&hash);
            }
        }
    }

    /// Forgets everything: a listener has begun, and nobody knows what was missed before.
    pub(super) fn forget_all(&self) {
        for shard in &self.shards {
            let mut shard = shard.write().unwrap_or_else(PoisonError::into_inner);
            shard.generation += 1;
            shard.known.clear();
        }
    }

    /// The listener has heard what was sent at `sent_at`, and all that was committed before.
    pub(super) fn heard(&self, sent_at: Duration) {
        let millis = u64::try_from(sent_at.as_millis()).unwrap_or(u64::MAX);
        self.alive_at.fetch_max(millis, Ordering::AcqRel);
    }

    /// Nobody listens any more.
    pub(super) fn unheard(&self) {
        self.alive_at.store(0, Ordering::Release);
    }

    /// Whether whatever was committed until a moment ago has been heard of.
    pub(crate) fn is_told(&self, now: Duration) -> bool {
        let alive_at = self.alive_at.load(Ordering::Acquire);
        alive_at > 0 && now.saturating_sub(Duration::from_millis(alive_at)) < ALIVE
    }

    /// What counts the calls of a key; the same for all its secrets, and after it was forgotten.
    pub(super) fn meter(&self, team: TeamId, key: KeyId) -> Arc<Meter> {
        let mut meters = held(&self.meters);
        Arc::clone(&meters.entry(key.0).or_insert_with(|| (team, Arc::default())).1)
    }

    /// Calls of the key's quota that this program has and did not spend.
    pub(super) fn unspent(&self, key: KeyId, now: OffsetDateTime) -> i64 {
        let meters = held(&self.meters);
        let unspent = meters.get(&key.0).map_or(0, |(_, meter)| meter.unspent(now));
        i64::try_from(unspent).unwrap_or(i64::MAX)
    }

    /// All of them.
    pub(super) fn meters(&self) -> Vec<(TeamId, KeyId, Arc<Meter>)> {
        let meters = held(&self.meters);
        meters.iter().map(|(key, (team, meter))| (*team, KeyId(*key), Arc::clone(meter))).collect()
    }

    fn shard(&self, hash: &Hash) -> &RwLock<Shard> {
        // The other end than `Folded` reads: else a shard would use few of its places.
        &self.shards[usize::from(hash[31]) % SHARDS]
    }
}

fn seconds(now: Duration) -> u32 {
    u32::try_from(now.as_secs()).unwrap_or(u32::MAX)
}

/// Hashes what is a hash already: eight of its bytes are as good as any.
#[derive(Debug, Default)]
struct Folded(u64);

impl Hasher for Folded {
    fn finish(&self) -> u64 {
        self.0
    }

    fn write(&mut self, bytes: &[u8]) {
        if let Some(first) = bytes.first_chunk() {
            self.0 = u64::from_le_bytes(*first);
        }
    }

    /// The length of an array, which tells nothing.
    fn write_usize(&mut self, _length: usize) {}
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::key::known::Row;

    fn key(team: u128, id: u128) -> Arc<Known> {
        let row = Row {
            team_id: Uuid::from_u128(team),
            id: Uuid::from_u128(id),
            name: "billing-sync".to_owned(),
            environment: "live".to_owned(),
            ..Row::default()
        };
        Arc::new(row.known(|_| Arc::default()).unwrap())
    }

    fn at(seconds: u64) -> Duration {
        Duration::from_secs(seconds)
    }

    fn put(cache: &Cache, hash: Hash, found: Option<Arc<Known>>, now: u64) {
        let Remembered::Ask(generation) = cache.get(&hash, at(now)) else { panic!("known") };
        cache.put(hash, found, generation, at(now));
    }

    fn is_known(cache: &Cache, hash: &Hash, now: u64) -> bool {
        matches!(cache.get(hash, at(now)), Remembered::Key(_))
    }

    #[test]
    fn with_nobody_listening_what_was_read_holds_for_five_seconds() {
        let cache = Cache::default();
        put(&cache, [1; 32], Some(key(1, 1)), 100);
        assert!(is_known(&cache, &[1; 32], 104));
        assert!(!is_known(&cache, &[1; 32], 105));
    }

    #[test]
    fn while_the_listener_gives_signs_it_holds_on() {
        let cache = Cache::default();
        cache.forget_all();
        put(&cache, [1; 32], Some(key(1, 1)), 100);
        cache.heard(at(1_000));
        assert!(is_known(&cache, &[1; 32], 1_002));
        assert!(!is_known(&cache, &[1; 32], 1_003), "three seconds without a sign");
        cache.heard(at(1_003));
        assert!(is_known(&cache, &[1; 32], 1_004));
        cache.heard(at(900));
        assert!(is_known(&cache, &[1; 32], 1_004), "a late sign takes nothing back");
        cache.unheard();
        assert!(!is_known(&cache, &[1; 32], 1_004));
    }

    #[test]
    fn a_new_listener_trusts_nothing_that_was_read_before() {
        let cache = Cache::default();
        put(&cache, [1; 32], Some(key(1, 1)), 100);
        cache.forget_all();
        cache.heard(at(100));
        assert!(!is_known(&cache, &[1; 32], 100));
    }

    #[test]
    fn what_is_forgotten_is_asked_again_by_secret_key_or_team() {
        let cache = Cache::default();
        let put_all = || {
            for (hash, key) in [([1; 32], key(1, 1)), ([2; 32], key(1, 1)), ([3; 32], key(2, 2))] {
                cache.forget_secret(&hash);
                put(&cache, hash, Some(key), 100);
            }
        };
        let known = || [[1; 32], [2; 32], [3; 32]].map(|hash| is_known(&cache, &hash, 100));
        put_all();
        cache.forget_secret(&[1; 32]);
        assert_eq!(known(), [false, true, true]);
        put_all();
        cache.forget_key(KeyId(Uuid::from_u128(1)));
        assert_eq!(known(), [false, false, true]);
        put_all();
        cache.forget_team(TeamId(Uuid::from_u128(2)));
        assert_eq!(known(), [true, true, false]);
    }

    #[test]
    fn what_was_read_while_something_was_forgotten_is_not_kept() {
        let cache = Cache::default();
        type Forget = fn(&Cache);
        let ways: [Forget; 4] = [
            |cache| cache.forget_secret(&[1; 32]),
            |cache| cache.forget_key(KeyId(Uuid::from_u128(1))),
            |cache| cache.forget_team(TeamId(Uuid::from_u128(1))),
            Cache::forget_all,
        ];
        for forget in ways {
            let Remembered::Ask(generation) = cache.get(&[1; 32], at(1)) else { panic!("known") };
            forget(&cache);
            cache.put([1; 32], Some(key(1, 1)), generation, at(1));
            assert!(!is_known(&cache, &[1; 32], 1));
        }
    }

    /// Bytes that are asked of the allocator: the places of the tables, one byte of theirs beside each,
    /// and what hangs on them.
    #[test]
    fn a_key_takes_at_most_256_bytes() {
        const KEYS: usize = 100_000;
        let cache = Cache::default();
        for number in 0..KEYS {
            let hash = crate::crypto::token::hash_typed(&model::Typed::new(number.to_string()));
            put(&cache, hash, Some(key(1, number as u128)), 100);
        }
        let held = |shard: &RwLock<Shard>| {
            let known = &shard.read().unwrap().known;
            let places = (known.capacity() * 8).div_ceil(7) * (size_of::<(Hash, Kept)>() + 1);
            let counts = 2 * size_of::<usize>();
            let of = |kept: &Kept| counts + size_of::<Known>() + kept.key.name.len();
            (known.len(), places + known.values().map(of).sum::<usize>())
        };
        let all = cache.shards.iter().map(held);
        let (keys, bytes) = all.fold((0, 0), |(k, b), (keys, bytes)| (k + keys, b + bytes));
        assert_eq!(keys, KEYS);
        assert!(bytes / keys <= 256, "{} bytes", bytes / keys);
    }

    #[test]
    fn what_is_no_key_is_remembered_shortly_and_in_little_room() {
        let cache = Cache::default();
        put(&cache, [9; 32], None, 100);
        assert!(matches!(cache.get(&[9; 32], at(104)), Remembered::Nothing));
        assert!(matches!(cache.get(&[9; 32], at(105)), Remembered::Ask(_)));
        for number in 0..100_000_u32 {
            let mut hash = [0; 32];
            hash[..4].copy_from_slice(&number.to_le_bytes());
            cache.put(hash, None, 0, at(100));
        }
        let most = cache.shards.iter().map(|shard| shard.read().unwrap().unknown.len()).max();
        assert!(most <= Some(UNKNOWN_MOST));
    }
}
