//! Exports of the team's audit log: a file of records, and a signed one that says what is in it, so that
//! anybody can check the first without us ([`model::ledger::Verifier`]).

mod find;
mod link;
mod progress;
mod run;
mod sweep;
mod whole;
mod write;

pub use find::{find, list};
pub use link::{link, open};
pub use sweep::sweep;
pub(crate) use whole::{Whole, walk};
pub(super) use write::json;

use crate::{
    Cx, Error, Result,
    event::{Event, Ledger},
    sealed_file::{self, Which},
    text::Check,
};
use model::{
    AuditAction, ExportId, Permission, TeamId,
    audit::{Search, StartExport},
    ledger::ExportFormat,
};
use run::Order;

/// Exports of a team that wait or are written at once.
const OPEN: i64 = 3;

/// Starts an export of the records that fit a search, for whoever has confirmed that it is them. It goes
/// on when this returns.
///
/// # Errors
/// A sentence at `search` or `format`; [`Error::Conflict`] when three are under way.
pub async fn start(cx: &Cx, form: &StartExport) -> Result<ExportId> {
    let mut check = Check::default();
    let line = form.search.trim();
    let search = check.field("search", Search::parse(line));
    let format =
        ExportFormat::from_name(&form.format).ok_or("Choose how it is written.".to_owned());
    let format = check.field("format", format);
    check.done()?;
    let (Some(search), Some(format)) = (search, format) else {
        return Err(Error::Inconsistent("a field is neither right nor wrong"));
    };
    cx.require(Permission::AuditView)?;
    let (id, team, now) = (ExportId(cx.new_id()), cx.seat()?.clone(), cx.now());
    let name = format!("{}-audit-{}.{}", team.slug, stamp(now), format.name());
    let mut change = cx.change_confirmed(Permission::AuditExport).await?;
    let open = sqlx::query_scalar!(
        r#"select count(*) as "open!" from audit_export
           where team_id = $1 and state in ('waiting', 'running')"#,
        team.id.0
    );
    if open.fetch_one(change.sql()).await? >= OPEN {
        let said = "Three exports are under way already. Wait for one, or cancel it.";
        return Err(Error::Conflict(said.to_owned()));
    }
    sqlx::query!(
        "insert into audit_export (team_id, id, person_id, made_at, format, search, name, touched_at)
         values ($1, $2, $3, $4, $5, $6, $7, $4)",
        team.id.0,
        id.0,
        change.person()?,
        now,
        format.name(),
        line,
        name
    )
    .execute(change.sql())
    .await?;
    let event = Event::new(Ledger::Team, AuditAction::AuditExport)
        .on("export", id, &name)
        .with("format", format.name())
        .with("search", line);
    change.commit(event).await?;
    let order = Order { id, name, format, line: line.to_owned(), search };
    tokio::spawn(run::run(cx.clone(), team.id, order));
    Ok(id)
}

/// One of the files of an export.
const fn file(team: TeamId, id: ExportId, name: &str) -> Which<'_> {
    Which { team, table: "audit_export", row: id.0, column: "file", name }
}

/// A time as part of a file's name: `2026-11-26-0930`.
pub(crate) fn stamp(at: time::OffsetDateTime) -> String {
    format!("{}-{:02}{:02}", at.date(), at.hour(), at.minute())
}

/// Gives up an export that is not finished.
///
/// # Errors
/// [`Error::Conflict`] when it is.
pub async fn cancel(cx: &Cx, id: ExportId) -> Result<()> {
    let mut change = cx.change(Permission::AuditExport).await?;
    let row = find::one(change.sql(), cx, id).await?.ok_or(Error::NotFound)?;
    let done = sqlx::query!(
        "update audit_export set state = 'cancelled'
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
    let event = Event::new(Ledger::Team, AuditAction::AuditCancel).on("export", id, &row.name);
    change.commit(event).await?;
    // Whoever writes it does the same, unless they are gone.
    sealed_file::remove_all(cx.deps(), cx.seat()?.id, id.0).await
}
