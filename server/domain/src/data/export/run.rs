//! Writing an export when its turn comes.

use super::{
    file,
    progress::{Progress, Row},
    write::{self, Stopped},
};
use crate::{
    Cx, Error, Result,
    data::archive::{Archive, Written},
    failpoint::{Point, reach},
    mail::{MailOwner, To},
    sealed_file,
};
use model::{DataExportId, audit::ExportState, team::TeamCard};
use std::{pin::pin, time::Duration};

/// How often a waiting export says that it is still there.
const STILL_THERE: Duration = Duration::from_secs(60);

/// What is to be written.
pub(super) struct Order {
    pub(super) id: DataExportId,
    pub(super) name: String,
    pub(super) has_hashes: bool,
}

/// Writes it when its turn comes. How it ended stands in its row.
pub(super) async fn run(cx: Cx, team: TeamCard, order: Order) {
    let deps = cx.deps().clone();
    let mut turn = pin!(deps.hold_exports());
    let row = Row { deps: deps.clone(), team, id: order.id };
    let _turn = loop {
        tokio::select! {
            turn = &mut turn => break turn,
            () = tokio::time::sleep(STILL_THERE) => {
                drop(row.say(ExportState::Waiting, Progress::default()).await);
            }
        }
    };
    let written = match row.say(ExportState::Running, Progress::default()).await {
        Ok(true) => write(&cx, &row, &order).await,
        other => other.map(drop),
    };
    let Err(error) = written else { return };
    let why = match &error {
        Error::Forbidden(_) | Error::Barred(_) | Error::NotFound | Error::Unauthenticated => {
            "Who asked for it may not export the team's data any more, or has signed out."
        }
        _ => "Something went wrong on our side. Start it again.",
    };
    tracing::warn!(export = %order.id, cause = %error, "An export failed.");
    if let Err(error) = row.fail(why).await {
        tracing::warn!(export = %order.id, cause = %error, "And its row could not be altered.");
    }
}

/// Whoever cancels it leaves no file.
async fn write(cx: &Cx, row: &Row, order: &Order) -> Result<()> {
    let which = file(row.team.id, order.id, &order.name);
    let mut archive = Archive::open(&row.deps, which).await?;
    reach(Point::ExportBegun);
    let total = match write::everything(cx, row, order, &mut archive).await {
        Ok(total) => total,
        Err(stopped) => {
            archive.abort().await?;
            sealed_file::remove_all(&row.deps, row.team.id, order.id.0).await?;
            return match stopped {
                Stopped::Cancelled => Ok(()),
                Stopped::Failed(error) => Err(error),
            };
        }
    };
    reach(Point::ExportPacked);
    let written = archive.finish().await?;
    reach(Point::ExportStored);
    let told = tell(cx, row, &written, total).await;
    if !matches!(told, Ok(true)) {
        sealed_file::remove_all(&row.deps, row.team.id, order.id.0).await?;
    }
    reach(Point::ExportReady);
    told.map(drop)
}

async fn tell(cx: &Cx, row: &Row, written: &Written, total: i64) -> Result<bool> {
    let viewer = cx.viewer().ok_or(Error::Unauthenticated)?;
    let owner = MailOwner::Person(viewer.id.0);
    let to = To { email: viewer.email.clone(), name: viewer.name.clone(), owner };
    row.ready(written, total, &to).await
}
