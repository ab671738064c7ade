//! The API explorer: every endpoint of the REST API.

pub mod answer;
mod code;
pub mod endpoint;
mod key;

use crate::{
    actions::explorer::load_test_key,
    components::frame::{Frame, Heading, PageHead},
    explorer::Endpoint,
    pages, server,
    viewer::Visit,
};
use leptos::prelude::*;
use model::{Failure, team::TeamCard};

/// The list of endpoints, by what they are about.
pub fn show(visit: Visit) -> AnyView {
    let load = |team: TeamCard| async move {
        Ok::<_, Failure>((load_test_key(team.slug).await?, server::api()?.endpoints()))
    };
    pages::load(visit, load, |visit, team, (kept, endpoints)| page(visit, team, kept, endpoints))
}

fn page(
    visit: Visit,
    team: TeamCard,
    kept: Option<String>,
    endpoints: &'static [Endpoint],
) -> AnyView {
    let heading = Heading::of(&visit);
    let mut areas: Vec<&str> = endpoints.iter().map(|endpoint| &*endpoint.area).collect();
    areas.sort_unstable();
    areas.dedup();
    let lists = areas
        .into_iter()
        .map(|area| {
            let of_area = endpoints.iter().filter(|endpoint| endpoint.area == area);
            let rows = of_area.map(|endpoint| row(&team, endpoint)).collect_view();
            view! {
                <section class="sect sect-hang" aria-labelledby=format!("area-{area}")>
                    <h2 class="sect-title mb-3 capitalize" id=format!("area-{area}")>{area}</h2>
                    <ul class="grid min-w-0 gap-1">{rows}</ul>
                </section>
            }
        })
        .collect_view();
    let key = key::panel(&visit, &team, kept, "");
    view! {
        <Frame visit team=Some(team) heading=heading.clone()>
            <PageHead
                title=heading.title
                lead="Every endpoint of the REST API, with its form. A call made here is a real one: it \
                      reads and changes what the key may read and change."
            />
            {key}
            {lists}
            <p class="note mt-6">
                "The description for your own tools: "
                <a class="link" href="/v1/openapi.json"><code>"/v1/openapi.json"</code></a>
                ", OpenAPI 3.1."
            </p>
        </Frame>
    }
    .into_any()
}

fn row(team: &TeamCard, endpoint: &'static Endpoint) -> AnyView {
    let href = team.path(&format!("/explorer/{}", endpoint.id));
    view! {
        <li class="grid grid-cols-[3.75rem_minmax(0,1fr)] gap-x-3 py-1">
            <code class="text-ink-2">{&*endpoint.method}</code>
            <span class="flex min-w-0 flex-wrap gap-x-4">
                <a class="link" href=href>{&*endpoint.title}</a>
                <code class="min-w-0 wrap-anywhere text-ink-3">{&*endpoint.path}</code>
            </span>
        </li>
    }
    .into_any()
}
