//! Links to the files of an export. Each works for ten minutes, for whoever may export the log.

use super::{file, find};
use crate::{
    Cx, Error, Result,
    crypto::{Owner, Place},
    event::{Event, Ledger, rfc3339},
    sealed_file,
};
use bytes::Bytes;
use futures::Stream;
use model::{
    AuditAction, ExportId, Permission,
    audit::{ExportLink, ExportState},
    hex::{hex, unhex},
};
use time::{Duration, OffsetDateTime};
use uuid::Uuid;

/// How long a link works.
const LASTS: Duration = Duration::minutes(10);

const fn place(export: Uuid) -> Place {
    Place { table: "audit_export", column: "link", row: export }
}

/// A new link to a finished export, for whoever has confirmed that it is them. That it was taken is
/// recorded.
///
/// # Errors
/// [`Error::Conflict`] while the export is not finished.
pub async fn link(cx: &Cx, id: ExportId) -> Result<ExportLink> {
    let until = cx.now() + LASTS;
    let key = cx.deps().keyring().key_of(Owner::Team(cx.seat()?.id)).await?;
    let moment = until.unix_timestamp().to_be_bytes();
    let token = hex(&key.seal(cx.deps().random(), &place(id.0), &moment)?);
    let mut change = cx.change_confirmed(Permission::AuditExport).await?;
    let row = find::one(change.sql(), cx, id).await?.ok_or(Error::NotFound)?;
    if row.state != ExportState::Ready {
        return Err(Error::Conflict("This export has no files. Start a new one.".to_owned()));
    }
    let event = Event::new(Ledger::Team, AuditAction::AuditDownload)
        .on("export", id, &row.name)
        .with("until", rfc3339(until));
    change.commit(event).await?;
    Ok(ExportLink { token, until: rfc3339(until) })
}

/// What a link's token says of its end; nothing when it is not one to this export, or has ended.
pub(super) async fn ends(cx: &Cx, id: ExportId, token: &str) -> Result<Option<OffsetDateTime>> {
    let Some(key) = cx.deps().keyring().find(Owner::Team(cx.seat()?.id)).await? else {
        return Ok(None);
    };
    let opened = unhex(token).and_then(|token| key.open(&place(id.0), &token).ok());
    let moment =
        opened.and_then(|moment| Some(i64::from_be_bytes(moment.as_slice().try_into().ok()?)));
    let until = moment.and_then(|moment| OffsetDateTime::from_unix_timestamp(moment).ok());
    Ok(until.filter(|until| *until > cx.now()))
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
    if ends(cx, id, token).await?.is_none() {
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
