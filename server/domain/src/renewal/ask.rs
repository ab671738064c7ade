//! What the operator asks for, in the database and in the keyring.

use super::{Whose, run};
use crate::{
    Cx, Deps, Error, Result,
    change::Change,
    event::{Event, Ledger},
    operator::{Act, TeamAct, Whom, read_reason},
    policy::Actor,
    task::Task,
};
use model::AuditAction;
use uuid::Uuid;

/// Whose data keys are renewed.
#[derive(Debug, Clone)]
pub enum Asked {
    /// By the word in its addresses.
    Team(String),
    Person(Whom),
    /// What is nobody's in particular.
    Instance,
    Everybody,
}

/// Asks for another version of these data keys, and says of how many owners. What is under way goes on, and is
/// not asked for again.
///
/// # Errors
/// [`Error::Conflict`] when it is under way, or the team is being deleted; [`Error::NotFound`] for an unknown
/// team or person; a sentence at `reason`.
pub async fn ask(deps: &Deps, whose: &Asked, reason: &str) -> Result<u64> {
    const RENEW: AuditAction = AuditAction::KeyringRenew;
    match whose {
        Asked::Team(slug) => {
            let mut act = TeamAct::begin(deps, slug, reason).await?;
            let id = act.id;
            one(&mut act.change, "team", id).await?;
            act.done(RENEW, |event| event).await?;
            Ok(1)
        }
        Asked::Person(whom) => {
            let mut act = Act::begin(deps, whom, reason).await?;
            let id = act.change.person()?;
            one(&mut act.change, "person", id).await?;
            act.done(RENEW).await?;
            Ok(1)
        }
        Asked::Instance | Asked::Everybody => of_the_instance(deps, whose, reason).await,
    }
}

async fn of_the_instance(deps: &Deps, whose: &Asked, reason: &str) -> Result<u64> {
    let reason = read_reason(reason)?;
    let mut change = Cx::system(deps).change_as(Task::Operator, Actor::default()).await?;
    let (many, who) = match whose {
        Asked::Everybody => (everybody(&mut change).await?, "everybody"),
        _ => (one(&mut change, "instance", Uuid::nil()).await.map(|()| 1)?, "instance"),
    };
    let event = Event::new(Ledger::Instance, AuditAction::KeyringRenew)
        .on("data_key", who, "")
        .with("owners", many)
        .with("reason", reason);
    change.commit(event).await?;
    Ok(many)
}

async fn one(change: &mut Change, kind: &str, id: Uuid) -> Result<()> {
    let now = change.cx().now();
    let done = sqlx::query!(
        "insert into key_renewal as r (owner_kind, owner_id, asked_at, next_at) values ($1, $2, $3, $3)
         on conflict (owner_kind, owner_id) do update
         set key_id = gen_random_uuid(), asked_at = $3, next_at = $3, begun_at = null, sealed_at = null,
             done_at = null, stopped_at = null, resealed = 0, remaining = null, stuck = 0, kept = 0
         where r.sealed_at is not null",
        kind,
        id,
        now
    )
    .execute(change.sql())
    .await?;
    if done.rows_affected() == 0 {
        let said = "This data key is being renewed already: see `probity keyring status`.";
        return Err(Error::Conflict(said.to_owned()));
    }
    Ok(())
}

async fn everybody(change: &mut Change) -> Result<u64> {
    let now = change.cx().now();
    let done = sqlx::query!(
        "insert into key_renewal as r (owner_kind, owner_id, asked_at, next_at)
         select 'team', t.id, $1::timestamptz, $1::timestamptz from team t where t.closed_at is null
         union all select 'person', p.id, $1::timestamptz, $1::timestamptz from person p where p.deleted_at is null
         union all select 'instance', '00000000-0000-0000-0000-000000000000'::uuid, $1::timestamptz, $1::timestamptz
         on conflict (owner_kind, owner_id) do update
         set key_id = gen_random_uuid(), asked_at = $1, next_at = $1, begun_at = null, sealed_at = null,
             done_at = null, stopped_at = null, resealed = 0, remaining = null, stuck = 0, kept = 0
         where r.sealed_at is not null",
        now
    )
    .execute(change.sql())
    .await?;
    Ok(done.rows_affected())
}

/// Makes the versions that were asked for, and says after each how many that were: from then on everything new
/// is sealed under them. What is left out, because this was cut off, the task does.
///
/// # Errors
/// [`Error::Conflict`] while the master key is rotated; when the database or the keyring does not answer.
pub async fn begin_all(deps: &Deps, mut tell: impl FnMut(u64)) -> Result<u64> {
    const AT_ONCE: i64 = 500;
    let cx = Cx::system(deps);
    let mut done = 0;
    loop {
        let mut change = cx.change_as(Task::KeyringRenew, Actor::default()).await?;
        let rows = sqlx::query!(
            "select owner_kind, owner_id, key_id from key_renewal
             where begun_at is null and stopped_at is null order by owner_kind, owner_id limit $1",
            AT_ONCE
        )
        .fetch_all(change.sql())
        .await?;
        change.commit_unaudited("looking changes nothing").await?;
        if rows.is_empty() {
            return Ok(done);
        }
        for row in rows {
            let whose = Whose { kind: row.owner_kind, id: row.owner_id };
            run::begin(&cx, &whose, row.key_id).await?;
            done += 1;
            tell(done);
        }
    }
}

/// Stops what is under way, between two values: how many renewals that are. Everything new is sealed under the
/// new versions all the same, and what was before stays readable.
///
/// # Errors
/// When the database does not answer.
pub async fn stop(deps: &Deps) -> Result<u64> {
    let cx = Cx::system(deps);
    let mut change = cx.change_as(Task::Operator, Actor::default()).await?;
    let done = sqlx::query!(
        "update key_renewal set stopped_at = $1 where done_at is null and stopped_at is null",
        cx.now()
    )
    .execute(change.sql())
    .await?;
    change.commit_unaudited("what was asked for is recorded").await?;
    Ok(done.rows_affected())
}

/// Lets what was stopped go on: how many renewals that are.
///
/// # Errors
/// As [`stop`].
pub async fn go_on(deps: &Deps) -> Result<u64> {
    let mut change = Cx::system(deps).change_as(Task::Operator, Actor::default()).await?;
    let done =
        sqlx::query!("update key_renewal set stopped_at = null where stopped_at is not null")
            .execute(change.sql())
            .await?;
    change.commit_unaudited("what was asked for is recorded").await?;
    Ok(done.rows_affected())
}
