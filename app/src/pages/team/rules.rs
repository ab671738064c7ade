//! The team's keyword rules.

use crate::{
    actions::rule::load_rules,
    components::{
        frame::{Frame, Heading, PageHead},
        icon::Icon,
        list::ListFoot,
        may::LinkIfMay,
        notice::Empty,
        search::{self, SearchForm, choice},
    },
    format, pages, server,
    viewer::Visit,
};
use leptos::prelude::*;
use model::{
    Permission,
    page::Page,
    rule::{Matching, ProgramRow, RuleQuery, RuleRow, RuleState, RulesPage},
    team::TeamCard,
};

/// The list of rules.
pub fn show(visit: Visit) -> AnyView {
    let query: RuleQuery = server::query();
    let asked = query.clone();
    pages::load(
        visit,
        |team| load_rules(team.slug, query),
        move |visit, team, found| page(visit, team, asked, found),
    )
}

fn page(visit: Visit, team: TeamCard, query: RuleQuery, found: RulesPage) -> AnyView {
    let heading = Heading::of(&visit);
    let lead = format!(
        "A message that holds a keyword is answered with its address. This team has {} of 50,000 \
         rules.",
        format::count(found.all.into())
    );
    let content = content(&team, &query, found);
    let (tries, programs) = (team.path("/rules/try"), team.path("/rules/programs"));
    let file = team.path("/rules.csv");
    view! {
        <Frame visit team=Some(team.clone()) heading=heading.clone()>
            <PageHead title=heading.title lead>
                <a class="btn" href=tries>"Try a message"</a>
                <a class="btn" href=programs>"Programs"</a>
                <a class="btn" href=file download="">
                    {Icon::Download.draw()}
                    "CSV"
                </a>
                <ImportRules team=team.clone()/>
                <CreateRule team class="btn btn-primary"/>
            </PageHead>
            {content}
        </Frame>
    }
    .into_any()
}

/// A team without rules is not asked what it looks for.
fn content(team: &TeamCard, query: &RuleQuery, found: RulesPage) -> AnyView {
    if found.all == 0 {
        let create = view! { <CreateRule team=team.clone() class="btn"/> };
        return view! {
            <Empty
                title="No rules yet"
                note="A rule leads from words in a message to an address, perhaps one with your \
                      affiliate key. Make one, or import a file."
            >
                {create}
            </Empty>
        }
        .into_any();
    }
    let looked_for = looked_for(team, query, found.programs);
    if found.page.rows.is_empty() {
        let all = team.path("/rules");
        return view! {
            {looked_for}
            <Empty title="No rule like that" note="Search for a part of a keyword, or ask for less.">
                <a class="btn" href=all>"Show all rules"</a>
            </Empty>
        }
        .into_any();
    }
    view! {
        {looked_for}
        {list(team, query, found.page)}
    }
    .into_any()
}

fn looked_for(team: &TeamCard, query: &RuleQuery, programs: Vec<ProgramRow>) -> AnyView {
    let matching = Matching::ALL.map(|it| (it.name(), it.title()));
    let matching = [("", "All ways")].into_iter().chain(matching);
    let programs = programs.into_iter().map(|it| (it.id.to_string(), it.name));
    let programs = [(String::new(), "All programs".to_owned())].into_iter().chain(programs);
    let enabled = [("", "On and off"), ("yes", "On"), ("no", "Off")];
    let choices = [
        choice("matching", "How it matches", matching, &query.matching),
        choice("program", "Program", programs, &query.program),
        choice("enabled", "On or off", enabled, &query.enabled),
    ];
    let language = query.language.clone();
    view! {
        <SearchForm path=team.path("/rules") words="Part of a keyword" typed=query.q.clone()>
            <input
                class="input w-28"
                name="language"
                value=language
                placeholder="Language"
                aria-label="Language"
                spellcheck="false"
            />
            {choices}
        </SearchForm>
    }
    .into_any()
}

/// The address of these rules, with what is asked for and nothing else.
fn path(team: &TeamCard, query: &RuleQuery) -> String {
    let asked = [
        ("q", query.q.as_str()),
        ("language", &query.language),
        ("matching", &query.matching),
        ("program", &query.program),
        ("enabled", &query.enabled),
    ];
    search::address(team.path("/rules"), &asked)
}

#[component]
fn CreateRule(team: TeamCard, class: &'static str) -> AnyView {
    let href = team.path("/rules/new");
    view! {
        <LinkIfMay team permission=Permission::RulesEdit href class>
            {Icon::Plus.draw()}
            "Make a rule"
        </LinkIfMay>
    }
    .into_any()
}

/// Whoever may not is told so at "Make a rule" beside it.
#[component]
fn ImportRules(team: TeamCard) -> AnyView {
    let href = team.path("/rules/import");
    team.may(Permission::RulesEdit)
        .then(|| view! { <a class="btn" href=href>"Import"</a> })
        .into_any()
}

fn list(team: &TeamCard, query: &RuleQuery, rules: Page<RuleRow>) -> AnyView {
    let caption = format!("Keyword rules of {}, by keyword", team.name);
    let rows = rules.rows.into_iter().map(|rule| row(team, rule)).collect_view();
    view! {
        <table class="ledger ledger-cards">
            <caption class="sr-only">{caption}</caption>
            <thead>
                <tr>
                    <th scope="col">"Keyword"</th>
                    <th scope="col">"Matches"</th>
                    <th scope="col">"Language"</th>
                    <th scope="col">"Leads to"</th>
                    <th scope="col" class="num">"Priority"</th>
                </tr>
            </thead>
            <tbody>{rows}</tbody>
            <ListFoot
                columns=5
                path=path(team, query)
                newer=rules.newer
                older=rules.older
                words=("Back", "On")
            >
                "By keyword"
            </ListFoot>
        </table>
    }
    .into_any()
}

fn row(team: &TeamCard, rule: RuleRow) -> AnyView {
    let href = team.path(&format!("/rules/{}", rule.id));
    let tag = tag(&rule);
    let language = if rule.language.is_empty() { "any".to_owned() } else { rule.language };
    let program = rule.program.map(|program| {
        view! { <span class="block truncate text-sm text-ink-2">{program.name}</span> }
    });
    view! {
        <tr>
            <th scope="row" class="min-w-0">
                <span class="flex flex-wrap items-center gap-x-2">
                    <a class="max-w-full hover:underline md:max-w-72" href=href>
                        <span class="block truncate">{rule.keyword}</span>
                    </a>
                    {tag}
                </span>
            </th>
            <td class="max-md:order-last max-md:text-sm text-ink-2">{rule.matching.title()}</td>
            <td class="text-ink-2 max-md:hidden">{language}</td>
            <td class="min-w-0 max-md:order-last max-md:col-span-2">
                <span class="block max-w-96 truncate text-ink-2">{rule.url}</span>
                {program}
            </td>
            <td class="num">{format::count(rule.priority.into())}</td>
        </tr>
    }
    .into_any()
}

/// Why a rule does not count today, if it does not.
pub(super) fn tag(rule: &RuleRow) -> AnyView {
    let word = match rule.state {
        RuleState::On => return ().into_any(),
        RuleState::Off => "off".to_owned(),
        RuleState::Waiting => format!("from {}", rule.starts),
        RuleState::Over => "over".to_owned(),
    };
    view! { <span class="tag">{word}</span> }.into_any()
}

#[cfg(test)]
mod tests;
