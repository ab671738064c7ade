//! How records hang together.

use crate::{
    PersonId, TeamId,
    hex::{hex, unhex},
    id::NotAnId,
};
use sha2::{Digest, Sha256};
use std::{fmt, str::FromStr};
use uuid::Uuid;

/// Which ledger: written `team_…`, `person_…` or `instance`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum LedgerId {
    Team(TeamId),
    Person(PersonId),
    Instance,
}

impl LedgerId {
    /// From the two columns by which the database names it.
    pub fn of(kind: &str, id: Uuid) -> Option<Self> {
        match kind {
            "team" => Some(Self::Team(TeamId(id))),
            "person" => Some(Self::Person(PersonId(id))),
            "instance" => Some(Self::Instance),
            _ => None,
        }
    }

    /// The two columns by which the database names it.
    pub const fn parts(self) -> (&'static str, Uuid) {
        match self {
            Self::Team(id) => ("team", id.0),
            Self::Person(id) => ("person", id.0),
            Self::Instance => ("instance", Uuid::nil()),
        }
    }
}

impl fmt::Display for LedgerId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Team(id) => id.fmt(f),
            Self::Person(id) => id.fmt(f),
            Self::Instance => f.write_str("instance"),
        }
    }
}

impl FromStr for LedgerId {
    type Err = NotAnId;

    fn from_str(text: &str) -> Result<Self, NotAnId> {
        let team = || text.parse().map(Self::Team);
        match text {
            "instance" => Ok(Self::Instance),
            _ => team().or_else(|_| text.parse().map(Self::Person)),
        }
    }
}

as_text!(LedgerId);

/// A SHA-256, written as 64 hexadecimal digits.
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
pub struct Hash(pub [u8; 32]);

impl Hash {
    /// Of these bytes; none when they are not 32.
    pub fn of(bytes: &[u8]) -> Option<Self> {
        bytes.try_into().ok().map(Self)
    }
}

impl fmt::Display for Hash {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&hex(&self.0))
    }
}

impl fmt::Debug for Hash {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

impl FromStr for Hash {
    type Err = NotAnId;

    fn from_str(text: &str) -> Result<Self, NotAnId> {
        unhex(text).and_then(|bytes| Self::of(&bytes)).ok_or(NotAnId)
    }
}

as_text!(Hash);

/// What the first record of a ledger follows: SHA-256 of its kind and id.
pub fn genesis(ledger: LedgerId) -> Hash {
    let (kind, id) = ledger.parts();
    Hash(Sha256::new().chain_update(kind).chain_update(id.as_bytes()).finalize().into())
}

/// SHA-256 over the hash before, the number (8 bytes), the length of the record (4 bytes), the record and
/// its sealed part. The same sum as the database's `app.chain_hash`.
pub fn chain_hash(previous: Hash, seq: i64, record: &[u8], sealed: &[u8]) -> Hash {
    let length = u32::try_from(record.len()).unwrap_or(u32::MAX);
    let sum = Sha256::new()
        .chain_update(previous.0)
        .chain_update(seq.to_be_bytes())
        .chain_update(length.to_be_bytes())
        .chain_update(record)
        .chain_update(sealed)
        .finalize();
    Hash(sum.into())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_ledger_reads_back_as_it_is_written() {
        let id = Uuid::from_u128(7);
        for ledger in
            [LedgerId::Team(TeamId(id)), LedgerId::Person(PersonId(id)), LedgerId::Instance]
        {
            assert_eq!(ledger.to_string().parse(), Ok(ledger));
            let (kind, id) = ledger.parts();
            assert_eq!(LedgerId::of(kind, id), Some(ledger));
        }
        assert!("key_00000000000000000000000000000007".parse::<LedgerId>().is_err());
    }

    #[test]
    fn every_part_of_a_record_is_in_its_hash() {
        let first = genesis(LedgerId::Instance);
        let hash = chain_hash(first, 1, b"record", b"sealed");
        assert_ne!(hash, chain_hash(hash, 1, b"record", b"sealed"));
        assert_ne!(hash, chain_hash(first, 2, b"record", b"sealed"));
        assert_ne!(hash, chain_hash(first, 1, b"recorD", b"sealed"));
        assert_ne!(hash, chain_hash(first, 1, b"record", b"seale"));
        assert_ne!(hash, chain_hash(first, 1, b"records", b"ealed"), "nor can a part move");
    }
}
