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

impl<T> Page<T> {
    /// As it is shown, of rows that were read one more than `most`, away from the cursor on.
    /// `is_after`: they were read backwards; `is_before`: from a cursor on.
    pub fn of(
        mut rows: Vec<T>,
        most: usize,
        (is_before, is_after): (bool, bool),
        id: impl Fn(&T) -> String,
    ) -> Self {
        let more = rows.len() > most;
        rows.truncate(most);
        if is_after {
            rows.reverse();
        }
        let (has_newer, has_older) = if is_after { (more, true) } else { (is_before, more) };
        Self {
            newer: rows.first().filter(|_| has_newer).map(&id),
            older: rows.last().filter(|_| has_older).map(&id),
            rows,
        }
    }
}

/// Which page of a list, as the URL says it: `?before=` or `?after=` a row.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Around {
    pub before: Option<String>,
    pub after: Option<String>,
}
