//! The review as a page.

use super::{read, span};
use crate::{Cx, Result};
use model::{
    Permission,
    review::{Review, ReviewQuery},
};

/// Periods on one page.
const PAGE: i32 = 50;

/// Who held which role on these days, by name, and could use this permission if one is asked for.
///
/// # Errors
/// [`crate::Error::Forbidden`] without `audit.view`; [`crate::Error::Invalid`] for what is no day.
pub async fn list(cx: &Cx, query: ReviewQuery) -> Result<Review> {
    cx.require(Permission::AuditView)?;
    let span = span(cx, &query).await?;
    let mut view = cx.view(Permission::AuditView).await?;
    let after = query.before.as_deref().and_then(|id| id.parse().ok());
    let mut rows = read(view.sql(), &span, after, PAGE + 1).await?;
    let more = rows.len() > PAGE as usize;
    rows.truncate(PAGE as usize);
    let next = rows.last().filter(|_| more).map(|row| row.id.to_string());
    Ok(Review {
        rows: rows.into_iter().map(super::Row::shown).collect(),
        next,
        first_day: span.first_day,
        last_day: span.last_day,
        zone: span.zone,
    })
}
