//! The matrix of a team: what was found of each cell, and finding it out now.

use super::probe::{Column, probe};
use crate::{
    Cx, Deps, Error, Result,
    change::Change,
    event::{Event, Ledger, rfc3339},
    limit,
    policy::Actor,
    role,
    task::Task,
};
use model::{
    AuditAction, HeldRole, Limit, Permission, Role,
    proof::{CellProof, Matrix, ProbeSum, RoleProof, Verdict},
    role::RoleRow,
};
use sqlx::PgConnection;
use std::time::Instant;
use time::Duration;
use uuid::Uuid;

/// Cells are tried again when this much time has passed.
const EVERY: Duration = Duration::days(1);

/// Every role of the team, and what was found of each of its cells.
///
/// # Errors
/// [`Error::Forbidden`] without `team.view`.
pub async fn matrix(cx: &Cx) -> Result<Matrix> {
    let own = role::list(cx).await?;
    let mut view = cx.view(Permission::TeamView).await?;
    let proofs = read(view.sql(), cx).await?;
    Ok(Matrix { own, proofs })
}

/// Tries every cell of the team's matrix now; says what was found in numbers.
///
/// # Errors
/// [`Error::Forbidden`] without `security.manage`; [`Error::TooMany`] for a team that asks often.
pub async fn probe_now(cx: &Cx) -> Result<ProbeSum> {
    cx.require(Permission::SecurityManage)?;
    let team = cx.seat()?.id;
    limit::take(cx, Limit::RoleProbe, &team.to_string()).await?;
    let own = role::list(cx).await?.into_iter().map(|row: RoleRow| HeldRole::Custom(row.role));
    let roles: Vec<HeldRole> = Role::ALL.into_iter().map(HeldRole::from).chain(own).collect();
    let began = Instant::now();
    let columns = probe(cx.deps(), &roles).await?;
    let sum = sum(&columns, began);
    let about =
        Actor { team: Some(team.0), person: cx.person().map(|it| it.0), ..Actor::default() };
    let mut change = cx.change_as(Task::RoleProbe, about).await?;
    keep(&mut change, team.0, &columns).await?;
    let event = Event::new(Ledger::Team, AuditAction::RoleProbe)
        .with("cells", sum.cells)
        .with("wrong", sum.wrong);
    let event = if sum.wrong == 0 { event } else { event.refused() };
    change.commit(event).await?;
    Ok(sum)
}

/// Tries the four roles that every team has, if that was not done for a day. What is wrong is
/// logged, and recorded in the instance's ledger.
///
/// # Errors
/// When the database does not answer.
pub async fn probe_due(deps: &Deps) -> Result<()> {
    let cx = Cx::system(deps);
    let mut change = cx.change_as(Task::RoleProbe, Actor::default()).await?;
    let latest =
        sqlx::query_scalar!("select min(at) from probe_verdict where team_id = $1", Uuid::nil())
            .fetch_one(change.sql())
            .await?;
    if latest.is_some_and(|at| cx.now() - at < EVERY) {
        return Ok(());
    }
    drop(change);
    let began = Instant::now();
    let columns = probe(deps, &Role::ALL.map(HeldRole::from)).await?;
    let sum = sum(&columns, began);
    let mut change = cx.change_as(Task::RoleProbe, Actor::default()).await?;
    keep(&mut change, Uuid::nil(), &columns).await?;
    if sum.wrong == 0 {
        return change.commit_unaudited("what was proven is kept with its time").await;
    }
    for column in &columns {
        for cell in column.cells.iter().filter(|cell| !cell.is_proven()) {
            tracing::error!(
                role = %column.role,
                permission = cell.permission.name(),
                said = cell.said,
                "The database and the table of permissions do not agree."
            );
        }
    }
    let event = Event::new(Ledger::Instance, AuditAction::RoleProbe)
        .with("cells", sum.cells)
        .with("wrong", sum.wrong)
        .refused();
    change.commit(event).await.map(drop)
}

fn sum(columns: &[Column], began: Instant) -> ProbeSum {
    let cells = || columns.iter().flat_map(|column| &column.cells);
    let wrong = cells().filter(|cell| !cell.is_proven()).count();
    let took_ms = i64::try_from(began.elapsed().as_millis()).unwrap_or(i64::MAX);
    ProbeSum { cells: cells().count(), wrong, took_ms }
}

/// Keeps what was found: of the team's own roles under the team, of the four others for everybody.
async fn keep(change: &mut Change, team: Uuid, columns: &[Column]) -> Result<()> {
    let at = change.cx().now();
    for column in columns {
        let scope = if column.role.custom().is_some() { team } else { Uuid::nil() };
        let role = column.role.to_string();
        for cell in &column.cells {
            write(change.sql(), scope, &role, at, cell).await?;
        }
    }
    // Afterwards: two who try at once write the same rows in the same order, and none waits in a
    // circle. What is left is of roles that are gone.
    sqlx::query!("delete from probe_verdict where team_id = $1 and at < $2", team, at)
        .execute(change.sql())
        .await?;
    Ok(())
}

async fn write(
    sql: &mut PgConnection,
    scope: Uuid,
    role: &str,
    at: time::OffsetDateTime,
    cell: &CellProof,
) -> Result<()> {
    sqlx::query!(
        "insert into probe_verdict (team_id, role, permission, at, held, guard, database, tries,
                                    said)
         values ($1, $2, $3, $4, $5, $6, $7, $8, $9)
         on conflict (team_id, role, permission) do update
         set at = $4, held = $5, guard = $6, database = $7, tries = $8, said = $9",
        scope,
        role,
        cell.permission.name(),
        at,
        cell.held,
        cell.guard.name(),
        cell.database.name(),
        cell.tries,
        cell.said
    )
    .execute(sql)
    .await?;
    Ok(())
}

async fn read(sql: &mut PgConnection, cx: &Cx) -> Result<Vec<RoleProof>> {
    let rows = sqlx::query!(
        "select role, permission, at, held, guard, database, tries, said from probe_verdict
         where team_id = $1 or team_id = $2 order by role",
        Uuid::nil(),
        cx.seat()?.id.0
    )
    .fetch_all(sql)
    .await?;
    let mut proofs: Vec<RoleProof> = Vec::new();
    for row in rows {
        // A permission that this program does not know was tried by a newer one.
        let Some(permission) = Permission::from_name(&row.permission) else { continue };
        let verdict =
            |word: &str| Verdict::from_name(word).ok_or(Error::Inconsistent("an unknown verdict"));
        let cell = CellProof {
            permission,
            held: row.held,
            guard: verdict(&row.guard)?,
            database: verdict(&row.database)?,
            tries: row.tries,
            said: row.said,
        };
        match proofs.last_mut().filter(|proof| proof.role == row.role) {
            Some(proof) => proof.cells.push(cell),
            None => {
                let at = rfc3339(row.at);
                proofs.push(RoleProof { role: row.role, at, cells: vec![cell] });
            }
        }
    }
    Ok(proofs)
}
