//! Who could do what, and when.

use crate::{
    actions::review::load_review,
    components::{
        frame::{Frame, Heading, PageHead},
        icon::Icon,
        may::LinkIfMay,
        notice::Empty,
        people::{PeopleTab, PeopleTabs},
    },
    format::{As, Time},
    pages::{encode, failure},
    server,
    viewer::Visit,
};
use leptos::prelude::*;
use model::{
    Failure, FieldError, Permission, Permissions,
    review::{Review, ReviewQuery, ReviewRow},
    team::TeamCard,
};
use time::OffsetDateTime;

/// The review of the days that the address names.
pub fn show(visit: Visit) -> AnyView {
    let Some(team) = visit.team() else { return failure::show(visit, Failure::NotFound) };
    let query: ReviewQuery = server::query();
    let loading = load_review(team.slug.clone(), query.clone());
    Suspend::new(async move {
        match loading.await {
            Ok(review) => page(visit, team, query, Ok(review)),
            Err(Failure::Invalid(errors)) => {
                server::status(422);
                page(visit, team, query, Err(errors))
            }
            Err(failure) => failure::show(visit, failure),
        }
    })
    .into_any()
}

fn page(
    visit: Visit,
    team: TeamCard,
    query: ReviewQuery,
    found: Result<Review, Vec<FieldError>>,
) -> AnyView {
    let heading = Heading::of(&visit);
    let (errors, list) = match found {
        Ok(review) => (Vec::new(), list(&team, &query, review)),
        Err(errors) => (errors, ().into_any()),
    };
    let file = team.path(&format!("/review.csv{}", asked(&query)));
    let exporter = team.clone();
    view! {
        <Frame visit team=Some(team.clone()) heading=heading.clone()>
            <PeopleTabs team=team.clone() here=PeopleTab::Review/>
            <PageHead
                title=heading.title
                lead="Who held which role, from when to when, and what it let them do. The \
                      database keeps this itself whenever a membership or a role changes."
            >
                <LinkIfMay
                    team=exporter
                    permission=Permission::AuditExport
                    href=file
                    class="btn"
                >
                    {Icon::Download.draw()}
                    "Download as CSV"
                </LinkIfMay>
            </PageHead>
            {form(&team, &query, &errors)}
            {list}
        </Frame>
    }
    .into_any()
}

/// What is asked for, as the end of an address.
fn asked(query: &ReviewQuery) -> String {
    let asked = [("from", &query.from), ("to", &query.to), ("permission", &query.permission)];
    let asked = asked.into_iter().filter(|(_, value)| !value.is_empty());
    let asked: Vec<String> =
        asked.map(|(name, value)| format!("{name}={}", encode(value))).collect();
    if asked.is_empty() { String::new() } else { format!("?{}", asked.join("&")) }
}

fn form(team: &TeamCard, query: &ReviewQuery, errors: &[FieldError]) -> AnyView {
    let options = Permission::ALL
        .iter()
        .map(|permission| {
            let selected = permission.name() == query.permission;
            view! {
                <option value=permission.name() selected=selected>{permission.means()}</option>
            }
        })
        .collect_view();
    let wrong = errors.iter().map(|error| view! { <p>{error.message.clone()}</p> }).collect_view();
    let wrong = (!errors.is_empty()).then(|| {
        view! {
            <div class="refused" role="alert">
                {Icon::Alert.draw()}
                <div class="min-w-0">{wrong}</div>
            </div>
        }
    });
    view! {
        <form class="mb-5 grid gap-3" method="get" action=team.path("/members/review")>
            {wrong}
            <div class="flex flex-wrap items-end gap-3">
                {day("from", "From (empty: today)", &query.from, errors)}
                {day("to", "To (empty: that day)", &query.to, errors)}
                <div class="field w-full sm:w-80">
                    <label class="label" for="permission">"Who could"</label>
                    <select class="input" name="permission" id="permission">
                        <option value="">"anything"</option>
                        {options}
                    </select>
                </div>
                <button class="btn" type="submit">"Show"</button>
            </div>
        </form>
    }
    .into_any()
}

fn day(name: &'static str, label: &'static str, value: &str, errors: &[FieldError]) -> AnyView {
    let wrong = errors.iter().any(|error| error.field == name);
    view! {
        <div class="field">
            <label class="label" for=name>{label}</label>
            <input
                class="input w-44"
                // A picker would lose what is no day.
                type=if wrong { "text" } else { "date" }
                name=name
                id=name
                value=value.to_owned()
                aria-invalid=wrong.then_some("true")
            />
        </div>
    }
    .into_any()
}

fn list(team: &TeamCard, query: &ReviewQuery, review: Review) -> AnyView {
    let days = match review.first_day == review.last_day {
        true => format!("on {}", review.first_day),
        false => format!("from {} to {}", review.first_day, review.last_day),
    };
    if review.rows.is_empty() {
        let (title, today) = (format!("Nobody could, {days}"), team.path("/members/review"));
        return view! {
            <Empty title=title note="Nothing is known of days before the team was made.">
                <a class="btn" href=today>"Show today"</a>
            </Empty>
        }
        .into_any();
    }
    let now = server::now();
    let rows = review.rows.into_iter().map(|it| row(team, it, now)).collect_view();
    let next = review.next.map(|next| {
        let asked = asked(query);
        let mark = if asked.is_empty() { '?' } else { '&' };
        let href = team.path(&format!("/members/review{asked}{mark}before={next}"));
        view! { <a class="btn btn-sm" rel="next" href=href>"Next" {Icon::ChevronRight.draw()}</a> }
    });
    let first = query.before.is_some().then(|| {
        let href = team.path(&format!("/members/review{}", asked(query)));
        view! { <a class="btn btn-sm" rel="first" href=href>"First"</a> }
    });
    view! {
        <table class="ledger ledger-cards">
            <caption class="sr-only">{format!("Who could do what {days}")}</caption>
            <thead>
                <tr>
                    <th scope="col">"Person"</th>
                    <th scope="col">"Role"</th>
                    <th scope="col">"From"</th>
                    <th scope="col">"Until"</th>
                    <th scope="col">"Could"</th>
                </tr>
            </thead>
            <tbody>{rows}</tbody>
            <tfoot>
                <tr>
                    <td colspan=5>
                        <span class="flex flex-wrap items-center justify-between gap-2">
                            <span>{format!("By name, {days}; days begin in {}", review.zone)}</span>
                            <span class="flex gap-2">{first} {next}</span>
                        </span>
                    </td>
                </tr>
            </tfoot>
        </table>
    }
    .into_any()
}

fn row(team: &TeamCard, row: ReviewRow, now: OffsetDateTime) -> AnyView {
    let href = team.path(&format!("/members/{}", row.person));
    let until = match row.ended_at {
        Some(at) => view! { <Time at now worded=As::Exact/> }.into_any(),
        None => view! { <span class="text-ink-3">"still"</span> }.into_any(),
    };
    let could = Permissions::named(&row.permissions);
    let words =
        could.iter().map(|permission| view! { <li>{permission.means()}</li> }).collect_view();
    let count = match could.len() {
        1 => "1 thing".to_owned(),
        many => format!("{many} things"),
    };
    view! {
        <tr>
            <th scope="row" class="min-w-0 md:py-2">
                <a class="max-w-full hover:underline md:max-w-72" href=href>
                    <span class="truncate">{row.name}</span>
                </a>
                <span class="block text-sm font-normal wrap-anywhere text-ink-2">{row.email}</span>
            </th>
            <td data-label="Role">{row.role}</td>
            <td class="text-ink-2" data-label="From">
                <Time at=row.began_at now worded=As::Exact/>
            </td>
            <td class="text-ink-2" data-label="Until">{until}</td>
            <td data-label="Could">
                <details>
                    <summary class="cursor-pointer">{count}</summary>
                    <ul class="grid gap-0.5 py-2 text-sm text-ink-2">{words}</ul>
                </details>
            </td>
        </tr>
    }
    .into_any()
}
