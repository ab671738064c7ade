//! Lists that are read a page at a time.

use model::page::Page;
use serde::Serialize;
use utoipa::ToSchema;

/// A page of a list. Pages are found by the row where one ended, so none is shown twice or missed
/// while others come in.
#[derive(Serialize, ToSchema)]
pub(in crate::http::api::v1) struct PageReply<T> {
    data: Vec<T>,
    /// Ask for the next page with this as `before`; `null` on the last.
    older: Option<String>,
    /// Ask for the page before with this as `after`; `null` on the first.
    newer: Option<String>,
}

impl<T> PageReply<T> {
    pub(super) fn of<Row>(page: Page<Row>, shown: impl FnMut(Row) -> T) -> Self {
        let data = page.rows.into_iter().map(shown).collect();
        Self { data, older: page.older, newer: page.newer }
    }

    /// A list that is never longer than a page.
    pub(super) fn whole<Row>(rows: Vec<Row>, shown: impl FnMut(Row) -> T) -> Self {
        Self::of(Page { rows, older: None, newer: None }, shown)
    }
}
