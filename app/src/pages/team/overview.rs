//! The overview of a team: how things stand, what to do first, what happened last.

use crate::{
    actions::{audit::load_events, key::load_keys, team::load_overview},
    components::{
        frame::{Frame, Heading},
        mark::ChainMark,
        may::LinkIfMay,
    },
    format::{self, As, Time},
    pages, server,
    viewer::Visit,
};
use leptos::prelude::*;
use model::{
    Failure, Permission,
    audit::{AuditPage, AuditRow},
    key::KeyRow,
    page::Around,
    team::{Overview, TeamCard},
};

/// How many records the overview shows.
const LATEST: usize = 6;

/// A team with fewer records than this is shown its first steps.
const YOUNG: i64 = 40;

/// The first steps: what to do, and what to know about it.
const MAKE: (&str, &str) = ("Make a key", "It is shown once, so have a place for it.");
const VERIFY: (&str, &str) = ("Verify it with curl", "As your API will, with each call.");
const READ: (&str, &str) = ("Read it in the record", "Who made it, when it was first used.");

/// What the page shows.
struct State {
    numbers: Overview,
    /// The newest keys; none when the viewer may not see keys.
    keys: Option<Vec<KeyRow>>,
    log: AuditPage,
}

/// The overview.
pub fn show(visit: Visit) -> AnyView {
    pages::load(visit, load, page)
}

async fn load(team: TeamCard) -> Result<State, Failure> {
    let numbers = load_overview(team.slug.clone()).await?;
    let keys = if team.may(Permission::KeysView) {
        Some(load_keys(team.slug.clone(), Around::default()).await?.rows)
    } else {
        None
    };
    let log = load_events(team.slug, Around::default()).await?;
    Ok(State { numbers, keys, log })
}

fn page(visit: Visit, team: TeamCard, state: State) -> AnyView {
    let now = server::now();
    let sentence = sentence(&state.numbers);
    let today = now.date().to_string();
    let heading = Heading::of(&visit);
    let steps = (state.numbers.records < YOUNG).then_some(state.keys).flatten();
    let numbers = numbers(&state.numbers);
    let columns = if steps.is_some() { "xl:grid-cols-[minmax(0,7fr)_minmax(0,5fr)]" } else { "" };
    view! {
        <Frame visit team=Some(team.clone()) heading>
            <p class="text-ink-2"><time datetime=today>{format::long_date(now)}</time></p>
            <h1 class="mt-1 mb-7 max-w-[34ch] text-xl font-[620] md:text-2xl">{sentence}</h1>
            {numbers}
            <div class=format!("grid gap-x-12 gap-y-8 {columns}")>
                {steps.map(|keys| first_steps(&team, &keys))}
                {latest(&team, state.log)}
            </div>
        </Frame>
    }
    .into_any()
}

/// One sentence on the state of things.
fn sentence(numbers: &Overview) -> String {
    match (numbers.keys, numbers.keys_working) {
        (0, _) => "No keys yet. The first one takes a minute.".to_owned(),
        (_, 0) => "No key works. Each has ended or was revoked.".to_owned(),
        (_, 1) => "One key works.".to_owned(),
        (_, working) => format!("{} work.", format::counted(working, "key", "keys")),
    }
}

fn numbers(numbers: &Overview) -> AnyView {
    let figure = |name: &'static str, value: i64, note: String| {
        view! {
            <div>
                <dt class="head">{name}</dt>
                <dd class="text-lg font-[620]">
                    {format::count(value)}
                    <span class="text-base font-normal text-ink-2">{note}</span>
                </dd>
            </div>
        }
    };
    let of_all = format!(" of {}", format::count(numbers.keys));
    view! {
        <dl class="mb-8 grid grid-cols-2 gap-x-8 gap-y-3 border-y border-line py-3 md:grid-cols-4">
            {figure("Working keys", numbers.keys_working, of_all)}
            {figure("People", numbers.members, String::new())}
            {figure("Records", numbers.records, String::new())}
        </dl>
    }
    .into_any()
}

/// Make a key, verify it, read both in the record: done, now, later, from what has happened.
fn first_steps(team: &TeamCard, keys: &[KeyRow]) -> AnyView {
    let made = !keys.is_empty();
    let used = keys.iter().any(|key| key.last_used_at.is_some());
    let newest = keys.first().map(|key| team.path(&format!("/keys/{}#verify", key.id)));
    let at = |done: bool, before: bool| match (done, before) {
        (true, _) => "done",
        (false, true) => "now",
        (false, false) => "",
    };
    let make = (!made).then(|| {
        let href = team.path("/keys/new");
        let (team, permission) = (team.clone(), Permission::KeysManage);
        view! {
            <LinkIfMay team permission href class="btn btn-primary">
                "Create a key"
            </LinkIfMay>
        }
    });
    let verify = newest
        .filter(|_| !used)
        .map(|href| view! { <a class="btn btn-primary" href=href>"Show the command"</a> });
    let read =
        used.then(|| view! { <a class="btn" href=team.path("/audit")>"Open the audit log"</a> });
    let stops = [
        stop(at(made, true), MAKE, make.into_any()),
        stop(at(used, made), VERIFY, verify.into_any()),
        stop(at(false, used), READ, read.into_any()),
    ];
    view! {
        <section aria-labelledby="steps" class="border-t-[1.5px] border-ink pt-3">
            <h2 class="sect-title" id="steps">"First steps"</h2>
            <ol class="stops mt-4 max-w-form">{stops.collect_view()}</ol>
        </section>
    }
    .into_any()
}

fn stop(state: &'static str, (name, about): (&'static str, &'static str), act: AnyView) -> AnyView {
    let spoken = match state {
        "done" => "Done: ",
        "now" => "Now: ",
        _ => "Later: ",
    };
    view! {
        <li class=state>
            <span class="font-[620]">
                <span class="sr-only">{spoken}</span>
                {name}
            </span>
            <span class="text-sm text-ink-2">{about}</span>
            <div class="mt-2 empty:hidden">{act}</div>
        </li>
    }
    .into_any()
}

fn latest(team: &TeamCard, log: AuditPage) -> AnyView {
    let now = server::now();
    let rows = log.page.rows.into_iter().take(LATEST);
    let rows = rows.map(|event| row(team, event, now)).collect_view();
    let proof = log.proof.map(|proof| {
        view! {
            <tfoot>
                <tr>
                    <td colspan="3">
                        <span class="flex flex-wrap items-center justify-between gap-2">
                            <ChainMark proof/>
                            <span>"checked just now"</span>
                        </span>
                    </td>
                </tr>
            </tfoot>
        }
    });
    view! {
        <section aria-labelledby="latest" class="min-w-0 border-t-[1.5px] border-ink pt-3">
            <div class="flex items-baseline justify-between">
                <h2 class="sect-title" id="latest">"Latest in the record"</h2>
                <a class="link text-sm" href=team.path("/audit")>"Audit log"</a>
            </div>
            <table class="ledger ledger-flush mt-1">
                <caption class="sr-only">"Latest audit events"</caption>
                <thead class="sr-only">
                    <tr>
                        <th scope="col">"Number"</th>
                        <th scope="col">"When"</th>
                        <th scope="col">"Event"</th>
                    </tr>
                </thead>
                <tbody>{rows}</tbody>
                {proof}
            </table>
        </section>
    }
    .into_any()
}

fn row(team: &TeamCard, event: AuditRow, now: time::OffsetDateTime) -> AnyView {
    view! {
        <tr>
            <td class="folio !w-14 !ps-0">
                <a href=team.path(&format!("/audit/{}", event.seq)) class="hover:underline">
                    {event.seq}
                </a>
            </td>
            <td class="w-24 whitespace-nowrap text-ink-2">
                <Time at=event.at now worded=As::Ago/>
            </td>
            <td class="wrap-anywhere">
                <span class="font-[560]">{event.actor}</span>
                " "
                <code class="text-ink-2">{event.action}</code>
                " "
                <span class="text-ink-2">{format::target(&event.target)}</span>
            </td>
        </tr>
    }
    .into_any()
}
