//! `POST /v1/keys/verify`: is this key good, and whose is it?

use super::super::super::{
    caller, failure::Told, middleware::body, problem::Problem, refusal::Refusal, site::Site,
};
use axum::{
    Json,
    extract::{Request, State},
    response::{IntoResponse, Response},
};
use domain::key::{Ask, Known, Left, Verdict};
use model::{
    Failure, KeyId, TeamId, Typed,
    key::{VerifyCode, bounds},
};
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value, value::RawValue};
use std::{borrow::Cow, net::IpAddr, sync::Arc};
use utoipa::ToSchema;

const JSON: &str = "application/json";

/// What to verify.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct VerifyRequest<'a> {
    /// The key exactly as your customer sent it.
    #[serde(borrow)]
    #[schema(value_type = String, min_length = 1, max_length = 256, example = "pby_live_…")]
    key: Cow<'a, str>,
    /// Where your customer's request came from. Needed for keys that name networks: without it
    /// they are refused with FORBIDDEN_IP.
    #[serde(default)]
    #[schema(value_type = Option<String>, example = "203.0.113.7")]
    ip: Option<IpAddr>,
    /// What the request needs, in the words that your keys hold: all of them, or it is refused
    /// with INSUFFICIENT_SCOPE.
    #[serde(borrow, default)]
    #[schema(value_type = Vec<String>, max_items = 32, example = json!(["orders:read"]))]
    scopes: Vec<Cow<'a, str>>,
    /// What the scopes are needed for. A key that holds `read@invoices` may `read` the resource
    /// `invoices` and nothing else.
    #[serde(borrow, default)]
    #[schema(value_type = Option<String>, max_length = 64, example = "invoices")]
    resource: Option<Cow<'a, str>>,
    /// Calls that this one counts as, for rate and quota; 0 looks and takes nothing.
    #[serde(default)]
    #[schema(minimum = 0, maximum = 1_000_000, default = 1)]
    cost: Option<u32>,
}

/// Whether the key may be let in. Everything but `valid` and `code` is `null` for an unknown key.
#[derive(Serialize, ToSchema)]
struct VerifyReply<'a> {
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

/// The words of `code`, for the description.
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

/// Verify a key
///
/// Answers 200 to every well-formed request, whether the key is good or not: read `valid`.
#[utoipa::path(
    post,
    path = "/v1/keys/verify",
    tag = "keys",
    operation_id = "verifyKey",
    request_body(content = VerifyRequest, content_type = "application/json"),
    responses(
        (status = 200, description = "The verdict", body = VerifyReply),
        (status = 400, description = "The body is not JSON", body = Problem,
            content_type = "application/problem+json"),
        (status = 405, description = "Not a POST", body = Problem,
            content_type = "application/problem+json"),
        (status = 413, description = "The body is larger than 64 kB", body = Problem,
            content_type = "application/problem+json"),
        (status = 415, description = "The body is not called application/json", body = Problem,
            content_type = "application/problem+json"),
        (status = 422, description = "The body is JSON, but `key` is missing, empty, too long or \
            not text, or something else is in it", body = Problem,
            content_type = "application/problem+json"),
        (status = 503, description = "The verdict cannot be given now: do not let the request in; \
            `Retry-After` says when to ask again", body = Problem,
            content_type = "application/problem+json"),
    )
)]
pub(super) async fn verify(State(site): State<Arc<Site>>, request: Request) -> Response {
    match verdict(&site, request).await {
        Ok(verdict) => Json(VerifyReply::from(&verdict)).into_response(),
        Err(told) => told.into_response(),
    }
}

async fn verdict(site: &Site, request: Request) -> Result<Verdict, Told> {
    let refused = Told::Refusal;
    let deps = site.readiness.deps().ok_or(refused(Refusal::Starting))?;
    let (parts, body) = request.into_parts();
    if !body::is(&parts.headers, JSON) {
        return Err(refused(Refusal::NotJsonType));
    }
    let cx = caller::anyone(deps, &parts);
    let bytes = body::collect(&parts.headers, body, site.bounds.body).await.map_err(refused)?;
    let (key, ask) = asked(&bytes)?;
    let verdict = domain::key::verify(&cx, &key, &ask).await;
    verdict.map_err(|error| Told::Failure(error.failure(cx.request())))
}

/// The key in the body, and what is asked about it. The usual body is read without a copy of
/// anything but the key; only a wrong one is read again, slowly, to say what is wrong with it.
fn asked(bytes: &[u8]) -> Result<(Typed, Ask<'_>), Told> {
    // serde also reads a struct from an array, which nobody was promised.
    let is_object = bytes.trim_ascii_start().first() == Some(&b'{');
    match serde_json::from_slice::<VerifyRequest<'_>>(bytes) {
        Ok(asked) if is_object && asked.is_within_bounds() => {
            let VerifyRequest { key, ip, scopes, resource, cost } = asked;
            Ok((Typed::new(key), Ask { ip, scopes, resource, cost }))
        }
        _ => Err(explained(bytes)),
    }
}

impl VerifyRequest<'_> {
    fn is_within_bounds(&self) -> bool {
        let is_word = |word: &str| (1..=bounds::SCOPE).contains(&word.len());
        (1..=bounds::TEXT).contains(&self.key.len())
            && self.scopes.len() <= bounds::SCOPES
            && self.scopes.iter().all(|scope| is_word(scope))
            && self.resource.as_deref().is_none_or(is_word)
            && self.cost.is_none_or(|cost| cost <= bounds::COST_MOST)
    }
}

/// What is wrong with the body, in a sentence that repeats nothing of a key.
fn explained(bytes: &[u8]) -> Told {
    let Ok(text) = std::str::from_utf8(bytes) else {
        return Told::Refusal(Refusal::NotUtf8);
    };
    let Ok(value) = serde_json::from_str::<Value>(text) else {
        return Told::Refusal(Refusal::NotJson);
    };
    let Value::Object(fields) = value else {
        return wrong("", "The body must be a JSON object. Send {\"key\": \"pby_live_…\"}.");
    };
    const FIELDS: [&str; 5] = ["key", "ip", "scopes", "resource", "cost"];
    if fields.keys().any(|name| !FIELDS.contains(&name.as_str())) {
        return wrong(
            "",
            "The body has a field besides key, ip, scopes, resource and cost. Send only these.",
        );
    }
    if let Some(told) = wrong_ask(&fields) {
        return told;
    }
    match fields.get("key") {
        None => wrong("key", "The field key is missing. Send the key to verify in it."),
        Some(Value::String(key)) if key.is_empty() => {
            wrong("key", "The field key is empty. Send the key to verify in it.")
        }
        Some(Value::String(key)) if key.len() > bounds::TEXT => {
            wrong("key", "The field key is longer than 256 bytes, so it is no key. Send one key.")
        }
        // Fitting values, yet refused: a name stands there twice.
        Some(Value::String(_)) => wrong("key", "A field is there twice. Send each once."),
        Some(_) => wrong("key", "The field key must be text. Put the key in double quotes."),
    }
}

/// What is wrong with what is asked about the key, if anything is.
fn wrong_ask(fields: &Map<String, Value>) -> Option<Told> {
    let is_wrong =
        |name: &str, fits: fn(&Value) -> bool| fields.get(name).is_some_and(|value| !fits(value));
    if is_wrong("ip", |ip| ip.is_null() || ip.as_str().is_some_and(|ip| is_address(ip))) {
        return Some(wrong(
            "ip",
            "The field ip must be an address like 203.0.113.7 or 2001:db8::7.",
        ));
    }
    let are_words = |scopes: &Value| {
        let scopes = scopes.as_array();
        scopes.is_some_and(|scopes| scopes.len() <= bounds::SCOPES && scopes.iter().all(is_word))
    };
    if is_wrong("scopes", are_words) {
        return Some(wrong(
            "scopes",
            "The field scopes must be a list of at most 32 texts of 1 to 64 bytes each.",
        ));
    }
    if is_wrong("resource", |resource| resource.is_null() || is_word(resource)) {
        return Some(wrong("resource", "The field resource must be a text of 1 to 64 bytes."));
    }
    let is_cost = |cost: &Value| {
        cost.is_null() || cost.as_u64().is_some_and(|cost| cost <= bounds::COST_MOST.into())
    };
    is_wrong("cost", is_cost)
        .then(|| wrong("cost", "The field cost must be a whole number from 0 to 1000000."))
}

fn is_address(text: &str) -> bool {
    text.parse::<IpAddr>().is_ok()
}

fn is_word(value: &Value) -> bool {
    value.as_str().is_some_and(|word| (1..=bounds::SCOPE).contains(&word.len()))
}

fn wrong(field: &str, sentence: &str) -> Told {
    Told::Failure(Failure::field(field, sentence))
}

#[cfg(test)]
mod tests {
    use super::*;
    use model::RequestId;
    use uuid::Uuid;

    /// Status, field and sentence of the problem that a body leads to.
    fn problem(body: &[u8]) -> (u64, String, String) {
        let told = asked(body).expect_err("refused");
        let problem = Problem::new(&told, RequestId(Uuid::nil()));
        let json = serde_json::to_value(&problem).expect("plain data");
        let field = json["errors"][0]["field"].as_str().unwrap_or("-").to_owned();
        let detail = json["detail"].as_str().expect("a sentence").to_owned();
        (json["status"].as_u64().expect("a number"), field, detail)
    }

    fn sentence(body: &str) -> String {
        problem(body.as_bytes()).2
    }

    #[test]
    fn a_key_is_read_as_it_was_sent() {
        let (plain, nothing) = asked(br#"{"key":"pby_live_1"}"#).expect("well-formed");
        assert_eq!((plain.expose(), nothing.ip, nothing.cost), ("pby_live_1", None, None));
        let (escaped, ask) = asked(
            br#" { "ip":"2001:db8::7", "key" : "pby\u005flive", "scopes": ["a", "\u0062"],
                  "resource": "r", "cost": 0 } "#,
        )
        .expect("well-formed");
        assert_eq!((escaped.expose(), ask.ip), ("pby_live", "2001:db8::7".parse().ok()));
        assert_eq!((&*ask.scopes[1], ask.resource.as_deref()), ("b", Some("r")));
        assert_eq!(ask.cost, Some(0));
    }

    #[test]
    fn every_wrong_body_has_its_own_sentence() {
        assert_eq!(sentence("{}"), "The field key is missing. Send the key to verify in it.");
        assert_eq!(
            sentence(r#"{"key":""}"#),
            "The field key is empty. Send the key to verify in it."
        );
        assert_eq!(
            sentence(r#"{"key":7}"#),
            "The field key must be text. Put the key in double quotes."
        );
        assert_eq!(
            sentence(r#"{"key":"a","ip":"here"}"#),
            "The field ip must be an address like 203.0.113.7 or 2001:db8::7."
        );
        let scopes = "The field scopes must be a list of at most 32 texts of 1 to 64 bytes each.";
        for wrong in ["7", "\"a\"", "[7]", "[\"\"]", "null"] {
            assert_eq!(sentence(&format!(r#"{{"key":"a","scopes":{wrong}}}"#)), scopes);
        }
        let cost = "The field cost must be a whole number from 0 to 1000000.";
        for wrong in ["-1", "1.5", "1000001", "\"1\""] {
            assert_eq!(sentence(&format!(r#"{{"key":"a","cost":{wrong}}}"#)), cost);
        }
        assert_eq!(
            sentence(r#"{"key":"a","resource":""}"#),
            "The field resource must be a text of 1 to 64 bytes."
        );
        assert_eq!(
            sentence(r#"{"key":null}"#),
            "The field key must be text. Put the key in double quotes."
        );
        assert_eq!(sentence(r#"{"key":"a","key":"b"}"#), "A field is there twice. Send each once.");
        assert_eq!(
            sentence(r#"["a"]"#),
            "The body must be a JSON object. Send {\"key\": \"pby_live_…\"}."
        );
        assert_eq!(
            sentence(&format!(r#"{{"key":"{}"}}"#, "a".repeat(257))),
            "The field key is longer than 256 bytes, so it is no key. Send one key."
        );
    }

    #[test]
    fn the_status_says_whether_it_was_json_at_all() {
        assert_eq!(problem(b"").0, 400);
        assert_eq!(problem(b"key=pby_live_1").0, 400);
        assert_eq!(problem(b"{\"key\":\"\xff\"}").2, Refusal::NotUtf8.sentence());
        assert_eq!((problem(b"{}").0, problem(b"{}").1), (422, "key".to_owned()));
    }

    #[test]
    fn nothing_of_a_key_is_repeated() {
        for body in [
            r#"{"pby_live_secret":1}"#,
            r#"{"key":"pby_live_secret","x":1}"#,
            r#"{"key":["pby_live_secret"]}"#,
            r#"pby_live_secret"#,
            r#""pby_live_secret""#,
        ] {
            assert!(!format!("{:?}", problem(body.as_bytes())).contains("secret"), "{body}");
        }
    }
}
