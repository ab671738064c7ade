//! What the router answers before there is a database: everything a stranger can be told.

use crate::http::{
    openapi,
    refusal::Refusal,
    router,
    site::{Bounds, starting},
};
use axum::{body::Body, response::Response};
use http::{Request, StatusCode, request::Builder};
use serde_json::Value;

const FORM: &str = "application/x-www-form-urlencoded";

fn get(path: &str) -> Builder {
    Request::builder().uri(path).header("host", "probity.example")
}

fn post(path: &str, kind: &str) -> Builder {
    get(path).method("POST").header("content-type", kind)
}

async fn answer(request: Builder, body: impl Into<Body>) -> Response {
    let front = router::build(&starting(Bounds::NORMAL));
    front.answer(request.body(body.into()).expect("a request"), None).await
}

async fn text(response: Response) -> String {
    let bytes = axum::body::to_bytes(response.into_body(), 1 << 20).await.expect("a body");
    String::from_utf8(bytes.into()).expect("UTF-8")
}

/// Status and sentence of problem JSON.
async fn problem(response: Response) -> (StatusCode, String) {
    assert_eq!(response.headers()["content-type"], "application/problem+json");
    let (status, id) = (response.status(), response.headers()["x-request-id"].clone());
    let json: Value = serde_json::from_str(&text(response).await).expect("JSON");
    assert_eq!(json["status"], status.as_u16());
    assert_eq!(json["request_id"], id.to_str().expect("ASCII"));
    (status, json["detail"].as_str().expect("a sentence").to_owned())
}

fn refused(refusal: Refusal) -> (StatusCode, String) {
    (refusal.status(), refusal.sentence().to_owned())
}

#[tokio::test]
async fn health_answers_before_anything_else_does() {
    let alive = answer(get("/healthz"), "").await;
    assert_eq!(alive.status(), 200);
    assert_eq!(alive.headers()["cache-control"], "no-store");
    let ready = answer(get("/readyz"), "").await;
    assert_eq!(ready.headers()["retry-after"], "2");
    assert_eq!(problem(ready).await, refused(Refusal::Starting));
    for path in ["/", "/sign-in", "/t/acme/keys"] {
        assert_eq!(
            problem(answer(get(path), "").await).await,
            refused(Refusal::Starting),
            "{path}"
        );
    }
}

#[tokio::test]
async fn a_person_is_refused_by_a_page() {
    let response = answer(get("/").header("accept", "text/html"), "").await;
    assert_eq!(response.status(), 503);
    assert_eq!(response.headers()["content-type"], "text/html; charset=utf-8");
    let policy = response.headers()["content-security-policy"].to_str().expect("ASCII").to_owned();
    assert!(policy.starts_with("default-src 'none'") && !policy.contains("unsafe-inline"));
    let id = response.headers()["x-request-id"].to_str().expect("ASCII").to_owned();
    let page = text(response).await;
    assert!(page.contains(Refusal::Starting.sentence()), "{page}");
    assert!(page.contains(&id), "{page}");
}

#[tokio::test]
async fn a_form_of_another_site_is_refused_unread() {
    let foreign = [
        ("sec-fetch-site", "cross-site"),
        ("sec-fetch-site", "same-site"),
        ("origin", "https://evil.example"),
        ("origin", "null"),
    ];
    for (name, value) in foreign {
        let request = post("/do/key/create", FORM).header(name, value);
        let told = problem(answer(request, "form[name]=x").await).await;
        assert_eq!(told, refused(Refusal::CrossSite), "{name}: {value}");
    }
    let own = [
        ("sec-fetch-site", "same-origin"),
        ("sec-fetch-site", "none"),
        ("origin", "https://probity.example"),
    ];
    for (name, value) in own {
        let request = post("/do/key/create", FORM).header(name, value);
        let told = problem(answer(request, "form[name]=x").await).await;
        assert_eq!(told, refused(Refusal::Starting), "{name}: {value} gets as far as the session");
    }
}

#[tokio::test]
async fn a_body_that_is_too_large_is_refused_announced_or_not() {
    let large = "x".repeat(Bounds::NORMAL.body + 1);
    let announced = post("/do/key/create", FORM).header("content-length", large.len());
    assert_eq!(problem(answer(announced, large.clone()).await).await, refused(Refusal::TooLarge));
    let stream = futures::stream::iter([Ok::<_, std::io::Error>(large)]);
    let streamed = answer(post("/do/key/create", FORM), Body::from_stream(stream)).await;
    assert_eq!(problem(streamed).await, refused(Refusal::TooLarge));
}

#[tokio::test]
async fn the_api_needs_no_origin_and_explains_itself() {
    let wrong_method = answer(get("/v1/keys/verify"), "").await;
    assert_eq!(wrong_method.headers()["allow"], "POST");
    assert_eq!(problem(wrong_method).await, refused(Refusal::Method));
    for path in ["/v1", "/v1/", "/v1/nothing", "/v1/keys/verify/x"] {
        let told = problem(answer(get(path), "").await).await;
        assert_eq!(told, refused(Refusal::NoEndpoint), "{path}");
    }
    let foreign =
        post("/v1/keys/verify", "application/json").header("sec-fetch-site", "cross-site");
    let told = problem(answer(foreign, r#"{"key":"x"}"#).await).await;
    assert_eq!(told, refused(Refusal::Starting));
    let description = answer(get("/v1/openapi.json"), "").await;
    assert_eq!(text(description).await, openapi());
}

#[tokio::test]
async fn every_answer_carries_the_protections() {
    for path in ["/", "/healthz", "/v1/none", "/v1/openapi.json"] {
        let response = answer(get(path), "").await;
        let headers = response.headers();
        for name in ["content-security-policy", "strict-transport-security"] {
            assert!(headers.contains_key(name), "{path} lacks {name}");
        }
        // What is said of pages only.
        let is_api = path.starts_with("/v1/");
        for name in ["permissions-policy", "cross-origin-opener-policy", "referrer-policy"] {
            assert_ne!(headers.contains_key(name), is_api, "{path}: {name}");
        }
        assert_eq!(headers["x-content-type-options"], "nosniff");
        assert_eq!(headers["cache-control"], "no-store");
    }
}

#[test]
fn server_functions_are_posted_to_and_never_read_by_a_link() {
    let functions: Vec<_> = server_fn::axum::server_fn_paths().collect();
    assert!(!functions.is_empty(), "the doors are linked in");
    for (path, method) in functions {
        assert_eq!(method, "POST", "{path}: a GET would get past SameSite=Lax");
        assert!(path.starts_with("/do/"), "{path}");
    }
}
