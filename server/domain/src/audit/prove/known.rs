//! What was proven, as this program remembers it and as it is kept in files.

use super::{super::Archive, tell::Telling, walk::At};
use crate::{Result, ports::Witness};
use model::{
    audit::Flaw,
    ledger::{Acceptance, Checkpoint, Deletion, LedgerId, PublicKey, Signed, Statement, Trim},
};
use std::{
    collections::{BTreeMap, HashMap, HashSet},
    ops::Bound,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
};
use time::{Duration, OffsetDateTime};

/// All of a large ledger is walked in so many parts, one each hour.
const PARTS: i64 = 20;
const PART_EACH: Duration = Duration::hours(1);
/// How long what was signed is only in the database and in memory.
const KEEP_EACH: Duration = Duration::minutes(10);
/// The least of a part.
const PART: i64 = 5_000;

/// A checkpoint of ours.
#[derive(Debug, Clone)]
pub(super) struct Known {
    pub(super) checkpoint: Checkpoint,
    pub(super) signed: Signed<Checkpoint>,
}

/// What was proven of every ledger.
#[derive(Default)]
pub(crate) struct Proven {
    archive: Option<Archive>,
    tellings: Vec<Telling>,
    memory: Mutex<Memory>,
}

#[derive(Default)]
struct Memory {
    is_loaded: bool,
    latest: BTreeMap<LedgerId, Known>,
    /// Signed since the last time that they were kept.
    to_keep: HashSet<LedgerId>,
    kept_at: Option<OffsetDateTime>,
    /// Found broken, and told so.
    broken: HashSet<LedgerId>,
    /// When an operator accepted a ledger as it was then: RFC 3339.
    accepted: HashMap<LedgerId, String>,
    /// Up to where large ledgers were walked again, and when.
    parts: HashMap<LedgerId, (At, OffsetDateTime)>,
    /// Deleted with their team.
    ended: HashSet<LedgerId>,
    /// The last one that was looked for in the database.
    looked_for: Option<LedgerId>,
}

impl Proven {
    pub(crate) fn with(archive: Option<Archive>, witnesses: Vec<Arc<dyn Witness>>) -> Self {
        let tellings = witnesses.into_iter().map(Telling::to).collect();
        Self { archive, tellings, ..Self::default() }
    }

    /// Tells every witness whose hour has come what was signed since it was told last.
    pub(super) async fn tell(&self, now: OffsetDateTime) {
        for telling in &self.tellings {
            telling
                .tell(now, |ledger| {
                    self.memory().latest.get(&ledger).map(|known| known.signed.line())
                })
                .await;
        }
    }

    /// Reads what was kept by the programs before this one, once.
    pub(super) fn load(&self, ours: PublicKey) -> Result<()> {
        let mut memory = self.memory();
        let Some(archive) = self.archive.as_ref().filter(|_| !memory.is_loaded) else {
            return Ok(());
        };
        let mut strange = 0_u64;
        for line in archive.newest()?.lines() {
            if let Some(known) = open(line, ours) {
                memory.learn(known);
            } else if let Some(accepted) = signed::<Acceptance>(line, ours) {
                memory.accept(&accepted);
            } else if let Some(deleted) = signed::<Deletion>(line, ours) {
                memory.end(deleted.ledger);
            } else if signed::<Trim>(line, ours).is_none() {
                // What was removed stands there for those who read it: the database knows it too.
                strange += 1;
            }
        }
        if strange > 0 {
            tracing::error!(
                lines = strange,
                "Kept checkpoints are not believed: cut, or not signed by this Probity."
            );
        }
        memory.is_loaded = true;
        for ledger in memory.latest.keys() {
            self.tellings.iter().for_each(|telling| telling.owe(*ledger));
        }
        Ok(())
    }

    /// The latest that is known here of a ledger.
    pub(super) fn latest(&self, ledger: LedgerId) -> Option<Known> {
        self.memory().latest.get(&ledger).cloned()
    }

    /// Of some that are known of a ledger the one that reaches furthest, and counts after what was accepted.
    pub(super) fn counting(
        &self,
        accepted: Option<&Acceptance>,
        some: impl IntoIterator<Item = Option<Known>>,
    ) -> Option<Known> {
        let mut memory = self.memory();
        if let Some(accepted) = accepted {
            memory.accept(accepted);
        }
        let mut some: Vec<Known> = some.into_iter().flatten().collect();
        some.retain(|known| !memory.is_void(&known.checkpoint));
        some.iter().for_each(|known| memory.learn(known.clone()));
        some.into_iter().max_by_key(|known| known.checkpoint.seq)
    }

    /// Remembers what was found. That something is wrong is logged once.
    pub(super) fn note(&self, ledger: LedgerId, verdict: std::result::Result<Known, (i64, Flaw)>) {
        let mut memory = self.memory();
        match verdict {
            Ok(known) => {
                memory.learn(known);
                memory.to_keep.insert(ledger);
                self.tellings.iter().for_each(|telling| telling.owe(ledger));
                if memory.broken.remove(&ledger) {
                    tracing::warn!(%ledger, "A ledger that was broken fits again.");
                }
            }
            Err((seq, flaw)) if memory.broken.insert(ledger) => {
                tracing::error!(
                    %ledger,
                    "The audit log was tampered with, at record {seq}: {}.",
                    flaw.title()
                );
            }
            Err(_) => {}
        }
    }

    /// Whether it is time to [`keep`](Self::keep): the first time at once.
    pub(super) fn is_to_be_kept(&self, now: OffsetDateTime) -> bool {
        self.memory().kept_at.is_none_or(|kept| now - kept >= KEEP_EACH)
    }

    /// Writes to the archive what was signed since the last time.
    pub(super) fn keep(&self, now: OffsetDateTime) -> Result<()> {
        let Some(archive) = &self.archive else { return Ok(()) };
        let line = |known: &Known| known.signed.line();
        let (ledgers, new, all) = {
            let mut memory = self.memory();
            memory.kept_at = Some(now);
            let ledgers = std::mem::take(&mut memory.to_keep);
            let known = ledgers.iter().filter_map(|ledger| memory.latest.get(ledger));
            let new: Vec<String> = known.map(line).collect();
            (ledgers, new, memory.latest.values().map(line).collect::<Vec<_>>())
        };
        if new.is_empty() {
            return Ok(());
        }
        let kept = archive.add(now.date(), &new, &all);
        if kept.is_err() {
            // Tried again with the next.
            let mut memory = self.memory();
            memory.kept_at = None;
            memory.to_keep.extend(ledgers);
        }
        Ok(kept?)
    }

    /// Nothing that was signed before counts any more.
    pub(in super::super) fn accept(&self, accepted: &Acceptance) {
        self.memory().accept(accepted);
    }

    /// The ledger goes with its team: that it is no more is right.
    pub(crate) fn end(&self, ledger: LedgerId) {
        self.memory().end(ledger);
    }

    /// The ledgers that went with their team, as far as this program knows.
    pub(super) fn ended(&self) -> HashSet<LedgerId> {
        self.memory().ended.clone()
    }

    /// The latest that is known of a ledger.
    pub(in super::super) fn known(&self, ledger: LedgerId) -> Option<Checkpoint> {
        self.memory().latest.get(&ledger).map(|known| known.checkpoint.clone())
    }

    /// Keeps something else that is signed, before it is acted upon.
    pub(crate) fn say(&self, now: OffsetDateTime, line: String) -> Result<()> {
        self.tellings.iter().for_each(|telling| telling.say(&line));
        let Some(archive) = &self.archive else { return Ok(()) };
        let all: Vec<String> =
            self.memory().latest.values().map(|known| known.signed.line()).collect();
        Ok(archive.add(
            now.date(),
            std::slice::from_ref(&line),
            &[all, vec![line.clone()]].concat(),
        )?)
    }

    /// What is known to be signed for a ledger: the latest, and what the newest file says.
    pub(in super::super) fn of(
        &self,
        ledger: LedgerId,
        ours: PublicKey,
    ) -> Result<Vec<Signed<Checkpoint>>> {
        let mut found = BTreeMap::new();
        let (latest, since) = {
            let memory = self.memory();
            (memory.latest.get(&ledger).cloned(), memory.accepted.get(&ledger).cloned())
        };
        let counts = |known: &Checkpoint| {
            known.ledger == ledger && since.as_ref().is_none_or(|since| known.at >= *since)
        };
        let mut take = |known: Known| {
            if counts(&known.checkpoint) {
                found.entry(known.checkpoint.seq).or_insert(known.signed);
            }
        };
        if let Some(archive) = &self.archive {
            let name = format!("\"{ledger}\"");
            let text = archive.newest()?;
            let lines = text.lines().filter(|line| line.contains(&name));
            lines.filter_map(|line| open(line, ours)).for_each(&mut take);
        }
        latest.into_iter().for_each(take);
        Ok(found.into_values().collect())
    }

    /// The next ledgers that are known, so many of them, and in the end the first again.
    pub(super) fn some(&self, most: i64) -> Vec<LedgerId> {
        let most = usize::try_from(most).unwrap_or_default();
        let mut memory = self.memory();
        let after = memory.looked_for.map_or(Bound::Unbounded, Bound::Excluded);
        let behind = memory.latest.range((after, Bound::Unbounded));
        let some: Vec<LedgerId> = behind.map(|(ledger, _)| *ledger).take(most).collect();
        memory.looked_for = some.last().copied().filter(|_| some.len() == most);
        some
    }

    /// The part of a large ledger that is to be walked again now: from behind a record, to a record.
    pub(super) fn part(
        &self,
        ledger: LedgerId,
        proven: i64,
        now: OffsetDateTime,
        begin: At,
    ) -> Option<(At, i64)> {
        let mut memory = self.memory();
        let (at, since) = memory.parts.entry(ledger).or_insert((begin, OffsetDateTime::UNIX_EPOCH));
        if now - *since < PART_EACH {
            return None;
        }
        *since = now;
        if at.seq >= proven || at.seq < begin.seq {
            *at = begin;
        }
        let to = proven.min(at.seq + PART.max(proven / PARTS));
        Some((*at, to))
    }

    /// So far a part was walked.
    pub(super) fn walked(&self, ledger: LedgerId, at: At) {
        if let Some((walked, _)) = self.memory().parts.get_mut(&ledger) {
            *walked = at;
        }
    }

    fn memory(&self) -> MutexGuard<'_, Memory> {
        self.memory.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Memory {
    /// Whether it was signed before an operator accepted the ledger as it was then.
    fn is_void(&self, checkpoint: &Checkpoint) -> bool {
        self.accepted.get(&checkpoint.ledger).is_some_and(|at| checkpoint.at < *at)
    }

    fn accept(&mut self, Acceptance { ledger, at, .. }: &Acceptance) {
        if self.accepted.get(ledger).is_none_or(|known| known < at) {
            self.accepted.insert(*ledger, at.clone());
        }
        if self.latest.get(ledger).is_some_and(|known| self.is_void(&known.checkpoint)) {
            self.latest.remove(ledger);
        }
    }

    fn end(&mut self, ledger: LedgerId) {
        self.ended.insert(ledger);
        self.latest.remove(&ledger);
    }

    /// The one that reaches further counts, and of two that reach as far the later one.
    fn learn(&mut self, known: Known) {
        let ledger = known.checkpoint.ledger;
        if self.is_void(&known.checkpoint) || self.ended.contains(&ledger) {
            return;
        }
        let is_news = |old: &Known| old.checkpoint.seq <= known.checkpoint.seq;
        if self.latest.get(&ledger).is_none_or(is_news) {
            self.latest.insert(ledger, known);
        }
    }
}

/// A checkpoint that is signed by us; nothing for any other line.
pub(super) fn open(line: &str, ours: PublicKey) -> Option<Known> {
    let signed: Signed<Checkpoint> = serde_json::from_str(line).ok()?;
    let checkpoint = signed.open().ok().filter(|_| signed.key() == ours)?;
    Some(Known { checkpoint, signed })
}

/// Such a statement, if it is signed by us.
pub(super) fn signed<T: Statement>(line: &str, ours: PublicKey) -> Option<T> {
    let signed: Signed<T> = serde_json::from_str(line).ok()?;
    signed.open().ok().filter(|_| signed.key() == ours)
}

#[cfg(test)]
mod tests {
    use super::*;
    use model::ledger::genesis;
    use time::macros::datetime;

    #[test]
    fn all_of_a_large_ledger_is_walked_again_part_by_part() {
        let (proven, ledger) = (Proven::default(), LedgerId::Instance);
        let begin = At { seq: 0, hash: genesis(ledger) };
        let mut now = datetime!(2026-11-26 08:00 UTC);
        let mut walked = 0;
        for _ in 0..PARTS {
            let (after, to) = proven.part(ledger, 1_000_000, now, begin).expect("it is due");
            assert_eq!((after.seq, to), (walked, walked + 50_000));
            assert_eq!(proven.part(ledger, 1_000_000, now, begin), None, "once an hour");
            proven.walked(ledger, At { seq: to, ..begin });
            (walked, now) = (to, now + PART_EACH);
        }
        assert_eq!(walked, 1_000_000);
        let again = proven.part(ledger, 1_000_000, now, begin);
        assert_eq!(again, Some((begin, 50_000)), "and from the beginning");
        // What was not walked to its end is begun again where it was.
        let again = proven.part(ledger, 1_000_000, now + PART_EACH, begin);
        assert_eq!(again, Some((begin, 50_000)));
    }
}
