//! A key that a request brings in its head, and what is said of it in the head of the answer.

use crate::http::{failure::Told, refusal::Refusal};
use axum::response::{IntoResponse, Response};
use domain::key::{Left, Verdict};
use http::{HeaderMap, HeaderName, HeaderValue, StatusCode, header};
use model::{
    Typed,
    key::{VerifyCode, bounds},
};
use percent_encoding::{AsciiSet, CONTROLS, utf8_percent_encode};

/// What a header's value cannot hold, and the percent sign itself.
const PLAIN: &AsciiSet = &CONTROLS.add(b'%');

/// The key that the request brings. One that cannot be a key is as good as a wrong one.
pub(in crate::http::api::v1) fn key(headers: &HeaderMap) -> Option<Typed> {
    let text = |name: &HeaderName| headers.get(name)?.to_str().ok();
    let bearer = text(&header::AUTHORIZATION).and_then(|value| {
        let (scheme, key) = value.split_once(' ')?;
        scheme.eq_ignore_ascii_case("bearer").then(|| key.trim())
    });
    let own = text(&HeaderName::from_static("x-api-key")).map(str::trim);
    let key = bearer.or(own).filter(|key| !key.is_empty())?;
    Some(Typed::new(if key.len() <= bounds::TEXT { key } else { "-" }))
}

/// What is said of it: 204 where it is valid.
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

/// RFC 9110, 11.6.1: a 401 says which scheme would do.
pub(in crate::http::api::v1) fn challenged(mut response: Response) -> Response {
    if response.status() == StatusCode::UNAUTHORIZED {
        let bearer = HeaderValue::from_static("Bearer");
        response.headers_mut().insert(header::WWW_AUTHENTICATE, bearer);
    }
    response
}

#[cfg(test)]
mod tests {
    use super::*;

    fn sent(name: &'static str, value: &'static str) -> Option<String> {
        let headers = [(HeaderName::from_static(name), HeaderValue::from_static(value))];
        key(&HeaderMap::from_iter(headers)).map(|key| key.expose().to_owned())
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
}
