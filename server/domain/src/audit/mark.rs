//! What is known of a ledger's chain, for whoever looks at it.

use crate::{Cx, Result, View};
use model::{
    audit::{Flaw, LedgerMark, MarkState},
    ledger::{Checkpoint, LedgerId, Signed},
};
use time::{Duration, OffsetDateTime, format_description::well_known::Rfc3339};

/// New records are walked within seconds. After so long, the walk does not go on.
const LATE: Duration = Duration::minutes(15);
/// And an old ledger twice a day.
const OLD: Duration = Duration::hours(25);

/// What the database says of a ledger's chain.
pub(super) struct Said {
    ledger: LedgerId,
    head: i64,
    removed_to: i64,
    checkpoint: Option<String>,
    flaw: Option<(i64, Flaw)>,
    /// When the first record was written that nobody has proven yet, as far as it can be seen.
    unproven_since: Option<OffsetDateTime>,
}

/// Reads it; nothing where there is no such ledger. (The database follows its index for one record only if
/// what is asked before the policy cannot leak: a join on `coalesce` walked the whole ledger.)
pub(super) async fn read(view: &mut View, ledger: LedgerId) -> Result<Option<Said>> {
    let (kind, id) = ledger.parts();
    let row = sqlx::query!(
        r#"select h.seq, p.checkpoint as "checkpoint?", p.flaw as "flaw?", p.flaw_at as "flaw_at?",
                  (select e.at from audit_event e
                   where e.kind = h.kind and e.ledger = h.ledger
                       and e.seq = case when p.seq is null then 1 else p.seq + 1 end) as unproven_since,
                  coalesce(f.seq, 0) as "removed_to!"
           from ledger_head h
           left join ledger_proof p on p.kind = h.kind and p.ledger = h.ledger
           left join ledger_floor f on h.kind = 'team' and f.team_id = h.ledger
           where h.kind = $1 and h.ledger = $2"#,
        kind,
        id
    )
    .fetch_optional(view.sql())
    .await?;
    Ok(row.map(|row| Said {
        ledger,
        head: row.seq,
        removed_to: row.removed_to,
        checkpoint: row.checkpoint,
        flaw: row.flaw_at.zip(row.flaw.as_deref().and_then(Flaw::from_name)),
        unproven_since: row.unproven_since,
    }))
}

/// The mark of a ledger. It is as good as the signature under it: what the database alone says is not
/// believed.
pub(super) async fn judge(cx: &Cx, said: Option<Said>) -> Result<LedgerMark> {
    let mut mark = LedgerMark {
        state: MarkState::Unknown,
        proven_to: 0,
        proven_at: String::new(),
        head: 0,
        removed_to: 0,
        flaw: None,
    };
    let Some(said) = said else { return Ok(mark) };
    if let Some(checkpoint) = believed(cx, said.checkpoint.as_deref(), said.ledger).await? {
        mark.state = state(cx.now(), &checkpoint.at, said.unproven_since);
        (mark.proven_to, mark.proven_at) = (checkpoint.seq, checkpoint.at);
    }
    if said.flaw.is_some() {
        mark.state = MarkState::Broken;
    }
    (mark.head, mark.removed_to, mark.flaw) = (said.head, said.removed_to, said.flaw);
    Ok(mark)
}

/// A checkpoint of this ledger that this Probity signed.
async fn believed(cx: &Cx, line: Option<&str>, ledger: LedgerId) -> Result<Option<Checkpoint>> {
    let Some(line) = line else { return Ok(None) };
    let ours = cx.deps().keyring().signer().await?.public();
    let signed = serde_json::from_str::<Signed<Checkpoint>>(line).ok();
    let signed = signed.filter(|signed| signed.key() == ours);
    let checkpoint = signed.and_then(|signed| signed.open().ok());
    Ok(checkpoint.filter(|checkpoint| checkpoint.ledger == ledger))
}

fn state(now: OffsetDateTime, at: &str, unproven_since: Option<OffsetDateTime>) -> MarkState {
    let is_old = OffsetDateTime::parse(at, &Rfc3339).is_ok_and(|at| now - at > OLD);
    let is_late = unproven_since.is_some_and(|since| now - since > LATE);
    if is_old || is_late { MarkState::Stale } else { MarkState::Proven }
}
