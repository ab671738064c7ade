//! One record of the audit log: what happened, what changed, and whether the record is intact.

use crate::{
    actions::audit::load_event,
    components::{
        events::{actor, outcome},
        facts::{Fact, Facts, Section},
        frame::{Frame, Heading, PageHead},
        icon::Icon,
        mark::ChainMark,
    },
    format::{self, As, Time},
    pages, server,
    viewer::Visit,
};
use leptos::{prelude::*, serde_json};
use model::{
    audit::{AuditEntry, AuditRow},
    team::TeamCard,
};

/// The record's page.
pub fn show(visit: Visit) -> AnyView {
    let seq = visit.param("seq").to_owned();
    pages::load(visit, |team| load_event(team.slug, seq), page)
}

fn page(visit: Visit, team: TeamCard, entry: AuditEntry) -> AnyView {
    let AuditEntry { row, proof } = entry;
    let heading = Heading::named(&visit, format!("Record {}", row.seq));
    let hashes = (row.previous_hash.clone(), row.hash.clone());
    let detail = row.detail.clone();
    view! {
        <Frame visit team=Some(team.clone()) heading>
            <PageHead title=row.title.clone() lead=format!("Record {} of {}", row.seq, team.name)/>
            <Section id="facts" title="What happened">{facts(row)}</Section>
            {changes(&detail)}
            <Section id="intact" title="Is it intact?" note="Checked when you opened this page.">
                <ChainMark proof/>
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

fn facts(row: AuditRow) -> AnyView {
    let now = server::now();
    let known = |text: String| if text.is_empty() { "not known".to_owned() } else { text };
    view! {
        <Facts>
            <Fact name="When">
                <Time at=row.at.clone() now worded=As::Exact/>
                ", "
                <Time at=row.at now worded=As::Ago/>
            </Fact>
            <Fact name="Who">{actor(row.actor, &row.actor_kind)}</Fact>
            <Fact name="Action"><code>{row.action}</code></Fact>
            <Fact name="On">{known(row.target)}</Fact>
            <Fact name="Result">{outcome(row.outcome)}</Fact>
            <Fact name="From"><code>{known(row.ip)}</code></Fact>
            <Fact name="With">{known(row.agent)}</Fact>
            <Fact name="Request"><code>{known(row.request)}</code></Fact>
        </Facts>
    }
    .into_any()
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
