//! Checking a chain: each record's hash covers its bytes and the hash before it.

use super::row::Stored;
use crate::{Cx, event::rfc3339};
use model::{
    audit::ChainProof,
    ledger::{Hash, LedgerId, chain_hash, genesis},
};

/// Checks records that follow each other, oldest first.
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
            None => stored.seq != 1 || follows_nothing(stored),
        };
        if !linked || !is_intact(stored) {
            return Some(stored.seq);
        }
        previous = Some(stored);
    }
    None
}

fn follows_nothing(stored: &Stored) -> bool {
    let ledger = LedgerId::of(&stored.kind, stored.ledger);
    ledger.is_some_and(|ledger| stored.previous_hash == genesis(ledger).0)
}

fn is_intact(stored: &Stored) -> bool {
    let Stored { seq, record, sealed, hash, .. } = stored;
    let previous = Hash::of(&stored.previous_hash);
    let sum = |previous| chain_hash(previous, *seq, record, sealed.as_deref().unwrap_or_default());
    previous.is_some_and(|previous| *hash == sum(previous).0)
}
