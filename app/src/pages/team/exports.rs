//! Exports of the audit log: a form to start one, and those of the last day.

use crate::{
    actions::audit::load_exports,
    components::{
        export::{Line, list},
        facts::Section,
        field::Hidden,
        form::{Form, PostForm},
        frame::{Frame, Heading, PageHead},
    },
    format,
    islands::submit::Submit,
    pages, server,
    viewer::Visit,
};
use leptos::prelude::*;
use model::{
    audit::{AuditQuery, ExportRow, ExportsPage},
    team::TeamCard,
};

/// The form and the list.
pub fn show(visit: Visit) -> AnyView {
    let query: AuditQuery = server::query();
    let line = query.line();
    pages::load(
        visit,
        |team| load_exports(team.slug),
        move |visit, team, found| page(visit, team, line, found),
    )
}

fn page(visit: Visit, team: TeamCard, line: String, found: ExportsPage) -> AnyView {
    let heading = Heading::of(&visit);
    let (start, list) = (start(&visit, &team, line), exports(&team, found.rows));
    view! {
        <Frame visit team=Some(team) heading=heading.clone()>
            <PageHead
                title=heading.title
                lead="A file of records and a signed manifest. With the two, anybody can check that \
                      nothing was altered, without asking us."
            />
            {start}
            <Section id="list" title="Of the last day" note="Then they are deleted.">{list}</Section>
        </Frame>
    }
    .into_any()
}

fn start(visit: &Visit, team: &TeamCard, line: String) -> AnyView {
    let form = Form::of(visit, "/do/audit/start-export");
    let line = form.value("search").map_or(line, str::to_owned);
    let search = form
        .field("search", "Records that fit")
        .help("As in the search of the log. Left empty: all of them.")
        .filled(line)
        .view();
    let format = form.field("format", "Written as").choose(&[
        ("jsonl", "JSON, a record on each line (JSONL)"),
        ("csv", "A table for spreadsheets (CSV)"),
    ]);
    let slug = team.slug.clone();
    view! {
        <Section
            id="start"
            title="Start an export"
            note="Asks whether it is you. It goes on when you leave the page, and is recorded."
        >
            <PostForm form class="grid max-w-form gap-5">
                <Hidden name="team" value=slug/>
                {search} {format}
                <div><Submit label="Start the export" class="btn btn-primary"/></div>
            </PostForm>
        </Section>
    }
    .into_any()
}

fn exports(team: &TeamCard, rows: Vec<ExportRow>) -> AnyView {
    let line = |row: ExportRow| Line {
        href: team.path(&format!("/audit/exports/{}", row.id)),
        name: row.name,
        state: row.state,
        numbers: vec![format::count(row.rows), format::bytes(row.bytes)],
        made_at: row.made_at,
        by: row.by,
        until: None,
    };
    list(&["Records", "Size"], rows.into_iter().map(line).collect())
}
