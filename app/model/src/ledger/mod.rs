//! Ledgers outside the database: what is signed about them, how they are exported, and the check of
//! both, which needs nothing but the files. The same code runs in the program, on the command line
//! and in browsers.
//!
//! * A [`Checkpoint`] says how far a ledger reached at some time, and with which hash.
//! * An export is a file of records, oldest first, and a [`Manifest`] about it.
//! * Both are [`Signed`] with the instance's Ed25519 key (RFC 8032).
//! * A [`Verifier`] reads an export and tells what was done to it.

/// Travels as the text that `Display` writes and `FromStr` reads.
macro_rules! as_text {
    ($name:ty) => {
        impl serde::Serialize for $name {
            fn serialize<S: serde::Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
                to.collect_str(self)
            }
        }

        impl<'de> serde::Deserialize<'de> for $name {
            fn deserialize<D: serde::Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
                let text = <std::borrow::Cow<'_, str> as serde::Deserialize>::deserialize(from)?;
                text.parse().map_err(serde::de::Error::custom)
            }
        }
    };
}

mod chain;
mod evidence;
mod fault;
mod lines;
mod report;
mod signed;
mod statement;
#[cfg(test)]
mod tests;
mod verify;

pub use chain::{Hash, LedgerId, chain_hash, genesis};
pub use evidence::{Evidence, Paper};
pub use fault::Fault;
pub use lines::{COLUMNS, HEX, JsonLine};
pub use report::{Report, Verdict};
pub use signed::{NotSigned, PublicKey, Signed, Statement};
pub use statement::{
    Acceptance, Checkpoint, Deletion, Edge, ExportFormat, FileSummary, Manifest, Trim,
};
pub use verify::Verifier;
