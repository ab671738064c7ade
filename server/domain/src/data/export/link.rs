//! Links to the file of an export. Each works for ten minutes, in the session in which it was made.

use super::{file, find, sweep::KEPT};
use crate::{
    Cx, Error, Result,
    crypto::{Owner, Place},
    event::{Event, Ledger, rfc3339},
    pass::Pass,
    sealed_file,
};
use bytes::Bytes;
use futures::Stream;
use model::{
    AuditAction, DataExportId, Permission,
    audit::{ExportLink, ExportState},
};

fn pass(cx: &Cx, export: DataExportId) -> Result<Pass> {
    let place = Place { table: "team_export", column: "link", row: export.0 };
    Pass::here(cx, Owner::Team(cx.seat()?.id), place)
}

/// A new link to a finished export, for whoever has confirmed that it is them, and for this session of
/// theirs. That it was made is recorded.
///
/// # Errors
/// [`Error::Conflict`] while the export is not finished, or when its day is over.
pub async fn link(cx: &Cx, id: DataExportId) -> Result<ExportLink> {
    cx.require(Permission::DataExport)?;
    let link = pass(cx, id)?.link(cx).await?;
    let mut change = cx.change_confirmed(Permission::DataExport).await?;
    let row = find::one(change.sql(), cx, id).await?.ok_or(Error::NotFound)?;
    if row.state != ExportState::Ready || is_over(cx, &row.made_at) {
        return Err(Error::Conflict("This export has no file. Start a new one.".to_owned()));
    }
    let event = Event::new(Ledger::Team, AuditAction::DataDownload)
        .on("export", id, &row.name)
        .with("until", link.until.as_str());
    change.commit(event).await?;
    Ok(link)
}

/// The link of a token, as long as it works and in the session that made it.
pub(super) async fn read(cx: &Cx, id: DataExportId, token: &str) -> Result<Option<ExportLink>> {
    pass(cx, id)?.read(cx, token).await
}

/// The file of an export, by a link: its length in bytes, and its parts.
///
/// # Errors
/// [`Error::Conflict`] when the link has ended or is one of another session; [`Error::NotFound`] when
/// there is no such file.
pub async fn open(
    cx: &Cx,
    id: DataExportId,
    token: &str,
    name: &str,
) -> Result<(u64, impl Stream<Item = Result<Bytes>> + Send + use<>)> {
    cx.require(Permission::DataExport)?;
    if read(cx, id, token).await?.is_none() {
        let said = "This link does not work here: it is good for ten minutes, in the session that made \
                    it. Get a new one on the page of the export.";
        return Err(Error::Conflict(said.to_owned()));
    }
    let mut view = cx.view(Permission::DataExport).await?;
    let row = find::one(view.sql(), cx, id).await?.ok_or(Error::NotFound)?;
    drop(view);
    if row.state != ExportState::Ready || name != row.name || is_over(cx, &row.made_at) {
        return Err(Error::NotFound);
    }
    sealed_file::read(cx.deps(), file(cx.seat()?.id, id, name)).await
}

/// Whether its day is over, were its file still there.
fn is_over(cx: &Cx, made_at: &str) -> bool {
    rfc3339(cx.now() - KEPT).as_str() >= made_at
}
