//! `POST /v1/keys/verify`: is this key good, and whose is it?

use super::{
    ask::{self, VerifyRequest},
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
use std::sync::Arc;

const JSON: &str = "application/json";

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
pub(in crate::http::api::v1) async fn verify(
    State(site): State<Arc<Site>>,
    request: Request,
) -> Response {
    match verdict(&site, request).await {
        Ok(verdict) => reply::written(1, &VerifyReply::from(&verdict)),
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
    let (key, ask) = ask::asked(&bytes)?;
    let verdict = domain::key::verify(&cx, &key, &ask).await;
    verdict.map_err(|error| Told::Failure(error.failure(cx.request())))
}
