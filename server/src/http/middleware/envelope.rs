//! What is around the whole router: every request gets an id and one log line, every answer its
//! headers. It is no layer of axum's, which would be around each route, and boxed there.

use super::{Arrived, client_address};
use crate::http::{
    api,
    failure::{self, Reader, Told},
    place,
    refusal::Refusal,
    site::Site,
};
use axum::{
    Router,
    extract::Request,
    response::{IntoResponse, Response},
};
use domain::ports::{DrawnAhead, SystemClock, new_request_id};
use futures::poll;
use http::{HeaderName, HeaderValue, Method, StatusCode, Uri, header};
use model::RequestId;
use std::{net::IpAddr, pin::pin, sync::Arc, task::Poll, time::Instant};
use tokio::time::timeout;
use tower::Service;

const REQUEST_ID: HeaderName = HeaderName::from_static("x-request-id");

/// What stands in front of each service, and is heard at debug level only.
const OFTEN: [&str; 6] = [
    "/healthz",
    "/readyz",
    "/v1/keys/verify",
    "/v1/keys/verify/batch",
    "/v1/forward-auth",
    "/v1/match",
];

/// What the log line and the answer need to know of a request after it was handed on.
struct Seen {
    id: RequestId,
    method: Method,
    uri: Uri,
    ip: Option<IpAddr>,
    reader: Reader,
    since: Instant,
}

/// Names the request, hands it on, and completes the answer. `peer`: the other end of the connection.
pub(in crate::http) async fn envelope(
    site: &Arc<Site>,
    router: Router,
    mut request: Request,
    peer: Option<IpAddr>,
) -> Response {
    let seen = begin(site, &mut request, peer);
    let mut answer = answered(site, router, request).await;
    if let Some(told) = Told::of(&answer) {
        // Boxed because it is rare and large: every request would carry room for it.
        answer = Box::pin(failure::dress(answer, told, site, (seen.reader, seen.id))).await;
    }
    keep_on_this_site(&mut answer, site);
    say_when_to_come_back(&mut answer);
    site.protections.complete(&mut answer, seen.uri.path());
    let id = HeaderValue::try_from(seen.id.to_string()).expect("an id is ASCII");
    answer.headers_mut().insert(REQUEST_ID, id);
    log(&seen, answer.status());
    if let Some(deps) = site.readiness.deps() {
        deps.settle().await;
    }
    answer
}

/// The answer of whoever is asked. What answers at once, as verify does, needs no clock to watch it.
async fn answered(site: &Arc<Site>, mut router: Router, request: Request) -> Response {
    let mut answer = pin!(async {
        match api::shortcut(site, request).await {
            Ok(answer) => Ok(answer),
            Err(request) => router.call(request).await,
        }
    });
    let answer = match poll!(answer.as_mut()) {
        Poll::Ready(answer) => Ok(answer),
        Poll::Pending => timeout(site.bounds.request, answer).await,
    };
    match answer {
        Ok(Ok(answer)) => answer,
        Err(_late) => Refusal::Slow.into_response(),
    }
}

fn begin(site: &Site, request: &mut Request, peer: Option<IpAddr>) -> Seen {
    // The client's own id is not taken over: it would let anybody write into our log's key.
    request.headers_mut().remove(REQUEST_ID);
    let id = new_request_id(&SystemClock, &DrawnAhead);
    let ip = peer.map(|peer| client_address::find(peer, request.headers(), &site.trusted_proxies));
    request.extensions_mut().insert(Arrived { id, ip });
    Seen {
        id,
        method: request.method().clone(),
        uri: request.uri().clone(),
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

/// One line that can be read alone, without query and without secrets.
fn log(seen: &Seen, status: StatusCode) {
    let Seen { id, method, uri, ip, since, .. } = seen;
    let status = status.as_u16();
    let often = OFTEN.contains(&uri.path()) && status < 500;
    if often && !tracing::enabled!(target: "probity::access", tracing::Level::DEBUG) {
        return;
    }
    let (path, ms) = (place::masked(uri.path()), since.elapsed().as_millis());
    let ip = ip.map(tracing::field::display);
    if often {
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
    use axum::{body::Body, routing::get};
    use std::{future::pending, time::Duration};

    async fn answer(router: Router, bounds: Bounds) -> Response {
        let request = Request::builder()
            .uri("/")
            .header("x-request-id", "chosen-by-the-client")
            .body(Body::empty())
            .expect("a request");
        envelope(&starting(bounds), router, request, None).await
    }

    #[tokio::test]
    async fn an_id_is_given_and_never_taken_over() {
        let echo = |request: Request| async move {
            assert!(!request.headers().contains_key(REQUEST_ID), "the client's id is gone");
            request.extensions().get::<Arrived>().expect("named").id.to_string()
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
