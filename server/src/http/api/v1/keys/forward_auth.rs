//! `GET /v1/forward-auth`: what a reverse proxy asks before it lets a request through.
//!
//! nginx (`auth_request`), Traefik (`forwardAuth`) and Caddy (`forward_auth`) send the head of each
//! request here, and let it through on 204. See `docs/forward-auth.md`.

use crate::http::{
    caller, failure::Told, middleware::ClientAddress, problem::Problem, refusal::Refusal,
    site::Site,
};
use axum::{
    extract::{Request, State},
    response::{IntoResponse, Response},
};
use domain::key::{Ask, Left, Verdict};
use http::{HeaderMap, HeaderName, HeaderValue, StatusCode, header, request::Parts};
use model::{
    Typed,
    key::{VerifyCode, bounds},
};
use percent_encoding::{AsciiSet, CONTROLS, utf8_percent_encode};
use std::sync::Arc;

/// What a header's value cannot hold, and the percent sign itself.
const PLAIN: &AsciiSet = &CONTROLS.add(b'%');

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
        ("X-Api-Key" = Option<String>, Header, description = "The key, if it is not in \
            Authorization"),
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
    )
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

/// RFC 9110, 11.6.1: a 401 says which scheme would do.
pub(in crate::http::api::v1) fn challenged(mut response: Response) -> Response {
    if response.status() == StatusCode::UNAUTHORIZED {
        let bearer = HeaderValue::from_static("Bearer");
        response.headers_mut().insert(header::WWW_AUTHENTICATE, bearer);
    }
    response
}

async fn verdict(site: &Site, parts: &Parts) -> Result<Verdict, Told> {
    let deps = site.readiness.deps().ok_or(Told::Refusal(Refusal::Starting))?;
    let cx = caller::anyone(deps, parts);
    let query = parts.uri.query().unwrap_or_default();
    let ask = asked(query).ok_or(Told::Refusal(Refusal::ForwardQuery))?;
    let key = presented(&parts.headers).ok_or(Told::Refusal(Refusal::NoKey))?;
    let ip = parts.extensions.get::<ClientAddress>().and_then(|address| address.0);
    let verdict = domain::key::verify(&cx, &key, &Ask { ip, ..ask }).await;
    verdict.map_err(|error| Told::Failure(error.failure(cx.request())))
}

/// The key that the request brings. One that cannot be a key is as good as a wrong one.
pub(in crate::http::api::v1) fn presented(headers: &HeaderMap) -> Option<Typed> {
    let text = |name: &HeaderName| headers.get(name)?.to_str().ok();
    let bearer = text(&header::AUTHORIZATION).and_then(|value| {
        let (scheme, key) = value.split_once(' ')?;
        scheme.eq_ignore_ascii_case("bearer").then(|| key.trim())
    });
    let own = text(&HeaderName::from_static("x-api-key")).map(str::trim);
    let key = bearer.or(own).filter(|key| !key.is_empty())?;
    Some(Typed::new(if key.len() <= bounds::TEXT { key } else { "-" }))
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

/// The verdict as a status and headers.
pub(in crate::http::api::v1) fn answer(verdict: &Verdict) -> Response {
    let mut response = match verdict.code {
        VerifyCode::Valid => StatusCode::NO_CONTENT.into_response(),
        VerifyCode::ForbiddenIp | VerifyCode::InsufficientScope | VerifyCode::TeamSuspended => {
            Told::Refusal(Refusal::KeyForbidden).into_response()
        }
        VerifyCode::QuotaExceeded | VerifyCode::RateLimited => {
            Told::Refusal(Refusal::KeyLimited).into_response()
        }
        VerifyCode::NotFound | VerifyCode::Disabled | VerifyCode::Expired => {
            Told::Refusal(Refusal::KeyRefused).into_response()
        }
    };
    let headers = response.headers_mut();
    let mut tell = |name: &'static str, value: &str| {
        if let Ok(value) = HeaderValue::from_str(value) {
            headers.insert(HeaderName::from_static(name), value);
        }
    };
    tell("x-probity-code", verdict.code.name());
    if let Some(key) = &verdict.key {
        tell("x-probity-key-id", &key.id.to_string());
        tell("x-probity-team-id", &key.team.to_string());
        tell("x-probity-key-name", &utf8_percent_encode(&key.name, PLAIN).to_string());
        tell("x-probity-environment", key.environment.name());
        tell("x-probity-scopes", &key.scopes().join(" "));
    }
    let left = |left: &Left| left.remaining.to_string();
    if let Some(rate) = &verdict.rate {
        tell("x-probity-ratelimit-remaining", &left(rate));
    }
    if let Some(quota) = &verdict.quota {
        tell("x-probity-quota-remaining", &left(quota));
    }
    let wait = match verdict.code {
        VerifyCode::QuotaExceeded => verdict.quota.map(|left| left.reset),
        VerifyCode::RateLimited => verdict.rate.map(|left| left.reset),
        _ => None,
    };
    if let Some(wait) = wait {
        tell("retry-after", &wait.to_string());
    }
    challenged(response)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn sent(name: &'static str, value: &'static str) -> Option<String> {
        let headers = [(HeaderName::from_static(name), HeaderValue::from_static(value))];
        presented(&HeaderMap::from_iter(headers)).map(|key| key.expose().to_owned())
    }

    #[test]
    fn a_key_is_taken_from_either_header() {
        assert_eq!(sent("authorization", "Bearer pby_1").as_deref(), Some("pby_1"));
        assert_eq!(sent("authorization", "bearer  pby_1 ").as_deref(), Some("pby_1"));
        assert_eq!(sent("x-api-key", "pby_1").as_deref(), Some("pby_1"));
        for none in ["Basic cGJ5", "Bearer", "Bearer ", ""] {
            assert_eq!(sent("authorization", none), None, "{none}");
        }
        let long: &'static str = Box::leak("x".repeat(257).into_boxed_str());
        assert_eq!(sent("x-api-key", long).as_deref(), Some("-"));
    }

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
