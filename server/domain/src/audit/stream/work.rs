//! One stream's work: held by one program at a time, a delivery after the other, the cursor behind what was
//! taken in.
//!
//! No transaction is open while something is carried. Whoever delivers holds the stream in its row for a
//! minute, longer than any delivery lasts, and says so anew before each; what nobody holds any more, another
//! program goes on with. How far a delivery reaches stands in the row before it leaves, so that it is tried
//! again as it was.

use super::{
    super::{export, read, row::Stored},
    back_off,
    parcel::{Carried, Content, Destination, Line, NotCarried, Parcel, SigningKey},
    sealed,
};
use crate::{Change, Cx, Error, Result, policy::Actor, task::Task};
use model::{StreamId, TeamId, audit::stream_bounds as bounds, ledger::LedgerId};
use std::time::Duration;
use time::OffsetDateTime;
use uuid::Uuid;

/// How long a stream is held without a word.
const HELD: time::Duration = time::Duration::MINUTE;
/// How long a delivery may last.
const PATIENCE: Duration = Duration::from_secs(30);
/// After so long, other streams come first.
const TURN: Duration = Duration::from_secs(3);
/// Records in one delivery.
const RECORDS: i64 = 500;
/// Bytes in one delivery, about; one record may be longer.
const BYTES: usize = 1 << 20;
/// Bytes that stand beside a record in its line, about: names, address, browser, hashes.
const BESIDE: usize = 700;

/// A stream that this program works for.
struct Held {
    team: TeamId,
    id: StreamId,
    by: Uuid,
}

/// Delivers until nothing is left, something fails, or others have waited long enough.
pub(super) async fn work(cx: &Cx, team: TeamId, id: StreamId) -> Result<()> {
    let held = Held { team, id, by: cx.new_id() };
    let began = cx.deps().clock().elapsed();
    while let Some(batch) = take(cx, &held).await? {
        let last = batch.last().map_or(0, |row| row.seq);
        let count = batch.len();
        let sent = send(cx, &held, lines(cx, batch).await?).await?;
        let is_late = cx.deps().clock().elapsed() - began >= TURN;
        match sent {
            Ok(_) => taken_in(cx, &held, (last, count), is_late).await?,
            Err(why) => return failed(cx, &held, &why).await,
        }
        if is_late {
            return Ok(());
        }
    }
    Ok(())
}

async fn open(cx: &Cx, team: TeamId) -> Result<Change> {
    cx.change_as(Task::AuditStream, Actor { team: Some(team.0), ..Actor::default() }).await
}

/// Takes the stream, or keeps it, and reads what is next; nothing where somebody else holds it, or nothing
/// is there.
async fn take(cx: &Cx, held: &Held) -> Result<Option<Vec<Stored>>> {
    let mut change = open(cx, held.team).await?;
    let row = sqlx::query!(
        "update audit_stream set held_by = $3, held_until = $4
         where team_id = $1 and id = $2 and state = 'active' and next_try <= $5
             and (held_by = $3 or held_until is null or held_until <= $5)
         returning seq, tried_to",
        held.team.0,
        held.id.0,
        held.by,
        cx.now() + HELD,
        cx.now()
    )
    .fetch_optional(change.sql())
    .await?;
    let Some(row) = row else { return Ok(None) };
    let tried_to = row.tried_to.filter(|to| *to > row.seq);
    let most = tried_to.map_or(RECORDS, |to| to - row.seq);
    let mut rows = read::behind(change.sql(), LedgerId::Team(held.team), row.seq, most).await?;
    match tried_to {
        Some(to) => rows.retain(|row| row.seq <= to),
        None => rows.truncate(fitting(&rows)),
    }
    if let (None, Some(first)) = (tried_to, rows.first())
        && first.seq > row.seq + 1
    {
        note(&mut change, cx, held, &gone(row.seq + 1, first.seq - 1)).await?;
    }
    match rows.last() {
        Some(last) => mark(&mut change, held, last.seq).await?,
        None => release(&mut change, held).await?,
    }
    change.commit_unaudited("what is to be delivered").await?;
    Ok(Some(rows).filter(|rows| !rows.is_empty()))
}

/// Records that went before they flowed: the stream stood still for longer than they are kept.
fn gone(first: i64, last: i64) -> NotCarried {
    let which = if first == last {
        format!("Record {first}")
    } else {
        format!("Records {first} to {last}")
    };
    let said =
        format!("{which} went from the log before they flowed. The receiver does not have them.");
    NotCarried::because(said)
}

/// How many of these fit into one delivery: at least one.
fn fitting(rows: &[Stored]) -> usize {
    let mut bytes = 0;
    let fits = rows.iter().take_while(|row| {
        bytes += row.record.len() + 2 * row.sealed.as_ref().map_or(0, Vec::len) + BESIDE;
        bytes <= BYTES
    });
    fits.count().max(1)
}

async fn mark(change: &mut Change, held: &Held, tried_to: i64) -> Result<()> {
    sqlx::query!(
        "update audit_stream set tried_to = $3 where team_id = $1 and id = $2",
        held.team.0,
        held.id.0,
        tried_to
    )
    .execute(change.sql())
    .await?;
    Ok(())
}

/// Nothing is left.
async fn release(change: &mut Change, held: &Held) -> Result<()> {
    sqlx::query!(
        "update audit_stream set held_by = null, held_until = null
         where team_id = $1 and id = $2 and held_by = $3",
        held.team.0,
        held.id.0,
        held.by
    )
    .execute(change.sql())
    .await?;
    Ok(())
}

/// The records as they stand in exports.
async fn lines(cx: &Cx, rows: Vec<Stored>) -> Result<Vec<Line>> {
    let mut lines = Vec::with_capacity(rows.len());
    for row in rows {
        let mut text = String::new();
        export::json(cx, &mut text, &row).await?;
        text.pop();
        lines.push(Line { seq: row.seq, at: row.at, text });
    }
    Ok(lines)
}

/// What a delivery needs to know of its stream.
pub(super) struct Sender {
    team: TeamId,
    id: StreamId,
    to: Destination,
    keys: Vec<SigningKey>,
}

/// Reads it; none where there is no such stream any more.
pub(super) async fn sender(cx: &Cx, team: TeamId, id: StreamId) -> Result<Option<Sender>> {
    let mut change = open(cx, team).await?;
    let row = sqlx::query!(
        "select sealed, secret, previous_secret, previous_ends_at from audit_stream
         where team_id = $1 and id = $2",
        team.0,
        id.0
    )
    .fetch_optional(change.sql())
    .await?;
    drop(change);
    let Some(row) = row else { return Ok(None) };
    let overlaps = row.previous_ends_at.is_some_and(|ends| ends > cx.now());
    let previous = row.previous_secret.filter(|_| overlaps);
    let secrets: Vec<Vec<u8>> = row.secret.into_iter().chain(previous).collect();
    let (to, keys) = sealed::open(cx, team, id, &row.sealed, &secrets).await?;
    Ok(Some(Sender { team, id, to, keys }))
}

async fn send(
    cx: &Cx,
    held: &Held,
    lines: Vec<Line>,
) -> Result<std::result::Result<Carried, NotCarried>> {
    match sender(cx, held.team, held.id).await {
        Ok(Some(sender)) => Ok(carry(cx, sender, Content::Records(lines)).await),
        Ok(None) => Ok(Err(NotCarried::because("The stream was removed."))),
        Err(Error::Seal(why)) => {
            tracing::warn!(stream = %held.id, why, "A stream cannot be opened.");
            let said =
                "Its address cannot be opened with the team's key any more. Make another stream.";
            Ok(Err(NotCarried::because(said)))
        }
        Err(other) => Err(other),
    }
}

/// Carries it, for as long as a delivery may last.
pub(super) async fn carry(
    cx: &Cx,
    sender: Sender,
    content: Content,
) -> std::result::Result<Carried, NotCarried> {
    let Sender { team, id: stream, to, keys } = sender;
    let parcel = Parcel { team, stream, to, keys, at: cx.now(), content };
    let carried = tokio::time::timeout(PATIENCE, cx.deps().carrier().carry(&parcel)).await;
    carried.unwrap_or_else(|_| Err(NotCarried::because("It took too long.")))
}

/// Moves the cursor, unless the stream has been taken away meanwhile: then whoever has it delivers again.
async fn taken_in(cx: &Cx, held: &Held, (last, count): (i64, usize), is_over: bool) -> Result<()> {
    let mut change = open(cx, held.team).await?;
    sqlx::query!(
        "update audit_stream set seq = $4, tried_to = null, delivered = delivered + $5, last_success = $6,
                                 failures = 0, failing_since = null, next_try = $6,
                                 held_by = case when $7 then null else held_by end,
                                 held_until = case when $7 then null else held_until end
         where team_id = $1 and id = $2 and held_by = $3",
        held.team.0,
        held.id.0,
        held.by,
        last,
        i64::try_from(count).unwrap_or(0),
        cx.now(),
        is_over
    )
    .execute(change.sql())
    .await?;
    change.commit_unaudited("how far a stream is").await
}

/// Says when it is tried again, and keeps the last few errors.
async fn failed(cx: &Cx, held: &Held, why: &NotCarried) -> Result<()> {
    let mut change = open(cx, held.team).await?;
    let failures = sqlx::query_scalar!(
        "update audit_stream set failures = least(failures, 1000000) + 1,
                                 failing_since = coalesce(failing_since, $4),
                                 held_by = null, held_until = null
         where team_id = $1 and id = $2 and held_by = $3 returning failures",
        held.team.0,
        held.id.0,
        held.by,
        cx.now()
    )
    .fetch_optional(change.sql())
    .await?;
    // Somebody removed it, or let it begin elsewhere: then there is nothing to say.
    let Some(failures) = failures else { return Ok(()) };
    if failures == 1 {
        tracing::warn!(team = %held.team, stream = %held.id, cause = %why, "A stream fails.");
    }
    let next_try = cx.now() + back_off::wait(failures, why.retry_after, cx.deps().random());
    put_off(&mut change, held, next_try).await?;
    note(&mut change, cx, held, why).await?;
    change.commit_unaudited("what went wrong with a stream").await
}

async fn put_off(change: &mut Change, held: &Held, next_try: OffsetDateTime) -> Result<()> {
    sqlx::query!(
        "update audit_stream set next_try = $3 where team_id = $1 and id = $2",
        held.team.0,
        held.id.0,
        next_try
    )
    .execute(change.sql())
    .await?;
    Ok(())
}

async fn note(change: &mut Change, cx: &Cx, held: &Held, why: &NotCarried) -> Result<()> {
    let said: String = why.said.chars().take(500).collect();
    sqlx::query!(
        "insert into audit_stream_error (team_id, stream_id, id, at, said, status)
         values ($1, $2, $3, $4, $5, $6)",
        held.team.0,
        held.id.0,
        cx.new_id(),
        cx.now(),
        said,
        why.status.map(i32::from)
    )
    .execute(change.sql())
    .await?;
    sqlx::query!(
        "delete from audit_stream_error where team_id = $1 and stream_id = $2 and id not in (
             select e.id from audit_stream_error e where e.team_id = $1 and e.stream_id = $2
             order by e.at desc, e.id desc limit $3)",
        held.team.0,
        held.id.0,
        bounds::ERRORS as i64
    )
    .execute(change.sql())
    .await?;
    Ok(())
}
