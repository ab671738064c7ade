//! Writing an export: as the person who asked for it, so that it holds what they may see and nothing else.

use super::{
    super::{
        filter::Filter,
        prove::{self, Reach},
        read::{Among, Of},
        seek,
    },
    file,
    progress::{Progress, Row},
    write::Lines,
};
use crate::{
    Cx, Error, Result,
    event::rfc3339,
    sealed_file::{self, Writer},
};
use model::{
    ExportId, Permission, TeamId,
    audit::{ExportState, Search, manifest_name},
    ledger::{ExportFormat, FileSummary, LedgerId, Manifest},
};
use std::{ops::Range, pin::pin, time::Duration};

/// Records that are looked at in one transaction.
const WINDOW: i64 = 2_000;
/// How often a waiting export says that it is still there.
const STILL_THERE: Duration = Duration::from_secs(60);

/// What is to be written.
pub(super) struct Order {
    pub(super) id: ExportId,
    pub(super) name: String,
    pub(super) format: ExportFormat,
    pub(super) line: String,
    pub(super) search: Search,
}

/// Writes it when its turn comes. How it ended stands in its row.
pub(super) async fn run(cx: Cx, team: TeamId, order: Order) {
    let deps = cx.deps().clone();
    let mut turn = pin!(deps.hold_exports());
    let row = Row { deps: deps.clone(), team, id: order.id };
    let _turn = loop {
        tokio::select! {
            turn = &mut turn => break turn,
            () = tokio::time::sleep(STILL_THERE) => {
                drop(row.say(ExportState::Waiting, &Progress::default()).await);
            }
        }
    };
    let written = match row.say(ExportState::Running, &Progress::default()).await {
        Ok(true) => write(&cx, &row, &order).await,
        other => other,
    };
    let Err(error) = written else { return };
    let why = match &error {
        Error::Forbidden(_) | Error::Barred(_) | Error::NotFound | Error::Unauthenticated => {
            "Who asked for it may not export the log any more."
        }
        _ => "Something went wrong on our side. Start it again.",
    };
    tracing::warn!(export = %order.id, cause = %error, "An export failed.");
    if let Err(error) = row.say(ExportState::Failed, &Progress::failed(why)).await {
        tracing::warn!(export = %order.id, cause = %error, "And its row could not be altered.");
    }
}

/// Whether it was written to its end: not, when it was cancelled.
async fn write(cx: &Cx, row: &Row, order: &Order) -> Result<bool> {
    let ledger = LedgerId::Team(row.team);
    // So that the newest checkpoint says the same as the last record. Whatever the walk finds is told by
    // the marks, and by the checks of the file.
    let Reach { floor, head, .. } = prove::ledger(&row.deps, ledger).await?;
    let mut to = Writer::open(&row.deps, file(row.team, order.id, &order.name)).await?;
    let written = match lines(cx, row, order, floor..head, &mut to).await {
        Ok(Some(lines)) => lines,
        stopped => {
            to.abort().await?;
            return stopped.map(|_| false);
        }
    };
    to.finish().await?;
    let manifest = manifest(cx, row, order, head, &written).await?;
    let name = manifest_name(&order.name);
    let mut to = Writer::open(&row.deps, file(row.team, order.id, &name)).await?;
    to.write(manifest.as_bytes()).await?;
    to.finish().await?;
    let done = Progress::at(head, head, &written);
    let is_ready = row.say(ExportState::Ready, &done).await?;
    if !is_ready {
        sealed_file::remove_all(&row.deps, row.team, order.id.0).await?;
    }
    Ok(is_ready)
}

/// Every line; nothing when it was cancelled meanwhile.
async fn lines(
    cx: &Cx,
    row: &Row,
    order: &Order,
    records: Range<i64>,
    file: &mut Writer,
) -> Result<Option<Lines>> {
    let mut lines = Lines::of(order.format);
    let of = Of { ledger: LedgerId::Team(row.team), is_whole: true };
    lines.begin();
    file.write(lines.text().as_bytes()).await?;
    let Range { start: mut seq, end: head } = records;
    while seq < head {
        if !row.say(ExportState::Running, &Progress::at(seq, head, &lines)).await? {
            return Ok(None);
        }
        let mut view = cx.view(Permission::AuditExport).await?;
        // The guard looked when the request came: the database looks now.
        let may = sqlx::query_scalar!(
            r#"select app.may('audit.export') and app.may('audit.view') as "may!""#
        );
        if !may.fetch_one(view.sql()).await? {
            return Err(Error::Forbidden(Permission::AuditExport));
        }
        let filter = match order.search.is_all() {
            true => Filter::default(),
            false => Filter::of(cx, view.sql(), &order.search).await?,
        };
        let among = Among { after: seq, to: head.min(seq + WINDOW) };
        let rows = seek::among(cx, view.sql(), of, &filter, among).await?;
        drop(view);
        lines = lines.aside(cx, rows.into()).await?;
        file.write(lines.text().as_bytes()).await?;
        seq += WINDOW;
    }
    Ok(Some(lines))
}

async fn manifest(cx: &Cx, row: &Row, order: &Order, head: i64, lines: &Lines) -> Result<String> {
    let signer = row.deps.keyring().signer().await?;
    let ledger = LedgerId::Team(row.team);
    let mut view = cx.view(Permission::AuditExport).await?;
    let trim = prove::trim(view.sql(), ledger, signer.public()).await?;
    drop(view);
    let manifest = Manifest {
        instance: row.deps.public_url().to_owned(),
        ledger,
        name: cx.seat()?.name.clone(),
        made_at: rfc3339(cx.now()),
        search: order.line.clone(),
        file: FileSummary {
            name: order.name.clone(),
            format: order.format,
            rows: lines.rows,
            bytes: lines.bytes,
            sha256: lines.sum(),
        },
        first: lines.first,
        last: lines.last,
        head,
        checkpoints: row.deps.proven().of(ledger, signer.public())?,
        trim,
    };
    Ok(signer.sign(&manifest).line() + "\n")
}
