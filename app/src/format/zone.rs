//! Whose clock a page shows, and how its dates are written.

use super::dates;
use crate::{routes::Place, server, viewer::Visit};
use leptos::prelude::*;
use model::DateStyle;
use time::OffsetDateTime;

/// A zone and a way to write dates. By default UTC and British, which is what everybody sees who
/// has chosen nothing.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Local {
    zone: &'static str,
    dates: DateStyle,
}

impl Default for Local {
    fn default() -> Self {
        Self::new(UTC, DateStyle::default())
    }
}

const UTC: &str = "UTC";

impl Local {
    /// A zone nobody knows is UTC.
    pub fn new(zone: &str, dates: DateStyle) -> Self {
        Self { zone: server::zone_named(zone).unwrap_or(UTC), dates }
    }

    /// The viewer's, on pages of their own; public pages read the same for everybody.
    pub fn of(visit: &Visit) -> Self {
        let public = visit.screen.is_some_and(|screen| screen.place == Place::Public);
        match &visit.page.viewer {
            Some(viewer) if !public => Self::new(&viewer.zone, viewer.dates),
            _ => Self::default(),
        }
    }

    /// That of the page that is being shown.
    pub fn current() -> Self {
        use_context().unwrap_or_default()
    }

    /// The same words, in UTC.
    pub fn in_utc(self) -> Self {
        Self { zone: UTC, ..self }
    }

    /// What to call the zone above a column of clocks: "Oslo", "Buenos Aires", "UTC".
    pub fn city(self) -> String {
        self.zone.rsplit('/').next().unwrap_or(self.zone).replace('_', " ")
    }

    /// The language of the dates, when that is not the page's.
    pub fn lang(self) -> Option<&'static str> {
        self.dates.lang()
    }

    /// "14 January 2027".
    pub fn date(self, at: OffsetDateTime) -> String {
        dates::date(self.dates, self.here(at))
    }

    /// "Sunday 22 November 2026".
    pub fn long_date(self, at: OffsetDateTime) -> String {
        dates::long_date(self.dates, self.here(at))
    }

    /// "3 Sep", with the year when it is not this one.
    pub fn short_date(self, at: OffsetDateTime, now: OffsetDateTime) -> String {
        dates::short_date(self.dates, self.here(at), self.here(now).year())
    }

    /// "08:31:40".
    pub fn clock(self, at: OffsetDateTime) -> String {
        dates::clock(self.dates, self.here(at))
    }

    /// "22 November 2026, 09:31:40 UTC+1": right also in the hour that a clock shows twice.
    pub fn exact(self, at: OffsetDateTime) -> String {
        let at = self.here(at);
        let (date, clock) = (dates::date(self.dates, at), dates::clock(self.dates, at));
        format!("{date}, {clock} {}", dates::offset(at))
    }

    fn here(self, at: OffsetDateTime) -> OffsetDateTime {
        server::local(at, self.zone)
    }
}
