//! The audit log: every change in the team, and what it is searched for.

mod activity;

use crate::{
    actions::audit::{load_activity, load_events, load_searches},
    components::{
        events::{Events, Pages},
        frame::{Frame, Heading, PageHead},
        icon::Icon,
        may::{LinkIfMay, needs},
        notice::Empty,
        saved,
        search::{SearchForm, address, choice},
    },
    islands::{drawer::Drawer, tail::Tail, times::TimesSwitch},
    pages, server,
    viewer::Visit,
};
use leptos::prelude::*;
use model::{
    Failure, FieldError, Permission,
    audit::{ActivityDay, AuditPage, AuditQuery, Category, Outcome, SavedSearch, Severity},
    team::TeamCard,
};

/// A page of the log, or what is not understood of the search.
type Found = Result<AuditPage, Vec<FieldError>>;

/// What stands around it: how much was recorded, and which searches are kept.
type Around = (Vec<ActivityDay>, Vec<SavedSearch>);

/// The log.
pub fn show(visit: Visit) -> AnyView {
    let query: AuditQuery = server::query();
    let line = query.line();
    pages::load(
        visit,
        |team| async move {
            // The log stands without either.
            let days = load_activity(team.slug.clone()).await.unwrap_or_default();
            let around = (days, load_searches(team.slug.clone()).await.unwrap_or_default());
            match load_events(team.slug, query).await {
                Err(Failure::Invalid(errors)) => {
                    server::status(422);
                    Ok((Err(errors), around))
                }
                found => found.map(|found| (Ok(found), around)),
            }
        },
        move |visit, team, (found, around)| page(visit, team, &line, found, around),
    )
}

fn page(visit: Visit, team: TeamCard, line: &str, found: Found, around: Around) -> AnyView {
    let (days, searches) = around;
    let heading = Heading::of(&visit);
    let lead = match &found {
        Ok(log) if !log.whole => {
            format!("Your own acts. The whole log: {}.", needs(Permission::AuditView))
        }
        _ => {
            "Every change in the team, in a chain that shows when it was tampered with.".to_owned()
        }
    };
    let above = above(&visit, &team, line, &found);
    let (search, content) = (looked_for(&team, line), content(&team, line, found));
    let searches = saved::links(&team, line, searches);
    let save = saved::form(&visit, &team, line);
    let activity = activity::chart(&team, line, days);
    let away = away(&team, line);
    view! {
        <Frame visit team=Some(team.clone()) heading=heading.clone()>
            <PageHead title=heading.title lead>
                {away}
            </PageHead>
            {searches}
            {search}
            {save}
            {activity}
            {above}
            {content}
            <Drawer/>
        </Frame>
    }
    .into_any()
}

/// What is done with the list: following it, where it begins with the newest, and how times are told.
fn above(visit: &Visit, team: &TeamCard, line: &str, found: &Found) -> AnyView {
    let Ok(log) = found else { return ().into_any() };
    // An empty list begins a little before the last record, which may have come after it was read.
    let newest = log.page.rows.first().map_or((log.mark.head - 50).max(0), |row| row.seq);
    let tail = log.page.newer.is_none().then(|| {
        view! { <Tail team=team.slug.clone() search=line.to_owned() after=newest/> }
    });
    let chosen = visit.page.times.name();
    view! {
        <div class="mb-2 flex flex-wrap items-center justify-between gap-3">
            {tail} <TimesSwitch chosen=chosen/>
        </div>
    }
    .into_any()
}

/// The ways out of the log.
fn away(team: &TeamCard, line: &str) -> AnyView {
    let permission = Permission::AuditExport;
    let (exports, streams) = (team.path("/audit/exports"), team.path("/audit/streams"));
    let exports = address(exports, &[("q", line)]);
    let stream = team.may(permission).then(|| view! { <a class="btn" href=streams>"Stream"</a> });
    view! {
        <LinkIfMay team=team.clone() permission href=exports class="btn">
            {Icon::Download.draw()}
            "Export"
        </LinkIfMay>
        {stream}
    }
    .into_any()
}

fn content(team: &TeamCard, line: &str, found: Found) -> AnyView {
    let all = team.path("/audit");
    match found {
        Err(errors) => {
            let said: Vec<String> = errors.into_iter().map(|error| error.message).collect();
            view! { <p class="refused" role="alert" id="misread">{said.join(" ")}</p> }.into_any()
        }
        Ok(log) if log.page.rows.is_empty() && !line.is_empty() => view! {
            <Empty title="Nothing fits" note="Look for less, or for something else.">
                <a class="btn" href=all>"Show everything"</a>
            </Empty>
        }
        .into_any(),
        Ok(log) => {
            let asked = address(all.clone(), &[("q", line)]);
            view! { <Events log path=all asked pages=Pages::Each/> }.into_any()
        }
    }
}

/// The line and the choices beside it; what was chosen is a word of the line, too.
fn looked_for(team: &TeamCard, line: &str) -> AnyView {
    let chosen = |field: &str| AuditQuery::chosen(line, field);
    let categories = Category::ALL.map(|one| (one.name(), one.title()));
    let outcomes = Outcome::ALL.map(|one| (one.name(), one.name()));
    let severities = Severity::ALL.map(|one| (one.name(), one.title()));
    let with_all = |all: &'static str, some: &[(&'static str, &'static str)]| {
        [("", all)].into_iter().chain(some.iter().copied()).collect::<Vec<_>>()
    };
    let category = with_all("All categories", &categories);
    let outcome = with_all("Any result", &outcomes);
    let severity = with_all("Any severity", &severities);
    let choices = [
        choice("category", "Category", category, chosen("category")),
        choice("outcome", "Result", outcome, chosen("outcome")),
        choice("severity", "Severity", severity, chosen("severity")),
    ];
    let (since, until) = AuditQuery::days(line);
    let written = written(line);
    let line = line.to_owned();
    view! {
        <SearchForm path=team.path("/audit") words="Search the log" typed=line.clone() below=written>
            <input type="hidden" name="was" value=line/>
            {choices}
            {day("since", "From", since)}
            {day("until", "Until", until)}
        </SearchForm>
        <details class="-mt-1 mb-5 text-sm text-ink-2">
            <summary class="w-fit cursor-pointer">"What a search can say"</summary>
            <dl class="mt-3 grid max-w-[64ch] gap-x-6 gap-y-2 sm:grid-cols-[max-content_1fr]">
                {SAYS.map(says).collect_view()}
            </dl>
        </details>
    }
    .into_any()
}

/// Fields of the line whose values are written, with what is an example of each.
const WRITTEN: [(&str, &str, &str); 5] = [
    ("action", "Action", "key.*"),
    ("actor", "Who", "Ada Lind"),
    ("target", "To what", "key_…"),
    ("ip", "Address", "203.0.113.0/24"),
    ("country", "Country", "NO"),
];

/// They are open where the line says one of them.
fn written(line: &str) -> AnyView {
    let said = WRITTEN.map(|(name, ..)| AuditQuery::said(line, name));
    let is_open = said.iter().any(|said| !said.is_empty());
    let fields = WRITTEN.into_iter().zip(said).map(|((name, label, example), said)| {
        view! {
            <label class="grid gap-1 text-sm text-ink-2">
                {label} <input class="input w-full" name=name value=said placeholder=example/>
            </label>
        }
    });
    view! {
        <details class="w-full text-sm text-ink-2" open=is_open>
            <summary class="w-fit cursor-pointer">"Who, what, where from"</summary>
            <div class="mt-3 grid grid-cols-2 gap-3 sm:grid-cols-5">{fields.collect_view()}</div>
        </details>
    }
    .into_any()
}

/// One end of the days that are looked at.
fn day(name: &'static str, label: &'static str, chosen: String) -> impl IntoView {
    view! {
        <label class="flex items-center gap-1.5 text-sm text-ink-2">
            {label}
            <input class="input w-36" type="date" name=name value=chosen/>
        </label>
    }
}

const SAYS: [(&str, &str); 10] = [
    ("action:key.revoke", "One action; action:key.* for all about keys."),
    ("actor:\"Ada Lind\"", "Who did it: part of a name, an id, me, person, key or system."),
    ("target:key_…", "What it was done to, by its id; request:req_… is all of one request."),
    ("ip:203.0.113.0/24", "Where from: an address or a network."),
    ("country:NO", "Where from, by the two letters of a country."),
    (
        "created:>=2026-01-31",
        "From a day on, in your time zone; also <, <=, > and 2026-01-01..2026-01-31.",
    ),
    ("category:members", "Also roles, keys, data, security, settings and sign-in."),
    ("outcome:refused", "How it ended: ok or refused."),
    (
        "billing \"two words\"",
        "Text of the record, of its heading or of the name of who did it; or an id, as a whole.",
    ),
    ("-actor:system", "A minus takes out what fits."),
];

fn says((example, means): (&'static str, &'static str)) -> impl IntoView {
    view! {
        <dt><code class="wrap-anywhere">{example}</code></dt>
        <dd class="max-sm:mb-2">{means}</dd>
    }
}
