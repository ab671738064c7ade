//! Links to the files of an export. Each works for ten minutes, for whoever may export the log.

use super::{file, find};
use crate::{
    Cx, Error, Result,
    crypto::{Owner, Place},
    event::{Event, Ledger},
    pass::Pass,
    sealed_file,
};
use bytes::Bytes;
use futures::Stream;
use model::{
    AuditAction, ExportId, Permission,
    audit::{ExportLink, ExportState},
};

fn pass(cx: &Cx, export: ExportId) -> Result<Pass> {
    let place = Place { table: "audit_export", column: "link", row: export.0 };
    Ok(Pass::to(Owner::Team(cx.seat()?.id), place))
}

/// A new link to a finished export, for whoever has confirmed that it is them. That it was taken is
/// recorded.
///
/// # Errors
/// [`Error::Conflict`] while the export is not finished.
pub async fn link(cx: &Cx, id: ExportId) -> Result<ExportLink> {
    let link = pass(cx, id)?.link(cx).await?;
    let mut change = cx.change_confirmed(Permission::AuditExport).await?;
    let row = find::one(change.sql(), cx, id).await?.ok_or(Error::NotFound)?;
    if row.state != ExportState::Ready {
        return Err(Error::Conflict("This export has no files. Start a new one.".to_owned()));
    }
    let event = Event::new(Ledger::Team, AuditAction::AuditDownload)
        .on("export", id, &row.name)
        .with("until", link.until.as_str());
    change.commit(event).await?;
    Ok(link)
}

/// The link of a token, as long as it works.
pub(super) async fn read(cx: &Cx, id: ExportId, token: &str) -> Result<Option<ExportLink>> {
    pass(cx, id)?.read(cx, token).await
}

/// One of the two files of an export, by a link: its length in bytes, and its parts.
///
/// # Errors
/// [`Error::Conflict`] when the link has ended; [`Error::NotFound`] when there is no such file.
pub async fn open(
    cx: &Cx,
    id: ExportId,
    token: &str,
    name: &str,
) -> Result<(u64, impl Stream<Item = Result<Bytes>> + Send + use<>)> {
    cx.require(Permission::AuditExport)?;
    if read(cx, id, token).await?.is_none() {
        let said = "This link has ended: it works for ten minutes. Get a new one on the page of the export.";
        return Err(Error::Conflict(said.to_owned()));
    }
    let mut view = cx.view(Permission::AuditExport).await?;
    let row = find::one(view.sql(), cx, id).await?.ok_or(Error::NotFound)?;
    drop(view);
    if row.state != ExportState::Ready || (name != row.name && name != row.manifest_name()) {
        return Err(Error::NotFound);
    }
    sealed_file::read(cx.deps(), file(cx.seat()?.id, id, name)).await
}
