//! One record of the audit log: what happened, what changed, and whether the record is intact.

use crate::{
    actions::audit::load_event,
    components::{
        events::{actor, outcome},
        facts::{Fact, Facts, Section},
        frame::{Frame, Heading, PageHead},
        icon::Icon,
        mark::{ChainMark, LedgerSeal},
        search::address,
    },
    format::{self, As, Time},
    islands::copy::Copy,
    pages, server,
    viewer::Visit,
};
use leptos::{prelude::*, serde_json};
use model::{
    AuditAction,
    audit::{AuditEntry, AuditRow},
    team::TeamCard,
};

/// The record's page.
pub fn show(visit: Visit) -> AnyView {
    let seq = visit.param("seq").to_owned();
    pages::load(visit, |team| load_event(team.slug, seq), page)
}

fn page(visit: Visit, team: TeamCard, entry: AuditEntry) -> AnyView {
    let AuditEntry { row, proof, mark } = entry;
    let heading = Heading::named(&visit, format!("Record {}", row.seq));
    let json = as_json(&row);
    let (title, lead) = (row.title.clone(), format!("Record {} of {}", row.seq, team.name));
    let hashes = (row.previous_hash.clone(), row.hash.clone());
    let changes = changes(&row.detail);
    let facts = facts(&team, row);
    view! {
        <Frame visit team=Some(team.clone()) heading>
            <PageHead title lead>
                <Copy text=json label="Copy as JSON" class="btn"/>
            </PageHead>
            <Section id="facts" title="What happened">{facts}</Section>
            {changes}
            <Section id="intact" title="Is it intact?" note="Checked when you opened this page.">
                <p><ChainMark proof/></p>
                <p class="mt-2"><LedgerSeal mark/></p>
                <div class="mt-3">{hash_facts(hashes)}</div>
            </Section>
            <p>
                <a class="btn" href=team.path("/audit")>
                    {Icon::ChevronLeft.draw()}
                    "Audit log"
                </a>
            </p>
        </Frame>
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
    let of_request = (!row.request.is_empty()).then(|| more(&row.request, "what else came of it"));
    let known = |text: String| if text.is_empty() { "not known".to_owned() } else { text };
    // Where it came from, or why nobody can read that any more.
    let or_why = |text: String| if text.is_empty() { row.origin.title().to_owned() } else { text };
    let (from, with) = (or_why(row.ip), or_why(row.agent));
    view! {
        <Facts>
            <Fact name="When">
                <Time at=row.at.clone() now worded=As::Exact/>
                ", "
                <Time at=row.at now worded=As::Ago/>
            </Fact>
            <Fact name="Who">{actor(row.actor, &row.actor_kind)} {of_actor}</Fact>
            <Fact name="Action"><code>{row.action}</code> {about}</Fact>
            <Fact name="On">{known(row.target)} {of_target}</Fact>
            <Fact name="Result">{outcome(row.outcome)}</Fact>
            <Fact name="From">{from}</Fact>
            <Fact name="With">{with}</Fact>
            <Fact name="Request"><code>{known(row.request)}</code> {of_request}</Fact>
        </Facts>
    }
    .into_any()
}

/// The record as programs get it, with its detail as JSON and not as text.
fn as_json(row: &AuditRow) -> String {
    let mut json = serde_json::to_value(row).unwrap_or_default();
    json["detail"] = serde_json::from_str(&row.detail).unwrap_or_default();
    serde_json::to_string_pretty(&json).unwrap_or_default()
}

/// What the record says in detail, when it says anything.
fn changes(detail: &str) -> Option<impl IntoView + use<>> {
    let lines = lines(detail);
    (!lines.is_empty()).then(|| {
        let lines = lines
            .into_iter()
            .map(|line| view! { <div><span></span><span>{line}</span></div> })
            .collect_view();
        view! {
            <Section id="detail" title="In detail" note="As recorded. Secrets are never recorded.">
                <div class="diff" role="group" aria-label="Recorded detail">{lines}</div>
            </Section>
        }
    })
}

/// The detail, one line per field, indented as JSON; nothing for `{}`.
fn lines(detail: &str) -> Vec<String> {
    let empty = serde_json::Value::Object(serde_json::Map::new());
    let Ok(value) = serde_json::from_str::<serde_json::Value>(detail) else {
        return detail.lines().map(str::to_owned).collect();
    };
    if value == empty || value.is_null() {
        return Vec::new();
    }
    let pretty = serde_json::to_string_pretty(&value).unwrap_or_default();
    pretty.lines().map(|line| line.replace("  ", "\u{a0}\u{a0}")).collect()
}

fn hash_facts((previous, this): (String, String)) -> AnyView {
    view! {
        <Facts>
            <Fact name="Previous">
                <code title=previous.clone()>{format::short_hash(&previous)}</code>
            </Fact>
            <Fact name="This"><code title=this.clone()>{format::short_hash(&this)}</code></Fact>
        </Facts>
    }
    .into_any()
}

#[cfg(test)]
mod tests {
    use super::lines;

    #[test]
    fn an_empty_detail_is_not_shown() {
        assert!(lines("{}").is_empty());
        assert!(lines("null").is_empty());
        assert!(lines("").is_empty());
    }

    #[test]
    fn each_field_is_a_line() {
        assert_eq!(lines(r#"{"days":90}"#), ["{", "\u{a0}\u{a0}\"days\": 90", "}"]);
        assert_eq!(lines("not json"), ["not json"]);
    }
}
