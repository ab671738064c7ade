//! `POST /v1/keys/scan`: which of our keys stand in this text?

use super::ask::wrong;
use crate::http::{
    caller, failure::Told, middleware::body, problem::Problem, refusal::Refusal, site::Site,
};
use axum::{
    Json,
    extract::{Request, State},
    response::{IntoResponse, Response},
};
use domain::key::scan::{self, Found};
use model::KeyId;
use serde::{Deserialize, Serialize};
use serde_json::Value;
use std::{borrow::Cow, sync::Arc};
use utoipa::ToSchema;

/// Bytes of a body.
const MOST: usize = 1 << 20;

/// What to look through.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct ScanRequest<'a> {
    /// Any text: a file, a commit, a paste. At most 100 different keys are looked for in it.
    #[serde(borrow)]
    #[schema(value_type = String, example = "PROBITY_KEY=pby_live_…")]
    text: Cow<'a, str>,
    /// Where others can read it: an https address. The key's team is shown it as text.
    #[serde(borrow, default)]
    #[schema(value_type = Option<String>, max_length = 500,
        example = "https://example.com/app.js")]
    source: Option<Cow<'a, str>>,
}

/// What was found.
#[derive(Serialize, ToSchema)]
struct ScanReply<'a> {
    /// Each different key once, in the order of the text.
    keys: Vec<FoundReply<'a>>,
}

/// A key that stands in the text.
#[derive(Serialize, ToSchema)]
struct FoundReply<'a> {
    /// How it begins; not secret.
    #[schema(example = "pby_live_9TqWx9sY")]
    prefix: &'a str,
    /// Names the key; `null` for one that was revoked or never was.
    #[schema(value_type = Option<String>, example = "key_019a7c3e5b7e7b7a8b3f0d1c2e3f4a5b")]
    key_id: Option<KeyId>,
    /// Whether it worked when it was found.
    live: bool,
    /// Where it stands in the text, from 1; the first 20 lines.
    #[schema(example = json!([3]))]
    lines: &'a [u64],
    /// Whether those who can rotate it have been told, now or earlier today.
    reported: bool,
}

impl<'a> From<&'a Found> for FoundReply<'a> {
    fn from(found: &'a Found) -> Self {
        Self {
            prefix: &found.start,
            key_id: found.key.as_ref().map(|key| key.id),
            live: found.is_live(),
            lines: &found.lines,
            reported: found.is_told(),
        }
    }
}

/// Report keys that others can read
///
/// Finds the keys in a text, and tells those who can rotate them: once a day for each key, however
/// often it is reported. Some teams have such a key switched off at once. Anybody may call it:
/// whoever has the text has the keys in it. A revoked key answers as one that never was.
#[utoipa::path(
    post,
    path = "/v1/keys/scan",
    tag = "keys",
    operation_id = "scanForKeys",
    request_body(content = ScanRequest, content_type = "application/json"),
    responses(
        (status = 200, description = "The keys", body = ScanReply),
        (status = 400, description = "The body is not JSON", body = Problem,
            content_type = "application/problem+json"),
        (status = 405, description = "Not a POST", body = Problem,
            content_type = "application/problem+json"),
        (status = 413, description = "The body is larger than 1 MB", body = Problem,
            content_type = "application/problem+json"),
        (status = 415, description = "The body is not called application/json", body = Problem,
            content_type = "application/problem+json"),
        (status = 422, description = "The body is JSON, but `text` is missing or has more than 100 \
            keys in it, or `source` is no https address", body = Problem,
            content_type = "application/problem+json"),
        (status = 429, description = "Too many calls from one address; `Retry-After` says when to \
            call again", body = Problem, content_type = "application/problem+json"),
        (status = 503, description = "It cannot be done now; `Retry-After` says when to call again. \
            What was told is not told twice", body = Problem,
            content_type = "application/problem+json"),
    )
)]
pub(in crate::http::api::v1) async fn scan(
    State(site): State<Arc<Site>>,
    request: Request,
) -> Response {
    match found(&site, request).await {
        Ok(found) => {
            let keys = found.iter().map(FoundReply::from).collect();
            Json(ScanReply { keys }).into_response()
        }
        Err(told) => told.into_response(),
    }
}

async fn found(site: &Site, request: Request) -> Result<Vec<Found>, Told> {
    let refused = Told::Refusal;
    let deps = site.readiness.deps().ok_or(refused(Refusal::Starting))?;
    let (parts, body) = request.into_parts();
    if !body::is(&parts.headers, "application/json") {
        return Err(refused(Refusal::NotJsonType));
    }
    let cx = caller::anyone(deps, &parts);
    let bytes = body::collect(&parts.headers, body, MOST).await.map_err(|refusal| {
        refused(if refusal == Refusal::TooLarge { Refusal::TextTooLarge } else { refusal })
    })?;
    let ScanRequest { text, source } = asked(&bytes)?;
    let (text, source) = (text.into_owned(), source.unwrap_or_default().into_owned());
    // Whoever leaves half-way leaves nothing half-done.
    let scanned = site.tasks.spawn(async move {
        let found = scan::scan(&cx, &text, &source).await;
        found.map_err(|error| Told::Failure(error.failure(cx.request())))
    });
    scanned.await.unwrap_or(Err(refused(Refusal::Broken)))
}

fn asked(bytes: &[u8]) -> Result<ScanRequest<'_>, Told> {
    // serde also reads a struct from an array, which nobody was promised.
    let is_object = bytes.trim_ascii_start().first() == Some(&b'{');
    match serde_json::from_slice(bytes) {
        Ok(asked) if is_object => Ok(asked),
        _ => Err(explained(bytes)),
    }
}

/// What is wrong with the body, in a sentence that repeats nothing of it.
fn explained(bytes: &[u8]) -> Told {
    let Ok(text) = std::str::from_utf8(bytes) else {
        return Told::Refusal(Refusal::NotUtf8);
    };
    let Ok(value) = serde_json::from_str::<Value>(text) else {
        return Told::Refusal(Refusal::NotJson);
    };
    let Value::Object(fields) = value else {
        return wrong("", "The body must be a JSON object. Send {\"text\": \"…\"}.");
    };
    if fields.keys().any(|name| name != "text" && name != "source") {
        return wrong("", "The body has a field besides text and source. Send only these.");
    }
    match (fields.get("text"), fields.get("source")) {
        (None, _) => wrong("text", "The field text is missing. Send what is to be looked through."),
        (Some(Value::String(_)), None | Some(Value::String(_) | Value::Null)) => {
            wrong("text", "A field is there twice. Send each once.")
        }
        (Some(Value::String(_)), Some(_)) => {
            wrong("source", "The field source must be text. Put the address in double quotes.")
        }
        (Some(_), _) => wrong("text", "The field text must be text. Put it in double quotes."),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use model::RequestId;

    /// Status, field and sentence of the problem that a body leads to.
    fn problem(body: &[u8]) -> (u64, String, String) {
        let Err(told) = asked(body) else { panic!("it was not refused") };
        let json = serde_json::to_value(Problem::new(&told, RequestId(uuid::Uuid::nil())));
        let json = json.expect("plain data");
        let field = json["errors"][0]["field"].as_str().unwrap_or("-").to_owned();
        let detail = json["detail"].as_str().expect("a sentence").to_owned();
        (json["status"].as_u64().expect("a number"), field, detail)
    }

    #[test]
    fn a_text_is_read_with_its_source_or_without() {
        let plain = asked(br#"{"text":"a\nb"}"#).expect("well-formed");
        assert_eq!((&*plain.text, plain.source), ("a\nb", None));
        let with = asked(br#" {"source":"https://x.example","text":""}"#).expect("well-formed");
        assert_eq!(with.source.as_deref(), Some("https://x.example"));
        assert_eq!(asked(br#"{"text":"","source":null}"#).expect("well-formed").source, None);
    }

    #[test]
    fn every_wrong_body_has_its_own_sentence_and_repeats_nothing() {
        let at = |body: &str| {
            let (status, field, sentence) = problem(body.as_bytes());
            assert!(!sentence.contains("pby_live_x"), "{sentence}");
            (status, field)
        };
        assert_eq!(at("pby_live_x").0, 400);
        assert_eq!(problem(b"{\"text\":\"\xff\"}").2, Refusal::NotUtf8.sentence());
        assert_eq!(at(r#"["pby_live_x"]"#), (422, String::new()));
        assert_eq!(at(r#"{"text":"","pby_live_x":1}"#), (422, String::new()));
        for body in ["{}", r#"{"source":"pby_live_x"}"#, r#"{"text":["pby_live_x"]}"#] {
            assert_eq!(at(body), (422, "text".to_owned()), "{body}");
        }
        assert_eq!(at(r#"{"text":"a","text":"pby_live_x"}"#), (422, "text".to_owned()));
        assert_eq!(at(r#"{"text":"","source":7}"#), (422, "source".to_owned()));
    }
}
