//! `POST /v1/keys/verify/batch`: the same for up to a thousand keys at once.

use super::{
    ask::{VerifyRequest, wrong, wrong_with},
    reply::{self, VerifyReply},
};
use crate::http::{
    caller, failure::Told, middleware::body, problem::Problem, refusal::Refusal, site::Site,
};
use axum::{
    extract::{Request, State},
    response::{IntoResponse, Response},
};
use domain::key::Verdict;
use serde::{Deserialize, Serialize};
use serde_json::Value;
use std::sync::Arc;
use utoipa::ToSchema;

/// Keys of one request.
const KEYS: usize = 1_000;
/// Bytes of its body.
const MOST: usize = 1 << 20;

/// What to verify.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct BatchRequest<'a> {
    /// Each as for one key.
    #[serde(borrow)]
    #[schema(min_items = 1, max_items = 1000)]
    keys: Vec<VerifyRequest<'a>>,
}

/// What is to be said of each.
#[derive(Serialize, ToSchema)]
struct BatchReply<'a> {
    /// In the order of the request.
    results: Vec<VerifyReply<'a>>,
}

/// Verify many keys
///
/// Answers 200 to every well-formed request, with a verdict for each key in the order of the
/// request. Each takes from its own rate and quota, as if it were sent alone.
#[utoipa::path(
    post,
    path = "/v1/keys/verify/batch",
    tag = "keys",
    operation_id = "verifyKeys",
    request_body(content = BatchRequest, content_type = "application/json"),
    responses(
        (status = 200, description = "The verdicts", body = BatchReply),
        (status = 400, description = "The body is not JSON", body = Problem,
            content_type = "application/problem+json"),
        (status = 405, description = "Not a POST", body = Problem,
            content_type = "application/problem+json"),
        (status = 413, description = "The body is larger than 1 MB", body = Problem,
            content_type = "application/problem+json"),
        (status = 415, description = "The body is not called application/json", body = Problem,
            content_type = "application/problem+json"),
        (status = 422, description = "The body is JSON, but `keys` is no list of 1 to 1,000 of what \
            one key is verified with; the field names the first that is wrong", body = Problem,
            content_type = "application/problem+json"),
        (status = 503, description = "The verdicts cannot be given now: do not let the requests in; \
            `Retry-After` says when to ask again", body = Problem,
            content_type = "application/problem+json"),
    )
)]
pub(in crate::http::api::v1) async fn verify_batch(
    State(site): State<Arc<Site>>,
    request: Request,
) -> Response {
    match verdicts(&site, request).await {
        Ok(verdicts) => {
            let results: Vec<_> = verdicts.iter().map(VerifyReply::from).collect();
            reply::written(results.len(), &BatchReply { results })
        }
        Err(told) => told.into_response(),
    }
}

async fn verdicts(site: &Site, request: Request) -> Result<Vec<Verdict>, Told> {
    let refused = Told::Refusal;
    let deps = site.readiness.deps().ok_or(refused(Refusal::Starting))?;
    let (parts, body) = request.into_parts();
    if !body::is(&parts.headers, "application/json") {
        return Err(refused(Refusal::NotJsonType));
    }
    let cx = caller::anyone(deps, &parts);
    let bytes = body::collect(&parts.headers, body, MOST).await.map_err(|refusal| {
        refused(if refusal == Refusal::TooLarge { Refusal::BatchTooLarge } else { refusal })
    })?;
    let asked: Vec<_> = asked(&bytes)?.into_iter().map(VerifyRequest::split).collect();
    let verdicts = domain::key::verify_all(&cx, &asked).await;
    verdicts.map_err(|error| Told::Failure(error.failure(cx.request())))
}

fn asked(bytes: &[u8]) -> Result<Vec<VerifyRequest<'_>>, Told> {
    match serde_json::from_slice::<BatchRequest<'_>>(bytes) {
        Ok(BatchRequest { keys })
            if (1..=KEYS).contains(&keys.len())
                && bytes.trim_ascii_start().first() == Some(&b'{')
                && keys.iter().all(VerifyRequest::is_within_bounds) =>
        {
            Ok(keys)
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
    let keys = value.as_object().filter(|fields| fields.len() == 1);
    let keys = keys.and_then(|fields| fields.get("keys")).and_then(Value::as_array);
    let Some(keys) = keys.filter(|keys| (1..=KEYS).contains(&keys.len())) else {
        return wrong(
            "keys",
            "The body must be {\"keys\": […]} with 1 to 1000 objects, each as for one key.",
        );
    };
    for (at, key) in keys.iter().enumerate() {
        let Some(fields) = key.as_object() else {
            return wrong(&format!("keys[{at}]"), "Each of keys must be a JSON object.");
        };
        let one = key.to_string();
        let fits = serde_json::from_str::<VerifyRequest<'_>>(&one);
        if !fits.is_ok_and(|one| one.is_within_bounds()) {
            let (field, sentence) = wrong_with(fields);
            let dot = if field.is_empty() { "" } else { "." };
            return wrong(&format!("keys[{at}]{dot}{field}"), sentence);
        }
    }
    wrong("keys", "A field is there twice. Send each once.")
}

#[cfg(test)]
mod tests {
    use super::*;
    use model::RequestId;

    /// Status, field and sentence of the problem that a body leads to.
    fn problem(body: &str) -> (u64, String, String) {
        let Err(told) = asked(body.as_bytes()) else { panic!("{body} was not refused") };
        let json = serde_json::to_value(Problem::new(&told, RequestId(uuid::Uuid::nil())));
        let json = json.expect("plain data");
        let field = json["errors"][0]["field"].as_str().unwrap_or("-").to_owned();
        let detail = json["detail"].as_str().expect("a sentence").to_owned();
        (json["status"].as_u64().expect("a number"), field, detail)
    }

    #[test]
    fn many_keys_are_read_in_their_order() {
        let body = br#"{"keys":[{"key":"a"},{"key":"b","cost":0}]}"#;
        let Ok(keys) = asked(body) else { panic!("well-formed") };
        let keys: Vec<_> = keys.into_iter().map(VerifyRequest::split).collect();
        assert_eq!((keys[0].0.expose(), keys[1].0.expose()), ("a", "b"));
        assert_eq!(keys[1].1.cost, Some(0));
    }

    #[test]
    fn the_first_that_is_wrong_is_named() {
        for body in ["[]", "{}", r#"{"keys":[]}"#, r#"{"keys":{}}"#, r#"{"keys":[],"x":1}"#] {
            assert_eq!((problem(body).0, problem(body).1.as_str()), (422, "keys"), "{body}");
        }
        let at = |body: &str| problem(body).1;
        assert_eq!(at(r#"{"keys":[{"key":"a"},7]}"#), "keys[1]");
        assert_eq!(at(r#"{"keys":[{"key":"a"},{"key":""}]}"#), "keys[1].key");
        assert_eq!(at(r#"{"keys":[{"key":"a","cost":-1}]}"#), "keys[0].cost");
        assert_eq!(at(r#"{"keys":[{"key":"a","x":1}]}"#), "keys[0]");
        let many = format!("{{\"keys\":[{}]}}", vec![r#"{"key":"a"}"#; 1001].join(","));
        assert_eq!(at(&many), "keys");
        assert_eq!(problem("key").0, 400);
    }
}
