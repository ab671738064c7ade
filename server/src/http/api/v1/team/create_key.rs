//! `POST /v1/keys`: another key.

use super::key::{KeyEnvironment, KeyRate, KeyTerms};
use crate::http::api::v1::{
    door::{Made, Sent, Tell},
    refusals::{Acting, Unread, Wrong},
};
use axum::Json;
use http::StatusCode;
use model::{
    key::{Environment, NewKey, bounds},
    reveal::RevealedKey,
};
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};
use utoipa::ToSchema;

/// A key that is wanted.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(in crate::http::api::v1) struct CreateKey {
    #[schema(max_length = 60, example = "billing-sync")]
    name: String,
    #[schema(value_type = KeyEnvironment)]
    environment: Environment,
    /// Days until it ends.
    #[serde(default = "days")]
    #[schema(minimum = 1, maximum = 365, default = 90)]
    days: u16,
    /// From where it may be used, as CIDR or single addresses; none for anywhere.
    #[serde(default)]
    networks: Vec<String>,
    /// What it may: words of your own API, and `probity:…` for what it may do here, which nobody
    /// gives who lacks it.
    #[serde(default)]
    #[schema(max_items = 32)]
    scopes: Vec<String>,
    rate: Option<KeyRate>,
    /// Calls in a calendar month, UTC.
    #[schema(minimum = 1)]
    quota: Option<i64>,
    /// A JSON object of at most 4 kB that verify gives back.
    #[serde(default)]
    metadata: Map<String, Value>,
}

impl CreateKey {
    fn form(self) -> NewKey {
        let made = NewKey {
            environment: self.environment.name().to_owned(),
            days: self.days.to_string(),
            ..NewKey::default()
        };
        let terms = KeyTerms {
            name: Some(self.name),
            networks: Some(self.networks),
            scopes: Some(self.scopes),
            rate: Some(self.rate),
            quota: Some(self.quota),
            metadata: Some(self.metadata),
        };
        terms.over(made)
    }
}

const fn days() -> u16 {
    bounds::DAYS
}

/// A key with its secret, which is shown once.
#[derive(Serialize, ToSchema)]
pub(in crate::http::api::v1) struct KeyWithSecret {
    #[schema(example = "key_019a7c3e5b7e7b7a8b3f0d1c2e3f4a5b")]
    id: String,
    name: String,
    #[schema(value_type = KeyEnvironment)]
    environment: Environment,
    /// Store it now: it is not kept here.
    #[schema(example = "pby_live_…")]
    secret: String,
    #[schema(format = DateTime)]
    expires_at: Option<String>,
    /// Number of the audit event.
    record: i64,
}

impl From<RevealedKey> for KeyWithSecret {
    fn from(key: RevealedKey) -> Self {
        Self {
            id: key.id.to_string(),
            name: key.name,
            environment: key.environment,
            secret: key.secret,
            expires_at: key.expires_at,
            record: key.record,
        }
    }
}

/// Create a key
///
/// The secret is in the answer, once. Needs `probity:keys.manage`; a key gives no other key more of
/// `probity:…` than it holds.
#[utoipa::path(
    post,
    path = "/v1/keys",
    tag = "keys",
    operation_id = "createKey",
    request_body(content = CreateKey, content_type = "application/json"),
    params(("Idempotency-Key" = Option<String>, Header, description = "Your name for this request, \
        1 to 255 visible characters. Sent again within a day it gets the same answer, and nothing \
        is done twice.")),
    responses(
        (status = 201, description = "The key and its secret", body = KeyWithSecret),
        Acting,
        Unread,
        Wrong,
    ),
    security(("key" = [])),
)]
pub(in crate::http::api::v1) async fn create_key(
    Sent { cx, body }: Sent<CreateKey>,
) -> Made<KeyWithSecret> {
    let made = domain::once(&cx, domain::key::create(&cx, body.form())).await.told(&cx)?;
    Ok((StatusCode::CREATED, Json(made.into())))
}
