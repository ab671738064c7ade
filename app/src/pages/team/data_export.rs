//! One export of everything: how far it is, its file, and how it is checked.

use super::exports::state;
use crate::{
    actions::data::load_data_export,
    components::{
        facts::{Fact, Facts, Section},
        field::Hidden,
        form::{Form, PostForm},
        frame::{Frame, Heading, PageHead},
        icon::Icon,
    },
    format::{self, As, Time},
    islands::{copy::Copy, progress::Progress, submit::Submit},
    pages, server,
    viewer::Visit,
};
use leptos::prelude::*;
use model::{
    audit::{ExportLink, ExportQuery, ExportState},
    data::{DataExportPage, DataExportRow},
    team::TeamCard,
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

fn under_way(visit: &Visit, team: &TeamCard, row: &DataExportRow) -> AnyView {
    let form = Form::of(visit, "/do/data/cancel-export");
    let (slug, id) = (team.slug.clone(), row.id.to_string());
    let page = team.path(&format!("/data/{id}"));
    let (title, done, of) = (row.state.title(), row.done, row.total);
    let stage = row.stage.clone();
    view! {
        <Section
            id="progress"
            title
            note="It goes on when you leave this page, as long as you are signed in. You get a letter when \
                  it is ready."
        >
            <Progress
                team=slug.clone()
                export=id.clone()
                done
                of
                door="/do/data/export"
                what="rows written"
                stage
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

fn ended(team: &TeamCard, row: &DataExportRow) -> AnyView {
    let why = match row.failed.is_empty() {
        true => "It was cancelled, and there is no file.".to_owned(),
        false => row.failed.clone(),
    };
    let (title, again) = (row.state.title(), team.path("/data"));
    view! {
        <Section id="ended" title>
            <p class="max-w-[64ch]">{why}</p>
            <p class="mt-4"><a class="btn" href=again>"Start another one"</a></p>
        </Section>
    }
    .into_any()
}

fn ready(visit: &Visit, team: &TeamCard, row: &DataExportRow, link: Option<ExportLink>) -> AnyView {
    let (slug, id) = (team.slug.clone(), row.id.to_string());
    let form = Form::of(visit, "/do/data/link-export");
    let (label, class) = match link {
        Some(_) => ("Make a new link", "btn btn-sm"),
        None => ("Make a link", "btn btn-primary"),
    };
    let file = link.map(|link| file(team, row, &link));
    view! {
        <Section
            id="files"
            title="File"
            note="A link works for ten minutes, for you alone and where you are signed in now. It is \
                  recorded."
        >
            {file}
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

fn file(team: &TeamCard, row: &DataExportRow, link: &ExportLink) -> AnyView {
    let href = team.path(&format!("/data/{}/{}/{}", row.id, link.token, row.name));
    let now = server::now();
    view! {
        <p>
            <span class="flex items-baseline gap-2">
                <span class="flex-none self-center">{Icon::Download.draw()}</span>
                <a class="link wrap-anywhere" href=href download=row.name.clone()>
                    {row.name.clone()}
                </a>
            </span>
        </p>
        <p class="mt-3 mb-5 text-ink-2">
            "The link works until " <Time at=link.until.clone() now worded=As::Clock/> "."
        </p>
    }
    .into_any()
}

fn check(row: &DataExportRow) -> AnyView {
    let command = format!("probity import --check {}", row.name);
    view! {
        <Section id="check" title="Check it" note="By anybody, with the file and nothing else.">
            <p class="max-w-[64ch]">
                "Its list of files is signed, and so is what proves the audit log in it. This looks at \
                 every byte, and says whose key signed:"
            </p>
            <p class="mt-2 flex flex-wrap items-center gap-2">
                <code class="wrap-anywhere">{command.clone()}</code>
                <Copy text=command label="Copy" class="btn btn-sm"/>
            </p>
        </Section>
    }
    .into_any()
}

fn facts(row: DataExportRow) -> AnyView {
    let now = server::now();
    let by = if row.by.is_empty() { "somebody who left".to_owned() } else { row.by };
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
            <Fact name="Started">
                <Time at=row.made_at now worded=As::Ago/> " by " {by}
            </Fact>
        </Facts>
    }
    .into_any()
}
