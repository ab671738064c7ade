//! How the team's keys are used: what was answered, when, by which keys, from where.

mod addresses;

use crate::{
    actions::usage::load_usage,
    components::{
        chart::{Bar, Bars},
        facts::Section,
        frame::{Frame, Heading, PageHead},
        icon::Icon,
        notice::Empty,
        search,
    },
    format::{self, As, Time},
    pages, server,
    viewer::Visit,
};
use leptos::prelude::*;
use model::{
    team::TeamCard,
    usage::{Span, UsageBar, UsageOfKey, UsagePage, UsageQuery, UsageShare},
};

/// Countries that are listed.
const COUNTRIES: usize = 10;

/// Usage of the team, or of the key in the address.
pub fn show(visit: Visit) -> AnyView {
    let query: UsageQuery = server::query();
    let asked = query.clone();
    pages::load(
        visit,
        |team| load_usage(team.slug, query),
        move |visit, team, usage| page(visit, team, asked, usage),
    )
}

fn page(visit: Visit, team: TeamCard, query: UsageQuery, usage: UsagePage) -> AnyView {
    let span = Span::from_name(&query.span).unwrap_or_default();
    let mut heading = Heading::of(&visit);
    let title = match &usage.key {
        Some(key) => {
            heading.above.push(("Usage".to_owned(), team.path("/usage")));
            format!("Usage of {}", key.name)
        }
        None => "Usage".to_owned(),
    };
    let file = search::address(
        team.path("/usage.csv"),
        &[("span", span.name()), ("key", query.key.as_str())],
    );
    let lead = format!("{} in the last {}.", said(&usage), span.title());
    let spans = spans(&team, &query, span);
    let keys = team.path("/keys");
    let content = match usage.accepted + usage.refused {
        0 => view! {
            <Empty
                title="No calls in this time"
                note="Verify a key, and it is counted here within two seconds."
            >
                <a class="btn" href=keys>"To the keys"</a>
            </Empty>
        }
        .into_any(),
        _ => counted(&team, &query, span, usage),
    };
    view! {
        <Frame visit team=Some(team.clone()) heading>
            <PageHead title lead>
                <a class="btn" href=file download="">
                    {Icon::Download.draw()}
                    "CSV"
                </a>
            </PageHead>
            {spans}
            {content}
        </Frame>
    }
    .into_any()
}

fn said(usage: &UsagePage) -> String {
    let accepted = format::counted(usage.accepted, "call was accepted", "calls were accepted");
    format!("{accepted}, {} refused", format::count(usage.refused))
}

/// The choice of how far back.
fn spans(team: &TeamCard, query: &UsageQuery, here: Span) -> AnyView {
    let links = Span::ALL.map(|span| {
        let asked = [("span", span.name()), ("key", query.key.as_str())];
        let href = search::address(team.path("/usage"), &asked);
        let (class, current) = match span == here {
            true => ("btn btn-sm btn-primary", Some("page")),
            false => ("btn btn-sm", None),
        };
        view! { <a class=class href=href aria-current=current>{span.title()}</a> }
    });
    view! {
        <nav class="mb-4 flex flex-wrap gap-2" aria-label="How far back">{links.collect_view()}</nav>
    }
    .into_any()
}

fn counted(team: &TeamCard, query: &UsageQuery, span: Span, usage: UsagePage) -> AnyView {
    let title = format!("{} in {}", said(&usage), span.title());
    let bars = usage.bars.iter().map(|bar| Bar { good: bar.accepted, bad: bar.refused }).collect();
    let most = usage.bars.iter().map(|bar| bar.accepted + bar.refused).max().unwrap_or(0);
    let ends = usage.bars.first().zip(usage.bars.last());
    let axis = ends.map(|(first, last)| axis(span, first, last));
    let table = table(span, &usage.bars);
    let keys = (!usage.keys.is_empty()).then(|| keys(team, span, usage.keys));
    let countries = countries(usage.countries);
    let addresses = addresses::addresses(usage.addresses);
    let codes = shares("What verify answered", "Answer", usage.codes);
    let key = (!query.key.is_empty()).then(|| {
        let href = team.path(&format!("/keys/{}", query.key));
        view! { <p class="mb-4"><a class="link" href=href>"Open the key"</a></p> }
    });
    view! {
        {key}
        <figure class="mb-6">
            <figcaption class="mb-2 flex flex-wrap justify-between gap-x-6 text-sm text-ink-2">
                <span class="flex flex-wrap gap-x-4">
                    <span class="inline-flex items-center gap-1.5">
                        <span class="size-2.5 bg-graph"></span>
                        "accepted"
                    </span>
                    <span class="inline-flex items-center gap-1.5">
                        <span class="size-2.5 bg-broken"></span>
                        "refused"
                    </span>
                </span>
                <span>"highest bar: " {format::count(most)}</span>
            </figcaption>
            <Bars bars title/>
            {axis}
        </figure>
        {table}
        <Section id="codes" title="Answers">{codes}</Section>
        {keys}
        <Section id="countries" title="From where" note="As your API passes on in ip.">
            {countries}
        </Section>
        {addresses}
    }
    .into_any()
}

/// Bars of whole days need no hour.
const fn worded(span: Span) -> As {
    if span.step() >= 24 { As::Date } else { As::Exact }
}

fn axis(span: Span, first: &UsageBar, last: &UsageBar) -> AnyView {
    let (now, worded) = (server::now(), worded(span));
    let (from, to) = (first.from.clone(), last.from.clone());
    view! {
        <p class="mt-1 flex justify-between text-sm text-ink-3">
            <Time at=from now worded/>
            <Time at=to now worded/>
        </p>
    }
    .into_any()
}

/// The same as the chart.
fn table(span: Span, bars: &[UsageBar]) -> AnyView {
    let (now, worded) = (server::now(), worded(span));
    let rows = bars.iter().rev().map(|bar| {
        let at = bar.from.clone();
        (view! { <Time at now worded/> }.into_any(), vec![bar.accepted, bar.refused])
    });
    let heads = ["Accepted", "Refused"];
    let table = ledger("Calls over time, the latest first", "From", &heads, rows);
    view! {
        <details class="mb-8">
            <summary class="mb-3 cursor-pointer text-sm font-[620]">"View as table"</summary>
            {table}
        </details>
    }
    .into_any()
}

/// A table of numbers: what each row is about, then what was counted.
fn ledger(
    caption: &'static str,
    about: &'static str,
    heads: &[&'static str],
    rows: impl Iterator<Item = (AnyView, Vec<i64>)>,
) -> AnyView {
    let heads: Vec<&'static str> = heads.to_vec();
    let heads = heads.into_iter().map(|head| view! { <th scope="col" class="num">{head}</th> });
    let heads = heads.collect_view();
    let rows = rows.map(|(about, numbers)| {
        let numbers = numbers.into_iter().map(|number| {
            view! { <td class="num">{format::count(number)}</td> }
        });
        let numbers = numbers.collect_view();
        view! {
            <tr>
                <th scope="row" class="min-w-0">{about}</th>
                {numbers}
            </tr>
        }
    });
    let rows = rows.collect_view();
    view! {
        <table class="ledger">
            <caption class="sr-only">{caption}</caption>
            <thead>
                <tr>
                    <th scope="col">{about}</th>
                    {heads}
                </tr>
            </thead>
            <tbody>{rows}</tbody>
        </table>
    }
    .into_any()
}

fn shares(caption: &'static str, about: &'static str, shares: Vec<UsageShare>) -> AnyView {
    let rows = shares.into_iter().map(|share| (share.what.into_any(), vec![share.calls]));
    ledger(caption, about, &["Calls"], rows)
}

/// The first ones, and the rest as one.
fn countries(mut all: Vec<UsageShare>) -> AnyView {
    let rest: i64 = all.iter().skip(COUNTRIES).map(|share| share.calls).sum();
    all.truncate(COUNTRIES);
    if rest > 0 {
        all.push(UsageShare { what: "All others".to_owned(), calls: rest });
    }
    shares("Calls by country", "Country", all)
}

fn keys(team: &TeamCard, span: Span, keys: Vec<UsageOfKey>) -> AnyView {
    let rows = keys.into_iter().map(|key| {
        let id = key.id.to_string();
        let asked = [("span", span.name()), ("key", id.as_str())];
        let href = search::address(team.path("/usage"), &asked);
        let name = view! { <a class="wrap-anywhere hover:underline" href=href>{key.name}</a> };
        (name.into_any(), vec![key.calls, key.refused])
    });
    let table = ledger("Calls by key", "Key", &["Accepted", "Refused"], rows);
    view! { <Section id="keys" title="Keys" note="Those with the most calls.">{table}</Section> }
        .into_any()
}
