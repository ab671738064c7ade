//! The audit log, a page at a time.

use super::{chain, row::Stored};
use crate::{Cx, Error, Result, View};
use model::{
    Permission,
    audit::{AuditEntry, AuditPage},
    page::{Around, Page, PageSize},
};
use sqlx::PgConnection;
use uuid::Uuid;

/// Records on one page, unless more or fewer are asked for.
const PAGE: PageSize = PageSize::usual(50);

/// A page of the team's audit log, newest first. Without `audit.view` it holds only the
/// caller's own records: the policy of the table sees to that.
///
/// # Errors
/// When the caller is not in the team.
pub async fn list(cx: &Cx, around: Around) -> Result<AuditPage> {
    let view = cx.view(seen_with(cx)).await?;
    let whole = cx.seat()?.role.holds(Permission::AuditView);
    page(cx, view, Of { kind: "team", ledger: cx.seat()?.id.0, whole }, around).await
}

/// What the caller must hold to see any of it: people see their own records without more.
fn seen_with(cx: &Cx) -> Permission {
    if cx.key().is_some() { Permission::AuditView } else { Permission::TeamView }
}

/// A page of the caller's own ledger, newest first.
///
/// # Errors
/// When nobody is signed in.
pub async fn own(cx: &Cx, around: Around) -> Result<AuditPage> {
    let ledger = cx.person().ok_or(Error::Unauthenticated)?.0;
    page(cx, cx.view_self().await?, Of { kind: "person", ledger, whole: true }, around).await
}

/// Which ledger is read.
#[derive(Clone, Copy)]
struct Of {
    kind: &'static str,
    ledger: Uuid,
    /// Whether the caller sees all of it.
    whole: bool,
}

async fn page(cx: &Cx, mut view: View, of: Of, around: Around) -> Result<AuditPage> {
    let whole = of.whole;
    let number = |text: Option<&str>| text.and_then(|text| text.parse::<i64>().ok());
    let after_seq = number(around.after.as_deref());
    let before_seq = number(around.before.as_deref());
    let size = around.size.unwrap_or(PAGE);
    let rows = match after_seq {
        Some(seq) => after(view.sql(), of, seq, size).await?,
        None => before(view.sql(), of, before_seq.unwrap_or(i64::MAX), size).await?,
    };
    drop(view);
    let cursors = (before_seq.is_some(), after_seq.is_some());
    let Page { rows, older, newer } = Page::of(rows, size, cursors, |row| row.seq.to_string());
    let oldest_first: Vec<&Stored> = rows.iter().rev().collect();
    let proof = if whole { chain::check(cx, &oldest_first) } else { None };
    let mut shown = Vec::with_capacity(rows.len());
    for row in rows {
        shown.push(row.shown(cx).await?);
    }
    Ok(AuditPage { page: Page { rows: shown, older, newer }, whole, proof })
}

/// One record, with a check of its own hash.
///
/// # Errors
/// When the caller is not in the team.
pub async fn find(cx: &Cx, seq: i64) -> Result<Option<AuditEntry>> {
    let mut view = cx.view(seen_with(cx)).await?;
    let stored = one(view.sql(), cx, seq).await?;
    drop(view);
    let Some(stored) = stored else { return Ok(None) };
    let Some(proof) = chain::check(cx, &[&stored]) else { return Ok(None) };
    Ok(Some(AuditEntry { row: stored.shown(cx).await?, proof }))
}

async fn before(sql: &mut PgConnection, of: Of, seq: i64, size: PageSize) -> Result<Vec<Stored>> {
    let rows = sqlx::query_as!(
        Stored,
        r#"select e.kind, e.ledger, e.seq, e.record, e.sealed, e.previous_hash, e.hash, e.id, e.at,
                  e.actor_kind, e.actor_id, coalesce(p.name, k.name) as actor_name
           from audit_event e
           left join person p on e.actor_kind = 'person' and p.id = e.actor_id
           left join api_key k
               on e.actor_kind = 'key' and k.team_id = e.ledger and k.id = e.actor_id
           where e.kind = $4 and e.ledger = $1 and e.seq < $2
           order by e.seq desc limit $3"#,
        of.ledger,
        seq,
        i64::from(size.and_next()),
        of.kind
    )
    .fetch_all(sql)
    .await?;
    Ok(rows)
}

async fn after(sql: &mut PgConnection, of: Of, seq: i64, size: PageSize) -> Result<Vec<Stored>> {
    let rows = sqlx::query_as!(
        Stored,
        r#"select e.kind, e.ledger, e.seq, e.record, e.sealed, e.previous_hash, e.hash, e.id, e.at,
                  e.actor_kind, e.actor_id, coalesce(p.name, k.name) as actor_name
           from audit_event e
           left join person p on e.actor_kind = 'person' and p.id = e.actor_id
           left join api_key k
               on e.actor_kind = 'key' and k.team_id = e.ledger and k.id = e.actor_id
           where e.kind = $4 and e.ledger = $1 and e.seq > $2
           order by e.seq limit $3"#,
        of.ledger,
        seq,
        i64::from(size.and_next()),
        of.kind
    )
    .fetch_all(sql)
    .await?;
    Ok(rows)
}

async fn one(sql: &mut PgConnection, cx: &Cx, seq: i64) -> Result<Option<Stored>> {
    let row = sqlx::query_as!(
        Stored,
        r#"select e.kind, e.ledger, e.seq, e.record, e.sealed, e.previous_hash, e.hash, e.id, e.at,
                  e.actor_kind, e.actor_id, coalesce(p.name, k.name) as actor_name
           from audit_event e
           left join person p on e.actor_kind = 'person' and p.id = e.actor_id
           left join api_key k
               on e.actor_kind = 'key' and k.team_id = e.ledger and k.id = e.actor_id
           where e.kind = 'team' and e.ledger = $1 and e.seq = $2"#,
        cx.seat()?.id.0,
        seq
    )
    .fetch_optional(sql)
    .await?;
    Ok(row)
}
