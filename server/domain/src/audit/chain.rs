//! Checking a chain: each record's hash covers its bytes and the hash before it.

use super::row::Stored;
use crate::{Cx, event::rfc3339};
use model::audit::ChainProof;
use sha2::{Digest, Sha256};

/// Checks records that follow each other, oldest first. The same sum as `app.chain_hash`.
pub(super) fn check(cx: &Cx, oldest_first: &[&Stored]) -> Option<ChainProof> {
    let (first, last) = (oldest_first.first()?, oldest_first.last()?);
    Some(ChainProof {
        from: first.seq,
        to: last.seq,
        broken_at: first_broken(oldest_first),
        checked_at: rfc3339(cx.now()),
    })
}

fn first_broken(oldest_first: &[&Stored]) -> Option<i64> {
    let mut previous: Option<&Stored> = None;
    for stored in oldest_first {
        let linked = match previous {
            Some(before) => stored.seq == before.seq + 1 && stored.previous_hash == before.hash,
            None => stored.seq != 1 || stored.previous_hash == genesis(stored),
        };
        if !linked || stored.hash != hash(stored) {
            return Some(stored.seq);
        }
        previous = Some(stored);
    }
    None
}

fn hash(stored: &Stored) -> [u8; 32] {
    let length = u32::try_from(stored.record.len()).unwrap_or(u32::MAX);
    Sha256::new()
        .chain_update(&stored.previous_hash)
        .chain_update(stored.seq.to_be_bytes())
        .chain_update(length.to_be_bytes())
        .chain_update(&stored.record)
        .chain_update(stored.sealed.as_deref().unwrap_or_default())
        .finalize()
        .into()
}

/// What the first record of a ledger follows.
fn genesis(stored: &Stored) -> [u8; 32] {
    Sha256::new()
        .chain_update(&stored.kind)
        .chain_update(stored.ledger.as_bytes())
        .finalize()
        .into()
}
