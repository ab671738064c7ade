//! Reading an export, and telling what was done to it.

use super::{
    Edge, Evidence, Fault, Hash, LedgerId, Report, chain_hash, genesis,
    lines::{Line, Lines},
};
use sha2::{Digest, Sha256};

/// Faults that are told; the others are counted.
const TOLD: usize = 20;
/// Gaps that are remembered, to tell a record that was moved from one that is missing.
const GAPS: usize = 1_000;

/// Reads an export piece by piece, in any sizes. What it keeps does not grow with the file.
pub struct Verifier {
    evidence: Evidence,
    ledger: Option<LedgerId>,
    lines: Option<Lines>,
    sum: Sha256,
    seen: Seen,
}

/// What the lines so far say.
#[derive(Default)]
struct Seen {
    lines: u64,
    rows: u64,
    first: Option<i64>,
    /// The highest so far, and its hash.
    last: Option<(i64, Hash)>,
    gaps: Vec<(i64, i64)>,
    faults: Vec<Fault>,
    more_faults: u64,
    checkpoints_met: u64,
    /// Whether what came before the first record is not what should have.
    is_other: bool,
}

impl Verifier {
    pub fn new(evidence: Evidence) -> Self {
        let ledger = evidence.ledger();
        let (lines, sum) = (Some(Lines::Unknown), Sha256::new());
        Self { evidence, ledger, lines, sum, seen: Seen::default() }
    }

    /// The next piece of the file of records.
    pub fn read(&mut self, bytes: &[u8]) {
        self.sum.update(bytes);
        let Some(mut lines) = self.lines.take() else { return };
        lines.read(bytes, &mut |line| self.line(line));
        self.lines = Some(lines);
    }

    /// There is no more of it.
    pub fn finish(mut self) -> Report {
        if let Some(mut lines) = self.lines.take() {
            lines.end(&mut |line| self.line(line));
        }
        for (from, to) in std::mem::take(&mut self.seen.gaps) {
            self.seen.tell(Fault::Missing { from, to });
        }
        self.hold_against_manifest();
        let Self { evidence, mut seen, .. } = self;
        let mut faults = evidence.faults.clone();
        faults.append(&mut seen.faults);
        let said = evidence.manifest.as_ref();
        Report {
            rows: seen.rows,
            first: seen.first,
            last: seen.last.map(|(seq, _)| seq),
            faults,
            more_faults: seen.more_faults,
            has_manifest: said.is_some(),
            search: said.map(|manifest| manifest.search.clone()).unwrap_or_default(),
            of: said.map(|manifest| manifest.name.clone()).unwrap_or_default(),
            made_at: said.map(|manifest| manifest.made_at.clone()).unwrap_or_default(),
            notes: evidence.notes(),
            checkpoints_met: seen.checkpoints_met,
            key: evidence.key,
            is_trusted: evidence.is_trusted(),
        }
    }

    fn line(&mut self, line: Option<Line<'_>>) {
        self.seen.lines += 1;
        let Some(line) = line else {
            let line = self.seen.lines;
            return self.seen.tell(Fault::NotARecord { line });
        };
        self.seen.rows += 1;
        self.place(&line);
        let Line { seq, previous_hash, hash, .. } = line;
        if chain_hash(previous_hash, seq, &line.record, &line.sealed) != hash {
            self.seen.tell(Fault::Altered { seq });
        }
        let signed = self.ledger.and_then(|ledger| self.evidence.hash_of(ledger, seq));
        match signed {
            Some(signed) if signed == hash => self.seen.checkpoints_met += 1,
            Some(_) if !self.seen.is_other => self.seen.tell(Fault::Rebuilt { seq }),
            _ => {}
        }
    }

    /// Whether it stands where it belongs.
    fn place(&mut self, line: &Line<'_>) {
        let seq = line.seq;
        let Some((last, before)) = self.seen.last else {
            self.seen.first = Some(seq);
            self.seen.last = Some((seq, line.hash));
            return self.begin(line);
        };
        if seq <= last {
            let moved = self.seen.fill_gap(seq);
            return self.seen.tell(match moved {
                true => Fault::OutOfOrder { seq },
                false => Fault::Repeated { seq },
            });
        }
        self.seen.last = Some((seq, line.hash));
        if seq == last + 1 {
            if line.previous_hash != before {
                self.seen.tell(Fault::Unlinked { seq });
            }
        } else if self.is_whole() {
            self.seen.miss(last + 1, seq - 1);
        }
    }

    /// The first record follows what it should.
    fn begin(&mut self, line: &Line<'_>) {
        let first = self.evidence.manifest.as_ref().and_then(|manifest| manifest.first);
        let expected = match (first, self.ledger) {
            (Some(first), _) if first.seq == line.seq => Some(first.previous_hash),
            (_, Some(ledger)) if line.seq == 1 => Some(genesis(ledger)),
            _ => None,
        };
        if expected.is_some_and(|expected| expected != line.previous_hash) {
            self.seen.is_other = true;
            self.seen.tell(Fault::OtherLedger);
        }
        let Some(first) = first else { return };
        if line.seq < first.seq {
            self.seen.tell(Fault::Surplus { seq: line.seq });
        } else if line.seq > first.seq && self.is_whole() {
            self.seen.miss(first.seq, line.seq - 1);
        }
    }

    /// Whether records follow each other without gaps.
    fn is_whole(&self) -> bool {
        self.evidence.manifest.as_ref().is_none_or(|manifest| manifest.search.is_empty())
    }

    /// What only the whole file can show.
    fn hold_against_manifest(&mut self) {
        let Some(manifest) = &self.evidence.manifest else { return };
        let is_whole = manifest.search.is_empty();
        let (file, last, seen) = (&manifest.file, manifest.last, &mut self.seen);
        if let Some(fault) = last.and_then(|last| at_end(last, seen.last, is_whole))
            && !seen.is_other
        {
            seen.tell(fault);
        }
        let (found, said) = (seen.rows, file.rows);
        if seen.faults.is_empty() && found != said {
            seen.tell(Fault::OtherCount { found, said });
        }
        let sum = Hash(std::mem::take(&mut self.sum).finalize().into());
        if seen.faults.is_empty() && sum != file.sha256 {
            seen.tell(Fault::OtherFile);
        }
    }
}

/// What is wrong with the last record, if anything is.
fn at_end(said: Edge, found: Option<(i64, Hash)>, is_whole: bool) -> Option<Fault> {
    match found {
        None => Some(Fault::TailCut { after: 0, last: said.seq }),
        Some((seq, _)) if seq > said.seq => Some(Fault::Surplus { seq }),
        Some((after, _)) if after < said.seq && is_whole => {
            Some(Fault::TailCut { after, last: said.seq })
        }
        Some((seq, hash)) if seq == said.seq && hash != said.hash => Some(Fault::Rebuilt { seq }),
        Some(_) => None,
    }
}

impl Seen {
    /// Each is told once, and so many of them.
    fn tell(&mut self, fault: Fault) {
        if self.faults.contains(&fault) {
            return;
        }
        match self.faults.len() < TOLD {
            true => self.faults.push(fault),
            false => self.more_faults += 1,
        }
    }

    fn miss(&mut self, from: i64, to: i64) {
        match self.gaps.len() < GAPS {
            true => self.gaps.push((from, to)),
            false => self.tell(Fault::Missing { from, to }),
        }
    }

    /// Whether the record was missing until now.
    fn fill_gap(&mut self, seq: i64) -> bool {
        let Some(at) = self.gaps.iter().position(|(from, to)| (*from..=*to).contains(&seq)) else {
            return false;
        };
        let (from, to) = self.gaps.remove(at);
        let parts = [(from, seq - 1), (seq + 1, to)];
        self.gaps.extend(parts.into_iter().filter(|(from, to)| from <= to));
        true
    }
}
