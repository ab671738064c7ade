//! The whole body before anything is started: a client that is slow, too generous or gone half-way
//! costs a buffer, never a transaction.

use crate::http::{failure::Told, refusal::Refusal, site::Site};
use axum::{
    body::Body,
    extract::{Request, State},
    middleware::Next,
    response::{IntoResponse, Response},
};
use bytes::Bytes;
use domain::Cx;
use http::{HeaderMap, header};
use http_body_util::{BodyExt, LengthLimitError, Limited};
use model::Failure;
use std::sync::Arc;

/// Reads the body, at most as much as is allowed, and hands the request on with it.
pub(in crate::http) async fn whole(
    State(site): State<Arc<Site>>,
    request: Request,
    next: Next,
) -> Response {
    let (parts, body) = request.into_parts();
    match collect(&parts.headers, body, site.bounds.body).await {
        Ok(bytes) => next.run(Request::from_parts(parts, Body::from(bytes))).await,
        Err(refusal) => refusal.into_response(),
    }
}

/// The same for a form with a file: only of whoever is signed in, and of few at once, so that nobody
/// fills the memory.
pub(in crate::http) async fn file(
    State(site): State<Arc<Site>>,
    request: Request,
    next: Next,
) -> Response {
    if !request.extensions().get::<Cx>().is_some_and(Cx::is_signed_in) {
        return Told::Failure(Failure::Unauthenticated).into_response();
    }
    let Ok(_held) = site.files.try_acquire() else {
        return Refusal::ManyFiles.into_response();
    };
    let (parts, body) = request.into_parts();
    match collect(&parts.headers, body, site.bounds.file).await {
        Ok(bytes) => next.run(Request::from_parts(parts, Body::from(bytes))).await,
        Err(Refusal::TooLarge) => Refusal::FileTooLarge.into_response(),
        Err(refusal) => refusal.into_response(),
    }
}

/// The body's bytes. A length that is announced too large is refused before a byte is read.
pub(in crate::http) async fn collect(
    headers: &HeaderMap,
    body: Body,
    most: usize,
) -> Result<Bytes, Refusal> {
    let announced = headers
        .get(header::CONTENT_LENGTH)
        .and_then(|value| value.to_str().ok())
        .and_then(|text| text.parse::<usize>().ok());
    if announced.is_some_and(|length| length > most) {
        return Err(Refusal::TooLarge);
    }
    match Limited::new(body, most).collect().await {
        Ok(collected) => Ok(collected.to_bytes()),
        Err(error) if error.is::<LengthLimitError>() => Err(Refusal::TooLarge),
        Err(_gone) => Err(Refusal::CutShort),
    }
}

/// Whether the body calls itself `wanted`; parameters such as a charset do not matter.
pub(in crate::http) fn is(headers: &HeaderMap, wanted: &str) -> bool {
    headers
        .get(header::CONTENT_TYPE)
        .and_then(|value| value.to_str().ok())
        .and_then(|value| value.split(';').next())
        .is_some_and(|kind| kind.trim().eq_ignore_ascii_case(wanted))
}

#[cfg(test)]
mod tests {
    use super::*;
    use http::HeaderValue;

    fn typed(kind: &'static str) -> HeaderMap {
        HeaderMap::from_iter([(header::CONTENT_TYPE, HeaderValue::from_static(kind))])
    }

    #[test]
    fn a_type_is_itself_whatever_its_parameters() {
        assert!(is(&typed("application/json"), "application/json"));
        assert!(is(&typed("Application/JSON; charset=utf-8"), "application/json"));
        assert!(!is(&typed("application/jsonp"), "application/json"));
        assert!(!is(&HeaderMap::new(), "application/json"));
    }

    #[tokio::test]
    async fn a_body_is_read_up_to_the_limit_and_not_beyond() {
        let none = HeaderMap::new();
        let exact = collect(&none, Body::from("12345"), 5).await;
        assert_eq!(exact, Ok(Bytes::from_static(b"12345")));
        assert_eq!(collect(&none, Body::from("123456"), 5).await, Err(Refusal::TooLarge));
        let announced =
            HeaderMap::from_iter([(header::CONTENT_LENGTH, HeaderValue::from_static("6"))]);
        assert_eq!(collect(&announced, Body::empty(), 5).await, Err(Refusal::TooLarge));
    }
}
