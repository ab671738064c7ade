//! Lists that are read a page at a time.

use serde::{Deserialize, Serialize};

/// Rows of a list and where it goes on. Pages are found by the last row seen (keyset), not by a
/// number, so that a row is neither shown twice nor missed while others are added.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Page<T> {
    pub rows: Vec<T>,
    /// Give this as `before` to read the older page; none on the last.
    pub older: Option<String>,
    /// Give this as `after` to read the newer page; none on the first.
    pub newer: Option<String>,
}

/// Which page of a list, as the URL says it: `?before=` or `?after=` a row.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Around {
    pub before: Option<String>,
    pub after: Option<String>,
}
