//! One record of the audit log, as its page shows it and the drawer beside the list.

use crate::{
    components::{
        changes::{changes, mask},
        events::{actor, outcome},
        facts::{Fact, Facts, Section},
        mark::{ChainMark, LedgerSeal},
        search::address,
    },
    format::{self, As, Time},
    server,
};
use leptos::{prelude::*, serde_json};
use model::{
    AuditAction, Permission,
    audit::{AuditEntry, AuditRow},
    team::TeamCard,
};

/// What happened, what changed, and whether it is intact. The drawer takes it out of the record's page.
#[component]
pub fn Record(team: TeamCard, entry: AuditEntry) -> AnyView {
    let AuditEntry { row, proof, mark } = entry;
    let json = as_json(&row);
    let place = format!("{} of {}", row.seq, mark.head.max(row.seq));
    let hashes = (row.previous_hash.clone(), row.hash.clone());
    let changes = changes(&row.detail, &row.target);
    let facts = facts(&team, row);
    view! {
        <article id="record">
            <Section id="facts" title="What happened">{facts}</Section>
            {changes}
            <Section id="intact" title="Is it intact?" note="Checked when you opened it.">
                <p><ChainMark proof/></p>
                <p class="mt-2"><LedgerSeal mark/></p>
                <div class="mt-3">{chain(place, hashes)}</div>
            </Section>
            <details class="mb-6">
                <summary class="w-fit cursor-pointer text-ink-2">"As JSON"</summary>
                <div class="code-block mt-2">
                    <pre tabindex="0" data-json="">{json}</pre>
                </div>
            </details>
        </article>
    }
    .into_any()
}

fn facts(team: &TeamCard, row: AuditRow) -> AnyView {
    let now = server::now();
    let more = |q: &str, words: &'static str| {
        let href = address(team.path("/audit"), &[("q", q)]);
        view! { " " <a class="link ms-1 text-sm" href=href>{words}</a> }
    };
    let of_actor = match row.actor_kind.as_str() {
        "system" => more("actor:system", "what else it did"),
        _ => more(&format!("actor:{}", row.actor_id), "what else they did"),
    };
    let about = AuditAction::from_name(&row.action).map(|action| {
        let (category, severity) = (action.category(), action.severity());
        view! {
            " " <span class="text-ink-2">{category.title()} ", " {severity.title().to_lowercase()}</span>
        }
    });
    let of_target = (!row.target_id.is_empty())
        .then(|| more(&format!("target:\"{}\"", row.target_id), "what else happened to it"));
    let of_request = (!row.request.is_empty())
        .then(|| more(&format!("request:{}", row.request), "what else came of it"));
    let known = |text: String| if text.is_empty() { "not known".to_owned() } else { text };
    // Where it came from, or why nobody can read that any more.
    let or_why = |text: String| if text.is_empty() { row.origin.title().to_owned() } else { text };
    let place = row.country.map(|country| {
        let more = more(&format!("country:{}", country.code()), "what else came from there");
        view! { ", " {country.name()} {more} }
    });
    let (from, with) = (or_why(row.ip), or_why(row.agent));
    let target = known(row.target);
    let target = match page_of(team, &row.target_id) {
        Some(href) => view! { <a class="link" href=href>{target}</a> }.into_any(),
        None => target.into_any(),
    };
    view! {
        <Facts>
            <Fact name="When">
                <Time at=row.at.clone() now worded=As::Exact/>
                ", "
                <Time at=row.at now worded=As::Ago/>
            </Fact>
            <Fact name="Who">{actor(row.actor, &row.actor_kind)} {of_actor}</Fact>
            <Fact name="Action"><code>{row.action}</code> {about}</Fact>
            <Fact name="On">{target} {of_target}</Fact>
            <Fact name="Result">{outcome(row.outcome)}</Fact>
            <Fact name="From">{from} {place}</Fact>
            <Fact name="With">{with}</Fact>
            <Fact name="Request"><code>{known(row.request)}</code> {of_request}</Fact>
        </Facts>
    }
    .into_any()
}

/// The page about what has this id, for who may see it. It may have gone since.
fn page_of(team: &TeamCard, id: &str) -> Option<String> {
    let (kind, _) = id.split_once('_')?;
    let (permission, above) = match kind {
        "key" => (Permission::KeysView, "/keys"),
        "person" => (Permission::MembersView, "/members"),
        "role" => (Permission::MembersManage, "/roles"),
        "rule" => (Permission::RulesView, "/rules"),
        "program" => (Permission::RulesEdit, "/rules/programs"),
        "export" => (Permission::AuditExport, "/audit/exports"),
        _ => return None,
    };
    team.may(permission).then(|| team.path(&format!("{above}/{id}")))
}

/// The record as programs get it, with its detail as JSON and not as text. Secrets are masked.
pub fn as_json(row: &AuditRow) -> String {
    let mut json = serde_json::to_value(row).unwrap_or_default();
    let mut detail: serde_json::Map<_, _> = serde_json::from_str(&row.detail).unwrap_or_default();
    mask(&mut detail);
    json["detail"] = detail.into();
    serde_json::to_string_pretty(&json).unwrap_or_default()
}

fn chain(place: String, (previous, this): (String, String)) -> AnyView {
    view! {
        <Facts>
            <Fact name="Position">{place}</Fact>
            <Fact name="Previous hash">
                <code title=previous.clone()>{format::short_hash(&previous)}</code>
            </Fact>
            <Fact name="Its hash"><code title=this.clone()>{format::short_hash(&this)}</code></Fact>
        </Facts>
    }
    .into_any()
}
