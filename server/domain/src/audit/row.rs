//! A stored event made into what people read.

use super::browser;
use crate::{
    Cx, Result,
    crypto::{Owner, hex},
    event::{SealedOrigin, origin_place, person_owner, rfc3339},
    text::folded,
};
use model::{
    AuditAction, KeyId, PersonId, TeamId,
    audit::{AuditRow, Origin, Outcome},
};
use serde::Deserialize;
use serde_json::Value;
use time::OffsetDateTime;
use uuid::Uuid;

/// An event as it is stored. `at` and `actor_kind` were read from `record` when it was written.
pub(super) struct Stored {
    pub(super) kind: String,
    pub(super) ledger: Uuid,
    pub(super) seq: i64,
    pub(super) record: Vec<u8>,
    pub(super) sealed: Option<Vec<u8>>,
    pub(super) previous_hash: Vec<u8>,
    pub(super) hash: Vec<u8>,
    pub(super) id: Uuid,
    pub(super) at: OffsetDateTime,
    pub(super) actor_kind: String,
    pub(super) actor_id: Option<Uuid>,
    pub(super) actor_name: Option<String>,
}

/// The parts of a record that only people read. A newer program's fields are left out.
#[derive(Deserialize, Default)]
#[serde(default)]
pub(super) struct Said {
    pub(super) action: String,
    pub(super) target: Target,
    pub(super) outcome: String,
    pub(super) request: String,
    detail: serde_json::Map<String, Value>,
}

#[derive(Deserialize, Default)]
#[serde(default)]
pub(super) struct Target {
    kind: String,
    pub(super) id: String,
    label: String,
}

impl Said {
    pub(super) fn of(record: &[u8]) -> Self {
        serde_json::from_slice(record).unwrap_or_default()
    }

    /// What a search for a text looks at, in small letters.
    pub(super) fn text(&self) -> String {
        let mut text = format!("{} {}", self.action, self.target.label);
        for (name, value) in &self.detail {
            add_text(&mut text, name);
            add_value(&mut text, value);
        }
        folded(&text)
    }
}

fn add_text(text: &mut String, more: &str) {
    text.push(' ');
    text.push_str(more);
}

fn add_value(text: &mut String, value: &Value) {
    match value {
        Value::Null => {}
        Value::String(words) => add_text(text, words),
        Value::Bool(_) | Value::Number(_) => add_text(text, &value.to_string()),
        Value::Array(values) => values.iter().for_each(|value| add_value(text, value)),
        Value::Object(fields) => {
            for (name, value) in fields {
                add_text(text, name);
                add_value(text, value);
            }
        }
    }
}

impl Target {
    /// What it was called then. A session is called by its browser, which is sealed: in clear it
    /// would outlive the person.
    fn shown(self, agent: &str) -> String {
        match (self.kind.as_str(), self.label.is_empty()) {
            ("session", _) => browser::name(agent),
            (_, true) => self.id,
            (_, false) => self.label,
        }
    }
}

impl Stored {
    pub(super) async fn shown(&self, cx: &Cx) -> Result<AuditRow> {
        let said = Said::of(&self.record);
        let actor_id = self.actor();
        let (origin, from) = self.origin(cx).await?;
        // Who left is not named; whose data key is gone with their account is told as that.
        let unnamed = match origin {
            Origin::Erased => "deleted person",
            _ => "somebody who left",
        };
        let known = AuditAction::from_name(&said.action);
        Ok(AuditRow {
            seq: self.seq,
            at: rfc3339(self.at),
            actor: match self.actor_kind.as_str() {
                "system" => "Probity".to_owned(),
                "key" => match &self.actor_name {
                    Some(name) => format!("API key {name}"),
                    None => "an API key".to_owned(),
                },
                _ => self.actor_name.clone().unwrap_or_else(|| unnamed.to_owned()),
            },
            actor_id,
            actor_kind: self.actor_kind.clone(),
            title: known.map_or_else(|| said.action.clone(), |action| action.title().to_owned()),
            action: said.action,
            target_id: said.target.id.clone(),
            target: said.target.shown(&from.agent),
            outcome: match said.outcome.as_str() {
                "ok" => Outcome::Ok,
                _ => Outcome::Refused,
            },
            request: said.request,
            detail: serde_json::to_string_pretty(&said.detail)
                .expect("a map that came from JSON becomes JSON"),
            country: from.ip.parse().ok().and_then(|ip| cx.deps().places().country(ip)),
            ip: from.ip,
            agent: from.agent,
            origin,
            previous_hash: hex(&self.previous_hash),
            hash: hex(&self.hash),
        })
    }

    /// The id of who did it; empty for Probity itself.
    pub(super) fn actor(&self) -> String {
        match (self.actor_kind.as_str(), self.actor_id) {
            ("person", Some(id)) => PersonId(id).to_string(),
            ("key", Some(id)) => KeyId(id).to_string(),
            _ => String::new(),
        }
    }

    /// Where it came from, as far as that can be read.
    pub(super) async fn origin(&self, cx: &Cx) -> Result<(Origin, SealedOrigin)> {
        let nothing = |why| Ok((why, SealedOrigin::default()));
        let Some(sealed) = &self.sealed else { return nothing(Origin::Unknown) };
        // What a task wrote about somebody is sealed under their key: in their ledger and in a team's.
        let owner = match self.actor_kind.as_str() {
            "key" => Owner::Team(TeamId(self.ledger)),
            _ => {
                let person = self.actor_id.or_else(|| self.about()).unwrap_or(self.ledger);
                person_owner(person)
            }
        };
        let Some(key) = cx.deps().keyring().opener(owner, sealed).await? else {
            return nothing(Origin::Erased);
        };
        let opened = key.open(&origin_place(self.id), sealed).ok();
        let read = opened.and_then(|text| serde_json::from_slice::<SealedOrigin>(&text).ok());
        Ok(match read {
            Some(from) if from.ip.is_empty() && from.agent.is_empty() => (Origin::Unknown, from),
            Some(from) => (Origin::Known, from),
            None => (Origin::Altered, SealedOrigin::default()),
        })
    }

    /// The person that it is about.
    fn about(&self) -> Option<Uuid> {
        Said::of(&self.record).target.id.parse::<PersonId>().ok().map(|person| person.0)
    }
}
