//! Times and numbers as people read them.
//!
//! Times arrive as RFC 3339 text in UTC. Under 24 hours they are shown as an age, then as a date;
//! the exact time in UTC is on hover and in `datetime`. Clocks and dates are the viewer's
//! ([`Local`]): in their zone, in their words. What cannot be read is shown as it is.

mod dates;
mod numbers;
mod short;
mod times;
mod zone;

pub use numbers::{bytes, count, counted, number, share};
pub use short::{short_hash, target};
pub use times::{age, moment};
pub use zone::Local;

use leptos::prelude::*;
use time::OffsetDateTime;

/// How a [`Time`] is worded.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum As {
    Ago,
    Until,
    Clock,
    Exact,
    Date,
    /// A date with its day of the week.
    LongDate,
}

/// A time for people, with the exact one on hover and for machines.
#[component]
pub fn Time(#[prop(into)] at: String, now: OffsetDateTime, worded: As) -> impl IntoView {
    let Some(moment) = moment(&at) else {
        return view! { <span>{at}</span> }.into_any();
    };
    let local = Local::current();
    let (text, lang) = said(local, moment, now, worded);
    view! { <time datetime=at title=local.in_utc().exact(moment) lang=lang>{text}</time> }
        .into_any()
}

/// A time in a list: the clock's and its age, of which the list shows one (`data-times`).
#[component]
pub fn RowTime(#[prop(into)] at: String, now: OffsetDateTime) -> AnyView {
    let Some(moment) = moment(&at) else {
        return view! { <span>{at}</span> }.into_any();
    };
    let local = Local::current();
    let (clock, lang) = said(local, moment, now, As::Clock);
    // The day stands above: after one, the clock says more than a date.
    let ago = times::ago(moment, now).unwrap_or_else(|| clock.clone());
    view! {
        <time datetime=at title=local.in_utc().exact(moment)>
            <span class="at" lang=lang>{clock}</span>
            <span class="ago">{ago}</span>
        </time>
    }
    .into_any()
}

/// The words, and their language when it is not the page's. Ages are always in the page's.
fn said(
    local: Local,
    at: OffsetDateTime,
    now: OffsetDateTime,
    worded: As,
) -> (String, Option<&'static str>) {
    let relative = match worded {
        As::Ago => times::ago(at, now),
        As::Until => times::until(at, now),
        As::Clock | As::Exact | As::Date | As::LongDate => None,
    };
    if let Some(text) = relative {
        return (text, None);
    }
    let text = match worded {
        As::Ago | As::Until => local.short_date(at, now),
        As::Clock => local.clock(at),
        As::Exact => local.exact(at),
        As::Date => local.date(at),
        As::LongDate => local.long_date(at),
    };
    (text, local.lang())
}

/// "Sunday 22 November 2026", as the viewer writes it.
pub fn long_date(at: OffsetDateTime) -> String {
    Local::current().long_date(at)
}

/// "22 November 2026", as the viewer writes it, for the day `2026-11-22`.
pub fn day(text: &str) -> Option<String> {
    let noon = moment(&format!("{text}T12:00:00Z"))?;
    Some(Local::current().in_utc().date(noon))
}

#[cfg(test)]
mod tests;
