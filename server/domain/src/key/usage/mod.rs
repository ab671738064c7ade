//! Counting verifications: each is noted before it is answered, and added to the database every
//! second and at the end.
//!
//! Calls that are answered at about the same time are written to the journal together
//! ([`Usage::settle`]): a system call for each would be a twentieth of what verifying costs.
//!
//! A [`Journal`] holds what the database does not know yet in files, which outlive the program when
//! it is killed. A batch is one such file; the database remembers which batches of a team it has
//! added, so that a batch may be tried again after a commit of which nobody knows how it ended.

mod add;
mod address;
mod journal;
mod note;

pub use add::{flush_usage, sweep_usage};
pub use journal::Journal;

use super::held;
use address::{Addresses, Hits};
use model::{key::VerifyCode, place::Country};
use note::{LENGTH, Note};
use std::{
    collections::HashMap,
    mem,
    net::IpAddr,
    path::PathBuf,
    sync::{
        Mutex,
        atomic::{AtomicU64, Ordering},
    },
};
use time::{Date, OffsetDateTime};
use uuid::Uuid;

/// Verifications that the database does not know of yet.
#[derive(Debug, Default)]
pub(crate) struct Usage {
    journal: Option<Journal>,
    gathered: Mutex<Gathered>,
    /// How many were noted ever, and how many of these are kept.
    noted: AtomicU64,
    kept: AtomicU64,
    /// Whoever keeps what was gathered, and room for it.
    keeping: Mutex<Gathered>,
    /// Without a journal, or when it cannot be written.
    unwritten: Mutex<Counts>,
    /// Taken out to be added, and not yet added in full.
    pending: Mutex<Vec<Batch>>,
    /// Of two flushes at once the second waits: both would add the same.
    flushing: tokio::sync::Mutex<()>,
}

/// Notes, in the order in which they came.
type Gathered = Vec<[u8; LENGTH]>;

/// What verify answered about a key.
#[derive(Debug, Clone, Copy)]
pub(super) struct Call {
    pub(super) team: Uuid,
    pub(super) key: Uuid,
    pub(super) code: VerifyCode,
    pub(super) ip: Option<IpAddr>,
    pub(super) country: Option<Country>,
    pub(super) at: OffsetDateTime,
}

/// What is added to the database at once, and again until it is there.
#[derive(Debug)]
struct Batch {
    id: Uuid,
    counts: Counts,
    /// To be removed when all is added.
    file: Option<PathBuf>,
}

/// What was counted, by team and key.
#[derive(Debug, Default)]
struct Counts(Counted<Uuid, Counted<Uuid, OfKey>>);

/// By ids of ours, which nobody chooses: they need no hash that defends itself, and there are many.
type Counted<Key, Value> = HashMap<Key, Value, foldhash::fast::RandomState>;

/// The calls of a key. Few kinds of answers and days in one batch: lists find them fastest.
#[derive(Debug)]
struct OfKey {
    calls: Vec<(Slot, i64)>,
    addresses: Vec<(Date, Addresses)>,
    last: Seen,
}

/// What the database counts by: an hour, an answer and a country.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
struct Slot {
    hour: OffsetDateTime,
    code: u8,
    country: [u8; 2],
}

/// A call, as far as only the last one matters.
#[derive(Debug, Clone, Copy)]
struct Seen {
    at: OffsetDateTime,
    ip: Option<IpAddr>,
}

impl Usage {
    pub(crate) fn with(journal: Option<Journal>) -> Self {
        Self { journal, ..Self::default() }
    }

    /// Notes calls. They will be counted, whatever becomes of this program, when they are
    /// [settled](Self::settle).
    pub(super) fn note<'calls>(&self, calls: impl IntoIterator<Item = &'calls Call>) {
        let mut gathered = held(&self.gathered);
        let before = gathered.len();
        gathered.extend(calls.into_iter().map(|call| Note::of(call).0));
        self.noted.fetch_add((gathered.len() - before) as u64, Ordering::Release);
    }

    /// Returns when all that was noted is kept. Others that are about to be answered come first, so
    /// that one keeps the notes of all of them.
    pub(crate) async fn settle(&self) {
        let noted = self.noted.load(Ordering::Acquire);
        let is_kept = || self.kept.load(Ordering::Acquire) >= noted;
        if !is_kept() {
            tokio::task::yield_now().await;
            if !is_kept() {
                self.keep_gathered();
            }
        }
    }

    fn keep_gathered(&self) {
        let mut notes = held(&self.keeping);
        let noted = {
            let mut gathered = held(&self.gathered);
            mem::swap(&mut *gathered, &mut *notes);
            self.noted.load(Ordering::Acquire)
        };
        if !notes.is_empty() {
            self.keep(&notes);
            notes.clear();
        }
        self.kept.fetch_max(noted, Ordering::Release);
    }

    fn keep(&self, notes: &[[u8; LENGTH]]) {
        let is_written = self.journal.as_ref().is_some_and(|journal| journal.write(notes));
        if !is_written {
            let mut unwritten = held(&self.unwritten);
            notes.iter().for_each(|note| unwritten.add(&Note(*note)));
        }
    }

    /// Takes out what was noted until now.
    fn take(&self, id: impl Fn() -> Uuid) {
        self.keep_gathered();
        let mut pending = held(&self.pending);
        let unwritten = mem::take(&mut *held(&self.unwritten));
        if !unwritten.0.is_empty() {
            pending.push(Batch { id: id(), counts: unwritten, file: None });
        }
        if let Some(journal) = &self.journal {
            pending.extend(journal.take());
        }
    }
}

impl Counts {
    fn add(&mut self, note: &Note) {
        let Some((team, key, slot, seen)) = note.read() else { return };
        let keys = self.0.entry(team).or_default();
        keys.entry(key).or_insert_with(|| OfKey::none_yet(seen)).add(slot, seen);
    }
}

impl OfKey {
    fn none_yet(last: Seen) -> Self {
        Self { calls: Vec::with_capacity(1), addresses: Vec::new(), last }
    }

    fn add(&mut self, slot: Slot, seen: Seen) {
        *of(&mut self.calls, slot) += 1;
        if let Some(ip) = seen.ip {
            let refused = (slot.code != VerifyCode::Valid as u8).into();
            let hits = Hits { calls: 1, refused, last_at: seen.at };
            of(&mut self.addresses, slot.hour.date()).add(ip, hits);
        }
        if seen.at >= self.last.at {
            self.last = seen;
        }
    }
}

/// What a short list holds of `key`.
fn of<Key: PartialEq, Value: Default>(list: &mut Vec<(Key, Value)>, key: Key) -> &mut Value {
    let at = list.iter().position(|(known, _)| *known == key).unwrap_or_else(|| {
        list.push((key, Value::default()));
        list.len() - 1
    });
    &mut list[at].1
}
