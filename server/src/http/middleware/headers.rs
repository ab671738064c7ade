//! The headers of every answer: what a browser may do with it, and who may keep it.

use axum::response::Response;
use http::{HeaderMap, HeaderName, HeaderValue, StatusCode, header};

/// What answers carry unless their handlers said otherwise, ready to be copied.
pub(in crate::http) struct Protections {
    of_pages: HeaderMap,
    of_api: HeaderMap,
}

const PERMISSIONS_POLICY: HeaderName = HeaderName::from_static("permissions-policy");
const OPENER_POLICY: HeaderName = HeaderName::from_static("cross-origin-opener-policy");
const RESOURCE_POLICY: HeaderName = HeaderName::from_static("cross-origin-resource-policy");

/// Where answers of the API begin.
const API: &str = "/v1/";

/// What is said of data, too, which no browser shows as a page (OWASP, REST Security Cheat Sheet:
/// the others have no meaning there).
const OF_API: [HeaderName; 4] = [
    header::CACHE_CONTROL,
    header::CONTENT_SECURITY_POLICY,
    header::X_CONTENT_TYPE_OPTIONS,
    RESOURCE_POLICY,
];

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

impl Protections {
    pub(in crate::http) fn new(https: bool) -> Self {
        let said = PROTECTIONS.map(|(name, value)| (name, HeaderValue::from_static(value)));
        let mut of_pages = HeaderMap::from_iter(said);
        let mut of_api = of_pages.clone();
        for (name, _) in PROTECTIONS.iter().filter(|(name, _)| !OF_API.contains(name)) {
            of_api.remove(name);
        }
        if https {
            for headers in [&mut of_pages, &mut of_api] {
                let value = HeaderValue::from_static(TRANSPORT_SECURITY);
                headers.insert(header::STRICT_TRANSPORT_SECURITY, value);
            }
        }
        Self { of_pages, of_api }
    }

    /// Adds what the answer to a request for `path` lacks. One without content is neither a document
    /// nor part of one: a proxy that asks at its every request gets no more than it needs.
    pub(super) fn complete(&self, answer: &mut Response, path: &str) {
        let has_content = answer.status() != StatusCode::NO_CONTENT;
        let headers = answer.headers_mut();
        if !has_content {
            headers.entry(header::CACHE_CONTROL).or_insert(HeaderValue::from_static("no-store"));
            return;
        }
        let wanted = if path.starts_with(API) { &self.of_api } else { &self.of_pages };
        let said = std::mem::replace(headers, wanted.clone());
        headers.extend(said);
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

    fn completed(https: bool, path: &str) -> HeaderMap {
        let mut answer = Response::new(Body::empty());
        Protections::new(https).complete(&mut answer, path);
        answer.into_parts().0.headers
    }

    #[test]
    fn an_answer_without_content_says_that_it_is_not_to_be_kept_and_no_more() {
        let mut answer = StatusCode::NO_CONTENT.into_response();
        Protections::new(false).complete(&mut answer, "/");
        assert_eq!(answer.headers()["cache-control"], "no-store");
        assert_eq!(answer.headers().len(), 1);
    }

    #[test]
    fn nothing_is_cached_framed_or_sniffed_unless_said_otherwise() {
        for path in ["/", "/v1/match"] {
            let headers = completed(false, path);
            assert_eq!(headers["cache-control"], "no-store");
            assert_eq!(headers["x-content-type-options"], "nosniff");
            let policy = headers["content-security-policy"].to_str().expect("ASCII");
            assert!(policy.starts_with("default-src 'none'"), "{policy}");
            assert!(policy.contains("frame-ancestors 'none'"), "{policy}");
        }
    }

    #[test]
    fn transport_security_is_promised_only_over_tls() {
        for path in ["/", "/v1/match"] {
            assert!(!completed(false, path).contains_key("strict-transport-security"));
            assert!(completed(true, path).contains_key("strict-transport-security"));
        }
    }

    #[test]
    fn what_a_handler_said_stays() {
        let mut answer = Response::new(Body::empty());
        answer.headers_mut().insert(header::CACHE_CONTROL, HeaderValue::from_static("public"));
        Protections::new(true).complete(&mut answer, "/v1/match");
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
