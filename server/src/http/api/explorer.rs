//! The API explorer's way to the API: the very routes, within the very envelope, without a socket.

use super::v1;
use crate::http::{router::Front, site::Site};
use app::explorer::{Answering, Api, Endpoint, endpoints};
use axum::{
    Extension,
    body::Body,
    extract::Request,
    response::{IntoResponse, Response},
};
use http::{HeaderMap, HeaderName, HeaderValue, header};
use http_body_util::{BodyExt, Limited};
use model::{
    Typed,
    explorer::{ApiAnswer, ApiRequest, KEY},
};
use std::{
    net::IpAddr,
    sync::{Arc, LazyLock},
    time::Instant,
};

/// Bytes of an answer that are shown.
const SHOWN: usize = 128 * 1024;
/// More than any answer of ours has: all of it is read before it is cut.
const READ: usize = 4 * 1024 * 1024;
/// What audit events and sessions call it.
const AGENT: HeaderValue = HeaderValue::from_static("Probity API explorer");

static ENDPOINTS: LazyLock<Vec<Endpoint>> = LazyLock::new(|| endpoints(&v1::openapi()));

/// Gives pages and forms their way to the API.
pub(in crate::http) fn provided(site: &Arc<Site>) -> Extension<Arc<dyn Api>> {
    Extension(Arc::new(Within(Front::of(site, v1::routes(site)))))
}

struct Within(Front);

impl Api for Within {
    fn endpoints(&self) -> &'static [Endpoint] {
        &ENDPOINTS
    }

    fn send(&self, request: ApiRequest, key: Option<Typed>, from: Option<IpAddr>) -> Answering {
        let front = self.0.clone();
        Box::pin(async move {
            let began = Instant::now();
            let answer = match built(&request, key.as_ref()) {
                Some(request) => front.answer(request, from).await,
                None => http::StatusCode::BAD_REQUEST.into_response(),
            };
            read(answer, began).await
        })
    }
}

/// The request with the key in it; none if it is no HTTP.
fn built(request: &ApiRequest, key: Option<&Typed>) -> Option<Request> {
    let filled = |text: &str| match key {
        Some(key) => text.replace(KEY, key.expose()),
        None => text.to_owned(),
    };
    let body = Body::from(request.body.as_deref().map(filled).unwrap_or_default());
    let mut built = Request::builder()
        .method(&*request.method)
        .uri(&*request.path)
        .header(header::USER_AGENT, AGENT);
    for (name, value) in &request.headers {
        built = built.header(&**name, filled(value));
    }
    built.body(body).ok()
}

async fn read(answer: Response, began: Instant) -> ApiAnswer {
    let (parts, body) = answer.into_parts();
    let bytes = Limited::new(body, READ).collect().await.map(|body| body.to_bytes());
    let bytes = bytes.unwrap_or_default();
    let text = String::from_utf8_lossy(&bytes);
    let end = text.floor_char_boundary(SHOWN);
    ApiAnswer {
        status: parts.status.as_u16(),
        headers: shown(&parts.headers),
        body: text[..end].to_owned(),
        is_whole: end == text.len(),
        micros: began.elapsed().as_micros().try_into().unwrap_or(u64::MAX),
    }
}

/// The headers that say something about this answer; those that every answer has do not.
fn shown(headers: &HeaderMap) -> Vec<(String, String)> {
    const SAYING: [HeaderName; 5] = [
        header::CONTENT_TYPE,
        header::RETRY_AFTER,
        header::WWW_AUTHENTICATE,
        header::ALLOW,
        HeaderName::from_static("x-request-id"),
    ];
    let says = |name: &HeaderName| SAYING.contains(name) || name.as_str().starts_with("x-probity-");
    let shown = headers.iter().filter(|(name, _)| says(name));
    let text = |value: &HeaderValue| String::from_utf8_lossy(value.as_bytes()).into_owned();
    shown.map(|(name, value)| (name.to_string(), text(value))).collect()
}
