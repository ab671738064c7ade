//! `POST /v1/match`: which of a team's keyword rules a message meets.

use super::keys::presented::{answer, challenged, key};
use crate::http::{
    caller, failure::Told, middleware::body, problem::Problem, refusal::Refusal, site::Site,
};
use axum::{
    Json,
    extract::{Request, State},
    response::{IntoResponse, Response},
};
use domain::rule::{Asked, Found};
use model::{Failure, RuleId, rule::Offer};
use serde::{Deserialize, Serialize};
use serde_json::Value;
use std::sync::Arc;
use utoipa::ToSchema;

/// What to look in.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct MatchRequest {
    /// What somebody wrote.
    #[schema(min_length = 1, max_length = 8192, example = "Where do I get running shoes?")]
    message: String,
    /// Its language, as a tag like `de` or `de-CH`: rules for other languages are left out. Without
    /// it, rules of every language count.
    #[serde(default)]
    #[schema(example = "en")]
    language: Option<String>,
    /// How many offers at most.
    #[serde(default)]
    #[schema(minimum = 1, maximum = 50, default = 10)]
    limit: Option<usize>,
}

/// What matches.
#[derive(Serialize, ToSchema)]
struct MatchReply {
    /// The highest priority first, then the longest keyword, then the oldest rule.
    offers: Vec<OfferReply>,
}

/// An offer for a message.
#[derive(Serialize, ToSchema)]
struct OfferReply {
    #[schema(value_type = String, example = "rule_019a7c3e5b7e7b7a8b3f0d1c2e3f4a5b")]
    rule_id: RuleId,
    /// As your team typed it.
    #[schema(example = "running shoes")]
    keyword: String,
    /// Where it leads, with the affiliate key, the keyword and the message filled in.
    #[schema(example = "https://shop.example/s?q=running%20shoes&tag=ada-21")]
    url: String,
    /// The affiliate program, if the rule names one.
    #[schema(example = "Nordly Partners")]
    program: Option<String>,
    #[schema(example = 10)]
    priority: i32,
}

impl From<Offer> for OfferReply {
    fn from(offer: Offer) -> Self {
        let Offer { rule, keyword, url, program, priority } = offer;
        Self { rule_id: rule, keyword, url, program, priority }
    }
}

/// Find offers for a message
///
/// Asked with an API key of the team whose rules count, in `Authorization: Bearer …` or in
/// `X-Api-Key`. The call counts against the key's rate and quota, and in the team's usage. A key that
/// has scopes needs the scope `match`; one that names networks must come from one of them.
///
/// Case, width and compatible forms do not matter (`STRASSE` is `straße`, `ﬁn` is `fin`), accents do.
/// Words end where letters, digits and the marks on them do; in scripts without spaces each
/// character is a word.
#[utoipa::path(
    post,
    path = "/v1/match",
    tag = "rules",
    operation_id = "findOffers",
    request_body(content = MatchRequest, content_type = "application/json"),
    responses(
        (status = 200, description = "The offers, perhaps none", body = MatchReply),
        (status = 400, description = "The body is not JSON", body = Problem,
            content_type = "application/problem+json"),
        (status = 401, description = "No key, or one that does not work (`x-probity-code`)",
            body = Problem, content_type = "application/problem+json"),
        (status = 403, description = "The key works, but not for this or not from there",
            body = Problem, content_type = "application/problem+json"),
        (status = 405, description = "Not a POST", body = Problem,
            content_type = "application/problem+json"),
        (status = 413, description = "The body is larger than 64 kB", body = Problem,
            content_type = "application/problem+json"),
        (status = 415, description = "The body is not called application/json", body = Problem,
            content_type = "application/problem+json"),
        (status = 422, description = "The body is JSON, but a field of it is missing or wrong, or \
            something else is in it", body = Problem, content_type = "application/problem+json"),
        (status = 429, description = "The key's rate or quota is used up; `Retry-After` says until \
            when", body = Problem, content_type = "application/problem+json"),
        (status = 503, description = "It cannot be told now; `Retry-After` says when to ask again",
            body = Problem, content_type = "application/problem+json"),
    ),
    security(("key" = [])),
)]
pub(in crate::http::api::v1) async fn find_offers(
    State(site): State<Arc<Site>>,
    request: Request,
) -> Response {
    match found(&site, request).await {
        Ok(Found::Offers(offers)) => {
            let offers = offers.into_iter().map(OfferReply::from).collect();
            Json(MatchReply { offers }).into_response()
        }
        Ok(Found::Refused(verdict)) => answer(&verdict),
        Err(told) => challenged(told.into_response()),
    }
}

async fn found(site: &Site, request: Request) -> Result<Found, Told> {
    let refused = Told::Refusal;
    let deps = site.readiness.deps().ok_or(refused(Refusal::Starting))?;
    let (parts, body) = request.into_parts();
    if !body::is(&parts.headers, "application/json") {
        return Err(refused(Refusal::NotJsonType));
    }
    let key = key(&parts.headers).ok_or(refused(Refusal::NoKey))?;
    let cx = caller::anyone(deps, &parts);
    let bytes = body::collect(&parts.headers, body, site.bounds.body).await.map_err(refused)?;
    let MatchRequest { message, language, limit } = asked(&bytes)?;
    let told = |error: domain::Error| Told::Failure(error.failure(cx.request()));
    let asked = Asked::new(message, &language.unwrap_or_default(), limit).map_err(told)?;
    domain::rule::offers(&cx, &key, &asked).await.map_err(told)
}

/// What the body asks. The usual one is read at once; only a wrong one is read again, to say what
/// is wrong with it.
fn asked(bytes: &[u8]) -> Result<MatchRequest, Told> {
    // serde also reads a struct from an array, which nobody was promised.
    let is_object = bytes.trim_ascii_start().first() == Some(&b'{');
    match serde_json::from_slice(bytes) {
        Ok(asked) if is_object => Ok(asked),
        _ => Err(explained(bytes)),
    }
}

fn explained(bytes: &[u8]) -> Told {
    let Ok(text) = std::str::from_utf8(bytes) else {
        return Told::Refusal(Refusal::NotUtf8);
    };
    let Ok(value) = serde_json::from_str::<Value>(text) else {
        return Told::Refusal(Refusal::NotJson);
    };
    let (field, sentence) = wrong_with(&value);
    Told::Failure(Failure::field(field, sentence))
}

/// The field that is wrong, and what is wrong with it.
fn wrong_with(value: &Value) -> (&'static str, &'static str) {
    let Value::Object(fields) = value else {
        return ("", "The body must be a JSON object. Send {\"message\": \"running shoes\"}.");
    };
    if fields.keys().any(|name| !["message", "language", "limit"].contains(&name.as_str())) {
        let said = "The body has a field besides message, language and limit. Send only these.";
        return ("", said);
    }
    let fits = |name: &str, fits: fn(&Value) -> bool| {
        fields.get(name).is_none_or(|value| value.is_null() || fits(value))
    };
    match fields.get("message") {
        None => ("message", "The field message is missing. Send what somebody wrote in it."),
        Some(Value::String(_)) if !fits("language", Value::is_string) => {
            ("language", "The field language must be text. Send a tag like de in double quotes.")
        }
        Some(Value::String(_)) if !fits("limit", Value::is_u64) => {
            ("limit", "The field limit must be a whole number. Send one from 1 to 50.")
        }
        // Fitting values, yet refused: a name stands there twice.
        Some(Value::String(_)) => ("message", "A field is there twice. Send each once."),
        Some(_) => ("message", "The field message must be text. Put it in double quotes."),
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
    fn a_message_is_read_with_what_narrows_it_down() {
        let Ok(plain) = asked(br#"{"message":"a"}"#) else { panic!("well-formed") };
        assert_eq!((plain.message.as_str(), plain.language, plain.limit), ("a", None, None));
        let Ok(all) = asked(br#" {"limit":3,"message":"\u00fc","language":"de"}"#) else {
            panic!("well-formed")
        };
        assert_eq!(
            (all.message.as_str(), all.language.as_deref(), all.limit),
            ("ü", Some("de"), Some(3))
        );
        assert!(asked(br#"{"message":"a","limit":null,"language":null}"#).is_ok());
    }

    #[test]
    fn every_wrong_body_has_its_own_sentence() {
        let at = |body: &str| problem(body.as_bytes());
        assert_eq!((at("message").0, at("").0, problem(b"\xff").0), (400, 400, 400));
        for (body, field) in [
            ("[]", ""),
            ("\"a\"", ""),
            ("{}", "message"),
            (r#"{"message":7}"#, "message"),
            (r#"{"message":"a","message":"b"}"#, "message"),
            (r#"{"message":"a","x":1}"#, ""),
            (r#"{"message":"a","language":7}"#, "language"),
            (r#"{"message":"a","limit":"3"}"#, "limit"),
            (r#"{"message":"a","limit":-1}"#, "limit"),
            (r#"{"message":"a","limit":1.5}"#, "limit"),
        ] {
            let (status, named, sentence) = at(body);
            assert_eq!((status, named.as_str()), (422, field), "{body}");
            assert!(sentence.split(". ").count() == 2, "{sentence}");
        }
    }
}
