//! Rules from a file: chosen, looked at, imported.

use crate::{
    actions::rule::load_dry_run,
    components::{
        facts::{Fact, Facts, Section},
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
    rule::{BadLine, DryRun, ImportQuery},
    team::TeamCard,
};

/// The file, and what it would change.
pub fn show(visit: Visit) -> AnyView {
    let query: ImportQuery = server::query();
    pages::load(visit, |team| load_dry_run(team.slug, query), page)
}

fn page(visit: Visit, team: TeamCard, found: Option<DryRun>) -> AnyView {
    let heading = Heading::of(&visit);
    let looked_at = found.map(|found| looked_at(&visit, &team, found));
    let choose = choose(&visit, &team);
    view! {
        <Frame visit team=Some(team) heading=heading.clone()>
            <PageHead
                title=heading.title
                lead="A file is looked at first, and nothing is written until you say so. A line \
                      changes the rule of the same keyword, way of matching, language and program, \
                      or makes it; no rule is deleted."
            />
            {looked_at}
            {choose}
        </Frame>
    }
    .into_any()
}

fn choose(visit: &Visit, team: &TeamCard) -> AnyView {
    let form = Form::of(visit, "/do/rule/upload");
    let file = form.field("file", "CSV file, up to 16 MB").file(".csv,text/csv");
    let (slug, export) = (team.slug.clone(), team.path("/rules.csv"));
    view! {
        <Section
            id="choose"
            title="Choose a file"
            note="UTF-8, with commas. The first line names the columns."
        >
            <PostForm form class="grid max-w-form gap-5" enctype="multipart/form-data">
                <Hidden name="team" value=slug/>
                {file}
                <div><Submit label="Look at the file" class="btn"/></div>
            </PostForm>
            <p class="mt-5 text-ink-2">
                "Columns: " <code>"keyword"</code> " and " <code>"url"</code> "; and if you like, "
                <code>"match"</code> " (exact, phrase or prefix), " <code>"language"</code> ", "
                <code>"program"</code> " (its name), " <code>"priority"</code> ", "
                <code>"starts"</code> ", " <code>"ends"</code> " (2026-12-01) and "
                <code>"enabled"</code> " (yes or no). An "
                <a class="underline underline-offset-2" href=export download="">"export"</a>
                " has all of them."
            </p>
        </Section>
    }
    .into_any()
}

fn looked_at(visit: &Visit, team: &TeamCard, found: DryRun) -> AnyView {
    let planned = found.planned;
    let [new, changed, unchanged, bad] =
        [planned.new, planned.changed, planned.unchanged, planned.bad]
            .map(|number| format::count(number as i64));
    let act = act(visit, team, &found);
    let path = team.path("/rules/import");
    let way = match found.next {
        Some(line) => Some(("More", format!("{path}?line={line}#bad"))),
        None if found.bad.len() < planned.bad => Some(("From the first", format!("{path}#bad"))),
        None => None,
    };
    let lines = (planned.bad > 0).then(|| lines(found.bad, way));
    view! {
        <Section id="found" title="What it would do" note="Nothing is written yet.">
            <Facts>
                <Fact name="New rules">{new}</Fact>
                <Fact name="Changed">{changed}</Fact>
                <Fact name="Unchanged">{unchanged}</Fact>
                <Fact name="Bad lines">{bad}</Fact>
            </Facts>
            {act}
        </Section>
        {lines}
    }
    .into_any()
}

/// The way on, if there is anything to do.
fn act(visit: &Visit, team: &TeamCard, found: &DryRun) -> AnyView {
    let planned = found.planned;
    let written = planned.new + planned.changed;
    if written == 0 {
        let said = match planned.bad {
            0 => "All of it is there already.",
            _ => "There is nothing to import. Mend the lines below, and choose the file again.",
        };
        return view! { <p class="mt-5 text-ink-2">{said}</p> }.into_any();
    }
    let lines = format::counted(written as i64, "rule", "rules").to_lowercase();
    let (label, skip) = match planned.bad {
        0 => (format!("Import {lines}"), None),
        _ => (
            format!("Import {lines}, leave bad lines out"),
            Some(view! { <Hidden name="bad" value="skip"/> }),
        ),
    };
    let form = Form::of(visit, "/do/rule/import");
    let (slug, draft) = (team.slug.clone(), found.draft.clone());
    view! {
        <PostForm form class="mt-5">
            <Hidden name="team" value=slug/>
            <Hidden name="draft" value=draft/>
            {skip}
            <Submit label=label class="btn btn-primary"/>
        </PostForm>
    }
    .into_any()
}

/// Bad lines, a page at a time, and the way to others.
fn lines(bad: Vec<BadLine>, way: Option<(&'static str, String)>) -> AnyView {
    let rows = bad
        .into_iter()
        .map(|bad| {
            view! {
                <tr>
                    <th scope="row" class="num w-20">{bad.line}</th>
                    <td class="min-w-0 wrap-anywhere">{bad.said}</td>
                </tr>
            }
        })
        .collect_view();
    let way = way.map(|(word, href)| {
        view! { <p class="mt-4"><a class="btn btn-sm" href=href>{word}</a></p> }
    });
    view! {
        <Section id="bad" title="Bad lines" note="Each with its number in the file.">
            <table class="ledger">
                <caption class="sr-only">"Lines that cannot be rules"</caption>
                <thead>
                    <tr>
                        <th scope="col" class="num w-20">"Line"</th>
                        <th scope="col">"What is wrong"</th>
                    </tr>
                </thead>
                <tbody>{rows}</tbody>
            </table>
            {way}
        </Section>
    }
    .into_any()
}
