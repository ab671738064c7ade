//! From record to record.

use super::{floor::Begin, known::Known};
use crate::{Cx, Result, View};
use model::{
    audit::Flaw,
    ledger::{Hash, LedgerId, chain_hash},
};

/// A ledger of so many records is walked as a whole each time.
const SMALL: i64 = 5_000;
/// Records that are read at once.
const STEP: i64 = 2_000;

/// A record in its chain.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in super::super) struct At {
    pub(in super::super) seq: i64,
    pub(in super::super) hash: Hash,
}

/// What a walk came to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Walked {
    /// Every record follows the one before.
    Whole,
    /// The first one that does not, and why.
    Broken(i64, Flaw),
}

/// Walks a ledger to its end: all of it when it is small; else what is new since it was last proven, and
/// a part of what is old, so that each day all of it is walked once.
pub(super) async fn whole(
    cx: &Cx,
    view: &mut View,
    Begin { ledger, at: begin }: Begin,
    known: Option<&Known>,
    end: At,
) -> Result<Walked> {
    let mut from = begin;
    // What was signed for and then removed, signed for too, is not missed.
    if let Some(known) = known.filter(|known| known.checkpoint.seq > begin.seq) {
        let proven = At { seq: known.checkpoint.seq, hash: known.checkpoint.hash };
        if end.seq < proven.seq {
            return Ok(Walked::Broken(end.seq + 1, Flaw::Cut));
        }
        if let Some(flaw) = missed(view, ledger, proven).await? {
            return Ok(Walked::Broken(proven.seq, flaw));
        }
        if end.seq > SMALL {
            let old = cx.deps().proven().part(ledger, proven.seq, cx.now(), begin);
            if let Some((after, to)) = old {
                match walk(view, ledger, after, to).await? {
                    Ok(at) => cx.deps().proven().walked(ledger, at),
                    Err(broken) => return Ok(broken),
                }
            }
            from = proven;
        }
    }
    Ok(match walk(view, ledger, from, end.seq).await? {
        Ok(at) if at.hash == end.hash => Walked::Whole,
        // The end of the ledger names another record than its last one.
        Ok(at) => Walked::Broken(at.seq, Flaw::Altered),
        Err(broken) => broken,
    })
}

/// What became of the record that was signed for; nothing if it is there.
async fn missed(view: &mut View, ledger: LedgerId, proven: At) -> Result<Option<Flaw>> {
    let (kind, id) = ledger.parts();
    let hash = sqlx::query_scalar!(
        "select hash from audit_event where kind = $1 and ledger = $2 and seq = $3",
        kind,
        id,
        proven.seq
    )
    .fetch_optional(view.sql())
    .await?;
    Ok(match hash {
        None => Some(Flaw::Missing),
        Some(hash) if hash != proven.hash.0 => Some(Flaw::Rebuilt),
        Some(_) => None,
    })
}

/// From behind `at` to the record `to`: where it ended, or what is wrong.
async fn walk(
    view: &mut View,
    ledger: LedgerId,
    mut at: At,
    to: i64,
) -> Result<std::result::Result<At, Walked>> {
    let (kind, id) = ledger.parts();
    while at.seq < to {
        let rows = sqlx::query!(
            "select seq, record, sealed, previous_hash, hash from audit_event
             where kind = $1 and ledger = $2 and seq > $3 and seq <= $4 order by seq limit $5",
            kind,
            id,
            at.seq,
            to,
            STEP
        )
        .fetch_all(view.sql())
        .await?;
        if rows.is_empty() {
            return Ok(Err(Walked::Broken(at.seq + 1, Flaw::Missing)));
        }
        for row in rows {
            let seq = at.seq + 1;
            let sealed = row.sealed.as_deref().unwrap_or_default();
            let flaw = if row.seq != seq {
                Flaw::Missing
            } else if row.previous_hash != at.hash.0 {
                Flaw::Unlinked
            } else {
                let hash = chain_hash(at.hash, seq, &row.record, sealed);
                if row.hash == hash.0 {
                    at = At { seq, hash };
                    continue;
                }
                Flaw::Altered
            };
            return Ok(Err(Walked::Broken(seq, flaw)));
        }
    }
    Ok(Ok(at))
}
