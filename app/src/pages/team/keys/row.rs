//! One key in the list, and what is said of it at a glance.

use crate::{
    components::icon::Icon,
    format::{self, As, Time},
};
use leptos::prelude::*;
use model::{
    Permission,
    key::{Environment, KeyRow, KeyState},
    team::TeamCard,
};
use time::{Duration, OffsetDateTime};

/// A key that ends sooner than this is marked.
const SOON: Duration = Duration::days(14);

pub(super) fn row(team: &TeamCard, key: KeyRow, now: OffsetDateTime) -> AnyView {
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
pub(in crate::pages::team) fn tags(key: &KeyRow) -> AnyView {
    let test = key.environment == Environment::Test;
    let state = (key.state != KeyState::Working).then(|| match key.state {
        KeyState::Disabled => "off",
        state => state.name(),
    });
    let found = key.leak.is_some();
    let rotating = key.previous.as_ref().is_some_and(|previous| previous.works);
    view! {
        {found.then(|| {
            view! { <span class="tag tag-broken">{Icon::Alert.draw()} "found in public"</span> }
        })}
        {rotating.then(|| view! { <span class="tag">"two secrets"</span> })}
        {test.then(|| view! { <span class="tag">"test"</span> })}
        {state.map(|word| view! { <span class="tag">{word}</span> })}
    }
    .into_any()
}

/// When it was last used, and from where as far as somebody said it.
pub(in crate::pages::team) fn used(
    key: &KeyRow,
    now: OffsetDateTime,
    never: &'static str,
) -> AnyView {
    let Some(at) = key.last_used_at.clone() else { return never.into_any() };
    let from = key.last_used_from.clone();
    let from = (!from.is_empty()).then(|| format!(", from {from}"));
    view! {
        <Time at now worded=As::Ago/>
        {from}
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
pub(in crate::pages::team) fn ends_soon(key: &KeyRow, now: OffsetDateTime) -> bool {
    let end = key.expires_at.as_deref().and_then(format::moment);
    key.state == KeyState::Working && end.is_some_and(|end| end - now < SOON)
}

/// When it ends, marked when that is soon; or when it ended.
pub(in crate::pages::team) fn ends(key: &KeyRow, now: OffsetDateTime) -> AnyView {
    let at = if key.state == KeyState::Revoked { &key.revoked_at } else { &key.expires_at };
    let Some(at) = at.clone() else {
        return view! { <span class="text-ink-2">"never"</span> }.into_any();
    };
    if ends_soon(key, now) {
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
