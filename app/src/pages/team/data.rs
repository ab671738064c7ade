//! The team's data: exports of all of it, where it lives, and how long it is kept.

use crate::{
    actions::data::load_data,
    components::{
        export::{Line, list},
        facts::{Fact, Facts, Section},
        field::Hidden,
        form::{Form, PostForm},
        frame::{Frame, Heading, PageHead},
    },
    format::{self, As, Time},
    islands::submit::Submit,
    pages, server,
    viewer::Visit,
};
use leptos::prelude::*;
use model::{
    data::{DataExportRow, DataPage, Dwelling, Origin},
    team::TeamCard,
};

/// Everything about it.
pub fn show(visit: Visit) -> AnyView {
    pages::load(visit, |team| load_data(team.slug), page)
}

fn page(visit: Visit, team: TeamCard, found: DataPage) -> AnyView {
    let heading = Heading::of(&visit);
    let start = start(&visit, &team);
    let exports = exports(&team, found.exports);
    let origin = found.origin.map(origin);
    let kept = kept(&team, found.audit_days, &found.audit_hold);
    let places = places(found.places);
    let deletion = deletion(&team);
    view! {
        <Frame visit team=Some(team) heading=heading.clone()>
            <PageHead
                title=heading.title
                lead="It is yours. Take all of it with you whenever you like, and see where it lies."
            />
            {start}
            <Section id="exports" title="Of the last day" note="Then the files are destroyed.">
                {exports}
            </Section>
            {origin}
            <Section id="places" title="Where it lives">{places}</Section>
            <Section id="kept" title="How long it is kept">{kept}</Section>
            {deletion}
        </Frame>
    }
    .into_any()
}

fn start(visit: &Visit, team: &TeamCard) -> AnyView {
    let form = Form::of(visit, "/do/data/start-export");
    let hashes = form
        .field("hashes", "Keys")
        .help(
            "Secrets of keys are in no export: nobody has them but who uses them. With the hashes, keys \
             work again where the export is imported.",
        )
        .choose(&[("no", "Without hashes of their secrets"), ("yes", "With hashes of their secrets")]);
    let slug = team.slug.clone();
    view! {
        <Section
            id="start"
            title="Export everything"
            note="Asks whether it is you. It goes on when you leave the page; you get a letter when it is \
                  ready."
        >
            <p class="mb-5 max-w-[64ch]">
                "One archive with all that the team owns, as it is at one moment: JSON and CSV of each \
                 kind, the audit log with its proofs, a page for people, and a signed list of it all. \
                 Another Probity makes the same team of it."
            </p>
            <PostForm form class="grid max-w-form gap-5">
                <Hidden name="team" value=slug/>
                {hashes}
                <div><Submit label="Start the export" class="btn btn-primary"/></div>
            </PostForm>
        </Section>
    }
    .into_any()
}

fn exports(team: &TeamCard, rows: Vec<DataExportRow>) -> AnyView {
    let line = |row: DataExportRow| Line {
        href: team.path(&format!("/data/{}", row.id)),
        name: row.name,
        state: row.state,
        numbers: vec![format::bytes(row.bytes)],
        made_at: row.made_at,
        by: row.by,
        until: Some(row.until),
    };
    list(&["Size"], rows.into_iter().map(line).collect())
}

fn origin(origin: Origin) -> AnyView {
    let now = server::now();
    view! {
        <Section
            id="origin"
            title="Where it came from"
            note="Its log of before is kept as it came, and is in every export, in the folder former."
        >
            <Facts>
                <Fact name="Exported from"><span class="wrap-anywhere">{origin.instance}</span></Fact>
                <Fact name="Imported"><Time at=origin.imported_at now worded=As::Ago/></Fact>
                <Fact name="Signed with"><code class="wrap-anywhere">{origin.key}</code></Fact>
            </Facts>
        </Section>
    }
    .into_any()
}

fn places(places: Vec<Dwelling>) -> AnyView {
    let rows = places
        .into_iter()
        .map(|place| {
            view! {
                <dt class="font-[560]">{place.name}</dt>
                <dd class="mb-4 max-w-[64ch] text-ink-2">{place.said}</dd>
            }
        })
        .collect_view();
    view! { <dl>{rows}</dl> }.into_any()
}

fn kept(team: &TeamCard, days: i32, hold: &str) -> AnyView {
    let records = match hold {
        "" => format!("Records of the audit log are kept for {days} days, then removed."),
        hold => format!("Nothing is removed from the audit log: {hold}."),
    };
    let policy = team.path("/policy#records");
    view! {
        <p class="max-w-[64ch]">
            {records} " " <a class="link" href=policy>"Set in the security policy"</a> "."
        </p>
        <p class="mt-3 max-w-[64ch] text-ink-2">
            "Addresses that called your keys: 30 days. Exports: a day. Everything else: as long as the \
             team is there."
        </p>
    }
    .into_any()
}

fn deletion(team: &TeamCard) -> AnyView {
    let href = team.path("/data/delete");
    view! {
        <Section id="deletion" title="Delete the team">
            <p class="max-w-[64ch]">
                "Take an export first, if you want to keep anything. "
                <a class="link" href=href>"What deleting the team does"</a> "."
            </p>
        </Section>
    }
    .into_any()
}
