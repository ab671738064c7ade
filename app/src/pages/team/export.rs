//! One export: how far it is, its files, and how they are checked.

use crate::{
    actions::audit::load_export,
    components::{
        export::{Check, Export, Kind, started, state},
        facts::{Fact, Facts, Section},
        frame::{Frame, Heading, PageHead},
        search::address,
    },
    format, pages, server,
    viewer::Visit,
};
use leptos::prelude::*;
use model::{
    audit::{ExportLink, ExportPage, ExportQuery, ExportRow, ExportState},
    team::TeamCard,
};

const KIND: Kind = Kind {
    at: "/audit/exports",
    find: "/do/audit/export",
    cancel: "/do/audit/cancel-export",
    link: "/do/audit/link-export",
    counted: "records looked at",
    going: "It goes on when you leave this page.",
    files: "Files",
    links: "A link works for ten minutes and for those who may export the log. It is recorded.",
};

/// The export's page.
pub fn show(visit: Visit) -> AnyView {
    let export = visit.param("export").to_owned();
    let query: ExportQuery = server::query();
    pages::load(visit, |team| load_export(team.slug, export, query), page)
}

fn page(visit: Visit, team: TeamCard, found: ExportPage) -> AnyView {
    let ExportPage { row, link } = found;
    let mut heading = Heading::named(&visit, row.name.clone());
    heading.above.push(("Exports".to_owned(), team.path("/audit/exports")));
    let content = content(&visit, &team, &row, link);
    let (title, facts) = (row.name.clone(), facts(row));
    view! {
        <Frame visit team=Some(team) heading>
            <PageHead title/>
            {content}
            <Section id="facts" title="About it">{facts}</Section>
        </Frame>
    }
    .into_any()
}

fn content(visit: &Visit, team: &TeamCard, row: &ExportRow, link: Option<ExportLink>) -> AnyView {
    let export = Export { kind: &KIND, visit, team, id: row.id.to_string(), state: row.state };
    match row.state {
        ExportState::Waiting | ExportState::Running => {
            export.under_way(row.done_to, row.up_to, String::new())
        }
        ExportState::Failed | ExportState::Cancelled => {
            let again = address(team.path("/audit/exports"), &[("q", &row.search)]);
            export.ended(&row.failed, again)
        }
        ExportState::Ready => {
            let names = vec![row.name.clone(), row.manifest_name()];
            let (files, check) = (export.ready(names, link), check(row));
            view! { {files} {check} }.into_any()
        }
    }
}

fn check(row: &ExportRow) -> AnyView {
    let command = format!("probity audit verify {} {}", row.name, row.manifest_name());
    view! {
        <Check note="By anybody, with the two files and nothing else." command>
            "On the " <a class="link" href="/verify">"page for checking exports"</a>
            ", which sends nothing anywhere, or with"
        </Check>
    }
    .into_any()
}

fn facts(row: ExportRow) -> AnyView {
    let search = match row.search.is_empty() {
        true => "all records".into_any(),
        false => view! { <code class="wrap-anywhere">{row.search}</code> }.into_any(),
    };
    let written = (row.state == ExportState::Ready).then(|| {
        view! {
            <Fact name="Records">{format::count(row.rows)}</Fact>
            <Fact name="Size">{format::bytes(row.bytes)}</Fact>
        }
    });
    view! {
        <Facts>
            <Fact name="State">{state(row.state)}</Fact>
            <Fact name="Search">{search}</Fact>
            <Fact name="Written as">{row.format.name().to_uppercase()}</Fact>
            {written}
            <Fact name="Started">{started(row.made_at, row.by)}</Fact>
        </Facts>
    }
    .into_any()
}
