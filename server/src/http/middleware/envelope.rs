//! The outermost layer: every request gets an id and one log line, every answer its headers.

use super::{ClientAddress, Peer, client_address, headers};
use crate::http::{
    failure::{self, Reader},
    place,
    refusal::Refusal,
    site::Site,
};
use axum::{
    extract::{Request, State},
    middleware::Next,
    response::{IntoResponse, Response},
};
use domain::ports::{SystemClock, SystemRandom, new_request_id};
use http::{HeaderName, HeaderValue, Method, StatusCode, header};
use model::RequestId;
use std::{net::IpAddr, sync::Arc, time::Instant};
use tokio::time::timeout;

const REQUEST_ID: HeaderName = HeaderName::from_static("x-request-id");

/// What the log line and the answer need to know of a request after it was handed on.
struct Seen {
    id: RequestId,
    method: Method,
    /// Without query and without secrets.
    path: String,
    ip: Option<IpAddr>,
    reader: Reader,
    since: Instant,
}

/// Names the request, hands it on, and completes the answer.
pub(in crate::http) async fn envelope(
    State(site): State<Arc<Site>>,
    mut request: Request,
    next: Next,
) -> Response {
    let seen = begin(&site, &mut request);
    let answer = match timeout(site.bounds.request, next.run(request)).await {
        Ok(answer) => answer,
        Err(_late) => Refusal::Slow.into_response(),
    };
    let mut answer = failure::dress(answer, &site, seen.reader, seen.id).await;
    keep_on_this_site(&mut answer, &site);
    say_when_to_come_back(&mut answer);
    headers::complete(answer.headers_mut(), site.public_url.is_https());
    let id = HeaderValue::from_str(&seen.id.to_string()).expect("an id is ASCII");
    answer.headers_mut().insert(REQUEST_ID, id);
    log(&seen, answer.status());
    answer
}

fn begin(site: &Site, request: &mut Request) -> Seen {
    // The client's own id is not taken over: it would let anybody write into our log's key.
    request.headers_mut().remove(REQUEST_ID);
    let id = new_request_id(&SystemClock, &SystemRandom);
    let peer = request.extensions().get::<Peer>().map(|peer| peer.0);
    let ip = peer.map(|peer| client_address::find(peer, request.headers(), &site.trusted_proxies));
    request.extensions_mut().insert(id);
    request.extensions_mut().insert(ClientAddress(ip));
    Seen {
        id,
        method: request.method().clone(),
        path: place::masked(request.uri().path()).to_owned(),
        ip,
        reader: Reader::of(request.uri().path(), request.headers()),
        since: Instant::now(),
    }
}

/// A redirect never leads to another site, whatever made it.
fn keep_on_this_site(answer: &mut Response, site: &Site) {
    let Some(location) = answer.headers().get(header::LOCATION) else { return };
    let public_url = site.public_url.to_string();
    let kept = place::same_site(location.to_str().unwrap_or_default(), &public_url);
    let kept = HeaderValue::from_str(&kept).expect("a path of ours is ASCII");
    answer.headers_mut().insert(header::LOCATION, kept);
}

/// "Not now" always says when, also where a page found out by itself.
fn say_when_to_come_back(answer: &mut Response) {
    if answer.status() == StatusCode::SERVICE_UNAVAILABLE {
        let seconds = HeaderValue::from(failure::PAUSE);
        answer.headers_mut().entry(header::RETRY_AFTER).or_insert(seconds);
    }
}

/// One line that can be read alone. Probes and the API's hot path are heard at debug level only.
fn log(seen: &Seen, status: StatusCode) {
    let Seen { id, method, path, ip, since, .. } = seen;
    let (status, ms) = (status.as_u16(), since.elapsed().as_millis());
    let ip = ip.map(tracing::field::display);
    let often = matches!(path.as_str(), "/healthz" | "/readyz" | "/v1/keys/verify");
    if often && status < 500 {
        tracing::debug!(
            target: "probity::access", request = %id, ip, "{method} {path} {status} in {ms} ms"
        );
    } else {
        tracing::info!(
            target: "probity::access", request = %id, ip, "{method} {path} {status} in {ms} ms"
        );
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::http::site::{Bounds, starting};
    use axum::{Router, body::Body, middleware::from_fn_with_state, routing::get};
    use std::{future::pending, time::Duration};
    use tower::ServiceExt;

    async fn answer(router: Router, bounds: Bounds) -> Response {
        let request = Request::builder()
            .uri("/")
            .header("x-request-id", "chosen-by-the-client")
            .body(Body::empty())
            .expect("a request");
        let site = starting(bounds);
        router.layer(from_fn_with_state(site, envelope)).oneshot(request).await.expect("infallible")
    }

    #[tokio::test]
    async fn an_id_is_given_and_never_taken_over() {
        let echo = |request: Request| async move {
            assert!(!request.headers().contains_key(REQUEST_ID), "the client's id is gone");
            request.extensions().get::<RequestId>().expect("named").to_string()
        };
        let answer = answer(Router::new().route("/", get(echo)), Bounds::NORMAL).await;
        let id = answer.headers()["x-request-id"].to_str().expect("ASCII").to_owned();
        assert!(id.starts_with("req_") && id.len() == 36, "{id}");
    }

    #[tokio::test]
    async fn a_redirect_to_another_site_becomes_one_to_the_front_page() {
        let away = || async { (StatusCode::FOUND, [("location", "https://evil.example/")]) };
        let answer = answer(Router::new().route("/", get(away)), Bounds::NORMAL).await;
        assert_eq!(answer.headers()["location"], "/");
    }

    #[tokio::test]
    async fn a_request_that_takes_too_long_is_given_up() {
        let never = || pending::<&'static str>();
        let bounds = Bounds { request: Duration::from_millis(20), ..Bounds::NORMAL };
        let answer = answer(Router::new().route("/", get(never)), bounds).await;
        assert_eq!(answer.status(), 503);
        assert_eq!(answer.headers()["retry-after"], "5");
    }
}
