//! Which door a request goes to, and what stands before each.

use super::{
    api, assets, compress, files, forms, health,
    middleware::{body, detach, envelope, session},
    page,
    site::Site,
};
use axum::{
    Router,
    body::Body,
    extract::Request,
    middleware::{from_fn, from_fn_with_state},
    response::Response,
    routing::{get, post},
};
use http::StatusCode;
use std::{net::IpAddr, sync::Arc};
use tower_http::csrf::{CsrfLayer, ProtectionError};

/// What answers every request. Cheap to clone.
#[derive(Clone)]
pub(super) struct Front {
    site: Arc<Site>,
    router: Router,
}

impl Front {
    pub(super) fn of(site: &Arc<Site>, router: Router) -> Self {
        Self { site: Arc::clone(site), router }
    }

    /// The answer, in its envelope. `peer`: who is at the other end, if anybody is.
    pub(super) async fn answer(self, request: Request, peer: Option<IpAddr>) -> Response {
        envelope(&self.site, self.router, request, peer).await
    }
}

/// All doors. See the table in [`super::middleware`].
pub(super) fn build(site: &Arc<Site>) -> Front {
    // Pages load what they show in tasks of the runtime that serves them. A second start in the
    // same process (tests) finds it set already.
    let _already_set = any_spawner::Executor::init_tokio();
    let probes = Router::new()
        .route("/healthz", get(health::process))
        .route("/readyz", get(health::work))
        .with_state(Arc::clone(site));
    let router = Router::new()
        .merge(probes)
        .merge(assets::routes(site))
        .merge(api::v1(site))
        .fallback_service(people(site));
    Front::of(site, router)
}

/// Pages and forms: everything that has a person behind it.
fn people(site: &Arc<Site>) -> Router {
    Router::new()
        .route("/do/{*function}", post(forms::door))
        .route("/t/{team}/audit/exports/{export}/{link}/{file}", get(files::export))
        .route("/account/data/{link}/{file}", get(files::own_export))
        .route("/t/{team}/data/{export}/{link}/{file}", get(files::data_export))
        .route("/t/{team}/review.csv", get(files::review))
        .route("/deleted/{link}/{file}", get(files::certificate))
        .route("/t/{team}/usage.csv", get(files::usage))
        .route("/t/{team}/rules.csv", get(files::rules))
        .fallback(page::door)
        .with_state(Arc::clone(site))
        .layer(from_fn(compress::pages))
        .layer(from_fn_with_state(Arc::clone(site), session::session))
        .layer(from_fn_with_state(Arc::clone(site), detach::detach))
        .layer(api::explorer(site))
        .layer(from_fn_with_state(Arc::clone(site), body::whole))
        .layer(cross_site(site))
        .merge(file(site))
}

/// The one form with a file: its body is read after its sender is known.
fn file(site: &Arc<Site>) -> Router {
    Router::new()
        .route(forms::UPLOAD, post(forms::door))
        .with_state(Arc::clone(site))
        .layer(from_fn(compress::pages))
        .layer(from_fn_with_state(Arc::clone(site), body::file))
        .layer(from_fn_with_state(Arc::clone(site), session::session))
        .layer(from_fn_with_state(Arc::clone(site), detach::detach))
        .layer(cross_site(site))
}

/// Refuses what a page of another site sent: by `Sec-Fetch-Site`, or by `Origin` in browsers that
/// lack it. No token, so nothing to embed, and forms work without JavaScript.
fn cross_site(
    site: &Site,
) -> CsrfLayer<impl Fn(ProtectionError) -> Response + Clone + Send + Sync + 'static> {
    CsrfLayer::new()
        .add_trusted_origin(site.public_url.to_string())
        .expect("a public URL is an origin")
        .with_rejection_response(|_: ProtectionError| {
            let mut response = Response::new(Body::empty());
            *response.status_mut() = StatusCode::FORBIDDEN;
            response
        })
}
