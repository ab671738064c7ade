//! The headers of every answer: what a browser may do with it, and who may keep it.

use axum::response::Response;
use http::{HeaderMap, HeaderName, HeaderValue, StatusCode, header};

const PERMISSIONS_POLICY: HeaderName = HeaderName::from_static("permissions-policy");
const OPENER_POLICY: HeaderName = HeaderName::from_static("cross-origin-opener-policy");
const RESOURCE_POLICY: HeaderName = HeaderName::from_static("cross-origin-resource-policy");

/// `same-origin` rather than `no-referrer`: under the latter browsers send `Origin: null` with our own
/// forms, which the cross-site check could not tell from a foreign one.
const PROTECTIONS: [(HeaderName, &str); 8] = [
    (header::CACHE_CONTROL, "no-store"),
    // Pages bring their own, see `page_policy`. Nothing else is a document.
    (
        header::CONTENT_SECURITY_POLICY,
        "default-src 'none'; form-action 'none'; base-uri 'none'; frame-ancestors 'none'",
    ),
    (header::X_CONTENT_TYPE_OPTIONS, "nosniff"),
    (header::X_FRAME_OPTIONS, "DENY"),
    (header::REFERRER_POLICY, "same-origin"),
    (OPENER_POLICY, "same-origin"),
    (RESOURCE_POLICY, "same-origin"),
    (
        PERMISSIONS_POLICY,
        "accelerometer=(), browsing-topics=(), camera=(), display-capture=(), geolocation=(), \
         gyroscope=(), magnetometer=(), microphone=(), midi=(), payment=(), usb=()",
    ),
];

/// Two years, for this host only: an operator's other subdomains are not ours to decide about.
const TRANSPORT_SECURITY: &str = "max-age=63072000";

/// What every answer with content carries unless its handler said otherwise, ready to be copied.
pub(in crate::http) fn protections(https: bool) -> HeaderMap {
    let said = PROTECTIONS.map(|(name, value)| (name, HeaderValue::from_static(value)));
    let mut headers = HeaderMap::from_iter(said);
    if https {
        let value = HeaderValue::from_static(TRANSPORT_SECURITY);
        headers.insert(header::STRICT_TRANSPORT_SECURITY, value);
    }
    headers
}

/// Adds what an answer lacks. One without content is neither a document nor part of one: a proxy
/// that asks at its every request gets no more than it needs.
pub(super) fn complete(answer: &mut Response, protections: &HeaderMap) {
    let has_content = answer.status() != StatusCode::NO_CONTENT;
    let headers = answer.headers_mut();
    if has_content {
        let said = std::mem::replace(headers, protections.clone());
        headers.extend(said);
    } else {
        headers.entry(header::CACHE_CONTROL).or_insert(HeaderValue::from_static("no-store"));
    }
}

/// The policy of a page whose own scripts carry `nonce`: no inline style, no foreign anything.
/// `'self'` for the modules that the nonced script imports, `wasm-unsafe-eval` for the islands.
pub(in crate::http) fn page_policy(nonce: &str) -> HeaderValue {
    let policy = format!(
        "default-src 'none'; script-src 'self' 'nonce-{nonce}' 'wasm-unsafe-eval'; \
         style-src 'self'; font-src 'self'; img-src 'self' data:; connect-src 'self'; \
         manifest-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
    );
    HeaderValue::from_str(&policy).expect("a nonce is base64url")
}

#[cfg(test)]
mod tests {
    use super::*;
    use axum::{body::Body, response::IntoResponse};

    fn completed(https: bool) -> HeaderMap {
        let mut answer = Response::new(Body::empty());
        complete(&mut answer, &protections(https));
        answer.into_parts().0.headers
    }

    #[test]
    fn an_answer_without_content_says_that_it_is_not_to_be_kept_and_no_more() {
        let mut answer = StatusCode::NO_CONTENT.into_response();
        complete(&mut answer, &protections(false));
        assert_eq!(answer.headers()["cache-control"], "no-store");
        assert_eq!(answer.headers().len(), 1);
    }

    #[test]
    fn nothing_is_cached_framed_or_sniffed_unless_said_otherwise() {
        let headers = completed(false);
        assert_eq!(headers["cache-control"], "no-store");
        assert_eq!(headers["x-content-type-options"], "nosniff");
        let policy = headers["content-security-policy"].to_str().expect("ASCII");
        assert!(policy.starts_with("default-src 'none'"), "{policy}");
        assert!(policy.contains("frame-ancestors 'none'"), "{policy}");
    }

    #[test]
    fn transport_security_is_promised_only_over_tls() {
        assert!(!completed(false).contains_key("strict-transport-security"));
        assert!(completed(true).contains_key("strict-transport-security"));
    }

    #[test]
    fn what_a_handler_said_stays() {
        let mut answer = Response::new(Body::empty());
        answer.headers_mut().insert(header::CACHE_CONTROL, HeaderValue::from_static("public"));
        complete(&mut answer, &protections(true));
        assert_eq!(answer.headers()["cache-control"], "public");
    }

    #[test]
    fn a_page_may_run_its_own_scripts_and_nothing_inline() {
        let policy = page_policy("abc-_9");
        let policy = policy.to_str().expect("ASCII");
        assert!(policy.contains("'nonce-abc-_9'"), "{policy}");
        assert!(!policy.contains("unsafe-inline"), "{policy}");
        assert!(!policy.contains("'unsafe-eval'"), "{policy}");
    }
}
