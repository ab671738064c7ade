//! One export: how far it is, its files, and how they are checked.

use super::exports::state;
use crate::{
    actions::audit::load_export,
    components::{
        facts::{Fact, Facts, Section},
        field::Hidden,
        form::{Form, PostForm},
        frame::{Frame, Heading, PageHead},
        icon::Icon,
        search::address,
    },
    format::{self, As, Time},
    islands::{copy::Copy, progress::Progress, submit::Submit},
    pages, server,
    viewer::Visit,
};
use leptos::prelude::*;
use model::{
    audit::{ExportLink, ExportPage, ExportQuery, ExportRow, ExportState},
    team::TeamCard,
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
    let content = match row.state {
        ExportState::Waiting | ExportState::Running => under_way(&visit, &team, &row),
        ExportState::Ready => ready(&visit, &team, &row, link),
        ExportState::Failed | ExportState::Cancelled => ended(&team, &row),
    };
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

fn under_way(visit: &Visit, team: &TeamCard, row: &ExportRow) -> AnyView {
    let form = Form::of(visit, "/do/audit/cancel-export");
    let (slug, id) = (team.slug.clone(), row.id.to_string());
    let page = team.path(&format!("/audit/exports/{id}"));
    let (title, done, of) = (row.state.title(), row.done_to, row.up_to);
    view! {
        <Section id="progress" title note="It goes on when you leave this page.">
            <Progress
                team=slug.clone()
                export=id.clone()
                done
                of
                door="/do/audit/export"
                what="records looked at"
                stage=""
            />
            <div class="mt-5 flex flex-wrap gap-2">
                <a class="btn" href=page>"Look again"</a>
                <PostForm form>
                    <Hidden name="team" value=slug/>
                    <Hidden name="export" value=id/>
                    <Submit label="Cancel the export" class="btn"/>
                </PostForm>
            </div>
        </Section>
    }
    .into_any()
}

fn ended(team: &TeamCard, row: &ExportRow) -> AnyView {
    let why = match row.failed.is_empty() {
        true => "It was cancelled, and there is no file.".to_owned(),
        false => row.failed.clone(),
    };
    let title = row.state.title();
    let again = address(team.path("/audit/exports"), &[("q", &row.search)]);
    view! {
        <Section id="ended" title>
            <p class="max-w-[64ch]">{why}</p>
            <p class="mt-4"><a class="btn" href=again>"Start another one"</a></p>
        </Section>
    }
    .into_any()
}

fn ready(visit: &Visit, team: &TeamCard, row: &ExportRow, link: Option<ExportLink>) -> AnyView {
    let (slug, id) = (team.slug.clone(), row.id.to_string());
    let form = Form::of(visit, "/do/audit/link-export");
    let (label, class) = match link {
        Some(_) => ("Make a new link", "btn btn-sm"),
        None => ("Make a link", "btn btn-primary"),
    };
    let files = link.map(|link| files(team, row, &link));
    view! {
        <Section
            id="files"
            title="Files"
            note="A link works for ten minutes and for those who may export the log. It is recorded."
        >
            {files}
            <PostForm form>
                <Hidden name="team" value=slug/>
                <Hidden name="export" value=id/>
                <Submit label class/>
            </PostForm>
        </Section>
        {check(row)}
    }
    .into_any()
}

fn files(team: &TeamCard, row: &ExportRow, link: &ExportLink) -> AnyView {
    let at = team.path(&format!("/audit/exports/{}/{}", row.id, link.token));
    let file = |name: String| {
        let (href, download) = (format!("{at}/{name}"), name.clone());
        view! {
            <li>
                <span class="flex items-baseline gap-2">
                    <span class="flex-none self-center">{Icon::Download.draw()}</span>
                    <a class="link wrap-anywhere" href=href download=download>
                        {name}
                    </a>
                </span>
            </li>
        }
    };
    view! {
        <ul class="grid gap-2">{file(row.name.clone())} {file(row.manifest_name())}</ul>
        <p class="mt-3 mb-5 text-ink-2">
            "The links work until " <Time at=link.until.clone() now=server::now() worded=As::Clock/>
            "."
        </p>
    }
    .into_any()
}

fn check(row: &ExportRow) -> AnyView {
    let command = format!("probity audit verify {} {}", row.name, row.manifest_name());
    view! {
        <Section id="check" title="Check it" note="By anybody, with the two files and nothing else.">
            <p class="max-w-[64ch]">
                "On the " <a class="link" href="/verify">"page for checking exports"</a>
                ", which sends nothing anywhere, or with"
            </p>
            <p class="mt-2 flex flex-wrap items-center gap-2">
                <code class="wrap-anywhere">{command.clone()}</code>
                <Copy text=command label="Copy" class="btn btn-sm"/>
            </p>
        </Section>
    }
    .into_any()
}

fn facts(row: ExportRow) -> AnyView {
    let now = server::now();
    let search = match row.search.is_empty() {
        true => "all records".into_any(),
        false => view! { <code class="wrap-anywhere">{row.search}</code> }.into_any(),
    };
    let by = if row.by.is_empty() { "somebody who left".to_owned() } else { row.by };
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
            <Fact name="Started">
                <Time at=row.made_at now worded=As::Ago/> " by " {by}
            </Fact>
        </Facts>
    }
    .into_any()
}
