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
    Change, Cx, Deps, Error, Result, crypto::Signer, event::rfc3339, policy::Actor, task::Task,
};
use known::Known;
use model::{
    audit::Flaw,
    ledger::{Acceptance, Checkpoint, Hash, LedgerId, PublicKey},
};
use time::Duration;
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
    for head in due(&cx).await? {
        prove_one(&cx, &signer, &head).await?;
    }
    for ledger in vanished(&cx).await? {
        let change = open(&cx, ledger).await?;
        record(&cx, change, ledger, Err((1, Flaw::Cut))).await?;
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
    let cx = Cx::system(deps);
    let mut change = open(&cx, ledger).await?;
    let Some(head) = head(&mut change, ledger).await? else { return Ok(Reach::default()) };
    drop(change);
    prove_one(&cx, &signer, &head).await
}

async fn head(change: &mut Change, ledger: LedgerId) -> Result<Option<Head>> {
    let (kind, id) = ledger.parts();
    let row =
        sqlx::query!("select seq, hash from ledger_head where kind = $1 and ledger = $2", kind, id)
            .fetch_optional(change.sql())
            .await?;
    let Some(row) = row else { return Ok(None) };
    let hash = Hash::of(&row.hash).ok_or(Error::Inconsistent("the end of a ledger is no end"))?;
    Ok(Some(Head { ledger, seq: row.seq, hash }))
}

/// The end of a ledger whose records fit each other, whatever was signed for; else the first that does not.
pub(super) async fn by_itself(
    cx: &Cx,
    ledger: LedgerId,
) -> Result<std::result::Result<At, (i64, Flaw)>> {
    let ours = cx.deps().keyring().signer().await?.public();
    let mut change = open(cx, ledger).await?;
    let begin = floor::of(change.sql(), ledger, ours).await?;
    let Some(head) = head(&mut change, ledger).await? else { return Ok(Ok(begin.at)) };
    let end = At { seq: head.seq, hash: head.hash };
    Ok(match walk::whole(cx, &mut change, begin, None, end).await? {
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

/// The end of a ledger.
struct Head {
    ledger: LedgerId,
    seq: i64,
    hash: Hash,
}

async fn due(cx: &Cx) -> Result<Vec<Head>> {
    let mut change = cx.change_as(Task::AuditProve, Actor::default()).await?;
    let rows = sqlx::query!(
        "select h.kind, h.ledger, h.seq, h.hash from ledger_head h
         left join ledger_proof p on p.kind = h.kind and p.ledger = h.ledger
         where p.seq is null or p.seq <> h.seq or p.flaw is not null or p.checked_at < $1
         order by p.checked_at nulls first limit $2",
        cx.now() - AGAIN,
        LEDGERS
    )
    .fetch_all(change.sql())
    .await?;
    let head = |kind: &str, ledger, seq, hash: &[u8]| {
        Some(Head { ledger: LedgerId::of(kind, ledger)?, seq, hash: Hash::of(hash)? })
    };
    let heads = rows.iter().map(|row| head(&row.kind, row.ledger, row.seq, &row.hash));
    heads.collect::<Option<_>>().ok_or(Error::Inconsistent("the end of a ledger is no end"))
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

/// A transaction that sees this ledger and no other.
async fn open(cx: &Cx, ledger: LedgerId) -> Result<Change> {
    let (team, person) = match ledger {
        LedgerId::Team(id) => (Some(id.0), None),
        LedgerId::Person(id) => (None, Some(id.0)),
        LedgerId::Instance => (None, None),
    };
    cx.change_as(Task::AuditProve, Actor { team, person, ..Actor::default() }).await
}

async fn prove_one(cx: &Cx, signer: &Signer, head: &Head) -> Result<Reach> {
    let mut change = open(cx, head.ledger).await?;
    let begin = floor::of(change.sql(), head.ledger, signer.public()).await?;
    if let Some(accepted) = accepted(&mut change, head.ledger, signer.public()).await? {
        cx.deps().proven().accept(&accepted);
    }
    let signed = stored(&mut change, head.ledger).await?;
    let known = cx.deps().proven().latest(head.ledger, signed, signer.public());
    let end = At { seq: head.seq, hash: head.hash };
    let verdict = match walk::whole(cx, &mut change, begin, known.as_ref(), end).await? {
        Walked::Whole => {
            let checkpoint = Checkpoint {
                ledger: head.ledger,
                seq: head.seq,
                count: head.seq - begin.at.seq,
                hash: head.hash,
                at: rfc3339(cx.now()),
            };
            Ok(Known { signed: signer.sign(&checkpoint), checkpoint })
        }
        Walked::Broken(seq, flaw) => Err((seq, flaw)),
    };
    let is_whole = verdict.is_ok();
    record(cx, change, head.ledger, verdict).await?;
    Ok(Reach { floor: begin.at.seq, head: head.seq, is_whole })
}

/// What an operator accepted of a ledger, if that is signed.
async fn accepted(
    change: &mut Change,
    ledger: LedgerId,
    ours: PublicKey,
) -> Result<Option<Acceptance>> {
    let (kind, id) = ledger.parts();
    let line = sqlx::query_scalar!(
        "select statement from ledger_acceptance where kind = $1 and ledger = $2",
        kind,
        id
    )
    .fetch_optional(change.sql())
    .await?;
    let accepted = line.and_then(|line| known::signed::<Acceptance>(&line, ours));
    Ok(accepted.filter(|accepted| accepted.ledger == ledger))
}

/// The checkpoint that the database has of a ledger.
async fn stored(change: &mut Change, ledger: LedgerId) -> Result<Option<String>> {
    let (kind, id) = ledger.parts();
    let found = sqlx::query_scalar!(
        "select checkpoint from ledger_proof where kind = $1 and ledger = $2",
        kind,
        id
    )
    .fetch_optional(change.sql())
    .await?;
    Ok(found.flatten())
}

/// Writes down what was found. What was proven before stays: it is still true of what was then.
async fn record(
    cx: &Cx,
    mut change: Change,
    ledger: LedgerId,
    verdict: std::result::Result<Known, (i64, Flaw)>,
) -> Result<()> {
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
