//! Version 1 of the REST API.
//!
//! What verifies keys is bare on purpose: it stands in front of somebody's every request, so nothing
//! but the envelope is around it. To add an endpoint: a file with a `#[utoipa::path]` handler, a
//! line in [`bare`] or [`acting`], then `./dev generate`.

mod door;
mod keys;
mod refusals;
mod rules;
mod team;

use super::super::{
    middleware::{body, detach},
    refusal::Refusal,
    site::Site,
};
use axum::{
    Router,
    extract::{Request, State},
    middleware::from_fn_with_state,
    response::Response,
    routing::{any, get},
};
use http::{Method, header};
use std::sync::Arc;
use utoipa::{
    Modify, OpenApi,
    openapi::security::{HttpAuthScheme, HttpBuilder, SecurityScheme},
};
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
    modifiers(&Presented),
    tags(
        (name = "keys", description = "API keys that your own customers present to you."),
        (name = "rules", description = "Keyword rules, what they make of a message, and the affiliate \
                                programs that they name."),
        (name = "team", description = "The team and who is in it."),
        (name = "usage", description = "How much its keys are used."),
        (name = "audit", description = "What happened in it."),
    )
)]
struct Description;

/// How a key comes with a request that acts in its team.
struct Presented;

impl Modify for Presented {
    fn modify(&self, openapi: &mut utoipa::openapi::OpenApi) {
        let bearer = HttpBuilder::new().scheme(HttpAuthScheme::Bearer).description(Some(
            "An API key of the team whose scopes say what it may do here: `probity:keys.view`. \
             `X-Api-Key` will do as well.",
        ));
        let scheme = SecurityScheme::Http(bearer.build());
        openapi.components.get_or_insert_default().add_security_scheme("key", scheme);
    }
}

/// The API's description, as `docs/openapi.json` and `/v1/openapi.json` show it.
pub fn openapi() -> String {
    let (_, description) = documented().split_for_parts();
    let mut text = description.to_pretty_json().expect("the description is plain data");
    text.push('\n');
    text
}

/// Everything under `/v1`.
pub(in crate::http) fn routes(site: &Arc<Site>) -> Router {
    let (bare, _) = bare().split_for_parts();
    let (acting, _) = acting().split_for_parts();
    let (long, _) = long().split_for_parts();
    let admitted = |router: Router<Arc<Site>>| {
        router
            .layer(from_fn_with_state(Arc::clone(site), door::admit))
            .layer(from_fn_with_state(Arc::clone(site), detach::detach))
    };
    let acting = admitted(acting).layer(from_fn_with_state(Arc::clone(site), body::whole));
    let description: Arc<str> = openapi().into();
    let json = [(header::CONTENT_TYPE, "application/json")];
    bare.merge(acting)
        .merge(admitted(long))
        .route("/v1/openapi.json", get(move || async move { (json, description.to_string()) }))
        .route("/v1", any(none))
        .route("/v1/", any(none))
        .route("/v1/{*unknown}", any(none))
        .with_state(Arc::clone(site))
}

/// The two that somebody's every request waits for, found without the router: it would put each into
/// several boxes. Every other request comes back.
pub(in crate::http) async fn shortcut(
    site: &Arc<Site>,
    request: Request,
) -> Result<Response, Request> {
    let site = || State(Arc::clone(site));
    match (request.method(), request.uri().path()) {
        (&Method::POST, "/v1/keys/verify") => Ok(keys::verify(site(), request).await),
        (&Method::GET, "/v1/forward-auth") => Ok(keys::forward_auth(site(), request).await),
        _ => Err(request),
    }
}

async fn none() -> Refusal {
    Refusal::NoEndpoint
}

/// The endpoints that the description names.
fn documented() -> OpenApiRouter<Arc<Site>> {
    OpenApiRouter::with_openapi(Description::openapi()).merge(bare()).merge(acting()).merge(long())
}

/// Those that somebody's every request waits for.
fn bare() -> OpenApiRouter<Arc<Site>> {
    OpenApiRouter::new()
        .routes(routes!(keys::scan))
        .routes(routes!(keys::verify))
        .routes(routes!(keys::verify_batch))
        .routes(routes!(keys::forward_auth))
        .routes(routes!(rules::find_offers))
}

/// Those of them whose body is long: it is read when its sender is known.
fn long() -> OpenApiRouter<Arc<Site>> {
    OpenApiRouter::new().routes(routes!(team::log_events))
}

/// Those that act in a team: what they began is finished when their client leaves.
fn acting() -> OpenApiRouter<Arc<Site>> {
    OpenApiRouter::new()
        .routes(routes!(team::own_team))
        .routes(routes!(team::list_keys, team::create_key))
        .routes(routes!(team::find_key, team::update_key))
        .routes(routes!(team::rotate_key))
        .routes(routes!(team::end_overlap))
        .routes(routes!(team::disable_key))
        .routes(routes!(team::enable_key))
        .routes(routes!(team::revoke_key))
        .routes(routes!(team::list_rules, team::create_rule))
        .routes(routes!(team::find_rule, team::update_rule, team::delete_rule))
        .routes(routes!(team::list_programs, team::create_program))
        .routes(routes!(team::find_program, team::update_program, team::delete_program))
        .routes(routes!(team::usage))
        .routes(routes!(team::list_members))
        .routes(routes!(team::audit_events, team::log_event))
        .routes(routes!(team::audit_event))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::http::{
        failure::Told,
        middleware::Arrived,
        site::{Bounds, starting},
    };
    use axum::body::Body;
    use model::RequestId;
    use tower::ServiceExt;

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
    #[tokio::test]
    async fn a_shortcut_leads_to_where_the_router_leads() {
        let site = starting(Bounds::NORMAL);
        let request = |method: Method, path: &str| {
            let arrived = Arrived { id: RequestId(uuid::Uuid::nil()), ip: None };
            let request = Request::builder().method(method).uri(path).extension(arrived);
            request.body(Body::empty()).expect("a request")
        };
        let mut shortcuts = 0;
        let description: serde_json::Value = serde_json::from_str(&openapi()).expect("JSON");
        for (path, methods) in description["paths"].as_object().expect("paths") {
            for method in methods.as_object().expect("methods").keys() {
                let method: Method = method.to_uppercase().parse().expect("a method");
                let Ok(answer) = shortcut(&site, request(method.clone(), path)).await else {
                    continue;
                };
                shortcuts += 1;
                let routed =
                    routes(&site).oneshot(request(method, path)).await.expect("infallible");
                let told = |answer: &Response| format!("{:?}", Told::of(answer));
                assert_eq!((answer.status(), told(&answer)), (routed.status(), told(&routed)));
            }
        }
        assert_eq!(shortcuts, 2, "both are documented");
        let other = request(Method::HEAD, "/v1/forward-auth");
        assert!(shortcut(&site, other).await.is_err(), "the rest is the router's");
    }

    #[test]
    fn the_committed_description_is_current() {
        let file = concat!(env!("CARGO_MANIFEST_DIR"), "/../docs/openapi.json");
        let committed = std::fs::read_to_string(file).expect("docs/openapi.json");
        assert_eq!(committed, openapi(), "run ./dev generate");
    }
}
