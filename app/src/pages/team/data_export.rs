//! One export of everything: how far it is, its file, and how it is checked.

use crate::{
    actions::data::load_data_export,
    components::{
        export::{Check, Export, Kind, started, state},
        facts::{Fact, Facts, Section},
        frame::{Frame, Heading, PageHead},
    },
    format::{self, As, Time},
    pages, server,
    viewer::Visit,
};
use leptos::prelude::*;
use model::{
    audit::{ExportLink, ExportQuery, ExportState},
    data::{DataExportPage, DataExportRow},
    team::TeamCard,
};

const KIND: Kind = Kind {
    at: "/data",
    find: "/do/data/export",
    cancel: "/do/data/cancel-export",
    link: "/do/data/link-export",
    counted: "rows written",
    going: "It goes on when you leave this page, as long as you are signed in. You get a letter when it is \
            ready.",
    files: "File",
    links: "A link works for ten minutes, for you alone and where you are signed in now. It is recorded.",
};

/// The export's page.
pub fn show(visit: Visit) -> AnyView {
    let export = visit.param("archive").to_owned();
    let query: ExportQuery = server::query();
    pages::load(visit, |team| load_data_export(team.slug, export, query), page)
}

fn page(visit: Visit, team: TeamCard, found: DataExportPage) -> AnyView {
    let DataExportPage { row, link } = found;
    let heading = Heading::named(&visit, row.name.clone());
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

fn content(
    visit: &Visit,
    team: &TeamCard,
    row: &DataExportRow,
    link: Option<ExportLink>,
) -> AnyView {
    let export = Export { kind: &KIND, visit, team, id: row.id.to_string(), state: row.state };
    match row.state {
        ExportState::Waiting | ExportState::Running => {
            export.under_way(row.done, row.total, row.stage.clone())
        }
        ExportState::Failed | ExportState::Cancelled => {
            export.ended(&row.failed, team.path("/data"))
        }
        ExportState::Ready => {
            let (files, check) = (export.ready(vec![row.name.clone()], link), check(row));
            view! { {files} {check} }.into_any()
        }
    }
}

fn check(row: &DataExportRow) -> AnyView {
    let command = format!("probity import --check {}", row.name);
    view! {
        <Check note="By anybody, with the file and nothing else." command>
            "Its list of files is signed, and so is what proves the audit log in it. This looks at \
             every byte, and says whose key signed:"
        </Check>
    }
    .into_any()
}

fn facts(row: DataExportRow) -> AnyView {
    let now = server::now();
    let hashes = if row.has_hashes { "with hashes of their secrets" } else { "without hashes" };
    let written = (row.state == ExportState::Ready).then(|| {
        view! {
            <Fact name="Size">{format::bytes(row.bytes)}</Fact>
            <Fact name="SHA-256"><code class="wrap-anywhere">{row.sha256}</code></Fact>
            <Fact name="Destroyed"><Time at=row.until now worded=As::Until/></Fact>
        }
    });
    view! {
        <Facts>
            <Fact name="State">{state(row.state)}</Fact>
            <Fact name="Keys">{hashes}</Fact>
            {written}
            <Fact name="Started">{started(row.made_at, row.by)}</Fact>
        </Facts>
    }
    .into_any()
}
