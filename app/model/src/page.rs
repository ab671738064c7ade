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
    /// As it is shown, of rows that were read as [`PageSize::and_next`] says, away from the cursor
    /// on. `is_after`: they were read backwards; `is_before`: from a cursor on.
    pub fn of(
        mut rows: Vec<T>,
        size: PageSize,
        (is_before, is_after): (bool, bool),
        id: impl Fn(&T) -> String,
    ) -> Self {
        let more = rows.len() > size.0.into();
        rows.truncate(size.0.into());
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

/// Rows of a page.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(try_from = "String")]
pub struct PageSize(u8);

impl PageSize {
    /// The most that may be asked for.
    pub const MOST: u8 = 100;

    /// A list's own size, for whoever does not choose.
    pub const fn usual(rows: u8) -> Self {
        Self(rows)
    }

    /// Rows to read: one more than are shown tells whether there is another page.
    pub const fn and_next(self) -> u8 {
        self.0 + 1
    }
}

impl TryFrom<String> for PageSize {
    type Error = String;

    fn try_from(text: String) -> Result<Self, String> {
        let rows = text.parse().ok().filter(|rows| (1..=Self::MOST).contains(rows));
        rows.map(Self).ok_or_else(|| format!("must be a whole number from 1 to {}", Self::MOST))
    }
}

/// Which page of a list, as the URL says it: `?before=` or `?after=` a row.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Around {
    pub before: Option<String>,
    pub after: Option<String>,
    /// None for the usual one; pages in the browser do not choose.
    #[serde(skip)]
    pub size: Option<PageSize>,
}
