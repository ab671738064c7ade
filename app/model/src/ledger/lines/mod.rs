//! Reading the file of an export, piece by piece.

mod csv;
mod jsonl;

use super::Hash;
use crate::hex::unhex;
use serde::{Deserialize, Serialize};
use serde_json::value::RawValue;
use std::borrow::Cow;

/// A line that is longer is no record: the largest of ours has some kilobytes.
const LONGEST: usize = 1 << 20;

/// A record that is no JSON any more is written as these two characters and hexadecimal digits.
pub const HEX: &str = "\\x";

/// Columns of a CSV export. Those a check needs are `seq`, `record`, `sealed`, `previous_hash` and
/// `hash`; the others say the same in words.
pub const COLUMNS: [&str; 19] = [
    "seq",
    "at",
    "actor",
    "actor_kind",
    "actor_id",
    "action",
    "category",
    "severity",
    "target",
    "target_id",
    "outcome",
    "request",
    "ip",
    "agent",
    "detail",
    "record",
    "sealed",
    "previous_hash",
    "hash",
];

/// A line of a JSONL export: the record as it was written, and what stands beside it for people.
#[derive(Debug, Serialize, Deserialize)]
pub struct JsonLine<'a> {
    pub seq: i64,
    /// The bytes that are hashed; see [`HEX`].
    #[serde(borrow)]
    pub record: &'a RawValue,
    /// What the actor is called today.
    #[serde(borrow, default)]
    pub actor: Cow<'a, str>,
    /// Where from, and with what: opened for the export.
    #[serde(borrow, default)]
    pub ip: Cow<'a, str>,
    #[serde(borrow, default)]
    pub agent: Cow<'a, str>,
    /// Both of them sealed, hexadecimal: these bytes are hashed.
    #[serde(borrow)]
    pub sealed: Cow<'a, str>,
    pub previous_hash: Hash,
    pub hash: Hash,
}

/// What a check needs of a record.
pub(super) struct Line<'a> {
    pub(super) seq: i64,
    pub(super) record: Cow<'a, [u8]>,
    pub(super) sealed: Vec<u8>,
    pub(super) previous_hash: Hash,
    pub(super) hash: Hash,
}

/// Told of each line: the record, or that it is none.
pub(super) type Told<'a> = &'a mut dyn FnMut(Option<Line<'_>>);

/// Reads either form; which one, the first byte tells.
pub(super) enum Lines {
    Unknown,
    Json(jsonl::Reader),
    Csv(Box<csv::Reader>),
}

impl Lines {
    pub(super) fn read(&mut self, bytes: &[u8], told: Told<'_>) {
        if let (Self::Unknown, Some(first)) = (&*self, bytes.first()) {
            *self = match first {
                b'{' => Self::Json(jsonl::Reader::default()),
                _ => Self::Csv(Box::default()),
            };
        }
        match self {
            Self::Unknown => {}
            Self::Json(lines) => lines.read(bytes, told),
            Self::Csv(lines) => lines.read(bytes, told),
        }
    }

    /// What is left when nothing more comes.
    pub(super) fn end(&mut self, told: Told<'_>) {
        match self {
            Self::Unknown => {}
            Self::Json(lines) => lines.end(told),
            Self::Csv(lines) => lines.read(&[], told),
        }
    }
}

/// The bytes of a record as a file has them.
fn record(written: &str) -> Option<Cow<'_, [u8]>> {
    match written.strip_prefix(HEX) {
        Some(digits) => unhex(digits).map(Cow::Owned),
        None => Some(Cow::Borrowed(written.as_bytes())),
    }
}
