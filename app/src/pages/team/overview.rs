//! The overview of a team: how things stand, what to do first, what happened last.

mod first_steps;
mod latest;
mod newest_keys;

use crate::{
    actions::{audit::load_events, key::load_keys, team::load_overview},
    components::frame::{Frame, Heading},
    format::{self, As, Time},
    pages, server,
    viewer::Visit,
};
use first_steps::first_steps;
use latest::latest;
use leptos::prelude::*;
use model::{
    Failure, Permission,
    audit::{AuditPage, AuditQuery},
    key::{KeyQuery, KeyRow},
    page::Page,
    team::{Overview, TeamCard},
};
use newest_keys::newest_keys;
use time::{OffsetDateTime, format_description::well_known::Rfc3339};

/// A team with fewer records than this is shown its first steps.
const YOUNG: i64 = 40;

/// What the page shows.
struct State {
    numbers: Overview,
    /// The newest keys; none when the viewer may not see keys.
    keys: Option<Page<KeyRow>>,
    log: AuditPage,
}

/// The overview.
pub fn show(visit: Visit) -> AnyView {
    pages::load(visit, load, page)
}

async fn load(team: TeamCard) -> Result<State, Failure> {
    let numbers = load_overview(team.slug.clone()).await?;
    let keys = if team.may(Permission::KeysView) {
        Some(load_keys(team.slug.clone(), KeyQuery::default()).await?)
    } else {
        None
    };
    let log = load_events(team.slug, AuditQuery::default()).await?;
    Ok(State { numbers, keys, log })
}

fn page(visit: Visit, team: TeamCard, State { numbers, keys, log }: State) -> AnyView {
    let now = server::now();
    let soon = keys.as_ref().and_then(|keys| ending_soon(keys, now)).unwrap_or_default();
    let sentence = sentence(&numbers, soon);
    let today = now.format(&Rfc3339).unwrap_or_default();
    let heading = Heading::of(&visit);
    let left = keys.map(|keys| {
        if numbers.records < YOUNG {
            first_steps(&team, &keys.rows)
        } else {
            newest_keys(&team, &keys.rows)
        }
    });
    let columns = if left.is_some() { "xl:grid-cols-[minmax(0,7fr)_minmax(0,5fr)]" } else { "" };
    view! {
        <Frame visit team=Some(team.clone()) heading>
            <p class="text-ink-2"><Time at=today now worded=As::LongDate/></p>
            <h1 class="mt-1 mb-7 max-w-[34ch] text-xl font-[620] md:text-2xl">{sentence}</h1>
            {figures(&numbers)}
            <div class=format!("grid gap-x-12 gap-y-8 {columns}")>
                {left}
                {latest(&team, log)}
            </div>
        </Frame>
    }
    .into_any()
}

/// How many keys end soon; nothing when this is not all of them.
fn ending_soon(keys: &Page<KeyRow>, now: OffsetDateTime) -> Option<i64> {
    let all = keys.older.is_none() && keys.newer.is_none();
    let soon = || keys.rows.iter().filter(|key| super::keys::ends_soon(key, now)).count();
    all.then(soon).and_then(|count| i64::try_from(count).ok())
}

/// The state of things in a sentence or two.
fn sentence(numbers: &Overview, soon: i64) -> String {
    let Some(keys) = numbers.keys else {
        return format!("{} in the record.", format::counted(numbers.records, "entry", "entries"));
    };
    let work = match (keys.all, keys.working) {
        (0, _) => return "No keys yet. The first one takes a minute.".to_owned(),
        (_, 0) => return "No key works. Each has ended or was revoked.".to_owned(),
        (_, 1) => "One key works.".to_owned(),
        (_, working) => format!("{} work.", format::counted(working, "key", "keys")),
    };
    match soon {
        0 => work,
        1 => format!("{work} One ends within 14 days."),
        many => format!("{work} {} end within 14 days.", format::number(many)),
    }
}

fn figures(numbers: &Overview) -> AnyView {
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
    let keys = numbers.keys.map(|keys| {
        let of_all = format!(" of {}", format::count(keys.all));
        figure("Working keys", keys.working, of_all)
    });
    view! {
        <dl class="mb-8 grid grid-cols-2 gap-x-8 gap-y-3 border-y border-line py-3 md:grid-cols-4">
            {keys}
            {figure("People", numbers.members, String::new())}
            {figure("Records", numbers.records, String::new())}
        </dl>
    }
    .into_any()
}

#[cfg(test)]
mod tests {
    use super::*;
    use model::team::KeyCounts;

    fn said(all: i64, working: i64, soon: i64) -> String {
        let keys = Some(KeyCounts { all, working });
        sentence(&Overview { keys, members: 1, records: 1 }, soon)
    }

    #[test]
    fn who_may_not_see_keys_is_not_told_that_there_are_none() {
        let numbers = Overview { keys: None, members: 4, records: 12 };
        assert_eq!(sentence(&numbers, 0), "Twelve entries in the record.");
    }

    #[test]
    fn the_sentence_says_how_things_stand() {
        assert_eq!(said(0, 0, 0), "No keys yet. The first one takes a minute.");
        assert_eq!(said(2, 0, 0), "No key works. Each has ended or was revoked.");
        assert_eq!(said(2, 1, 0), "One key works.");
        assert_eq!(said(9, 5, 1), "Five keys work. One ends within 14 days.");
        assert_eq!(said(40, 36, 14), "36 keys work. 14 end within 14 days.");
    }
}
