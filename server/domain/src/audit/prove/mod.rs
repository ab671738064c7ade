//! Walking the chains of ledgers, again and again, and signing how far they were found whole.
//!
//! Whoever owns the database can alter, delete and rebuild whatever is in it. They cannot sign, and they
//! cannot reach what was signed before ([`super::Archive`]): a ledger that was cut or rebuilt no longer
//! holds the record that was signed for.

mod floor;
mod known;
mod tell;
mod walk;

pub(super) use floor::statement as trim;
pub(crate) use known::Proven;

use crate::{
    Cx, Deps, Error, Result, View, crypto::Signer, event::rfc3339, policy::Actor, task::Task,
};
use known::Known;
use model::{
    audit::Flaw,
    ledger::{Acceptance, Checkpoint, Deletion, Hash, LedgerId, PublicKey},
};
use std::collections::HashSet;
use time::Duration;
use uuid::Uuid;
use walk::{At, Walked};

/// Ledgers in one run.
const LEDGERS: i64 = 2_000;
/// A ledger in which nothing happens is walked again so often.
const AGAIN: Duration = Duration::hours(12);

/// Walks the ledgers in which something happened, and those that were not walked for half a day. What was
/// signed is kept outside the database every ten minutes.
///
/// # Errors
/// When the database, the keyring or the kept checkpoints cannot be read: then marks go stale.
pub async fn prove(deps: &Deps) -> Result<()> {
    let signer = deps.keyring().signer().await?;
    deps.proven().load(signer.public())?;
    let cx = Cx::system(deps);
    let ended = ended(&cx, signer.public()).await?;
    for ledger in due(&cx).await?.into_iter().filter(|ledger| !ended.contains(ledger)) {
        prove_one(&cx, &signer, ledger).await?;
    }
    for ledger in vanished(&cx).await? {
        record(&cx, ledger, Err((1, Flaw::Cut))).await?;
    }
    if deps.proven().is_to_be_kept(cx.now()) {
        deps.proven().keep(cx.now())?;
    }
    deps.proven().tell(cx.now()).await;
    Ok(())
}

/// What a walk of one ledger came to.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Reach {
    /// Up to which record it was removed, and the number of the last one.
    pub(super) floor: i64,
    pub(super) head: i64,
    /// Whether everything between fits.
    pub(super) is_whole: bool,
}

/// Walks one ledger now, and says how far it reaches.
pub(super) async fn ledger(deps: &Deps, ledger: LedgerId) -> Result<Reach> {
    let signer = deps.keyring().signer().await?;
    deps.proven().load(signer.public())?;
    prove_one(&Cx::system(deps), &signer, ledger).await
}

/// The end of a ledger; nothing if it has no records.
async fn end(view: &mut View, ledger: LedgerId) -> Result<Option<At>> {
    let (kind, id) = ledger.parts();
    let row =
        sqlx::query!("select seq, hash from ledger_head where kind = $1 and ledger = $2", kind, id)
            .fetch_optional(view.sql())
            .await?;
    let Some(row) = row else { return Ok(None) };
    let hash = Hash::of(&row.hash).ok_or(Error::Inconsistent("the end of a ledger is no end"))?;
    Ok(Some(At { seq: row.seq, hash }))
}

/// The end of a ledger whose records fit each other, whatever was signed for; else the first that does not.
pub(super) async fn by_itself(
    cx: &Cx,
    ledger: LedgerId,
) -> Result<std::result::Result<At, (i64, Flaw)>> {
    let ours = cx.deps().keyring().signer().await?.public();
    let mut view = View::open_still(cx, about(ledger)).await?;
    let begin = floor::of(view.sql(), ledger, ours).await?;
    let Some(end) = end(&mut view, ledger).await? else { return Ok(Ok(begin.at)) };
    Ok(match walk::whole(cx, &mut view, begin, None, end).await? {
        Walked::Whole => Ok(end),
        Walked::Broken(seq, flaw) => Err((seq, flaw)),
    })
}

/// The same, and keeps outside the database what was signed: for the end of a program.
///
/// # Errors
/// As [`prove`], and when the files cannot be written.
pub async fn prove_and_keep(deps: &Deps) -> Result<()> {
    // First what is signed already: there may be no time for more.
    deps.proven().keep(deps.clock().now())?;
    let proved = prove(deps).await;
    deps.proven().keep(deps.clock().now())?;
    proved
}

async fn due(cx: &Cx) -> Result<Vec<LedgerId>> {
    let mut change = cx.change_as(Task::AuditProve, Actor::default()).await?;
    let rows = sqlx::query!(
        "select h.kind, h.ledger from ledger_head h
         left join ledger_proof p on p.kind = h.kind and p.ledger = h.ledger
         where p.seq is null or p.seq <> h.seq or p.flaw is not null or p.checked_at < $1
         order by p.checked_at nulls first limit $2",
        cx.now() - AGAIN,
        LEDGERS
    )
    .fetch_all(change.sql())
    .await?;
    let due = rows.iter().map(|row| LedgerId::of(&row.kind, row.ledger));
    due.collect::<Option<_>>().ok_or(Error::Inconsistent("a ledger of no kind"))
}

/// Ledgers that went with their team. What the database says of that is believed when it is signed.
async fn ended(cx: &Cx, ours: PublicKey) -> Result<HashSet<LedgerId>> {
    let proven = cx.deps().proven();
    let known: Vec<Uuid> = proven.ended().into_iter().map(|ledger| ledger.parts().1).collect();
    let mut change = cx.change_as(Task::AuditProve, Actor::default()).await?;
    let lines = sqlx::query_scalar!(
        r#"select statement as "statement!" from deletion
           where statement is not null and team_id <> all ($1)"#,
        &known
    )
    .fetch_all(change.sql())
    .await?;
    let signed = lines.iter().filter_map(|line| known::signed::<Deletion>(line, ours));
    signed.for_each(|deletion| proven.end(deletion.ledger));
    Ok(proven.ended())
}

/// Ledgers that were signed for and are no more.
async fn vanished(cx: &Cx) -> Result<Vec<LedgerId>> {
    let asked = cx.deps().proven().some(LEDGERS);
    let (kinds, ids): (Vec<_>, Vec<_>) =
        asked.into_iter().map(LedgerId::parts).map(|(kind, id)| (kind.to_owned(), id)).unzip();
    let mut change = cx.change_as(Task::AuditProve, Actor::default()).await?;
    let rows = sqlx::query!(
        r#"select n.kind as "kind!", n.ledger as "ledger!"
           from unnest($1::text[], $2::uuid[]) n (kind, ledger)
           where not exists (
               select from ledger_head h where h.kind = n.kind and h.ledger = n.ledger)"#,
        &kinds,
        &ids
    )
    .fetch_all(change.sql())
    .await?;
    Ok(rows.into_iter().filter_map(|row| LedgerId::of(&row.kind, row.ledger)).collect())
}

/// Who sees this ledger and no other.
fn about(ledger: LedgerId) -> Actor {
    let task = Some(Task::AuditProve);
    match ledger {
        LedgerId::Team(id) => Actor { task, team: Some(id.0), ..Actor::default() },
        LedgerId::Person(id) => Actor { task, person: Some(id.0), ..Actor::default() },
        LedgerId::Instance => Actor { task, ..Actor::default() },
    }
}

/// What was signed by now must be there in what is looked at later. While it is walked others append, sign
/// and remove: all of it is read as it is at one moment.
async fn prove_one(cx: &Cx, signer: &Signer, ledger: LedgerId) -> Result<Reach> {
    let proven = cx.deps().proven();
    let remembered = proven.latest(ledger);
    let mut view = View::open_still(cx, about(ledger)).await?;
    let begin = floor::of(view.sql(), ledger, signer.public()).await?;
    let Some(end) = end(&mut view, ledger).await? else { return Ok(Reach::default()) };
    let accepted = accepted(&mut view, ledger, signer.public()).await?;
    let stored = stored(&mut view, ledger, signer.public()).await?;
    let known = proven.counting(accepted.as_ref(), [remembered, stored]);
    let verdict = match walk::whole(cx, &mut view, begin, known.as_ref(), end).await? {
        Walked::Whole => {
            let checkpoint = Checkpoint {
                ledger,
                seq: end.seq,
                count: end.seq - begin.at.seq,
                hash: end.hash,
                at: rfc3339(cx.now()),
            };
            Ok(Known { signed: signer.sign(&checkpoint), checkpoint })
        }
        Walked::Broken(seq, flaw) => Err((seq, flaw)),
    };
    drop(view);
    let is_whole = verdict.is_ok();
    record(cx, ledger, verdict).await?;
    Ok(Reach { floor: begin.at.seq, head: end.seq, is_whole })
}

/// What an operator accepted of a ledger, if that is signed.
async fn accepted(
    view: &mut View,
    ledger: LedgerId,
    ours: PublicKey,
) -> Result<Option<Acceptance>> {
    let (kind, id) = ledger.parts();
    let line = sqlx::query_scalar!(
        "select statement from ledger_acceptance where kind = $1 and ledger = $2",
        kind,
        id
    )
    .fetch_optional(view.sql())
    .await?;
    let accepted = line.and_then(|line| known::signed::<Acceptance>(&line, ours));
    Ok(accepted.filter(|accepted| accepted.ledger == ledger))
}

/// The checkpoint that the database has of a ledger.
async fn stored(view: &mut View, ledger: LedgerId, ours: PublicKey) -> Result<Option<Known>> {
    let (kind, id) = ledger.parts();
    let found = sqlx::query_scalar!(
        "select checkpoint from ledger_proof where kind = $1 and ledger = $2",
        kind,
        id
    )
    .fetch_optional(view.sql())
    .await?;
    let known = found.flatten().and_then(|line| known::open(&line, ours));
    Ok(known.filter(|known| known.checkpoint.ledger == ledger))
}

/// Writes down what was found. What was proven before stays: it is still true of what was then.
async fn record(
    cx: &Cx,
    ledger: LedgerId,
    verdict: std::result::Result<Known, (i64, Flaw)>,
) -> Result<()> {
    let mut change = cx.change_as(Task::AuditProve, about(ledger)).await?;
    let (kind, id) = ledger.parts();
    let proven = verdict.as_ref().ok();
    let flaw = verdict.as_ref().err().copied();
    // A program that has seen less does not speak over one that has seen more.
    sqlx::query!(
        "insert into ledger_proof as p (kind, ledger, seq, checkpoint, checked_at, flaw, flaw_at)
         values ($1, $2, $3, $4, $5, $6, $7)
         on conflict (kind, ledger) do update
         set seq = greatest(p.seq, excluded.seq), checkpoint = coalesce(excluded.checkpoint, p.checkpoint),
             checked_at = excluded.checked_at, flaw = excluded.flaw, flaw_at = excluded.flaw_at
         where excluded.flaw is not null or excluded.seq >= p.seq",
        kind,
        id,
        proven.map_or(0, |known| known.checkpoint.seq),
        proven.map(|known| known.signed.line()),
        cx.now(),
        flaw.map(|(_, flaw)| flaw.name()),
        flaw.map(|(seq, _)| seq)
    )
    .execute(change.sql())
    .await?;
    change.commit_unaudited("what was found of a ledger is no change to it").await?;
    cx.deps().proven().note(ledger, verdict);
    Ok(())
}
