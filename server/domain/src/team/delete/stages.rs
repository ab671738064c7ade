//! What is done to a team at each stage of its deletion. Each may be done again.

use super::{
    HELD, certify, files,
    held::{Goes, Held},
    run::about,
    times::Times,
};
use crate::{
    Cx, Error, Result,
    change::Change,
    crypto::{Owner, token},
    event::{Event, Ledger, rfc3339},
    failpoint::{Point, reach},
    key,
    mail::{self, Letter, MailOwner, To},
    task::Task,
};
use model::{
    AuditAction, TeamId,
    ledger::{Deletion, Hash, LedgerId},
};
use secrecy::SecretString;

/// Rows that are removed in one transaction: some 10 ms, in which nobody else waits for them.
const STEP: i32 = 2_000;

/// Nobody gets in any more, if it is due. That the ledger ends here is signed; it is kept outside the database,
/// too, once it is so and before anything goes (see [`destroy_key`]).
pub(super) async fn begin(cx: &Cx, team: TeamId) -> Result<bool> {
    let signer = cx.deps().keyring().signer().await?;
    let link = token::hash(&certify::link(cx.deps(), team).await?);
    let mut change = open(cx, team).await?;
    let begun =
        sqlx::query_scalar!(r#"select app.begin_deletion($1) as "begun!""#, link.as_slice())
            .fetch_one(change.sql())
            .await?;
    if !begun {
        return Ok(false);
    }
    let event = Event::new(Ledger::Team, AuditAction::TeamDelete).on("team", team, "");
    change.record(event).await?;
    let end = sqlx::query!(
        "select seq, hash from ledger_head where kind = 'team' and ledger = $1",
        team.0
    )
    .fetch_one(change.sql())
    .await?;
    let hash = Hash::of(&end.hash).ok_or(Error::Inconsistent("the end of a ledger is no end"))?;
    let (ledger, seq, at) = (LedgerId::Team(team), end.seq, rfc3339(cx.now()));
    let line = signer.sign(&Deletion { ledger, seq, hash, at }).line();
    reach(Point::DeleteSigned);
    sqlx::query!("update deletion set statement = $1 where team_id = $2", line, team.0)
        .execute(change.sql())
        .await?;
    change.commit_unaudited("that it begins is recorded").await?;
    cx.deps().proven().end(ledger);
    reach(Point::DeleteBegun);
    Ok(true)
}

/// Whatever was sealed for the team opens nowhere any more: in the database, in files, and in copies of
/// both. Other programs forget the key that they have open. First it is said outside the database where the
/// ledger ends: what is gone must not look like what somebody took.
pub(super) async fn destroy_key(cx: &Cx, team: TeamId) -> Result<()> {
    say_end(cx, team).await?;
    let key = cx.deps().keyring().destroy_for_good(Owner::Team(team)).await?;
    reach(Point::DeleteKey);
    key::tell_team(cx.deps(), team).await?;
    let mut change = open(cx, team).await?;
    sqlx::query!(
        "update deletion set key_id = $1, key_at = $2 where team_id = $3 and key_at is null",
        key,
        cx.now(),
        team.0
    )
    .execute(change.sql())
    .await?;
    change.commit_unaudited("its last stage is recorded").await
}

/// Another time, if this was cut off after it: who reads it takes it once.
async fn say_end(cx: &Cx, team: TeamId) -> Result<()> {
    let mut change = open(cx, team).await?;
    let line = sqlx::query_scalar!("select statement from deletion where team_id = $1", team.0)
        .fetch_one(change.sql())
        .await?;
    change.commit_unaudited("looking changes nothing").await?;
    let line = line.ok_or(Error::Inconsistent("a deletion that says no end"))?;
    cx.deps().proven().say(cx.now(), line)
}

/// Keys, streams and memberships go.
pub(super) async fn end_access(cx: &Cx, team: TeamId) -> Result<()> {
    purge(cx, team, Goes::Access).await?;
    let mut change = open(cx, team).await?;
    sqlx::query!(
        "update deletion set access_at = $1 where team_id = $2 and access_at is null",
        cx.now(),
        team.0
    )
    .execute(change.sql())
    .await?;
    change.commit_unaudited("its last stage is recorded").await
}

/// Files go. How many there are is written down before: whoever goes on finds fewer.
pub(super) async fn remove_files(cx: &Cx, team: TeamId) -> Result<()> {
    let there = files::count(cx.deps(), team).await?.number;
    let mut change = open(cx, team).await?;
    sqlx::query!(
        "update deletion set files = greatest(files, $1)
         where team_id = $2 and files_at is null",
        there,
        team.0
    )
    .execute(change.sql())
    .await?;
    change.commit_unaudited("its last stage is recorded").await?;
    files::remove(cx.deps(), team).await?;
    reach(Point::DeleteFiles);
    let mut change = open(cx, team).await?;
    sqlx::query!(
        "update deletion set files_at = $1 where team_id = $2 and files_at is null",
        cx.now(),
        team.0
    )
    .execute(change.sql())
    .await?;
    change.commit_unaudited("its last stage is recorded").await
}

/// Files go that were written since.
async fn remove_late_files(cx: &Cx, team: TeamId) -> Result<()> {
    let removed = files::remove(cx.deps(), team).await?;
    let mut change = open(cx, team).await?;
    sqlx::query!("update deletion set files = files + $1 where team_id = $2", removed, team.0)
        .execute(change.sql())
        .await?;
    change.commit_unaudited("its last stage is recorded").await
}

/// All other rows go.
pub(super) async fn remove_rows(cx: &Cx, team: TeamId) -> Result<()> {
    purge(cx, team, Goes::Rows).await?;
    let mut change = open(cx, team).await?;
    sqlx::query!(
        "update deletion set rows_at = $1 where team_id = $2 and rows_at is null",
        cx.now(),
        team.0
    )
    .execute(change.sql())
    .await?;
    change.commit_unaudited("its last stage is recorded").await
}

/// The team itself goes, with its owners' memberships; they are written to, and the certificate stays. What
/// was written by others in the meantime goes first.
pub(super) async fn finish(cx: &Cx, team: TeamId) -> Result<()> {
    purge(cx, team, Goes::Access).await?;
    remove_late_files(cx, team).await?;
    purge(cx, team, Goes::Rows).await?;
    let signer = cx.deps().keyring().signer().await?;
    let mut change = open(cx, team).await?;
    let name = sqlx::query_scalar!("select name from team where id = $1", team.0)
        .fetch_optional(change.sql())
        .await?;
    // Another program was faster.
    let Some(name) = name else { return Ok(()) };
    let owners = owners(&mut change, team).await?;
    let certificate = certify::certificate(&mut change, team, owners.len()).await?;
    let (rows, key) = (certificate.rows(), certificate.key.clone().unwrap_or_default());
    let signed = signer.sign(&certificate).line();
    let ended = sqlx::query_scalar!(r#"select app.end_team($1) as "ended!""#, signed)
        .fetch_one(change.sql())
        .await?;
    if !ended {
        return Ok(());
    }
    let link = match owners.is_empty() {
        // Its last one deleted their account, and was told then.
        true => SecretString::default(),
        false => certify::link_of(cx.deps(), team, &link_hash(&mut change, team).await?).await?,
    };
    reach(Point::DeleteCertified);
    let stages = times(&mut change, team).await?.reached();
    for to in &owners {
        let (team, stages) = (name.clone(), stages.clone());
        let (link, certificate) = (link.clone(), signed.clone());
        mail::post(&mut change, to, Letter::TeamDeleted { team, stages, link, certificate })
            .await?;
    }
    let event = Event::new(Ledger::Instance, AuditAction::TeamDelete)
        .on("team", team, "")
        .with("rows", rows)
        .with("key", key);
    change.commit(event).await?;
    reach(Point::DeleteDone);
    Ok(())
}

async fn times(change: &mut Change, team: TeamId) -> Result<Times> {
    let times = sqlx::query_as!(
        Times,
        r#"select asked_at, confirmed_at, begun_at as "begun_at?", key_at, access_at, files_at, rows_at, done_at
           from deletion where team_id = $1"#,
        team.0
    );
    Ok(times.fetch_one(change.sql()).await?)
}

async fn link_hash(change: &mut Change, team: TeamId) -> Result<Vec<u8>> {
    let hash = sqlx::query_scalar!("select link_hash from deletion where team_id = $1", team.0);
    Ok(hash.fetch_one(change.sql()).await?)
}

async fn owners(change: &mut Change, team: TeamId) -> Result<Vec<To>> {
    let rows = sqlx::query!(
        "select p.id, p.name, p.email from member m join person p on p.id = m.person_id
         where m.team_id = $1 and m.role = 'owner' order by p.id",
        team.0
    )
    .fetch_all(change.sql())
    .await?;
    let to = |(id, name, email)| To { email, name, owner: MailOwner::Person(id) };
    Ok(rows.into_iter().map(|row| to((row.id, row.name, row.email))).collect())
}

/// Removes the rows of these tables, some at a time.
async fn purge(cx: &Cx, team: TeamId, when: Goes) -> Result<()> {
    for held in HELD.iter().filter(|held| held.goes == when) {
        match held.table {
            "audit_event" => purge_records(cx, team).await?,
            _ => while purge_some(cx, team, held).await? > 0 {},
        }
    }
    Ok(())
}

async fn purge_some(cx: &Cx, team: TeamId, held: &Held) -> Result<i64> {
    let mut change = open(cx, team).await?;
    let many = sqlx::query_scalar!(r#"select app.purge($1, $2) as "many!""#, held.table, STEP)
        .fetch_one(change.sql())
        .await?;
    change.commit_unaudited("the ledger of the team goes, too").await?;
    if many > 0 {
        reach(Point::DeleteAccess);
    }
    Ok(many)
}

/// From the first to the last: what is gone is not gone through again for each step.
async fn purge_records(cx: &Cx, team: TeamId) -> Result<()> {
    let mut after = Some(0);
    while let Some(from) = after {
        let mut change = open(cx, team).await?;
        after = sqlx::query_scalar!("select app.purge_records($1, $2)", from, STEP)
            .fetch_one(change.sql())
            .await?;
        change.commit_unaudited("the ledger of the team goes, too").await?;
        reach(Point::DeleteRows);
    }
    Ok(())
}

async fn open(cx: &Cx, team: TeamId) -> Result<Change> {
    cx.change_as(Task::TeamDelete, about(team)).await
}
