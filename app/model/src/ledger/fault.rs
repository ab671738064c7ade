//! What can be wrong with an export.

use std::fmt;

/// One thing that does not fit. Its `Display` is a sentence that says what was found.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Fault {
    /// The manifest's signature is not one of its text.
    ManifestForged,
    /// A checkpoint's signature is not one of its text.
    CheckpointForged,
    /// Signed, by somebody else than who was expected.
    OtherKey,
    /// A checkpoint that says another hash for the same record than another one.
    CheckpointsDisagree { seq: i64 },
    /// This line, counted from 1, is no record.
    NotARecord { line: u64 },
    /// The record's hash is not that of its bytes.
    Altered { seq: i64 },
    /// The record does not follow the one before it, though both fit their own hashes.
    Unlinked { seq: i64 },
    /// Records that are not there.
    Missing { from: i64, to: i64 },
    /// Records that are not there at the end.
    TailCut { after: i64, last: i64 },
    /// The record stands behind one with a higher number.
    OutOfOrder { seq: i64 },
    /// The record is there more than once.
    Repeated { seq: i64 },
    /// A record that the manifest does not know.
    Surplus { seq: i64 },
    /// The first record does not follow what the manifest says is before it.
    OtherLedger,
    /// The record is another than the one that was signed for.
    Rebuilt { seq: i64 },
    /// Fewer or more records than the manifest says.
    OtherCount { found: u64, said: u64 },
    /// Each record is intact, and the file is not the one that was signed.
    OtherFile,
}

impl fmt::Display for Fault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::ManifestForged => f.write_str(
                "The manifest was altered: its signature does not fit. Nothing it says counts.",
            ),
            Self::CheckpointForged => {
                f.write_str("A checkpoint was altered: its signature does not fit.")
            }
            Self::OtherKey => f.write_str(
                "It is signed with another key than the one you trust: somebody else made it.",
            ),
            Self::CheckpointsDisagree { seq } => write!(
                f,
                "Two checkpoints say different things about record {seq}: one history was signed, \
                 and then another."
            ),
            Self::NotARecord { line } => write!(f, "Line {line} is no record of an export."),
            Self::Altered { seq } => {
                write!(f, "Record {seq} was altered: its hash is not that of its bytes.")
            }
            Self::Unlinked { seq } => write!(
                f,
                "Record {seq} does not follow record {}: one of the two was replaced.",
                seq - 1
            ),
            Self::Missing { from, to } if from == to => write!(f, "Record {from} is missing."),
            Self::Missing { from, to } => write!(f, "Records {from} to {to} are missing."),
            Self::TailCut { after, last } => write!(
                f,
                "The end is cut off: the file stops after record {after}, and should reach record \
                 {last}."
            ),
            Self::OutOfOrder { seq } => {
                write!(f, "Record {seq} is not in its place: records were reordered.")
            }
            Self::Repeated { seq } => write!(f, "Record {seq} is there more than once."),
            Self::Surplus { seq } => {
                write!(f, "Record {seq} was added: the manifest does not know it.")
            }
            Self::OtherLedger => f.write_str(
                "These records are not of the ledger that the manifest is about: files were swapped.",
            ),
            Self::Rebuilt { seq } => write!(
                f,
                "The chain was rebuilt: its records fit each other, but record {seq} is not the one \
                 that was signed."
            ),
            Self::OtherCount { found, said } => {
                write!(f, "The file holds {found} records, and the manifest says {said}.")
            }
            Self::OtherFile => f.write_str(
                "Each record is intact, but the file is not the one that was signed: records were \
                 exchanged, or something beside them was altered, a name or an address.",
            ),
        }
    }
}
