//! Ledgers that are broken, and the operator's word that one of them is to go on as it is.

use super::prove;
use crate::{
    Cx, Db, Deps, Error, Result,
    event::{Event, Ledger, rfc3339},
    operator::read_reason,
    policy::Actor,
    task::Task,
    tx::Access,
};
use model::{
    AuditAction,
    audit::Flaw,
    ledger::{Acceptance, Checkpoint, LedgerId},
};
use time::OffsetDateTime;

/// A ledger with something that does not fit.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Broken {
    pub ledger: LedgerId,
    pub seq: i64,
    pub flaw: Flaw,
}

/// The ledgers that the last walks found broken.
///
/// # Errors
/// When the database does not answer.
pub async fn broken(job: &Db, now: OffsetDateTime) -> Result<Vec<Broken>> {
    let actor = Actor { task: Some(Task::AuditProve), ..Actor::default() };
    let mut sql = job.open(Access::Read, actor, now).await?;
    let rows = sqlx::query!(
        r#"select kind, ledger, flaw_at as "seq!", flaw as "flaw!" from ledger_proof
           where flaw is not null order by kind, ledger"#
    )
    .fetch_all(&mut *sql)
    .await?;
    let broken = rows.into_iter().filter_map(|row| {
        let ledger = LedgerId::of(&row.kind, row.ledger)?;
        Some(Broken { ledger, seq: row.seq, flaw: Flaw::from_name(&row.flaw)? })
    });
    Ok(broken.collect())
}

/// What was accepted.
#[derive(Debug)]
pub struct Accepted {
    /// The last record that the ledger has now.
    pub reaches: i64,
    /// The last one that was signed for, and when; RFC 3339, UTC.
    pub signed_to: i64,
    pub signed_at: String,
}

/// Accepts a ledger as it is, although another one was signed for: a backup was restored, or somebody cut
/// it, and there is nothing to be had back. What was signed before no longer counts; the act is signed
/// too, kept outside the database, and recorded with its reason.
///
/// # Errors
/// [`Error::NotFound`] for a ledger that nobody knows; [`Error::Conflict`] for one that is whole, and for one
/// whose own records do not fit each other; a sentence at `reason`.
pub async fn accept_ledger(deps: &Deps, ledger: LedgerId, reason: &str) -> Result<Accepted> {
    let reason = read_reason(reason)?;
    let cx = Cx::system(deps);
    if prove::ledger(deps, ledger).await?.is_whole {
        return Err(Error::Conflict(
            "This ledger is whole. There is nothing to accept.".to_owned(),
        ));
    }
    let known = deps.proven().known(ledger).ok_or(Error::NotFound)?;
    let end = prove::by_itself(&cx, ledger).await?.map_err(|(seq, flaw)| {
        Error::Conflict(format!(
            "Record {seq} does not fit the others: {}. That cannot be accepted.",
            flaw.title()
        ))
    })?;
    let (seq, hash, at) = (end.seq, end.hash, rfc3339(cx.now()));
    let acceptance = Acceptance { ledger, seq, hash, reason, at };
    let line = deps.keyring().signer().await?.sign(&acceptance).line();
    deps.proven().say(cx.now(), line.clone())?;
    record(&cx, &acceptance, &known, line).await?;
    deps.proven().accept(&acceptance);
    prove::ledger(deps, ledger).await?;
    Ok(Accepted { reaches: seq, signed_to: known.seq, signed_at: known.at })
}

async fn record(cx: &Cx, accepted: &Acceptance, known: &Checkpoint, line: String) -> Result<()> {
    let (kind, id) = accepted.ledger.parts();
    let (actor, of) = match accepted.ledger {
        LedgerId::Team(id) => (Actor { team: Some(id.0), ..Actor::default() }, Ledger::Team),
        LedgerId::Person(id) => (Actor { person: Some(id.0), ..Actor::default() }, Ledger::Person),
        LedgerId::Instance => (Actor::default(), Ledger::Instance),
    };
    let mut change = cx.change_as(Task::Operator, actor).await?;
    sqlx::query!(
        "insert into ledger_acceptance (kind, ledger, statement) values ($1, $2, $3)
         on conflict (kind, ledger) do update set statement = excluded.statement",
        kind,
        id,
        line
    )
    .execute(change.sql())
    .await?;
    sqlx::query!("delete from ledger_proof where kind = $1 and ledger = $2", kind, id)
        .execute(change.sql())
        .await?;
    let event = Event::new(Ledger::Instance, AuditAction::LedgerAccept)
        .on("ledger", accepted.ledger, "")
        .with("reason", accepted.reason.as_str())
        .with("reaches", accepted.seq)
        .with("signed_to", known.seq)
        .with("signed_at", known.at.as_str());
    // What is gone altogether has no place for a record.
    if of != Ledger::Instance && accepted.seq > 0 {
        change.record(event.clone().moved_to(of)).await?;
    }
    change.commit(event).await.map(drop)
}
