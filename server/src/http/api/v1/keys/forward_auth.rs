//! `GET /v1/forward-auth`: what a reverse proxy asks before it lets a request through.
//!
//! nginx (`auth_request`), Traefik (`forwardAuth`) and Caddy (`forward_auth`) send the head of each
//! request here, and let it through on 204. See `docs/forward-auth.md`.

use super::presented::{answer, challenged, key};
use crate::http::{caller, failure::Told, problem::Problem, refusal::Refusal, site::Site};
use axum::{
    extract::{Request, State},
    response::{IntoResponse, Response},
};
use domain::key::{Ask, Verdict};
use http::request::Parts;
use model::key::bounds;
use std::sync::Arc;

/// Verify the key of a request that passes a proxy
///
/// The key is taken from `Authorization: Bearer …` or from `X-Api-Key`. 204 lets the request
/// through and says in `X-Probity-*` headers whose it is; any other status does not. Where the
/// request came from is told by `X-Forwarded-For`, if the proxy is among PROBITY_TRUSTED_PROXIES.
#[utoipa::path(
    get,
    path = "/v1/forward-auth",
    tag = "keys",
    operation_id = "forwardAuth",
    params(
        ("scopes" = Option<String>, Query, description = "What the request needs: all of these, \
            apart by commas", example = "orders:read"),
        ("resource" = Option<String>, Query, description = "What the scopes are needed for"),
        ("cost" = Option<u32>, Query, description = "Calls that this one counts as"),
    ),
    responses(
        (status = 204, description = "Let it through", headers(
            ("x-probity-code" = String, description = "VALID"),
            ("x-probity-key-id" = String, description = "Names the key"),
            ("x-probity-team-id" = String, description = "The team that owns it"),
            ("x-probity-key-name" = String, description = "What its owners call it, with percent \
                signs for what a header cannot hold"),
            ("x-probity-environment" = String, description = "live or test"),
            ("x-probity-scopes" = String, description = "What it may, apart by spaces"),
            ("x-probity-ratelimit-remaining" = u64, description = "What is left of its rate"),
            ("x-probity-quota-remaining" = u64, description = "What is left of its quota"),
        )),
        (status = 401, description = "No key, or one that does not work (`x-probity-code`)",
            body = Problem, content_type = "application/problem+json"),
        (status = 403, description = "The key works, but not for this or not from there",
            body = Problem, content_type = "application/problem+json"),
        (status = 405, description = "Not a GET", body = Problem,
            content_type = "application/problem+json"),
        (status = 422, description = "The address asks for something else", body = Problem,
            content_type = "application/problem+json"),
        (status = 429, description = "Its rate or quota is used up; `Retry-After` says until when",
            body = Problem, content_type = "application/problem+json"),
        (status = 503, description = "It cannot be told now: do not let the request through",
            body = Problem, content_type = "application/problem+json"),
    ),
    security(("key" = [])),
)]
pub(in crate::http::api::v1) async fn forward_auth(
    State(site): State<Arc<Site>>,
    request: Request,
) -> Response {
    let (parts, _) = request.into_parts();
    match verdict(&site, &parts).await {
        Ok(verdict) => answer(&verdict),
        Err(told) => challenged(told.into_response()),
    }
}

async fn verdict(site: &Site, parts: &Parts) -> Result<Verdict, Told> {
    let deps = site.readiness.deps().ok_or(Told::Refusal(Refusal::Starting))?;
    let cx = caller::anyone(deps, parts);
    let key = key(&parts.headers).ok_or(Told::Refusal(Refusal::NoKey))?;
    let query = parts.uri.query().unwrap_or_default();
    let ask = asked(query).ok_or(Told::Refusal(Refusal::ForwardQuery))?;
    let verdict = domain::key::verify(&cx, &key, &Ask { ip: cx.ip(), ..ask }).await;
    verdict.map_err(|error| Told::Failure(error.failure(cx.request())))
}

/// What the address asks about it; none for what is not understood, which then lets nobody in.
fn asked(query: &str) -> Option<Ask<'static>> {
    let mut ask = Ask::default();
    for (name, value) in url::form_urlencoded::parse(query.as_bytes()) {
        let is_word = |word: &str| (1..=bounds::SCOPE).contains(&word.len());
        match &*name {
            "scopes" => {
                let words = value.split([',', ' ']).filter(|word| !word.is_empty());
                ask.scopes.extend(words.map(|word| word.to_owned().into()));
            }
            "resource" if is_word(&value) => ask.resource = Some(value.into_owned().into()),
            "cost" => ask.cost = Some(value.parse().ok().filter(|c| *c <= bounds::COST_MOST)?),
            _ => return None,
        }
    }
    let fits = ask.scopes.len() <= bounds::SCOPES
        && ask.scopes.iter().all(|word| (1..=bounds::SCOPE).contains(&word.len()));
    fits.then_some(ask)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_that_is_not_understood_lets_nobody_in() {
        let ask = asked("scopes=orders%3Aread,b&resource=r&cost=3").expect("understood");
        assert_eq!((ask.scopes.len(), ask.resource.as_deref(), ask.cost), (2, Some("r"), Some(3)));
        assert!(asked("").is_some());
        for wrong in ["scope=a", "cost=x", "cost=1000001", "resource=", "x"] {
            assert!(asked(wrong).is_none(), "{wrong}");
        }
    }
}
