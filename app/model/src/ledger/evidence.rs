//! What is known of a ledger apart from the file of records: the manifest, checkpoints, the key.

use super::{
    Acceptance, Checkpoint, Deletion, Fault, Hash, LedgerId, Manifest, NotSigned, PublicKey,
    Signed, Statement, Trim,
};
use std::collections::HashMap;

/// What is taken from a file of checkpoints at most.
const LINES: usize = 1_000_000;

/// What a file is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Paper {
    /// It says something, signed, about records.
    Evidence,
    /// It holds records.
    Records,
}

impl Paper {
    /// By how a file begins.
    pub fn of(begin: &[u8]) -> Self {
        let text: Vec<u8> =
            begin.iter().copied().filter(|byte| !byte.is_ascii_whitespace()).take(8).collect();
        match text.starts_with(b"{\"title\"") {
            true => Self::Evidence,
            false => Self::Records,
        }
    }
}

/// What is known, and what is wrong with it.
#[derive(Debug, Default)]
pub struct Evidence {
    pub(super) manifest: Option<Manifest>,
    /// Hashes that were signed for, and when, by ledger and number.
    signed: HashMap<(LedgerId, i64), (Hash, String)>,
    /// What an operator accepted last, by ledger.
    accepted: HashMap<LedgerId, Acceptance>,
    trims: HashMap<LedgerId, Trim>,
    deletions: HashMap<LedgerId, Deletion>,
    trusted: Option<PublicKey>,
    /// Who signed.
    pub(super) key: Option<PublicKey>,
    pub(super) faults: Vec<Fault>,
}

impl Evidence {
    /// Only what is signed with `trusted` counts; without one, whatever is signed, and the report says
    /// by whom.
    pub fn new(trusted: Option<PublicKey>) -> Self {
        Self { trusted, ..Self::default() }
    }

    /// Takes in a manifest, or checkpoints, one on each line.
    pub fn read(&mut self, text: &str) {
        if let Ok(manifest) = serde_json::from_str::<Signed<Manifest>>(text)
            && self.add_manifest(&manifest)
        {
            return;
        }
        for line in text.lines().filter(|line| !line.trim().is_empty()).take(LINES) {
            self.add_line(line);
        }
    }

    fn add_line(&mut self, line: &str) {
        if let Some(accepted) = self.opened::<Acceptance>(line) {
            self.accept(accepted);
        } else if let Some(trim) = self.opened::<Trim>(line) {
            self.trims.insert(trim.ledger, trim);
        } else if let Some(deletion) = self.opened::<Deletion>(line) {
            self.end(deletion);
        } else {
            match serde_json::from_str::<Signed<Checkpoint>>(line) {
                Ok(checkpoint) => self.add_checkpoint(&checkpoint),
                Err(_) => self.tell(Fault::CheckpointForged),
            }
        }
    }

    /// Such a statement, if it is one and is signed by who is trusted.
    fn opened<T: Statement>(&mut self, line: &str) -> Option<T> {
        let signed: Signed<T> = serde_json::from_str(line).ok()?;
        let statement = signed.open().ok().filter(|_| self.trusts(signed.key()))?;
        self.key = Some(signed.key());
        Some(statement)
    }

    /// A ledger that was deleted reached this far.
    fn end(&mut self, deletion: Deletion) {
        let Deletion { ledger, seq, hash, at } = deletion.clone();
        if self.signed.entry((ledger, seq)).or_insert((hash, at)).0 != hash {
            self.tell(Fault::CheckpointsDisagree { seq });
        }
        self.deletions.insert(ledger, deletion);
    }

    /// What was signed before does not count any more, and what is accepted does.
    fn accept(&mut self, accepted: Acceptance) {
        let ledger = accepted.ledger;
        if self.accepted.get(&ledger).is_some_and(|later| later.at > accepted.at) {
            return;
        }
        self.signed.retain(|(of, _), (_, at)| *of != ledger || *at >= accepted.at);
        self.faults.retain(|fault| !matches!(fault, Fault::CheckpointsDisagree { .. }));
        let (hash, at) = (accepted.hash, accepted.at.clone());
        self.signed.entry((ledger, accepted.seq)).or_insert((hash, at));
        self.accepted.insert(ledger, accepted);
    }

    /// What was done to the ledger by those who may, a sentence each.
    pub(super) fn notes(&self) -> Vec<String> {
        let Some(ledger) = self.ledger() else { return Vec::new() };
        let accepted = self.accepted.get(&ledger).map(|accepted| {
            let Acceptance { seq, at, reason, .. } = accepted;
            format!("The operator accepted at {at} that it ended with record {seq} then: {reason}.")
        });
        let trim = self.trims.get(&ledger).map(|Trim { seq, days, at, .. }| {
            format!("Records up to {seq} were removed at {at}: they were older than {days} days.")
        });
        let deletion = self.deletions.get(&ledger).map(|Deletion { seq, at, .. }| {
            format!("The ledger ended at {at} with record {seq}: its team was deleted.")
        });
        accepted.into_iter().chain(trim).chain(deletion).collect()
    }

    /// Whether it is one, however false.
    fn add_manifest(&mut self, signed: &Signed<Manifest>) -> bool {
        match signed.open() {
            Ok(_) if !self.trusts(signed.key()) => self.tell(Fault::OtherKey),
            Ok(manifest) => {
                self.key = Some(signed.key());
                for checkpoint in &manifest.checkpoints {
                    self.add_checkpoint(checkpoint);
                }
                if let Some(trim) = manifest.trim.as_ref().and_then(|trim| trim.open().ok()) {
                    self.trims.insert(trim.ledger, trim);
                }
                self.manifest = Some(manifest);
            }
            Err(NotSigned::OtherTitle) => return false,
            Err(NotSigned::Forged | NotSigned::Unknown) => self.tell(Fault::ManifestForged),
        }
        true
    }

    fn add_checkpoint(&mut self, signed: &Signed<Checkpoint>) {
        let Ok(checkpoint) = signed.open() else { return self.tell(Fault::CheckpointForged) };
        if !self.trusts(signed.key()) {
            return self.tell(Fault::OtherKey);
        }
        self.key = Some(signed.key());
        let Checkpoint { ledger, seq, hash, at, .. } = checkpoint;
        if self.accepted.get(&ledger).is_some_and(|accepted| at < accepted.at) {
            return;
        }
        if self.signed.entry((ledger, seq)).or_insert((hash, at)).0 != hash {
            self.tell(Fault::CheckpointsDisagree { seq });
        }
    }

    /// What is wrong with it.
    pub fn faults(&self) -> &[Fault] {
        &self.faults
    }

    /// The first key that signed anything is the one for all, unless one was given.
    fn trusts(&self, key: PublicKey) -> bool {
        self.trusted.or(self.key).is_none_or(|trusted| trusted == key)
    }

    /// Once is enough for each.
    fn tell(&mut self, fault: Fault) {
        if !self.faults.contains(&fault) {
            self.faults.push(fault);
        }
    }

    /// Whose records are expected: of the manifest, or of the only ledger that checkpoints name.
    pub(super) fn ledger(&self) -> Option<LedgerId> {
        let of_manifest = self.manifest.as_ref().map(|manifest| manifest.ledger);
        of_manifest.or_else(|| {
            let mut named = self.signed.keys().map(|(ledger, _)| *ledger);
            let first = named.next()?;
            named.all(|other| other == first).then_some(first)
        })
    }

    /// The hash that was signed for this record.
    pub(super) fn hash_of(&self, ledger: LedgerId, seq: i64) -> Option<Hash> {
        self.signed.get(&(ledger, seq)).map(|(hash, _)| *hash)
    }

    /// Whether it was checked against a key that was given.
    pub(super) const fn is_trusted(&self) -> bool {
        self.trusted.is_some()
    }
}
