//! RFC 4180. The first line names the columns.

use super::{LONGEST, Line, Told, record};
use crate::hex::unhex;
use csv_core::ReadRecordResult;

/// The columns that are read.
const NEEDED: [&str; 5] = ["seq", "record", "sealed", "previous_hash", "hash"];

/// See [`super::Lines`].
pub(in super::super) struct Reader {
    csv: csv_core::Reader,
    /// The cells of the line that is read, one after the other, and where each ends.
    cells: Vec<u8>,
    filled: usize,
    ends: Vec<usize>,
    ended: usize,
    /// Where the needed columns are; none before the first line.
    columns: Option<[usize; NEEDED.len()]>,
    is_too_long: bool,
}

impl Default for Reader {
    fn default() -> Self {
        Self {
            csv: csv_core::Reader::new(),
            cells: vec![0; 4096],
            filled: 0,
            ends: vec![0; 32],
            ended: 0,
            columns: None,
            is_too_long: false,
        }
    }
}

impl Reader {
    /// No bytes: the end.
    pub(super) fn read(&mut self, mut bytes: &[u8], told: Told<'_>) {
        loop {
            let (cells, ends) = (&mut self.cells[self.filled..], &mut self.ends[self.ended..]);
            let (result, read, filled, ended) = self.csv.read_record(bytes, cells, ends);
            bytes = &bytes[read..];
            self.filled += filled;
            self.ended += ended;
            match result {
                ReadRecordResult::OutputFull => self.make_room(),
                ReadRecordResult::OutputEndsFull => self.ends.resize(self.ends.len() * 2, 0),
                ReadRecordResult::Record => self.take(told),
                ReadRecordResult::InputEmpty | ReadRecordResult::End => return,
            }
            if self.ends.len() > LONGEST {
                (self.ended, self.is_too_long) = (0, true);
            }
        }
    }

    /// A longer line gets more room, up to the longest; the rest of it is written over itself.
    fn make_room(&mut self) {
        if self.cells.len() < LONGEST {
            self.cells.resize(self.cells.len() * 2, 0);
            return;
        }
        (self.filled, self.is_too_long) = (0, true);
    }

    fn take(&mut self, told: Told<'_>) {
        match (self.columns, self.is_too_long) {
            (Some(columns), false) => told(self.line(&columns)),
            (None, false) => {
                self.columns = self.find_columns();
                if self.columns.is_none() {
                    told(None);
                }
            }
            (_, true) => told(None),
        }
        (self.filled, self.ended, self.is_too_long) = (0, 0, false);
    }

    fn find_columns(&self) -> Option<[usize; NEEDED.len()]> {
        let mut found = [0; NEEDED.len()];
        for (at, name) in NEEDED.iter().enumerate() {
            found[at] = (0..self.ended).find(|cell| self.cell(*cell) == Some(name))?;
        }
        Some(found)
    }

    fn cell(&self, at: usize) -> Option<&str> {
        let begin = at.checked_sub(1).map_or(0, |before| self.ends[before]);
        let end = *self.ends[..self.ended].get(at)?;
        std::str::from_utf8(&self.cells[begin..end]).ok()
    }

    fn line(&self, columns: &[usize; NEEDED.len()]) -> Option<Line<'_>> {
        let [seq, written, sealed, previous_hash, hash] = columns.map(|at| self.cell(at));
        Some(Line {
            seq: seq?.parse().ok()?,
            record: record(written?)?,
            sealed: unhex(sealed?)?,
            previous_hash: previous_hash?.parse().ok()?,
            hash: hash?.parse().ok()?,
        })
    }
}
