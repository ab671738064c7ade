//! The review as a file.

use super::{read, span};
use crate::{
    Cx, Result,
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
    for (at, cell) in cells.into_iter().enumerate() {
        if at > 0 {
            text.push(',');
        }
        push(text, cell);
    }
    text.push_str("\r\n");
}

/// A cell in quotes. What a spreadsheet would take for a formula begins with an apostrophe
/// (OWASP, CSV injection).
fn push(text: &mut String, cell: &str) {
    text.push('"');
    if cell.starts_with(['=', '+', '-', '@', '\t', '\r']) {
        text.push('\'');
    }
    text.push_str(&cell.replace('"', "\"\""));
    text.push('"');
}

#[cfg(test)]
mod tests {
    use super::push;

    #[test]
    fn a_cell_is_quoted_and_no_formula() {
        let cell = |words: &str| {
            let mut text = String::new();
            push(&mut text, words);
            text
        };
        assert_eq!(cell("Ada"), "\"Ada\"");
        assert_eq!(cell("Ada \"the\" first, really"), "\"Ada \"\"the\"\" first, really\"");
        assert_eq!(cell("=1+1"), "\"'=1+1\"");
        for formula in ["+1", "-1", "@x", "\tx", "\rx"] {
            assert!(cell(formula).starts_with("\"'"), "{formula:?}");
        }
    }
}
