//! The access review: what is asked, and who could do what.

use crate::PersonId;
use serde::{Deserialize, Serialize};

/// Which days and which permission are looked at, as the URL says it.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct ReviewQuery {
    /// The first day, as `2026-12-01`; empty for today.
    pub from: String,
    /// The last day; empty for the first.
    pub to: String,
    /// A permission's name; empty for all.
    pub permission: String,
    /// The last period of the page before.
    pub before: Option<String>,
}

/// Who could do what on these days, by name.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Review {
    pub rows: Vec<ReviewRow>,
    /// The cursor of the next page.
    pub next: Option<String>,
    /// As `2026-12-01`.
    pub first_day: String,
    pub last_day: String,
    /// On whose clocks the days begin.
    pub zone: String,
}

/// A time in which somebody held a role that held the same all along.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ReviewRow {
    pub person: PersonId,
    /// As they are called today.
    pub name: String,
    pub email: String,
    /// As it was called then.
    pub role: String,
    /// Names, apart by spaces.
    pub permissions: String,
    /// RFC 3339, UTC.
    pub began_at: String,
    /// None while it lasts.
    pub ended_at: Option<String>,
}
