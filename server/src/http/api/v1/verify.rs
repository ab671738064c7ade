//! `POST /v1/keys/verify`: is this key good, and whose is it?

use super::super::super::{
    caller, failure::Told, middleware::body, problem::Problem, refusal::Refusal, site::Site,
};
use axum::{
    Json,
    extract::{Request, State},
    response::{IntoResponse, Response},
};
use model::{
    Failure, Typed,
    key::{Verdict, VerifyCode, bounds},
};
use serde::{Deserialize, Serialize};
use serde_json::Value;
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
}

/// Whether the key may be let in. Everything but `valid` and `code` is `null` for an unknown key.
#[derive(Serialize, ToSchema)]
struct VerifyReply {
    /// Let the request in only when this is true.
    valid: bool,
    /// Why.
    #[schema(value_type = Code)]
    code: VerifyCode,
    /// Names the key; not secret.
    #[schema(example = "key_019a7c3e5b7e7b7a8b3f0d1c2e3f4a5b")]
    key_id: Option<String>,
    /// The team that owns it.
    #[schema(example = "team_019a7c3e5b7e7b7a8b3f0d1c2e3f4a5b")]
    team_id: Option<String>,
    /// What its owners call it.
    #[schema(example = "billing-sync")]
    name: Option<String>,
    /// `live` or `test`.
    #[schema(example = "live")]
    environment: Option<&'static str>,
    /// When it ends: RFC 3339, UTC.
    #[schema(format = DateTime)]
    expires_at: Option<String>,
}

/// The words of `code`, for the description.
#[derive(ToSchema)]
#[schema(rename_all = "SCREAMING_SNAKE_CASE")]
#[expect(dead_code, reason = "stands for model::key::VerifyCode, which knows nothing of OpenAPI")]
enum Code {
    Valid,
    NotFound,
    Expired,
    ForbiddenIp,
}

impl From<Verdict> for VerifyReply {
    fn from(verdict: Verdict) -> Self {
        Self {
            valid: verdict.valid,
            code: verdict.code,
            key_id: verdict.key_id.map(|id| id.to_string()),
            team_id: verdict.team_id.map(|id| id.to_string()),
            name: verdict.name,
            environment: verdict.environment.map(|environment| environment.name()),
            expires_at: verdict.expires_at,
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
        Ok(verdict) => Json(VerifyReply::from(verdict)).into_response(),
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
    let (key, ip) = asked(&bytes)?;
    let verdict = domain::key::verify(&cx, &key, ip).await;
    verdict.map_err(|error| Told::Failure(error.failure(cx.request())))
}

/// The key in the body, and where its bearer is. The usual body is read without a copy of anything
/// but the key; only a wrong one is read again, slowly, to say what is wrong with it.
fn asked(bytes: &[u8]) -> Result<(Typed, Option<IpAddr>), Told> {
    // serde also reads a struct from an array, which nobody was promised.
    let is_object = bytes.trim_ascii_start().first() == Some(&b'{');
    match serde_json::from_slice::<VerifyRequest<'_>>(bytes) {
        Ok(VerifyRequest { key, ip }) if is_object && (1..=bounds::TEXT).contains(&key.len()) => {
            Ok((Typed::new(key), ip))
        }
        _ => Err(explained(bytes)),
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
    if fields.keys().any(|name| name != "key" && name != "ip") {
        return wrong("", "The body has a field besides key and ip. Send only these.");
    }
    let is_address = |ip: &Value| ip.as_str().is_some_and(|ip| ip.parse::<IpAddr>().is_ok());
    if fields.get("ip").is_some_and(|ip| !ip.is_null() && !is_address(ip)) {
        return wrong("ip", "The field ip must be an address like 203.0.113.7 or 2001:db8::7.");
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
        let (plain, nowhere) = asked(br#"{"key":"pby_live_1"}"#).expect("well-formed");
        assert_eq!((plain.expose(), nowhere), ("pby_live_1", None));
        let (escaped, ip) =
            asked(br#" { "ip":"2001:db8::7", "key" : "pby\u005flive" } "#).expect("well-formed");
        assert_eq!((escaped.expose(), ip), ("pby_live", "2001:db8::7".parse().ok()));
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
