//! The review as a file.

use super::{read, span};
use crate::{
    Cx, Result, csv,
    event::{Event, Ledger},
};
use model::{
    AuditAction, Permission,
    review::{ReviewQuery, ReviewRow},
};

/// Periods in one file.
const MOST: i32 = 50_000;

/// The same as CSV (RFC 4180), with the name of a file. Handing it out is recorded.
///
/// # Errors
/// [`crate::Error::Forbidden`] without `audit.export`; [`crate::Error::Invalid`] for what is no
/// day.
pub async fn csv(cx: &Cx, query: ReviewQuery) -> Result<(String, String)> {
    cx.require(Permission::AuditView)?;
    let span = span(cx, &query).await?;
    let mut change = cx.change(Permission::AuditExport).await?;
    let rows = read(change.sql(), &span, None, MOST).await?;
    let mut text = String::from("person,name,email,role,from,until,permissions\r\n");
    let count = rows.len();
    for row in rows {
        line(&mut text, &row.shown());
    }
    let event = Event::new(Ledger::Team, AuditAction::AccessExport)
        .with("from", span.first_day.as_str())
        .with("to", span.last_day.as_str())
        .with("permission", span.permission.map_or("", Permission::name))
        .with("rows", count);
    change.commit(event).await?;
    let name = format!("access-{}-{}-{}.csv", cx.seat()?.slug, span.first_day, span.last_day);
    Ok((name, text))
}

fn line(text: &mut String, row: &ReviewRow) {
    let until = row.ended_at.as_deref().unwrap_or_default();
    let person = row.person.to_string();
    let cells = [&person, &row.name, &row.email, &row.role, &row.began_at, until, &row.permissions];
    csv::line(text, &cells);
}
