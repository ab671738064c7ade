//! One API key: what is known about it, and how to verify it.

mod acts;
mod leak;
pub(super) mod terms;

use super::keys::{ends, tags, used};
use crate::{
    actions::key::load_key,
    components::{
        curl::VerifyWithCurl,
        facts::{Fact, Facts, Section},
        frame::{Frame, Heading},
        history::{History, with_history},
        may::LinkIfMay,
    },
    format::{self, As, Time},
    pages, server,
    viewer::Visit,
};
use leptos::prelude::*;
use model::{
    Permission,
    audit::AuditPage,
    key::{KeyRow, KeyState},
    team::TeamCard,
};
use time::OffsetDateTime;

/// The key's page.
pub fn show(visit: Visit) -> AnyView {
    let key = visit.param("key").to_owned();
    pages::load(
        visit,
        |team| {
            let found = load_key(team.slug.clone(), key.clone());
            with_history(team, key, found)
        },
        page,
    )
}

fn page(visit: Visit, team: TeamCard, (key, history): (KeyRow, Option<AuditPage>)) -> AnyView {
    let heading = Heading::named(&visit, key.name.clone());
    let (id, start) = (key.id.to_string(), key.start.clone());
    let head = head(&team, &key);
    let leak = leak::warning(&visit, &team, &key);
    let secrets = acts::secrets(&visit, &team, &key);
    let (state, facts, limits) = (state(&key), facts(&team, &key), limits(&key));
    let switch = acts::switch(&visit, &team, &key);
    view! {
        <Frame visit team=Some(team.clone()) heading>
            {head}
            {leak}
            {secrets}
            <Section id="facts" title="About this key" note=state>
                {facts}
            </Section>
            <Section id="may" title="What it may" note="Verify answers by it.">
                {limits}
            </Section>
            <Section id="verify" title="Verify it" note="From any machine that reaches Probity.">
                <VerifyWithCurl start/>
            </Section>
            <History team=team.clone() target=id log=history/>
            {switch}
        </Frame>
    }
    .into_any()
}

fn head(team: &TeamCard, key: &KeyRow) -> AnyView {
    let page = team.path(&format!("/keys/{}", key.id));
    let permission = Permission::KeysManage;
    let may = team.may(permission);
    let overlaps = key.previous.as_ref().is_some_and(|old| old.works);
    let rotate = (may && key.state == KeyState::Working && !overlaps).then(|| {
        view! { <a class="btn" href=format!("{page}/rotate")>"Rotate"</a> }
    });
    let change = (may && key.state != KeyState::Revoked).then(|| {
        view! { <a class="btn" href=format!("{page}/edit")>"Change"</a> }
    });
    let revoke = (key.state != KeyState::Revoked).then(|| {
        let href = format!("{page}/revoke");
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
            <div class="flex flex-wrap gap-2">{change} {rotate} {revoke}</div>
        </div>
    }
    .into_any()
}

fn state(key: &KeyRow) -> String {
    let code = key.state.code().name();
    match key.state {
        KeyState::Working => "It works.".to_owned(),
        KeyState::Suspended => {
            format!(
                "The team waits to be deleted, or whoever runs this Probity has suspended it: the key is \
                 refused with {code}."
            )
        }
        KeyState::Disabled => format!("It is switched off and is refused with {code}."),
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

/// What verify looks at beside the key itself.
fn limits(key: &KeyRow) -> AnyView {
    let listed = |words: &[String], none: &str| match words.is_empty() {
        true => none.to_owned(),
        false => words.join(", "),
    };
    let rate = match key.rate {
        Some(rate) => format!("{} a {}", format::count(rate.limit.into()), rate.per.name()),
        None => "as often as wanted".to_owned(),
    };
    let quota = match key.quota {
        Some(quota) => format!(
            "{} a month, {} used",
            format::count(quota),
            format::count(key.quota_used.min(quota))
        ),
        None => "as many as wanted".to_owned(),
    };
    let spent = key.quota.map(|quota| {
        let used = key.quota_used.min(quota).to_string();
        view! {
            <progress
                class="meter mt-1.5 max-w-60"
                max=quota.to_string()
                value=used
                aria-label="Used of this month’s quota"
            />
        }
    });
    let metadata = (!key.metadata.is_empty()).then(|| {
        let metadata = key.metadata.clone();
        view! {
            <Fact name="Metadata">
                <code>{metadata}</code>
            </Fact>
        }
    });
    let own: Vec<String> = key.own_scopes().map(str::to_owned).collect();
    let (scopes, networks) = (listed(&own, "none"), listed(&key.networks, "anywhere"));
    let ours = key.permissions();
    let ours = (!ours.is_empty()).then(|| {
        let means = ours.iter().map(|permission| view! { <li>{permission.means()}</li> });
        view! {
            <Fact name="In Probity">
                <ul>{means.collect_view()}</ul>
            </Fact>
        }
    });
    view! {
        <Facts>
            <Fact name="Scopes">{scopes}</Fact>
            <Fact name="Used from">{networks}</Fact>
            <Fact name="Rate">{rate}</Fact>
            <Fact name="Quota">{quota} {spent}</Fact>
            {ours}
            {metadata}
        </Facts>
    }
    .into_any()
}

fn facts(team: &TeamCard, key: &KeyRow) -> AnyView {
    let now = server::now();
    let ends = end_date(key, now);
    let ends_word = if key.state == KeyState::Revoked { "Revoked" } else { "Ends" };
    let used = used(key, now, "never");
    let usage = team.may(Permission::UsageView).then(|| {
        let href = team.path(&format!("/usage?key={}", key.id));
        view! {
            " "
            <a class="link" href=href>"look at all"</a>
        }
    });
    let rotated = key.rotated_at.clone().map(|at| {
        view! {
            <Fact name="Rotated">
                <Time at now worded=As::Exact/>
            </Fact>
        }
    });
    let created_by = key.created_by.clone().unwrap_or_else(|| "someone who left".to_owned());
    let (created_at, id) = (key.created_at.clone(), key.id.to_string());
    let (calls, environment) = (format::count(key.calls_24h), key.environment.name());
    view! {
        <Facts>
            <Fact name="Last used">{used}</Fact>
            <Fact name="Calls, last 24 h">{calls} {usage}</Fact>
            <Fact name=ends_word>{ends}</Fact>
            <Fact name="Environment">{environment}</Fact>
            <Fact name="Created">
                <Time at=created_at now worded=As::Exact/>
                " by "
                {created_by}
            </Fact>
            {rotated}
            <Fact name="Id"><code>{id}</code></Fact>
        </Facts>
    }
    .into_any()
}
