//! Records of a ledger, the newest first, by day.

use crate::{
    components::{
        icon::Icon,
        list::ListFoot,
        mark::{ChainMark, LedgerSeal},
        notice::Empty,
    },
    format::{self, Local, RowTime},
    server,
    viewer::PageContext,
};
use leptos::prelude::*;
use model::{
    AuditAction,
    audit::{
        AuditPage, AuditRow, ChainProof, LedgerMark, MarkState, NewRecords, Outcome, Severity,
    },
};
use time::OffsetDateTime;

/// Which records have a page of their own.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Pages {
    Each,
    None,
}

/// A page of a ledger. `path` is the list's own; each record has a page below it, if `pages` is
/// [`Pages::Each`].
#[component]
pub fn Events(
    log: AuditPage,
    #[prop(into)] path: String,
    /// The same with what is looked for.
    #[prop(optional, into)]
    asked: Option<String>,
    pages: Pages,
) -> AnyView {
    let asked = asked.unwrap_or_else(|| path.clone());
    if log.page.rows.is_empty() {
        let note = "What happens is written here the moment it happens.";
        return view! { <Empty title="Nothing recorded yet" note/> }.into_any();
    }
    let now = server::now();
    let days = days(&path, pages, log.page.rows, now);
    let times = PageContext::current().times.name();
    view! {
        <table class="ledger ledger-cards events" data-times=times>
            <caption class="sr-only">"Audit events, the newest first"</caption>
            <thead>
                <tr>
                    <th scope="col" class="!ps-2">"No."</th>
                    <th scope="col">"Time, " {Local::current().city()}</th>
                    <th scope="col">"Who"</th>
                    <th scope="col">"Action"</th>
                    <th scope="col">"On"</th>
                    <th scope="col">"Result"</th>
                </tr>
            </thead>
            {days}
            <ListFoot
                columns=6
                path=asked
                newer=log.page.newer
                older=log.page.older
            >
                <span data-mark="">{foot(log.proof, log.mark)}</span>
            </ListFoot>
        </table>
    }
    .into_any()
}

/// A table's bodies, one for each day.
fn days(path: &str, pages: Pages, rows: Vec<AuditRow>, now: OffsetDateTime) -> AnyView {
    by_day(rows)
        .into_iter()
        .map(|(day, rows)| {
            let rows = rows.into_iter().map(|event| row(path, pages, event, now)).collect_view();
            let of_day = day.clone();
            view! {
                <tbody data-day=of_day>
                    <tr class="day"><td colspan="6" class="full">{day}</td></tr>
                    {rows}
                </tbody>
            }
        })
        .collect_view()
        .into_any()
}

/// Records that came after `after`, for a page that is open already.
pub fn new_records(path: &str, log: AuditPage, after: i64) -> NewRecords {
    let page = log.page;
    NewRecords {
        count: page.rows.len(),
        after: page.rows.first().map_or(after, |row| row.seq),
        more: page.newer.is_some(),
        rows: days(path, Pages::Each, page.rows, server::now()).to_html(),
        mark: view! { <LedgerSeal mark=log.mark/> }.into_any().to_html(),
    }
}

/// What is known of the whole ledger. These records are checked just now: that counts where they do not
/// fit, or where the ledger was not walked yet.
fn foot(proof: Option<ChainProof>, mark: LedgerMark) -> AnyView {
    match proof {
        Some(proof) if proof.broken_at.is_some() || mark.state == MarkState::Unknown => {
            view! { <ChainMark proof/> }.into_any()
        }
        _ => view! { <LedgerSeal mark/> }.into_any(),
    }
}

/// The rows under the day they happened on.
fn by_day(rows: Vec<AuditRow>) -> Vec<(String, Vec<AuditRow>)> {
    let mut days: Vec<(String, Vec<AuditRow>)> = Vec::new();
    for row in rows {
        let day = format::moment(&row.at).map_or_else(String::new, format::long_date);
        match days.last_mut() {
            Some((last, rows)) if *last == day => rows.push(row),
            _ => days.push((day, vec![row])),
        }
    }
    days
}

fn row(path: &str, pages: Pages, event: AuditRow, now: OffsetDateTime) -> AnyView {
    let target = format::target(&event.target);
    let label = format!("Record {}: {}", event.seq, event.title);
    let number = match pages {
        Pages::Each => {
            let href = format!("{path}/{}", event.seq);
            view! {
                <a
                    class="text-ink-2 hover:underline"
                    href=href
                    aria-label=label
                    data-record=event.seq
                >
                    {event.seq}
                </a>
            }
            .into_any()
        }
        Pages::None => {
            view! { <span class="text-ink-2" title=event.title>{event.seq}</span> }.into_any()
        }
    };
    let severity = AuditAction::from_name(&event.action).map(AuditAction::severity);
    let attention = (severity == Some(Severity::Warning))
        .then(|| view! { " " <span class="tag tag-stale">"attention"</span> });
    view! {
        <tr>
            <td class="folio max-md:order-1">{number}</td>
            <td class="text-ink-2 max-md:order-2 max-md:justify-self-end">
                <RowTime at=event.at now/>
            </td>
            <td class="max-md:order-3">{actor(event.actor, &event.actor_kind)}</td>
            <td class="full wrap-anywhere max-md:order-5">
                <code>{event.action}</code>
                {attention}
                <span class="hidden text-ink-2 max-md:inline">" " {target.clone()}</span>
            </td>
            <td class="wide text-ink-2">
                <span class="block max-w-56 truncate">{target}</span>
            </td>
            <td class="max-md:order-4 max-md:justify-self-end">{outcome(event.outcome)}</td>
        </tr>
    }
    .into_any()
}

/// Who did it; a tag when it was not a person.
pub fn actor(name: String, kind: &str) -> AnyView {
    if kind == "person" {
        return view! { <span class="block max-w-56 truncate font-[560]">{name}</span> }.into_any();
    }
    let kind = kind.to_owned();
    view! {
        <span class="text-ink-2">{name}</span>
        " "
        <span class="tag ms-1">{kind}</span>
    }
    .into_any()
}

/// How it ended.
pub fn outcome(outcome: Outcome) -> AnyView {
    match outcome {
        Outcome::Ok => view! { <span class="text-ink-2">"ok"</span> }.into_any(),
        Outcome::Refused => view! {
            <span class="tag tag-stale">{Icon::Lock.draw()} "refused"</span>
        }
        .into_any(),
    }
}
