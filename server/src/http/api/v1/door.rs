//! How an endpoint that acts with an API key is entered and answered.
//!
//! [`admit`] lets the key in, [`Asked`] reads the address, [`Sent`] the body; each answers with a
//! problem itself when it cannot. What a handler does with it is one operation.

use super::keys::presented;
use crate::http::{caller, failure::Told, middleware::body, refusal::Refusal, site::Site};
use axum::{
    Json,
    extract::{FromRequest, FromRequestParts, Path, Query, Request, State},
    middleware::Next,
    response::{IntoResponse, Response},
};
use domain::Cx;
use http::{HeaderMap, StatusCode, request::Parts};
use model::Failure;
use serde::de::DeserializeOwned;
use std::{convert::Infallible, str::FromStr, sync::Arc};

/// What an endpoint answers.
pub(super) type Answer<T> = Result<Json<T>, Told>;

/// The same for something that was made.
pub(super) type Made<T> = Result<(StatusCode, Json<T>), Told>;

/// Lets the request in as its key's, or says why not. Every endpoint that acts in a team stands
/// behind it.
pub(super) async fn admit(State(site): State<Arc<Site>>, request: Request, next: Next) -> Response {
    let (mut parts, body) = request.into_parts();
    match admitted(&site, &parts).await {
        Ok(cx) => {
            parts.extensions.insert(cx);
            next.run(Request::from_parts(parts, body)).await
        }
        Err(refused) => presented::challenged(refused),
    }
}

async fn admitted(site: &Site, parts: &Parts) -> Result<Cx, Response> {
    let refusal = |refusal: Refusal| refusal.into_response();
    let deps = site.readiness.deps().ok_or_else(|| refusal(Refusal::Starting))?;
    let key = presented::key(&parts.headers).ok_or_else(|| refusal(Refusal::NoKey))?;
    let cx = caller::anyone(deps, parts);
    let request = cx.request();
    let admitted = domain::key::admit(cx, &key).await;
    let admitted = admitted.map_err(|error| Told::Failure(error.failure(request)).into_response());
    admitted?.map_err(|verdict| presented::answer(&verdict))
}

/// The request as its key's.
pub(super) struct ByKey(pub(super) Cx);

impl<S: Sync> FromRequestParts<S> for ByKey {
    type Rejection = Infallible;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Infallible> {
        let cx = parts.extensions.get().cloned();
        Ok(Self(cx.expect("endpoints that act stand behind `admit`")))
    }
}

/// What the address asks for.
pub(super) struct Asked<T>(pub(super) T);

impl<T: DeserializeOwned> FromRequestParts<Arc<Site>> for Asked<T> {
    type Rejection = Told;

    async fn from_request_parts(parts: &mut Parts, _: &Arc<Site>) -> Result<Self, Told> {
        match Query::try_from_uri(&parts.uri) {
            Ok(Query(asked)) => Ok(Self(asked)),
            Err(wrong) => {
                let said = wrong.body_text();
                let said = said.split_once("query string: ").map_or(&*said, |(_, rest)| rest);
                // "limit: must be …", or a whole sentence about a name that is none.
                let field = said.split_once(": ").map_or("", |(field, _)| field);
                let field = if field.contains(' ') { "" } else { field };
                Err(wrong_field(field, format!("The address is not understood: {said}.")))
            }
        }
    }
}

/// The body of an endpoint that takes none: missing, or an object without fields.
#[derive(serde::Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Nothing {}

/// A body, and whose it is. None is as good as an object without fields.
pub(super) struct Sent<T> {
    pub(super) cx: Cx,
    pub(super) body: T,
}

impl<T: DeserializeOwned> FromRequest<Arc<Site>> for Sent<T> {
    type Rejection = Response;

    async fn from_request(request: Request, site: &Arc<Site>) -> Result<Self, Response> {
        sent(request, site, site.bounds.body).await
    }
}

/// The same, of what may be longer because there is much in it.
pub(super) struct SentMany<T>(pub(super) Sent<T>);

impl<T: DeserializeOwned> FromRequest<Arc<Site>> for SentMany<T> {
    type Rejection = Response;

    async fn from_request(request: Request, site: &Arc<Site>) -> Result<Self, Response> {
        // So many are in memory at once; the others wait.
        let _turn = site.batches.acquire().await;
        match sent(request, site, site.bounds.batch).await {
            Err(refused) if refused.status() == StatusCode::PAYLOAD_TOO_LARGE => {
                Err(Told::Refusal(Refusal::EventsTooLarge).into_response())
            }
            sent => sent.map(Self),
        }
    }
}

async fn sent<T: DeserializeOwned>(
    request: Request,
    site: &Arc<Site>,
    most: usize,
) -> Result<Sent<T>, Response> {
    let (mut parts, body) = request.into_parts();
    let Ok(ByKey(cx)) = ByKey::from_request_parts(&mut parts, site).await;
    let told = |refusal: Refusal| Told::Refusal(refusal).into_response();
    let bytes = body::collect(&parts.headers, body, most).await.map_err(told)?;
    let cx = once(cx, &parts, &bytes).map_err(IntoResponse::into_response)?;
    if !bytes.is_empty() && !body::is(&parts.headers, "application/json") {
        return Err(told(Refusal::NotJsonType));
    }
    let body = read(&bytes).map_err(IntoResponse::into_response)?;
    Ok(Sent { cx, body })
}

/// The same request, done once however often it is sent, if it says so.
fn once(cx: Cx, parts: &Parts, bytes: &[u8]) -> Result<Cx, Told> {
    let Some(named) = idempotency_key(&parts.headers)? else { return Ok(cx) };
    let (method, path) = (parts.method.as_str(), parts.uri.path());
    Ok(cx.once(named, &[method.as_bytes(), path.as_bytes(), bytes]))
}

/// What the request is called by its sender, 1 to 255 visible characters of ASCII.
fn idempotency_key(headers: &HeaderMap) -> Result<Option<&str>, Told> {
    let Some(value) = headers.get("idempotency-key") else { return Ok(None) };
    let named = value.to_str().ok().filter(|text| {
        (1..=255).contains(&text.len()) && text.bytes().all(|byte| byte.is_ascii_graphic())
    });
    let said = "An Idempotency-Key has 1 to 255 visible characters of ASCII. A UUID is a good one.";
    named.map(Some).ok_or_else(|| wrong_field("Idempotency-Key", said))
}

/// A JSON body; what is wrong with it is told without repeating what stands in it.
fn read<T: DeserializeOwned>(bytes: &[u8]) -> Result<T, Told> {
    let bytes = if bytes.is_empty() { b"{}" } else { bytes };
    let text = std::str::from_utf8(bytes).map_err(|_| Told::Refusal(Refusal::NotUtf8))?;
    let value: serde_json::Value =
        serde_json::from_str(text).map_err(|_| Told::Refusal(Refusal::NotJson))?;
    if !value.is_object() {
        return Err(wrong_field("", "The body must be a JSON object."));
    }
    // From the text and not from the value: a name that stands there twice is refused.
    let mut json = serde_json::Deserializer::from_str(text);
    serde_path_to_error::deserialize(&mut json).map_err(|error| {
        let field = error.path().to_string();
        let said = explained(&error.inner().to_string());
        wrong_field(if field == "." { "" } else { &field }, said)
    })
}

/// serde's sentence without the value that it found.
fn explained(said: &str) -> String {
    let said = said.rsplit_once(" at line ").map_or(said, |(said, _)| said);
    match (said.split_once("expected "), said.starts_with("invalid ")) {
        (Some((_, expected)), true) => {
            let wanted = match expected {
                "u16" | "u32" | "u64" | "i64" => "a whole number",
                "a sequence" => "a list",
                "a map" => "an object",
                other if other.starts_with("struct ") => "an object",
                other => other,
            };
            format!("This is of the wrong kind. It must be {wanted}.")
        }
        _ => format!("The body does not fit: {said}. /v1/openapi.json says what is expected."),
    }
}

fn wrong_field(field: &str, sentence: impl Into<String>) -> Told {
    Told::Failure(Failure::field(field, sentence))
}

/// An id in the path; what cannot be one names nothing.
pub(super) struct Id<T>(pub(super) T);

impl<T: FromStr> FromRequestParts<Arc<Site>> for Id<T> {
    type Rejection = Told;

    async fn from_request_parts(parts: &mut Parts, site: &Arc<Site>) -> Result<Self, Told> {
        let nothing = || Told::Failure(Failure::NotFound);
        let path = Path::<String>::from_request_parts(parts, site).await;
        let Path(text) = path.map_err(|_| nothing())?;
        text.parse().map(Self).map_err(|_| nothing())
    }
}

/// What an operation says, as the endpoint answers it.
pub(super) trait Tell<T> {
    fn told(self, cx: &Cx) -> Result<T, Told>;
}

impl<T> Tell<T> for domain::Result<T> {
    fn told(self, cx: &Cx) -> Result<T, Told> {
        self.map_err(|error| Told::Failure(error.failure(cx.request())))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::http::problem::Problem;
    use serde::Deserialize;

    #[derive(Debug, Deserialize)]
    #[serde(deny_unknown_fields)]
    #[expect(dead_code, reason = "only read into")]
    struct Body {
        name: String,
        #[serde(default)]
        days: Vec<u16>,
    }

    /// Field and sentence.
    fn wrong(body: &str) -> (String, String) {
        let told = read::<Body>(body.as_bytes()).expect_err("refused");
        let problem = Problem::new(&told, model::RequestId(uuid::Uuid::nil()));
        let json = serde_json::to_value(problem).expect("plain data");
        let field = json["errors"][0]["field"].as_str().unwrap_or("-").to_owned();
        (field, json["detail"].as_str().expect("a sentence").to_owned())
    }

    #[test]
    fn what_is_wrong_with_a_body_is_told_by_field_and_without_its_values() {
        assert!(read::<Body>(br#"{"name": "a", "days": [1]}"#).is_ok());
        assert!(read::<Nothing>(b"").is_ok() && read::<Nothing>(b"{\"a\": 1}").is_err());
        let number = "This is of the wrong kind. It must be a whole number.";
        assert_eq!(wrong(r#"{"name":"a","days":["secret"]}"#), ("days[0]".into(), number.into()));
        let (field, said) = wrong(r#"{"name":["secret"]}"#);
        assert_eq!((field.as_str(), said.contains("secret")), ("name", false), "{said}");
        assert!(wrong("{}").1.contains("missing field `name`"));
        assert!(wrong(r#"{"name":"a","nmae":"secret"}"#).1.contains("unknown field `nmae`"));
        assert!(wrong(r#"{"name":"a","name":"b"}"#).1.contains("duplicate field"));
        assert_eq!(wrong("[]").1, "The body must be a JSON object.");
        assert_eq!(wrong("{").1, Refusal::NotJson.sentence());
    }

    #[test]
    fn an_idempotency_key_is_short_and_visible() {
        let said = |value: &'static str| {
            let value = http::HeaderValue::from_static(value);
            let headers = [(http::HeaderName::from_static("idempotency-key"), value)];
            idempotency_key(&HeaderMap::from_iter(headers)).map(|named| named.map(str::to_owned))
        };
        assert_eq!(said("a-1").ok().flatten().as_deref(), Some("a-1"));
        assert!(said("").is_err() && said("a b").is_err());
        assert!(said(Box::leak("x".repeat(256).into_boxed_str())).is_err());
        assert!(matches!(idempotency_key(&HeaderMap::new()), Ok(None)));
    }
}
