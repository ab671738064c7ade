//! Version 1 of the REST API.
//!
//! Bare on purpose: `keys/verify` stands in front of somebody's every request, so nothing but the
//! envelope is around it. To add an endpoint: a file with a `#[utoipa::path]` handler, a line in
//! [`documented`], then `./dev generate`.

mod keys;
mod rules;

use super::super::{refusal::Refusal, site::Site};
use axum::{
    Router,
    routing::{any, get},
};
use http::header;
use std::sync::Arc;
use utoipa::OpenApi;
use utoipa_axum::{router::OpenApiRouter, routes};

/// What stands at the top of the description.
#[derive(OpenApi)]
#[openapi(
    info(
        title = "Probity",
        description = "Every refusal is problem JSON (RFC 9457) with a `request_id` that finds the \
                       request in Probity's log.",
        license(name = "Apache-2.0", identifier = "Apache-2.0")
    ),
    tags(
        (name = "keys", description = "API keys that your own customers present to you."),
        (name = "rules", description = "What your keyword rules make of a message.")
    )
)]
struct Description;

/// The API's description, as `docs/openapi.json` and `/v1/openapi.json` show it.
pub fn openapi() -> String {
    let (_, description) = documented().split_for_parts();
    let mut text = description.to_pretty_json().expect("the description is plain data");
    text.push('\n');
    text
}

/// Everything under `/v1`.
pub(in crate::http) fn routes(site: &Arc<Site>) -> Router {
    let (router, _) = documented().split_for_parts();
    let description: Arc<str> = openapi().into();
    let json = [(header::CONTENT_TYPE, "application/json")];
    router
        .route("/v1/openapi.json", get(move || async move { (json, description.to_string()) }))
        .route("/v1", any(none))
        .route("/v1/", any(none))
        .route("/v1/{*unknown}", any(none))
        .with_state(Arc::clone(site))
}

async fn none() -> Refusal {
    Refusal::NoEndpoint
}

/// The endpoints that the description names.
fn documented() -> OpenApiRouter<Arc<Site>> {
    OpenApiRouter::with_openapi(Description::openapi())
        .routes(routes!(keys::verify))
        .routes(routes!(keys::verify_batch))
        .routes(routes!(keys::forward_auth))
        .routes(routes!(rules::find_offers))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_description_names_every_answer_of_verify() {
        let text = openapi();
        let description: serde_json::Value = serde_json::from_str(&text).expect("JSON");
        let verify = &description["paths"]["/v1/keys/verify"]["post"];
        for status in ["200", "400", "405", "413", "415", "422", "503"] {
            assert!(verify["responses"][status].is_object(), "{status} is missing");
        }
        assert_eq!(text, openapi(), "the same text every time");
    }
    #[test]
    fn the_committed_description_is_current() {
        let file = concat!(env!("CARGO_MANIFEST_DIR"), "/../docs/openapi.json");
        let committed = std::fs::read_to_string(file).expect("docs/openapi.json");
        assert_eq!(committed, openapi(), "run ./dev generate");
    }
}
