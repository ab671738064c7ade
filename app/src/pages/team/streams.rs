//! Streams of the audit log: where it flows to, and how each is.

use crate::{
    actions::stream::load_streams,
    components::{
        frame::{Frame, Heading, PageHead},
        icon::Icon,
        notice::Empty,
    },
    format::{self, As, Time},
    pages, server,
    viewer::Visit,
};
use leptos::prelude::*;
use model::{
    audit::{StreamHealth, StreamRow, StreamsPage, stream_bounds as bounds},
    team::TeamCard,
};

/// The list.
pub fn show(visit: Visit) -> AnyView {
    pages::load(visit, |team| load_streams(team.slug), page)
}

fn page(visit: Visit, team: TeamCard, found: StreamsPage) -> AnyView {
    let heading = Heading::of(&visit);
    let make = (found.rows.len() < bounds::STREAMS).then(|| {
        let href = team.path("/audit/streams/new");
        view! {
            <a class="btn btn-primary" href=href>
                {Icon::Plus.draw()}
                "Make a stream"
            </a>
        }
    });
    let list = list(&team, found.rows);
    view! {
        <Frame visit team=Some(team) heading=heading.clone()>
            <PageHead
                title=heading.title
                lead="Every record goes on to a place of yours, such as a SIEM, within seconds: in order, and \
                      at least once. What cannot be delivered is tried again until it is."
            >
                {make}
            </PageHead>
            {list}
        </Frame>
    }
    .into_any()
}

fn list(team: &TeamCard, rows: Vec<StreamRow>) -> AnyView {
    if rows.is_empty() {
        let note = "Records go to an address of yours by HTTPS, signed, or into an S3 bucket.";
        return view! { <Empty title="No streams yet" note/> }.into_any();
    }
    let caption = format!("Streams of the audit log of {}", team.name);
    let rows = rows.into_iter().map(|stream| row(team, stream)).collect_view();
    view! {
        <table class="ledger ledger-cards">
            <caption class="sr-only">{caption}</caption>
            <thead>
                <tr>
                    <th scope="col">"Name"</th>
                    <th scope="col">"To"</th>
                    <th scope="col">"State"</th>
                    <th scope="col" class="num">"Behind"</th>
                    <th scope="col">"Last delivery"</th>
                </tr>
            </thead>
            <tbody>{rows}</tbody>
        </table>
    }
    .into_any()
}

fn row(team: &TeamCard, stream: StreamRow) -> AnyView {
    let href = team.path(&format!("/audit/streams/{}", stream.id));
    let (health, behind) = (health(&stream), format::count(stream.behind()));
    let to = format!("{} · {}", stream.kind.title(), stream.to);
    view! {
        <tr>
            <th scope="row" class="min-w-0 wrap-anywhere">
                <a class="hover:underline" href=href>{stream.name}</a>
            </th>
            <td class="min-w-0 text-ink-2 wrap-anywhere" data-label="To">{to}</td>
            <td data-label="State">{health}</td>
            <td class="num" data-label="Behind">{behind}</td>
            <td class="text-ink-2" data-label="Last delivery">{moment(stream.last_success)}</td>
        </tr>
    }
    .into_any()
}

/// A time, or that there was none.
pub(super) fn moment(at: Option<String>) -> AnyView {
    match at {
        Some(at) => view! { <Time at now=server::now() worded=As::Ago/> }.into_any(),
        None => "none yet".into_any(),
    }
}

/// How it is, tagged where it is not the usual.
pub(super) fn health(stream: &StreamRow) -> AnyView {
    let health = stream.health();
    let (class, icon) = match health {
        StreamHealth::Flowing | StreamHealth::Behind => ("text-ink-2", None),
        StreamHealth::Paused => ("tag", None),
        StreamHealth::Failing | StreamHealth::Suspended => ("tag tag-stale", Some(Icon::Alert)),
    };
    let icon = icon.map(Icon::draw);
    view! { <span class=class>{icon} {health.title()}</span> }.into_any()
}
