//! One API key: what is known about it, and how to verify it.

use super::keys::{ends, tags};
use crate::{
    actions::key::load_key,
    components::{
        curl::VerifyWithCurl,
        facts::{Fact, Facts, Section},
        frame::{Frame, Heading},
        may::LinkIfMay,
    },
    format::{self, As, Time},
    pages, server,
    viewer::Visit,
};
use leptos::prelude::*;
use model::{
    Permission,
    key::{KeyRow, KeyState},
    team::TeamCard,
};
use time::OffsetDateTime;

/// The key's page.
pub fn show(visit: Visit) -> AnyView {
    let key = visit.param("key").to_owned();
    pages::load(visit, |team| load_key(team.slug, key), page)
}

fn page(visit: Visit, team: TeamCard, key: KeyRow) -> AnyView {
    let heading = Heading::named(&visit, key.name.clone());
    let start = key.start.clone();
    view! {
        <Frame visit team=Some(team.clone()) heading>
            {head(&team, &key)}
            <Section id="facts" title="About this key" note=state(&key)>
                {facts(key)}
            </Section>
            <Section id="verify" title="Verify it" note="From any machine that reaches Probity.">
                <VerifyWithCurl start/>
            </Section>
        </Frame>
    }
    .into_any()
}

fn head(team: &TeamCard, key: &KeyRow) -> AnyView {
    let revoke = (key.state != KeyState::Revoked).then(|| {
        let href = team.path(&format!("/keys/{}/revoke", key.id));
        let permission = Permission::KeysManage;
        view! {
            <LinkIfMay team=team.clone() permission href class="btn btn-danger-line">
                "Revoke key"
            </LinkIfMay>
        }
    });
    view! {
        <div class="mb-6 flex flex-wrap items-end justify-between gap-x-8 gap-y-3">
            <div class="min-w-0">
                <h1 class="title flex flex-wrap items-center gap-x-3 wrap-anywhere">
                    <span class="min-w-0">{key.name.clone()}</span>
                    {tags(key)}
                </h1>
                <p class="mt-1"><code class="text-ink-2">{key.start.clone()} "…"</code></p>
            </div>
            {revoke}
        </div>
    }
    .into_any()
}

fn state(key: &KeyRow) -> String {
    let code = key.state.code().name();
    match key.state {
        KeyState::Working => "It works.".to_owned(),
        KeyState::Ended => format!("It has ended and is refused with {code}."),
        KeyState::Revoked => format!("It was revoked and is refused with {code}."),
    }
}

/// When it ends or ended, as a date and as an age.
fn end_date(key: &KeyRow, now: OffsetDateTime) -> AnyView {
    let at = if key.state == KeyState::Revoked { &key.revoked_at } else { &key.expires_at };
    let Some(at) = at.clone() else { return "never".into_any() };
    if key.state != KeyState::Working {
        return view! { <Time at now worded=As::Exact/> }.into_any();
    }
    view! {
        <Time at now worded=As::Date/>
        ", "
        {ends(key, now)}
    }
    .into_any()
}

fn facts(key: KeyRow) -> AnyView {
    let now = server::now();
    let ends = end_date(&key, now);
    let ends_word = if key.state == KeyState::Revoked { "Revoked" } else { "Ends" };
    let used = match key.last_used_at {
        Some(at) => view! { <Time at now worded=As::Ago/> }.into_any(),
        None => "never".into_any(),
    };
    let networks = match key.networks.is_empty() {
        true => "anywhere".to_owned(),
        false => key.networks.join(", "),
    };
    let created_by = key.created_by.unwrap_or_else(|| "someone who left".to_owned());
    view! {
        <Facts>
            <Fact name="Last used">{used}</Fact>
            <Fact name="Calls, last 24 h">{format::count(key.calls_24h)}</Fact>
            <Fact name=ends_word>{ends}</Fact>
            <Fact name="Used from">{networks}</Fact>
            <Fact name="Environment">{key.environment.name()}</Fact>
            <Fact name="Created">
                <Time at=key.created_at now worded=As::Exact/>
                " by "
                {created_by}
            </Fact>
            <Fact name="Id"><code>{key.id.to_string()}</code></Fact>
        </Facts>
    }
    .into_any()
}
