//! Exports of the audit log: a form to start one, and those of the last day.

use crate::{
    actions::audit::load_exports,
    components::{
        facts::Section,
        field::Hidden,
        form::{Form, PostForm},
        frame::{Frame, Heading, PageHead},
        notice::Empty,
    },
    format::{self, As, Time},
    islands::submit::Submit,
    pages, server,
    viewer::Visit,
};
use leptos::prelude::*;
use model::{
    audit::{AuditQuery, ExportRow, ExportState, ExportsPage},
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
    let (start, list) = (start(&visit, &team, line), list(&team, found.rows));
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

fn list(team: &TeamCard, rows: Vec<ExportRow>) -> AnyView {
    if rows.is_empty() {
        return view! { <Empty title="No exports" note="What you start stands here for a day."/> }
            .into_any();
    }
    let rows = rows.into_iter().map(|export| row(team, export)).collect_view();
    view! {
        <table class="ledger ledger-cards">
            <caption class="sr-only">"Exports of the last day, the newest first"</caption>
            <thead>
                <tr>
                    <th scope="col">"File"</th>
                    <th scope="col">"State"</th>
                    <th scope="col" class="num">"Records"</th>
                    <th scope="col" class="num">"Size"</th>
                    <th scope="col">"Started"</th>
                </tr>
            </thead>
            <tbody>{rows}</tbody>
        </table>
    }
    .into_any()
}

fn row(team: &TeamCard, export: ExportRow) -> impl IntoView + use<> {
    let href = team.path(&format!("/audit/exports/{}", export.id));
    let by = if export.by.is_empty() { "somebody who left".to_owned() } else { export.by };
    let is_ready = export.state == ExportState::Ready;
    let number = |text: String| if is_ready { text } else { "–".to_owned() };
    view! {
        <tr>
            <th scope="row" class="min-w-0 wrap-anywhere">
                <a class="hover:underline" href=href>{export.name}</a>
            </th>
            <td data-label="State">{state(export.state)}</td>
            <td class="num" data-label="Records">{number(format::count(export.rows))}</td>
            <td class="num" data-label="Size">{number(format::bytes(export.bytes))}</td>
            <td class="text-ink-2" data-label="Started">
                <span><Time at=export.made_at now=server::now() worded=As::Ago/> " by " {by}</span>
            </td>
        </tr>
    }
}

/// The state as a word, tagged where it is not the usual one.
pub(super) fn state(state: ExportState) -> AnyView {
    let class = match state {
        ExportState::Ready => "text-ink-2",
        ExportState::Failed => "tag tag-stale",
        _ => "tag",
    };
    view! { <span class=class>{state.title()}</span> }.into_any()
}
