//! A key that a request brings in its head, and what is said of it in the head of the answer.

use crate::http::{failure::Told, refusal::Refusal};
use axum::response::{IntoResponse, Response};
use bytes::BytesMut;
use domain::key::Verdict;
use http::{HeaderMap, HeaderName, HeaderValue, StatusCode, header};
use model::{
    Typed,
    key::{VerifyCode, bounds},
};
use percent_encoding::{AsciiSet, CONTROLS, utf8_percent_encode};
use std::fmt::{self, Write};

/// What a header's value cannot hold, and the percent sign itself.
const PLAIN: &AsciiSet = &CONTROLS.add(b'%');

const API_KEY: HeaderName = HeaderName::from_static("x-api-key");
const CODE: HeaderName = HeaderName::from_static("x-probity-code");
const KEY_ID: HeaderName = HeaderName::from_static("x-probity-key-id");
const TEAM_ID: HeaderName = HeaderName::from_static("x-probity-team-id");
const KEY_NAME: HeaderName = HeaderName::from_static("x-probity-key-name");
const ENVIRONMENT: HeaderName = HeaderName::from_static("x-probity-environment");
const SCOPES: HeaderName = HeaderName::from_static("x-probity-scopes");
const RATE_REMAINING: HeaderName = HeaderName::from_static("x-probity-ratelimit-remaining");
const QUOTA_REMAINING: HeaderName = HeaderName::from_static("x-probity-quota-remaining");
/// All of these, and what the envelope adds.
const MOST: usize = 12;

/// Bytes of what is said of most keys.
const USUAL: usize = 256;

/// The key that the request brings. One that cannot be a key is as good as a wrong one.
pub(in crate::http::api::v1) fn key(headers: &HeaderMap) -> Option<Typed> {
    let text = |name: &HeaderName| headers.get(name)?.to_str().ok();
    let bearer = text(&header::AUTHORIZATION).and_then(|value| {
        let (scheme, key) = value.split_once(' ')?;
        scheme.eq_ignore_ascii_case("bearer").then(|| key.trim())
    });
    let own = text(&API_KEY).map(str::trim);
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
    headers.reserve(MOST);
    headers.insert(CODE, HeaderValue::from_static(verdict.code.name()));
    if let Some(key) = &verdict.key {
        // All of them in one piece of memory.
        let mut room = BytesMut::with_capacity(USUAL);
        let mut tell = |name: HeaderName, text: fmt::Arguments<'_>| {
            room.write_fmt(text).expect("memory takes what is written");
            // What a header cannot hold is not told.
            if let Ok(value) = HeaderValue::from_maybe_shared(room.split().freeze()) {
                headers.insert(name, value);
            }
        };
        tell(KEY_ID, format_args!("{}", key.id));
        tell(TEAM_ID, format_args!("{}", key.team));
        tell(KEY_NAME, format_args!("{}", utf8_percent_encode(&key.name, PLAIN)));
        tell(SCOPES, format_args!("{}", key.scopes().join(" ")));
        headers.insert(ENVIRONMENT, HeaderValue::from_static(key.environment.name()));
    }
    if let Some(rate) = &verdict.rate {
        headers.insert(RATE_REMAINING, rate.remaining.into());
    }
    if let Some(quota) = &verdict.quota {
        headers.insert(QUOTA_REMAINING, quota.remaining.into());
    }
    let wait = match verdict.code {
        VerifyCode::QuotaExceeded => verdict.quota.map(|left| left.reset),
        VerifyCode::RateLimited => verdict.rate.map(|left| left.reset),
        _ => None,
    };
    if let Some(wait) = wait {
        headers.insert(header::RETRY_AFTER, wait.into());
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
