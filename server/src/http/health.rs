//! `/healthz`: this process answers. `/readyz`: it can also work.

use super::{refusal::Refusal, site::Site};
use axum::{
    Json,
    extract::State,
    response::{IntoResponse, Response},
};
use serde_json::json;
use std::sync::Arc;

/// Alive, whatever the database does: restarting the process would not help it.
pub(super) async fn process(State(site): State<Arc<Site>>) -> Response {
    Json(json!({ "status": "alive", "version": site.version })).into_response()
}

/// Ready when the database answers and lacks no migration.
pub(super) async fn work(State(site): State<Arc<Site>>) -> Response {
    let Some(deps) = site.readiness.deps() else {
        return Refusal::Starting.into_response();
    };
    match deps.app().ready().await {
        Ok(()) => Json(json!({ "status": "ready", "version": site.version })).into_response(),
        Err(error) => {
            tracing::warn!(cause = %error, "not ready: the database cannot be used");
            Refusal::NoDatabase.into_response()
        }
    }
}
