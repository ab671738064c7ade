//! Streams of a team's audit log to a place of the team's own, such as its SIEM: at least once, in order.
//!
//! Who may: whoever may export the whole log and read it, and has confirmed that it is them, because a
//! stream goes on when they have left. Where it goes is sealed under the team's data key and never shown
//! again; nobody can point a stream elsewhere, only make another one. The task `audit.stream`
//! ([`deliver`]) reads the ledgers of teams whose stream flows, and no other.

mod back_off;
mod create;
mod deliver;
mod list;
mod parcel;
mod remove;
mod restart;
mod rotate;
mod sealed;
mod switch;
mod test;
mod trouble;
mod work;

pub use create::{Made, create};
pub use deliver::deliver;
pub use list::{find, kinds, list};
pub use parcel::{Bucket, Carried, Content, Destination, Line, NotCarried, Parcel, SigningKey};
pub use remove::remove;
pub use restart::restart;
pub use rotate::rotate;
pub use switch::{pause, resume};
pub use test::test;

use crate::{Change, Cx, Error, Result, member};
use model::{Permission, StreamId};
use sqlx::PgConnection;

/// A change to the team's streams, by whoever may read the log, export it, and has confirmed that it is
/// them. It holds the team: of two changes at once, one waits.
async fn change(cx: &Cx) -> Result<Change> {
    cx.require(Permission::AuditView)?;
    let mut change = cx.change_confirmed(Permission::AuditExport).await?;
    member::hold(change.sql(), cx).await?;
    Ok(change)
}

/// What the stream is called.
async fn name_of(sql: &mut PgConnection, cx: &Cx, id: StreamId) -> Result<String> {
    let name = sqlx::query_scalar!(
        "select name from audit_stream where team_id = $1 and id = $2",
        cx.seat()?.id.0,
        id.0
    );
    name.fetch_optional(sql).await?.ok_or(Error::NotFound)
}
