//! The team's API keys.

mod row;

pub(super) use row::{ends, ends_soon, tags, used};

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
    pages, server,
    viewer::Visit,
};
use leptos::prelude::*;
use model::{
    Permission,
    key::{KeyOrder, KeyQuery, KeyRow, KeyState},
    page::Page,
    team::TeamCard,
};
use row::row;

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

#[cfg(test)]
mod tests;
