//! What verify answers.

use axum::response::{IntoResponse, Response};
use domain::key::{Known, Left, Verdict};
use http::header;
use model::{KeyId, TeamId, key::VerifyCode};
use serde::Serialize;
use serde_json::value::RawValue;
use utoipa::ToSchema;

/// Bytes that hold what is said of most keys.
const USUAL: usize = 512;

/// Whether the key may be let in. Everything but `valid` and `code` is `null` for an unknown key.
#[derive(Serialize, ToSchema)]
pub(super) struct VerifyReply<'a> {
    /// Let the request in only when this is true.
    valid: bool,
    /// Why. Of several reasons the first in the order of the list is told.
    #[schema(value_type = Code)]
    code: VerifyCode,
    /// Names the key; not secret.
    #[schema(value_type = Option<String>, example = "key_019a7c3e5b7e7b7a8b3f0d1c2e3f4a5b")]
    key_id: Option<KeyId>,
    /// The team that owns it.
    #[schema(value_type = Option<String>, example = "team_019a7c3e5b7e7b7a8b3f0d1c2e3f4a5b")]
    team_id: Option<TeamId>,
    /// What its owners call it.
    #[schema(example = "billing-sync")]
    name: Option<&'a str>,
    /// `live` or `test`.
    #[schema(example = "live")]
    environment: Option<&'static str>,
    /// What it may.
    #[schema(value_type = Option<Vec<String>>, example = json!(["orders:read"]))]
    scopes: Option<&'a [Box<str>]>,
    /// When it ends: RFC 3339, UTC.
    #[schema(format = DateTime)]
    expires_at: Option<String>,
    /// What its owners keep with it.
    #[schema(value_type = Option<Object>)]
    metadata: Option<&'a RawValue>,
    /// What is left of its rate; `null` when it has none, or was refused before it was looked at.
    ratelimit: Option<LeftReply>,
    /// The same of its calls in this month.
    quota: Option<LeftReply>,
}

/// What is left of a limit after this call.
#[derive(Serialize, ToSchema)]
struct LeftReply {
    #[schema(example = 100)]
    limit: u64,
    #[schema(example = 99)]
    remaining: u64,
    /// Seconds until there is more.
    #[schema(example = 42)]
    reset: u64,
}

impl From<Left> for LeftReply {
    fn from(left: Left) -> Self {
        Self { limit: left.limit, remaining: left.remaining, reset: left.reset }
    }
}

/// The verdict: why a key is refused, or that it is not.
#[derive(ToSchema)]
#[schema(rename_all = "SCREAMING_SNAKE_CASE")]
#[expect(dead_code, reason = "stands for model::key::VerifyCode, which knows nothing of OpenAPI")]
enum Code {
    Valid,
    NotFound,
    TeamSuspended,
    Disabled,
    Expired,
    ForbiddenIp,
    InsufficientScope,
    QuotaExceeded,
    RateLimited,
}

/// The answer about so many keys: as axum's `Json`, in room that is made at once.
pub(super) fn written(keys: usize, reply: &impl Serialize) -> Response {
    let mut text = Vec::with_capacity(USUAL * keys);
    serde_json::to_writer(&mut text, reply).expect("what is known of a key is plain data");
    ([(header::CONTENT_TYPE, "application/json")], text).into_response()
}

impl<'a> From<&'a Verdict> for VerifyReply<'a> {
    fn from(verdict: &'a Verdict) -> Self {
        let key = verdict.key.as_deref();
        Self {
            valid: verdict.is_valid(),
            code: verdict.code,
            key_id: key.map(|key| key.id),
            team_id: key.map(|key| key.team),
            name: key.map(|key| &*key.name),
            environment: key.map(|key| key.environment.name()),
            scopes: key.map(Known::scopes),
            expires_at: key.and_then(Known::ends),
            metadata: key.and_then(Known::metadata),
            ratelimit: verdict.rate.map(Into::into),
            quota: verdict.quota.map(Into::into),
        }
    }
}
