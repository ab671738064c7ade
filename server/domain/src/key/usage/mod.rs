//! Counting verifications: each is noted before it is answered, and added to the database every
//! second and at the end.
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
use std::{collections::HashMap, mem, net::IpAddr, path::PathBuf, sync::Mutex};
use time::{Date, OffsetDateTime};
use uuid::Uuid;

/// Verifications that the database does not know of yet.
#[derive(Debug, Default)]
pub(crate) struct Usage {
    journal: Option<Journal>,
    /// Without a journal, or when it cannot be written.
    unwritten: Mutex<Counts>,
    /// Taken out to be added, and not yet added in full.
    pending: Mutex<Vec<Batch>>,
    /// Of two flushes at once the second waits: both would add the same.
    flushing: tokio::sync::Mutex<()>,
}

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
    teams: HashMap<Uuid, Counts>,
    /// To be removed when all is added.
    file: Option<PathBuf>,
}

/// Calls by what the database counts them by.
#[derive(Debug, Default)]
struct Counts {
    calls: Counted<Slot, i64>,
    seen: Counted<(Uuid, Uuid), Seen>,
    /// By team, key and day.
    addresses: Counted<(Uuid, Uuid, Date), Addresses>,
}

/// By ids of ours, which nobody chooses: they need no hash that defends itself, and there are many.
type Counted<Key, Value> = HashMap<Key, Value, foldhash::fast::RandomState>;

/// A key in an hour, by answer and country.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
struct Slot {
    team: Uuid,
    key: Uuid,
    hour: OffsetDateTime,
    code: u8,
    country: [u8; 2],
}

/// The last call of a key.
#[derive(Debug, Clone, Copy)]
struct Seen {
    at: OffsetDateTime,
    ip: Option<IpAddr>,
}

impl Usage {
    pub(crate) fn with(journal: Option<Journal>) -> Self {
        Self { journal, ..Self::default() }
    }

    /// Notes a call. When this returns, it will be counted, whatever becomes of this program.
    pub(super) fn note(&self, call: &Call) {
        self.keep(&[Note::of(call).0]);
    }

    /// The same of many, at the price of one.
    pub(super) fn note_all(&self, calls: &[Call]) {
        let notes: Vec<_> = calls.iter().map(|call| Note::of(call).0).collect();
        self.keep(&notes);
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
        let mut pending = held(&self.pending);
        let unwritten = mem::take(&mut *held(&self.unwritten));
        if !unwritten.calls.is_empty() {
            pending.push(Batch { id: id(), teams: unwritten.by_team(), file: None });
        }
        if let Some(journal) = &self.journal {
            pending.extend(journal.take());
        }
    }
}

impl Counts {
    fn add(&mut self, note: &Note) {
        let Some((slot, seen)) = note.read() else { return };
        *self.calls.entry(slot).or_default() += 1;
        if let Some(ip) = seen.ip {
            let refused = (slot.code != VerifyCode::Valid as u8).into();
            let day = (slot.team, slot.key, slot.hour.date());
            let hits = Hits { calls: 1, refused, last_at: seen.at };
            self.addresses.entry(day).or_default().add(ip, hits);
        }
        let last = self.seen.entry((slot.team, slot.key)).or_insert(seen);
        if seen.at >= last.at {
            *last = seen;
        }
    }

    fn by_team(self) -> HashMap<Uuid, Self> {
        let mut teams: HashMap<Uuid, Self> = HashMap::new();
        for (slot, calls) in self.calls {
            teams.entry(slot.team).or_default().calls.insert(slot, calls);
        }
        for ((team, key), seen) in self.seen {
            teams.entry(team).or_default().seen.insert((team, key), seen);
        }
        for (day, addresses) in self.addresses {
            teams.entry(day.0).or_default().addresses.insert(day, addresses);
        }
        teams
    }
}
