//! Streams as they are listed, and what went wrong with one.

use crate::{Cx, Result, event::rfc3339};
use model::{
    Permission, StreamId,
    audit::{
        StreamError, StreamKind, StreamPage, StreamRow, StreamState, StreamsPage,
        stream_bounds as bounds,
    },
};
use sqlx::PgConnection;
use time::OffsetDateTime;
use uuid::Uuid;

struct Stored {
    id: Uuid,
    name: String,
    kind: String,
    shown: String,
    previous_ends_at: Option<OffsetDateTime>,
    by: Option<String>,
    made_at: OffsetDateTime,
    state: String,
    seq: i64,
    head: i64,
    delivered: i64,
    last_success: Option<OffsetDateTime>,
    failures: i32,
    failing_since: Option<OffsetDateTime>,
    next_try: OffsetDateTime,
    is_suspended: bool,
}

impl Stored {
    fn shown(self, now: OffsetDateTime) -> StreamRow {
        StreamRow {
            id: StreamId(self.id),
            name: self.name,
            kind: StreamKind::from_name(&self.kind).unwrap_or(StreamKind::Https),
            to: self.shown,
            state: StreamState::from_name(&self.state).unwrap_or(StreamState::Paused),
            by: self.by.unwrap_or_default(),
            made_at: rfc3339(self.made_at),
            seq: self.seq,
            head: self.head,
            delivered: self.delivered,
            last_success: self.last_success.map(rfc3339),
            failures: self.failures,
            next_try: self.failing_since.map(|_| rfc3339(self.next_try)),
            failing_since: self.failing_since.map(rfc3339),
            overlaps_until: self.previous_ends_at.filter(|ends| *ends > now).map(rfc3339),
            is_suspended: self.is_suspended,
        }
    }
}

/// The kinds of places that this Probity offers.
pub fn kinds(cx: &Cx) -> Vec<StreamKind> {
    cx.deps().carrier().kinds()
}

/// The team's streams, the oldest first.
///
/// # Errors
/// [`crate::Error::Forbidden`] without `audit.export`.
pub async fn list(cx: &Cx) -> Result<StreamsPage> {
    let mut view = cx.view(Permission::AuditExport).await?;
    let rows = all(view.sql(), cx, None).await?;
    Ok(StreamsPage { rows, kinds: kinds(cx) })
}

/// One stream, with its last errors.
///
/// # Errors
/// [`crate::Error::Forbidden`] without `audit.export`.
pub async fn find(cx: &Cx, id: StreamId) -> Result<Option<StreamPage>> {
    let mut view = cx.view(Permission::AuditExport).await?;
    let Some(row) = all(view.sql(), cx, Some(id)).await?.pop() else { return Ok(None) };
    let errors = sqlx::query!(
        "select at, said, status from audit_stream_error
         where team_id = $1 and stream_id = $2 order by at desc, id desc limit $3",
        cx.seat()?.id.0,
        id.0,
        bounds::ERRORS as i64
    )
    .fetch_all(view.sql())
    .await?;
    let error = |at, said, status| StreamError { at: rfc3339(at), said, status };
    let errors = errors.into_iter().map(|row| error(row.at, row.said, row.status)).collect();
    Ok(Some(StreamPage { row, errors }))
}

/// All of them, or the one that is named.
async fn all(sql: &mut PgConnection, cx: &Cx, one: Option<StreamId>) -> Result<Vec<StreamRow>> {
    let rows = sqlx::query_as!(
        Stored,
        r#"select s.id, s.name, s.kind, s.shown, s.previous_ends_at, p.name as "by?", s.made_at,
                  s.state, s.seq, coalesce(h.seq, s.seq) as "head!", s.delivered, s.last_success,
                  s.failures, s.failing_since, s.next_try,
                  coalesce(t.suspended_at, t.closing_at) is not null as "is_suspended!"
           from audit_stream s
           left join person p on p.id = s.person_id
           left join team t on t.id = s.team_id
           left join ledger_head h on h.kind = 'team' and h.ledger = s.team_id
           where s.team_id = $1 and ($2::uuid is null or s.id = $2)
           order by s.made_at, s.id limit $3"#,
        cx.seat()?.id.0,
        one.map(|id| id.0),
        bounds::STREAMS as i64
    )
    .fetch_all(sql)
    .await?;
    Ok(rows.into_iter().map(|row| row.shown(cx.now())).collect())
}
