//! Who asks: the caller is known before any page or server function runs.

use crate::http::{caller, failure::Told, refusal::Refusal, site::Site};
use axum::{
    extract::{Request, State},
    middleware::Next,
    response::{IntoResponse, Response},
};
use std::sync::Arc;

/// Puts the request's [`domain::Cx`] into its extensions. If the session cannot be looked up the
/// answer is 503: neither "signed out" nor "welcome".
pub(in crate::http) async fn session(
    State(site): State<Arc<Site>>,
    request: Request,
    next: Next,
) -> Response {
    let Some(deps) = site.readiness.deps() else {
        return Refusal::Starting.into_response();
    };
    let (mut parts, body) = request.into_parts();
    match caller::of(deps, &parts).await {
        Ok(cx) => {
            parts.extensions.insert(cx);
            next.run(Request::from_parts(parts, body)).await
        }
        Err(failure) => Told::Failure(failure).into_response(),
    }
}
