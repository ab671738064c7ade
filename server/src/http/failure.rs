//! How a failure is told: problem JSON (RFC 9457) to programs, a page to people.
//!
//! Handlers return a bare response that carries what went wrong ([`Told`]); [`dress`] turns it into
//! the form that the client can read, with the request's id, in one place.

use super::{page, problem::Problem, refusal::Refusal, site::Site};
use app::viewer::{Theme, Trouble};
use axum::{
    body::Body,
    response::{IntoResponse, Response},
};
use http::{HeaderMap, HeaderValue, StatusCode, header};
use model::{Failure, RequestId};
use tower_http::csrf::ProtectionError;

/// Seconds until another try, when nothing better is known.
pub(super) const PAUSE: u32 = 5;
/// What leptos_axum calls a page, too.
pub(super) const HTML: &str = "text/html; charset=utf-8";

/// What went wrong, on its way to [`dress`] in a response's extensions.
#[derive(Debug, Clone)]
pub(super) enum Told {
    /// This layer refused.
    Refusal(Refusal),
    /// An operation failed.
    Failure(Failure),
}

impl IntoResponse for Told {
    fn into_response(self) -> Response {
        let mut response = Response::new(Body::empty());
        *response.status_mut() = self.status();
        response.extensions_mut().insert(self);
        response
    }
}

impl IntoResponse for Refusal {
    fn into_response(self) -> Response {
        Told::Refusal(self).into_response()
    }
}

impl Told {
    pub(super) fn status(&self) -> StatusCode {
        match self {
            Self::Refusal(refusal) => refusal.status(),
            Self::Failure(failure) => StatusCode::from_u16(failure.status())
                .expect("a failure's status is a constant of RFC 9110"),
        }
    }

    /// What a response says went wrong, if it is still bare.
    pub(super) fn of(response: &Response) -> Option<Self> {
        let extensions = response.extensions();
        let told = extensions.get::<Self>().cloned();
        let cross_site =
            || extensions.get::<ProtectionError>().map(|_| Self::Refusal(Refusal::CrossSite));
        let wrong_method = || {
            (response.status() == StatusCode::METHOD_NOT_ALLOWED)
                .then_some(Self::Refusal(Refusal::Method))
        };
        told.or_else(cross_site).or_else(wrong_method)
    }
}

/// Who reads the answer.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Reader {
    /// A browser that shows a page, light or dark.
    Person(Theme),
    /// The browser side of a server function: it decodes [`Failure`] itself.
    Island,
    /// Everything else.
    Program,
}

impl Reader {
    /// Guessed from the path and from what the client accepts.
    pub(super) fn of(path: &str, headers: &HeaderMap) -> Self {
        if path.starts_with("/v1/") {
            return Self::Program;
        }
        match (accepts_html(headers), path.starts_with("/do/")) {
            (true, _) => Self::Person(page::theme(headers)),
            (false, true) => Self::Island,
            (false, false) => Self::Program,
        }
    }
}

/// Whether the client asks for a page: browsers do, `fetch` and `curl` do not.
pub(super) fn accepts_html(headers: &HeaderMap) -> bool {
    let ranges = headers.get_all(header::ACCEPT).iter().filter_map(|line| line.to_str().ok());
    ranges.flat_map(|line| line.split(',')).any(|range| {
        let mut parts = range.split(';').map(str::trim);
        let html = parts.next().is_some_and(|kind| kind.eq_ignore_ascii_case("text/html"));
        html && !parts.any(|p| matches!(p, "q=0" | "q=0.0" | "q=0.00" | "q=0.000"))
    })
}

/// Gives a bare failure the form its reader understands.
pub(super) async fn dress(
    mut response: Response,
    told: Told,
    site: &Site,
    (reader, request): (Reader, RequestId),
) -> Response {
    let told = match told {
        Told::Failure(failure) => Told::Failure(named(failure, request)),
        refusal @ Told::Refusal(_) => refusal,
    };
    let (kind, body) = match (reader, &told) {
        (Reader::Person(theme), _) => {
            let page = page::trouble(site, theme, trouble(&told), request).await;
            let (head, body) = page.into_parts();
            response.headers_mut().extend(head.headers);
            (HTML, body)
        }
        (Reader::Island, Told::Failure(failure)) => {
            let json = serde_json::to_vec(failure).expect("a failure is plain data");
            ("application/json", Body::from(json))
        }
        _ => ("application/problem+json", Problem::new(&told, request).json()),
    };
    *response.body_mut() = body;
    let headers = response.headers_mut();
    headers.insert(header::CONTENT_TYPE, HeaderValue::from_static(kind));
    headers.remove(header::CONTENT_LENGTH);
    if let Some(seconds) = retry_after(&told) {
        headers.insert(header::RETRY_AFTER, HeaderValue::from(seconds));
    }
    response
}

/// What the failure page says. Our own refusals have a heading and a sentence, but no failure of
/// their own.
fn trouble(told: &Told) -> Trouble {
    match told {
        Told::Failure(failure) => Trouble { title: None, failure: failure.clone() },
        Told::Refusal(refusal) if refusal.status() == StatusCode::NOT_FOUND => {
            Trouble { title: None, failure: Failure::NotFound }
        }
        Told::Refusal(refusal) => Trouble {
            title: Some(refusal.title()),
            failure: Failure::Conflict(refusal.sentence().to_owned()),
        },
    }
}

/// A failure made before the request's id was known gets it here.
pub(super) fn named(failure: Failure, request: RequestId) -> Failure {
    match failure {
        Failure::Unavailable(_) => Failure::Unavailable(request),
        other => other,
    }
}

/// Seconds after which another try makes sense, if any does.
pub(super) fn retry_after(told: &Told) -> Option<u32> {
    match told {
        Told::Refusal(refusal) => refusal.retry_after(),
        Told::Failure(Failure::TooMany { retry_after }) => Some(*retry_after),
        Told::Failure(Failure::Unavailable(_)) => Some(PAUSE),
        Told::Failure(_) => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use uuid::Uuid;

    fn accepting(value: &'static str) -> HeaderMap {
        HeaderMap::from_iter([(header::ACCEPT, HeaderValue::from_static(value))])
    }

    #[test]
    fn browsers_get_pages_and_programs_get_json() {
        let browser = accepting("text/html,application/xhtml+xml,*/*;q=0.8");
        let person = Reader::Person(Theme::System);
        assert_eq!(Reader::of("/t/acme", &browser), person);
        assert_eq!(Reader::of("/do/key/create", &browser), person);
        assert_eq!(Reader::of("/do/key/create", &accepting("application/json")), Reader::Island);
        assert_eq!(Reader::of("/t/acme", &accepting("*/*")), Reader::Program);
        assert_eq!(Reader::of("/v1/keys/verify", &browser), Reader::Program);
        assert!(!accepts_html(&accepting("text/html;q=0, application/json")));
        assert!(!accepts_html(&accepting("text/htmlx")));
    }

    #[test]
    fn a_failure_from_before_the_id_was_known_gets_it() {
        let request = RequestId(Uuid::from_u128(7));
        let unnamed = Failure::Unavailable(RequestId(Uuid::nil()));
        assert_eq!(named(unnamed, request), Failure::Unavailable(request));
        assert_eq!(named(Failure::NotFound, request), Failure::NotFound);
    }
}
