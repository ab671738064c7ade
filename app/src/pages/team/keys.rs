//! The team's API keys.

use crate::{
    actions::key::load_keys,
    components::{
        frame::{Frame, Heading, PageHead},
        icon::Icon,
        list::ListFoot,
        may::LinkIfMay,
        notice::Empty,
        search::{self, SearchForm, choice},
    },
    format::{self, As, Time},
    pages, server,
    viewer::Visit,
};
use leptos::prelude::*;
use model::{
    Permission,
    key::{Environment, KeyOrder, KeyQuery, KeyRow, KeyState},
    page::Page,
    team::TeamCard,
};
use time::{Duration, OffsetDateTime};

/// A key that ends sooner than this is marked.
const SOON: Duration = Duration::days(14);

/// The list of keys.
pub fn show(visit: Visit) -> AnyView {
    let query: KeyQuery = server::query();
    let asked = query.clone();
    pages::load(
        visit,
        |team| load_keys(team.slug, query),
        move |visit, team, keys| page(visit, team, asked, keys),
    )
}

fn page(visit: Visit, team: TeamCard, query: KeyQuery, keys: Page<KeyRow>) -> AnyView {
    let heading = Heading::of(&visit);
    let content = content(&team, &query, keys);
    let lead = "Owned by the team, not by who made them. Only a hash is stored, so a key is shown \
                once and never again.";
    view! {
        <Frame visit team=Some(team.clone()) heading=heading.clone()>
            <PageHead title=heading.title lead>
                <CreateKey team class="btn btn-primary"/>
            </PageHead>
            {content}
        </Frame>
    }
    .into_any()
}

/// A team without keys is not asked what it looks for.
fn content(team: &TeamCard, query: &KeyQuery, keys: Page<KeyRow>) -> AnyView {
    let asks = path(team, query) != team.path("/keys");
    if !keys.rows.is_empty() || keys.newer.is_some() {
        return view! {
            {looked_for(team, query)}
            {list(team, query, keys)}
        }
        .into_any();
    }
    let all = team.path("/keys");
    let create = view! { <CreateKey team=team.clone() class="btn"/> };
    match asks {
        true => view! {
            {looked_for(team, query)}
            <Empty
                title="No key like that"
                note="Search for a part of a name or for how a key begins, or ask for less."
            >
                <a class="btn" href=all>"Show all keys"</a>
            </Empty>
        }
        .into_any(),
        false => view! {
            <Empty
                title="No keys yet"
                note="A key lets a customer’s program call your API. Make one, hand it over, and \
                      verify it with each call."
            >
                {create}
            </Empty>
        }
        .into_any(),
    }
}

fn looked_for(team: &TeamCard, query: &KeyQuery) -> AnyView {
    let environments = [("", "Live and test"), ("live", "Live"), ("test", "Test")];
    let states = KeyState::ALL.into_iter().filter(|state| *state != KeyState::Suspended);
    let states = states.map(|state| (state.name(), state.title()));
    let states = [("", "All states")].into_iter().chain(states);
    let orders = KeyOrder::ALL.map(|order| (order.name(), order.title()));
    let choices = [
        choice("environment", "Environment", environments, &query.environment),
        choice("state", "State", states, &query.state),
        choice("sort", "Order", orders, &query.sort),
    ];
    view! {
        <SearchForm path=team.path("/keys") words="Name or start of a key" typed=query.q.clone()>
            {choices}
        </SearchForm>
    }
    .into_any()
}

/// The address of these keys, with what is asked for and nothing else.
fn path(team: &TeamCard, query: &KeyQuery) -> String {
    let asked = [
        ("q", query.q.as_str()),
        ("environment", &query.environment),
        ("state", &query.state),
        ("sort", &query.sort),
    ];
    search::address(team.path("/keys"), &asked)
}

#[component]
fn CreateKey(team: TeamCard, class: &'static str) -> AnyView {
    let href = team.path("/keys/new");
    view! {
        <LinkIfMay team permission=Permission::KeysManage href class>
            {Icon::Plus.draw()}
            "Create key"
        </LinkIfMay>
    }
    .into_any()
}

fn list(team: &TeamCard, query: &KeyQuery, keys: Page<KeyRow>) -> AnyView {
    let now = server::now();
    let order = KeyOrder::from_name(&query.sort).unwrap_or_default();
    let caption = format!("API keys of {}: {}", team.name, order.title().to_lowercase());
    let words = match order {
        KeyOrder::Made => ("Newer", "Older"),
        _ => ("Back", "On"),
    };
    let rows = keys.rows.into_iter().map(|key| row(team, key, now)).collect_view();
    view! {
        <table class="ledger ledger-cards">
            <caption class="sr-only">{caption}</caption>
            <thead>
                <tr>
                    <th scope="col">"Name"</th>
                    <th scope="col">"Starts with"</th>
                    <th scope="col" class="max-xl:hidden">"Created by"</th>
                    <th scope="col" class="num !pe-10">"Calls, last 24 h"</th>
                    <th scope="col">"Last used"</th>
                    <th scope="col">"Ends"</th>
                    <th scope="col"><span class="sr-only">"Actions"</span></th>
                </tr>
            </thead>
            <tbody>{rows}</tbody>
            <ListFoot
                columns=7
                path=path(team, query)
                newer=keys.newer
                older=keys.older
                words=words
            >
                {order.title()}
            </ListFoot>
        </table>
    }
    .into_any()
}

fn row(team: &TeamCard, key: KeyRow, now: OffsetDateTime) -> AnyView {
    let used = key.last_used_at.clone();
    let href = team.path(&format!("/keys/{}", key.id));
    let created_by = key.created_by.clone().unwrap_or_else(|| "someone who left".to_owned());
    view! {
        <tr>
            <th scope="row" class="min-w-0">
                <span class="flex flex-wrap items-center gap-x-2">
                    <a class="max-w-full hover:underline md:max-w-72" href=href>
                        <span class="truncate">{key.name.clone()}</span>
                    </a>
                    {tags(&key)}
                </span>
            </th>
            <td class="max-md:order-last max-md:text-sm">
                <code class="text-ink-2">{key.start.clone()} "…"</code>
            </td>
            <td class="text-ink-2 max-xl:hidden">
                <span class="block max-w-44 truncate">{created_by}</span>
            </td>
            <td class="num !pe-10 max-md:hidden">{format::count(key.calls_24h)}</td>
            <td class="text-ink-2 max-md:order-last max-md:justify-self-end max-md:text-sm">
                {last_used(used, now)}
            </td>
            <td class="end max-md:self-center">{ends(&key, now)}</td>
            <td class="num max-md:hidden">{menu(team, &key)}</td>
        </tr>
    }
    .into_any()
}

/// What is to be known at a glance: a test key, one that no longer works.
pub(super) fn tags(key: &KeyRow) -> AnyView {
    let test = key.environment == Environment::Test;
    let state = (key.state != KeyState::Working).then(|| match key.state {
        KeyState::Disabled => "off",
        state => state.name(),
    });
    let rotating = key.previous.as_ref().is_some_and(|previous| previous.works);
    view! {
        {rotating.then(|| view! { <span class="tag">"two secrets"</span> })}
        {test.then(|| view! { <span class="tag">"test"</span> })}
        {state.map(|word| view! { <span class="tag">{word}</span> })}
    }
    .into_any()
}

fn last_used(at: Option<String>, now: OffsetDateTime) -> AnyView {
    match at {
        Some(at) => view! { <Time at now worded=As::Ago/> }.into_any(),
        None => view! { <span class="text-ink-3">"never"</span> }.into_any(),
    }
}

/// Whether a working key ends sooner than anybody would like to be surprised.
pub(super) fn ends_soon(key: &KeyRow, now: OffsetDateTime) -> bool {
    let end = key.expires_at.as_deref().and_then(format::moment);
    key.state == KeyState::Working && end.is_some_and(|end| end - now < SOON)
}

/// When it ends, marked when that is soon; or when it ended.
pub(super) fn ends(key: &KeyRow, now: OffsetDateTime) -> AnyView {
    let at = if key.state == KeyState::Revoked { &key.revoked_at } else { &key.expires_at };
    let Some(at) = at.clone() else {
        return view! { <span class="text-ink-2">"never"</span> }.into_any();
    };
    let soon =
        key.state == KeyState::Working && format::moment(&at).is_some_and(|end| end - now < SOON);
    if soon {
        return view! {
            <span class="tag tag-stale !text-sm">
                {Icon::Clock.draw()}
                <Time at now worded=As::Until/>
            </span>
        }
        .into_any();
    }
    view! { <span class="text-ink-2"><Time at now worded=As::Until/></span> }.into_any()
}

fn menu(team: &TeamCard, key: &KeyRow) -> AnyView {
    let id = format!("menu-{}", key.id);
    let page = team.path(&format!("/keys/{}", key.id));
    let may = team.may(Permission::KeysManage) && key.state != KeyState::Revoked;
    let revoke = may.then(|| {
        view! {
            <a class="menu-item" href=format!("{page}/rotate")>"Rotate"</a>
            <hr class="my-1 border-line"/>
            <a class="menu-item danger" href=format!("{page}/revoke")>"Revoke for good"</a>
        }
    });
    view! {
        <button
            class="btn btn-quiet btn-icon"
            type="button"
            popovertarget=id.clone()
            aria-label=format!("Actions for {}", key.name)
        >
            {Icon::Dots.draw()}
        </button>
        <div popover="auto" id=id class="menu text-start">
            <a class="menu-item" href=page.clone()>"Open"</a>
            <a class="menu-item" href=format!("{page}#verify")>"Verify with curl"</a>
            {revoke}
        </div>
    }
    .into_any()
}

#[cfg(test)]
mod tests;
