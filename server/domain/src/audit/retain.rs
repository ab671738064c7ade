//! Records go when they are older than their team keeps them: from the beginning of its ledger, and never
//! while a legal hold stands. What went is signed for first, so that the rest still verifies.

use super::{prove, seek::BLOCK};
use crate::{
    Cx, Deps, Result,
    event::{Event, Ledger, rfc3339},
    policy::Actor,
    task::Task,
};
use model::{
    AuditAction, TeamId,
    ledger::{Hash, LedgerId, Trim},
};
use uuid::Uuid;

/// Ledgers in one run.
const LEDGERS: i64 = 1_000;
/// Records that are removed in one transaction: some 10 ms, in which nobody waits for it.
const STEP: i32 = 2_000;

/// A ledger with records that are too old.
struct Due {
    team: Uuid,
    days: i32,
    /// The last block of which all records, and all before, are.
    block: Option<i64>,
}

/// Removes what is too old, once a day of each ledger.
///
/// # Errors
/// When the database or the keyring does not answer; the next run goes on.
pub async fn retain(deps: &Deps) -> Result<()> {
    let cx = Cx::system(deps);
    for due in due(&cx).await? {
        let is_below = match due.block {
            Some(block) => raise(&cx, &due, block).await?,
            None => true,
        };
        while is_below && remove(&cx, due.team).await? > 0 {}
    }
    Ok(())
}

async fn due(cx: &Cx) -> Result<Vec<Due>> {
    let mut change = cx.change_as(Task::AuditRetain, Actor::default()).await?;
    // A run that was cut off left blocks below the floor, and does not wait for the next day.
    let rows = sqlx::query_as!(
        Due,
        r#"select h.ledger as team, d.days as "days!",
                  case when f.at is null or f.at < now() - interval '20 hours' then old.block end as block
           from ledger_head h
           left join team_policy p on p.team_id = h.ledger
           left join ledger_floor f on f.team_id = h.ledger
           cross join lateral (select coalesce(p.audit_days, 400) as days) d
           cross join lateral (
               select min(b.block) as block, max(b.block) as last from audit_block b
               where b.team_id = h.ledger) first
           cross join lateral (
               select coalesce((
                   select b.block from audit_block b where b.team_id = h.ledger
                       and b.last_at >= now() - make_interval(days => d.days)
                   order by b.block limit 1), first.last + 1) as block) kept
           cross join lateral (select nullif(kept.block - 1, first.block - 1) as block) old
           where h.kind = 'team' and p.audit_hold is null
               and (first.block < f.seq / $1
                   or (old.block is not null and (f.at is null or f.at < now() - interval '20 hours')))
           limit $2"#,
        BLOCK,
        LEDGERS
    );
    Ok(rows.fetch_all(change.sql()).await?)
}

/// Whether what is up to this block may go now. A ledger that is not whole keeps everything: it is evidence.
async fn raise(cx: &Cx, due: &Due, block: i64) -> Result<bool> {
    let ledger = LedgerId::Team(TeamId(due.team));
    if !prove::ledger(cx.deps(), ledger).await?.is_whole {
        return Ok(false);
    }
    let seq = BLOCK * (block + 1);
    let mut change = begin(cx, due.team).await?;
    let hash = sqlx::query_scalar!(
        "select hash from audit_event where kind = 'team' and ledger = $1 and seq = $2",
        due.team,
        seq
    )
    .fetch_optional(change.sql())
    .await?;
    let Some(hash) = hash.as_deref().and_then(Hash::of) else { return Ok(false) };
    let trim = Trim { ledger, seq, hash, days: due.days, at: rfc3339(cx.now()) };
    let line = cx.deps().keyring().signer().await?.sign(&trim).line();
    // Outside the database first: what is gone from it must not look like what somebody took.
    cx.deps().proven().say(cx.now(), line.clone())?;
    sqlx::query_scalar!("select app.raise_floor($1, $2)", block, line)
        .fetch_one(change.sql())
        .await?;
    let event = Event::new(Ledger::Team, AuditAction::AuditTrim)
        .on("ledger", ledger, &format!("up to record {seq}"))
        .with("days", due.days)
        .with("up_to", seq);
    change.commit(event).await?;
    Ok(true)
}

async fn remove(cx: &Cx, team: Uuid) -> Result<i64> {
    let mut change = begin(cx, team).await?;
    let removed =
        sqlx::query_scalar!("select app.remove_records($1)", STEP).fetch_one(change.sql()).await?;
    change.commit_unaudited("that they go is recorded").await?;
    Ok(removed.unwrap_or(0))
}

async fn begin(cx: &Cx, team: Uuid) -> Result<crate::Change> {
    cx.change_as(Task::AuditRetain, Actor { team: Some(team), ..Actor::default() }).await
}
