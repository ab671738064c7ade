//! A key, as the API shows and takes it.

use model::{
    Permissions,
    key::{Environment, KeyRow, KeyState, NewKey, Per, Previous, Rate},
};
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};
use utoipa::ToSchema;

/// An API key. Its secret is shown once, when it is made or rotated.
#[derive(Serialize, ToSchema)]
pub(in crate::http::api::v1) struct Key {
    #[schema(example = "key_019a7c3e5b7e7b7a8b3f0d1c2e3f4a5b")]
    id: String,
    name: String,
    #[schema(value_type = KeyEnvironment)]
    environment: Environment,
    /// How its secret begins.
    #[schema(example = "pby_live_9TqWx9sY")]
    start: String,
    #[schema(value_type = State)]
    state: KeyState,
    created_by: Option<String>,
    #[schema(format = DateTime)]
    created_at: String,
    #[schema(format = DateTime)]
    expires_at: Option<String>,
    #[schema(format = DateTime)]
    revoked_at: Option<String>,
    #[schema(format = DateTime)]
    rotated_at: Option<String>,
    #[schema(format = DateTime)]
    last_used_at: Option<String>,
    /// Calls in the last 24 hours.
    calls_24h: i64,
    /// From where it may be used; empty for anywhere.
    #[schema(example = json!(["203.0.113.0/24"]))]
    networks: Vec<String>,
    /// What it may: words of your own API, and `probity:…` for what it may do here.
    #[schema(example = json!(["orders:read", "probity:keys.view"]))]
    scopes: Vec<String>,
    rate: Option<KeyRate>,
    /// Calls in a calendar month, UTC.
    quota: Option<i64>,
    /// Of it, calls of this month.
    quota_used: i64,
    metadata: Map<String, Value>,
    /// The secret before the last rotation, while the overlap lasts.
    previous: Option<PreviousSecret>,
}

impl From<KeyRow> for Key {
    fn from(key: KeyRow) -> Self {
        Self {
            id: key.id.to_string(),
            name: key.name,
            environment: key.environment,
            start: key.start,
            state: key.state,
            created_by: key.created_by,
            created_at: key.created_at,
            expires_at: key.expires_at,
            revoked_at: key.revoked_at,
            rotated_at: key.rotated_at,
            last_used_at: key.last_used_at,
            calls_24h: key.calls_24h,
            networks: key.networks,
            scopes: key.scopes,
            rate: key.rate.map(KeyRate::from),
            quota: key.quota,
            quota_used: key.quota_used,
            metadata: serde_json::from_str(&key.metadata).unwrap_or_default(),
            previous: key.previous.filter(|old| old.works).map(PreviousSecret::from),
        }
    }
}

/// So many calls in each span.
#[derive(Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(in crate::http::api::v1) struct KeyRate {
    #[schema(minimum = 1, maximum = 1_000_000)]
    limit: u32,
    #[schema(value_type = Span)]
    per: Per,
}

impl From<Rate> for KeyRate {
    fn from(rate: Rate) -> Self {
        Self { limit: rate.limit, per: rate.per }
    }
}

/// A secret that was replaced and still works.
#[derive(Serialize, ToSchema)]
struct PreviousSecret {
    start: String,
    #[schema(format = DateTime)]
    ends_at: String,
}

impl From<Previous> for PreviousSecret {
    fn from(old: Previous) -> Self {
        Self { start: old.start, ends_at: old.ends_at }
    }
}

/// What can be set of a key, and changed later: leave out what shall stay, or be as it is usually.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(in crate::http::api::v1) struct KeyTerms {
    /// 1 to 60 characters.
    #[schema(max_length = 60)]
    pub(super) name: Option<String>,
    /// From where it may be used, as CIDR or single addresses; empty for anywhere.
    pub(super) networks: Option<Vec<String>>,
    /// What it may: words of your own API, and `probity:…` for what it may do here, which nobody
    /// gives who lacks it.
    #[schema(max_items = 32)]
    pub(super) scopes: Option<Vec<String>>,
    /// `null` for as many calls as wanted.
    #[serde(default, deserialize_with = "said")]
    #[schema(value_type = Option<KeyRate>)]
    pub(super) rate: Option<Option<KeyRate>>,
    /// Calls in a calendar month, UTC; `null` for as many as wanted.
    #[serde(default, deserialize_with = "said")]
    #[schema(value_type = Option<i64>, minimum = 1)]
    pub(super) quota: Option<Option<i64>>,
    /// A JSON object of at most 4 kB that verify gives back.
    pub(super) metadata: Option<Map<String, Value>>,
}

/// `null` is something that was said.
fn said<'de, T: Deserialize<'de>, D: serde::Deserializer<'de>>(
    deserializer: D,
) -> Result<Option<T>, D::Error> {
    T::deserialize(deserializer).map(Some)
}

impl KeyTerms {
    /// What was said, over what is.
    pub(super) fn over(self, form: NewKey) -> NewKey {
        let rate = self.rate.map(|rate| match rate {
            Some(rate) => (rate.limit.to_string(), rate.per.name().to_owned()),
            None => Default::default(),
        });
        let (rate, rate_per) = rate.unwrap_or((form.rate, form.rate_per));
        let quota = self.quota.map(|quota| quota.map_or_else(String::new, |it| it.to_string()));
        NewKey {
            name: self.name.unwrap_or(form.name),
            networks: self.networks.map_or(form.networks, |all| all.join("\n")),
            scopes: self.scopes.map_or(form.scopes, |all| all.join("\n")),
            rate,
            rate_per,
            quota: quota.unwrap_or(form.quota),
            metadata: self.metadata.map_or(form.metadata, written),
            ticked: Permissions::NONE.into(), // they stand among the scopes
            ..form
        }
    }
}

/// The key as a form would send it unchanged.
pub(super) fn form_of(key: KeyRow) -> NewKey {
    NewKey {
        name: key.name,
        networks: key.networks.join("\n"),
        scopes: key.scopes.join("\n"),
        rate: key.rate.map(|rate| rate.limit.to_string()).unwrap_or_default(),
        rate_per: key.rate.map(|rate| rate.per.name().to_owned()).unwrap_or_default(),
        quota: key.quota.map(|quota| quota.to_string()).unwrap_or_default(),
        metadata: key.metadata,
        ..NewKey::default()
    }
}

/// No metadata and an empty object are the same.
fn written(metadata: Map<String, Value>) -> String {
    if metadata.is_empty() { String::new() } else { Value::Object(metadata).to_string() }
}

/// What it is made for: your customers, or trying things out.
#[derive(ToSchema)]
#[schema(rename_all = "lowercase")]
#[expect(dead_code, reason = "stands for model::key::Environment, which knows nothing of OpenAPI")]
pub(in crate::http::api::v1) enum KeyEnvironment {
    Live,
    Test,
}

/// Whether it works, and why not.
#[derive(ToSchema)]
#[schema(rename_all = "lowercase")]
#[expect(dead_code, reason = "stands for model::key::KeyState, which knows nothing of OpenAPI")]
pub(in crate::http::api::v1) enum State {
    Working,
    Suspended,
    Disabled,
    Ended,
    Revoked,
}

/// The span in which calls are counted.
#[derive(ToSchema)]
#[schema(rename_all = "lowercase")]
#[expect(dead_code, reason = "stands for model::key::Per, which knows nothing of OpenAPI")]
enum Span {
    Second,
    Minute,
    Hour,
    Day,
}

#[cfg(test)]
mod tests {
    use super::*;

    fn over(json: &str) -> NewKey {
        let terms: KeyTerms = serde_json::from_str(json).expect("well-formed");
        let is = NewKey {
            name: "a".into(),
            scopes: "x".into(),
            rate: "5".into(),
            rate_per: "day".into(),
            quota: "9".into(),
            metadata: "{\"a\":1}".into(),
            ..NewKey::default()
        };
        terms.over(is)
    }

    #[test]
    fn what_is_not_said_stays_and_null_takes_away() {
        let same = over("{}");
        assert_eq!((same.name.as_str(), same.rate.as_str(), same.quota.as_str()), ("a", "5", "9"));
        let gone = over(r#"{"rate": null, "quota": null, "metadata": {}, "scopes": []}"#);
        assert_eq!([gone.rate, gone.quota, gone.metadata, gone.scopes], ["", "", "", ""]);
        let new =
            over(r#"{"rate": {"limit": 7, "per": "hour"}, "quota": 3, "scopes": ["b", "c"]}"#);
        assert_eq!([new.rate, new.rate_per, new.quota], ["7", "hour", "3"]);
        assert_eq!((new.scopes.as_str(), new.name.as_str()), ("b\nc", "a"));
    }
}
