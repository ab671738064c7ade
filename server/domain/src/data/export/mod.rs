//! Exports of everything that is a team's: one archive with all of it as it is at one moment, signed.

mod find;
mod link;
mod progress;
mod run;
mod sweep;
mod write;

pub use find::find;
pub(super) use find::list;
pub use link::{link, open};
pub use sweep::sweep;

use crate::{
    Cx, Error, Result,
    audit::export::stamp,
    event::{Event, Ledger},
    sealed_file::{self, Which},
};
use model::{
    AuditAction, DataExportId, Permission, TeamId,
    data::{DataExportRow, StartDataExport},
};
use run::Order;

/// Exports of a team that wait or are written at once.
const OPEN: i64 = 1;

/// What somebody must hold beside `data.export`, because an export shows it.
const SEES: [Permission; 9] = [
    Permission::TeamView,
    Permission::MembersView,
    Permission::MembersManage,
    Permission::SecurityManage,
    Permission::KeysView,
    Permission::RulesView,
    Permission::UsageView,
    Permission::AuditView,
    Permission::AuditExport,
];

/// The file of an export.
const fn file(team: TeamId, id: DataExportId, name: &str) -> Which<'_> {
    Which { team, table: "team_export", row: id.0, column: "file", name }
}

/// Starts an export, for whoever has confirmed that it is them. It goes on when this returns.
///
/// # Errors
/// [`Error::Forbidden`] for whoever does not see all of the team; [`Error::Conflict`] when one is under
/// way.
pub async fn start(cx: &Cx, form: &StartDataExport) -> Result<DataExportId> {
    cx.require(Permission::DataExport)?;
    for permission in SEES {
        cx.require(permission)?;
    }
    let has_hashes = form.hashes == "yes";
    let (id, team, now) = (DataExportId(cx.new_id()), cx.seat()?.clone(), cx.now());
    let name = format!("{}-team-{}.zip", team.slug, stamp(now));
    let mut change = cx.change_confirmed(Permission::DataExport).await?;
    crate::member::hold(change.sql(), cx).await?;
    let open = sqlx::query_scalar!(
        r#"select count(*) as "open!" from team_export
           where team_id = $1 and state in ('waiting', 'running')"#,
        team.id.0
    );
    if open.fetch_one(change.sql()).await? >= OPEN {
        let said = "An export is under way already. Wait for it, or cancel it.";
        return Err(Error::Conflict(said.to_owned()));
    }
    sqlx::query!(
        "insert into team_export (team_id, id, person_id, made_at, has_hashes, name, touched_at)
         values ($1, $2, $3, $4, $5, $6, $4)",
        team.id.0,
        id.0,
        change.person()?,
        now,
        has_hashes,
        name
    )
    .execute(change.sql())
    .await?;
    let event = Event::new(Ledger::Team, AuditAction::DataExport)
        .on("export", id, &name)
        .with("hashes", has_hashes);
    change.commit(event).await?;
    tokio::spawn(run::run(cx.clone(), team, Order { id, name, has_hashes }));
    Ok(id)
}

/// Gives up an export that is not finished.
///
/// # Errors
/// [`Error::Conflict`] when it is.
pub async fn cancel(cx: &Cx, id: DataExportId) -> Result<()> {
    let mut change = cx.change(Permission::DataExport).await?;
    let row: DataExportRow = find::one(change.sql(), cx, id).await?.ok_or(Error::NotFound)?;
    let done = sqlx::query!(
        "update team_export set state = 'cancelled'
         where team_id = $1 and id = $2 and state in ('waiting', 'running')",
        cx.seat()?.id.0,
        id.0
    )
    .execute(change.sql())
    .await?
    .rows_affected();
    if done == 0 {
        return Err(Error::Conflict("This export has ended already.".to_owned()));
    }
    let event = Event::new(Ledger::Team, AuditAction::DataCancel).on("export", id, &row.name);
    change.commit(event).await?;
    // Whoever writes it does the same, unless they are gone.
    sealed_file::remove_all(cx.deps(), cx.seat()?.id, id.0).await
}
