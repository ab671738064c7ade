//! Reading the files of an archive, each against what the manifest says of it.

use crate::{Error, Result};
use model::{
    data::{Bundle, Entry, Kind},
    ledger::Hash,
};
use serde_json::{Map, Value};
use sha2::{Digest, Sha256};
use std::{
    fs,
    io::{self, BufRead, BufReader, Read},
    path::Path,
};
use zip::{ZipArchive, read::ZipFile};

/// Bytes of a line at most: the largest of ours has some kilobytes.
const LINE: u64 = 1 << 20;

type Zip = ZipArchive<BufReader<fs::File>>;

/// An archive, and what is said of it.
pub(super) struct File {
    zip: Zip,
    files: Vec<Entry>,
}

pub(super) fn refused(said: impl Into<String>) -> Error {
    Error::Conflict(said.into())
}

pub(super) fn open(path: &Path) -> Result<Zip> {
    let file = fs::File::open(path)
        .map_err(|error| refused(format!("{} cannot be read: {error}.", path.display())))?;
    ZipArchive::new(BufReader::new(file)).map_err(|_| {
        refused("This is no zip archive, or its end is missing. Fetch the export again.")
    })
}

impl File {
    pub(super) fn open(path: &Path, bundle: &Bundle) -> Result<Self> {
        Ok(Self { zip: open(path)?, files: bundle.files.clone() })
    }

    /// What the manifest says of a file.
    pub(super) fn entry(&self, name: &str) -> Result<&Entry> {
        let entry = self.files.iter().find(|file| file.name == name);
        entry.ok_or_else(|| refused(format!("{name} is missing in it. Fetch the export again.")))
    }

    /// A file, which at its end says whether it is the one that was signed for.
    pub(super) fn read(&mut self, name: &str) -> Result<Reading<'_>> {
        let entry = self.entry(name)?.clone();
        let file = self.zip.by_name(name).map_err(|_| altered(name))?;
        // Never more than was signed for, whatever it unpacks to.
        let file = file.take(entry.bytes + 1);
        Ok(Reading { file, entry, sum: Sha256::new(), bytes: 0 })
    }

    /// Its lines, one after the other.
    pub(super) fn lines(&mut self, name: &str) -> Result<Lines<'_>> {
        let from = BufReader::with_capacity(1 << 16, self.read(name)?);
        Ok(Lines { name: name.to_owned(), from, number: 0 })
    }

    /// All rows of a kind of which there are few.
    pub(super) fn rows(&mut self, kind: &str) -> Result<Vec<Map<String, Value>>> {
        let (name, kind) = (format!("{kind}.jsonl"), super::kind(kind)?);
        let (mut lines, mut rows) = (self.lines(&name)?, Vec::new());
        while let Some(row) = lines.row(kind)? {
            rows.push(row);
        }
        Ok(rows)
    }

    /// The texts in two columns of a kind.
    pub(super) fn pairs(
        &mut self,
        kind: &str,
        one: &str,
        two: &str,
    ) -> Result<Vec<(String, String)>> {
        let text = |row: &Map<String, Value>, name: &str| {
            row.get(name).and_then(Value::as_str).unwrap_or_default().to_owned()
        };
        let rows = self.rows(kind)?;
        Ok(rows.iter().map(|row| (text(row, one), text(row, two))).collect())
    }

    /// Names of the files, as they were written.
    pub(super) fn names(&self) -> Vec<String> {
        self.files.iter().map(|file| file.name.clone()).collect()
    }
}

fn altered(name: &str) -> Error {
    refused(format!("{name} is not the file that was signed for: it was altered."))
}

/// A file of an archive.
pub(super) struct Reading<'a> {
    file: io::Take<ZipFile<'a, BufReader<fs::File>>>,
    entry: Entry,
    sum: Sha256,
    bytes: u64,
}

impl Read for Reading<'_> {
    fn read(&mut self, to: &mut [u8]) -> io::Result<usize> {
        let length = self.file.read(to)?;
        if length > 0 || to.is_empty() {
            self.bytes += length as u64;
            self.sum.update(&to[..length]);
            return Ok(length);
        }
        let sum = Hash(self.sum.clone().finalize().into());
        match self.bytes == self.entry.bytes && sum == self.entry.sha256 {
            true => Ok(0),
            false => Err(io::ErrorKind::InvalidData.into()),
        }
    }
}

impl Reading<'_> {
    /// The next bytes, as many as fit unless it ends; nothing at its end.
    pub(super) fn fill(&mut self, to: &mut [u8]) -> Result<usize> {
        let mut filled = 0;
        while filled < to.len() {
            match self.read(&mut to[filled..]).map_err(|_| altered(&self.entry.name))? {
                0 => break,
                length => filled += length,
            }
        }
        Ok(filled)
    }
}

/// The lines of a file.
pub(super) struct Lines<'a> {
    name: String,
    from: BufReader<Reading<'a>>,
    number: usize,
}

impl Lines<'_> {
    /// The next row of this kind; nothing at the end.
    pub(super) fn row(&mut self, kind: &Kind) -> Result<Option<Map<String, Value>>> {
        let mut line = Vec::new();
        let read = (&mut self.from).take(LINE).read_until(b'\n', &mut line);
        if read.map_err(|_| altered(&self.name))? == 0 {
            return Ok(None);
        }
        self.number += 1;
        let wrong = |why: &str| {
            refused(format!("Line {} of {} is no such row. {why}", self.number, self.name))
        };
        let line = line.strip_suffix(b"\n").ok_or_else(|| wrong("It does not end."))?;
        let line = std::str::from_utf8(line).map_err(|_| wrong("It is no text."))?;
        kind.read(line).map(Some).map_err(|why| wrong(&why))
    }
}

/// Reads at most so many bytes of a file, which nothing is known about yet.
pub(super) fn short(zip: &mut Zip, name: &str, most: u64) -> Option<String> {
    let file = zip.by_name(name).ok()?;
    let mut text = String::new();
    let length = BufReader::new(file.take(most + 1)).read_to_string(&mut text).ok()?;
    (length as u64 <= most).then_some(text)
}
