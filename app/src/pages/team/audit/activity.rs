//! How much was recorded, day by day: a bar leads to the records of its day.

use crate::{components::search::address, format};
use leptos::prelude::*;
use model::{
    audit::{ActivityDay, AuditQuery},
    team::TeamCard,
};

/// Units of a bar and the gap after it, and of the chart's height.
const STEP: usize = 10;
const GAP: usize = 2;
const HEIGHT: i64 = 48;

/// The chart and, for who reads rather than looks, the same as a table. Nothing when there is nothing to
/// compare.
pub(super) fn chart(team: &TeamCard, line: &str, days: Vec<ActivityDay>) -> AnyView {
    let most = days.iter().map(|day| day.records).max().unwrap_or(0);
    let busy: Vec<&ActivityDay> = days.iter().filter(|day| day.records > 0).collect();
    let (Some(first), Some(last)) = (days.first(), days.last()) else { return ().into_any() };
    if busy.is_empty() {
        return ().into_any();
    }
    let (since, until) = AuditQuery::days(line);
    let is_chosen = |day: &str| {
        let after = !since.is_empty() && day >= since.as_str();
        let before = until.is_empty() || day <= until.as_str();
        after && before
    };
    let href =
        |day: &str| address(team.path("/audit"), &[("q", &AuditQuery::on_days(line, day, day))]);
    let width = days.len() * STEP - GAP;
    let bars = days.iter().enumerate();
    let bars = bars
        .map(|(at, day)| bar(at, day, most, is_chosen(&day.day), href(&day.day)))
        .collect_view();
    let rows = busy.iter().rev().map(|day| row(day, href(&day.day))).collect_view();
    let total: i64 = days.iter().map(|day| day.records).sum();
    let title = format!("{} in 90 days", format::counted(total, "record", "records"));
    view! {
        <figure class="mb-6">
            <svg
                class="h-12 w-full border-b border-ink"
                viewBox=format!("0 0 {width} {HEIGHT}")
                preserveAspectRatio="none"
                role="group"
                aria-label=title.clone()
            >
                {bars}
            </svg>
            <figcaption class="mt-1 flex flex-wrap justify-between gap-x-6 text-sm text-ink-2">
                <span>{shown(&first.day)}</span>
                <details class="order-last w-full sm:order-none sm:w-auto">
                    <summary class="cursor-pointer">{title}", day by day"</summary>
                    <table class="ledger mt-2">
                        <thead>
                            <tr>
                                <th scope="col">"Day"</th>
                                <th scope="col" class="num">"Records"</th>
                            </tr>
                        </thead>
                        <tbody>{rows}</tbody>
                    </table>
                </details>
                <span>{shown(&last.day)}</span>
            </figcaption>
        </figure>
    }
    .into_any()
}

fn bar(at: usize, day: &ActivityDay, most: i64, is_chosen: bool, href: String) -> AnyView {
    let x = at * STEP;
    let share = day.records * (HEIGHT - 1) / most.max(1);
    let height = share.max(i64::from(day.records > 0));
    let class = if is_chosen { "fill-pen" } else { "fill-graph" };
    let words = format!("{}: {}", shown(&day.day), format::count(day.records));
    // Whoever has no mouse finds the same links in the table.
    view! {
        <a href=href tabindex="-1" aria-hidden="true">
            <title>{words}</title>
            <rect class="fill-transparent" x=x y=0 width=STEP height=HEIGHT></rect>
            <rect class=class x=x y=HEIGHT - height width=STEP - GAP height=height></rect>
        </a>
    }
    .into_any()
}

fn row(day: &ActivityDay, href: String) -> impl IntoView + use<> {
    view! {
        <tr>
            <th scope="row"><a class="link" href=href>{shown(&day.day)}</a></th>
            <td class="num">{format::count(day.records)}</td>
        </tr>
    }
}

/// "26 November 2026".
fn shown(day: &str) -> String {
    format::day(day).unwrap_or_else(|| day.to_owned())
}
