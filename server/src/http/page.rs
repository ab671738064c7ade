//! Pages: the whole document rendered by Leptos before the first byte is sent.

use super::{
    compress::ShowsSecret, cookie, flash, middleware::page_policy, refusal::Refusal, site::Site,
};
use app::{
    routes,
    viewer::{self, Confirming, FormState, PageContext, Revealed, Theme, Times, Trouble},
};
use axum::{
    body::Body,
    extract::{Request, State},
    response::{IntoResponse, Response},
};
use domain::Cx;
use http::{HeaderMap, HeaderValue, Method, StatusCode, header};
use http_body_util::BodyExt;
use leptos::{
    context::{provide_context, use_context},
    nonce::use_nonce,
};
use leptos_axum::ResponseOptions;
use model::{Flash, RequestId};
use std::sync::Arc;

/// What a form left for the page that is shown after it.
#[derive(Debug, Clone, Default)]
pub(super) struct Aftermath {
    /// The form was refused: the page is shown again with it.
    pub(super) form: Option<FormState>,
    /// The form made a secret, which is shown this once.
    pub(super) revealed: Option<Revealed>,
    /// The form waits for step-up.
    pub(super) confirming: Option<Confirming>,
    /// What is said in place of the message that came with the request.
    pub(super) said: Option<Flash>,
}

/// Answers every address that is no file and no door.
pub(super) async fn door(State(site): State<Arc<Site>>, request: Request) -> Response {
    let known = routes::find(request.uri().path()).is_some();
    let reads = matches!(*request.method(), Method::GET | Method::HEAD);
    match (reads, known) {
        (true, _) => show(&site, request, Aftermath::default()).await,
        (false, true) => ([(header::ALLOW, "GET, HEAD")], Refusal::Method).into_response(),
        (false, false) => Refusal::NoPage.into_response(),
    }
}

/// The page at the request's address, for its caller.
pub(super) async fn show(site: &Site, request: Request, after: Aftermath) -> Response {
    let cx = request.extensions().get::<Cx>().expect("pages stand behind the session").clone();
    let flash = flash::get(request.headers());
    let (consumes, refused) = (flash.is_some(), after.form.is_some());
    let flash = after.said.or(flash);
    let shows_secret = after.revealed.as_ref().map(|_| ShowsSecret);
    let page = PageContext {
        viewer: cx.viewer().cloned(),
        theme: theme(request.headers()),
        times: times(request.headers()),
        flash,
        request: cx.request(),
        form: after.form,
        revealed: after.revealed,
        confirming: after.confirming,
        version: site.version,
    };
    let known = routes::find(request.uri().path()).is_some();
    let context = move || {
        provide_context(cx.clone());
        provide_context(page.clone());
    };
    let mut response = render(site, request, context).await;
    if !known && response.status() == StatusCode::OK {
        *response.status_mut() = StatusCode::NOT_FOUND;
    }
    // A message waits until a page really shows it: not on a redirect, and not beside an error.
    if consumes && !refused && !response.status().is_redirection() {
        response.headers_mut().append(header::SET_COOKIE, flash::consumed());
    }
    if let Some(mark) = shows_secret {
        response.extensions_mut().insert(mark);
    }
    response
}

/// The page that says what the trouble is, for nobody in particular: it needs no session and no
/// database.
pub(super) async fn trouble(
    site: &Site,
    theme: Theme,
    trouble: Trouble,
    request: RequestId,
) -> Response {
    let page = PageContext { theme, request, version: site.version, ..PageContext::nobody() };
    let context = move || {
        provide_context(trouble.clone());
        provide_context(page.clone());
    };
    render(site, Request::new(Body::empty()), context).await
}

/// Renders the document with `context` around it.
async fn render(
    site: &Site,
    mut request: Request,
    context: impl Fn() + Clone + Send + Sync + 'static,
) -> Response {
    let headers = request.headers_mut();
    // Pages build addresses from these two; what the client claims does not matter.
    headers.insert(header::HOST, site.public_url.authority());
    headers.insert("x-forwarded-proto", HeaderValue::from_static(site.public_url.scheme()));
    // A page that leads elsewhere does so by a real redirect, whoever asks.
    headers.insert(header::ACCEPT, HeaderValue::from_static("text/html"));

    let options = site.leptos.clone();
    let address = viewer::PublicUrl(site.public_url.to_string());
    let around = move || {
        provide_context(address.clone());
        context();
        if let (Some(nonce), Some(response)) = (use_nonce(), use_context::<ResponseOptions>()) {
            response.insert_header(header::CONTENT_SECURITY_POLICY, page_policy(&nonce));
        }
    };
    let shell = move || app::shell(options.clone());
    whole(leptos_axum::render_app_async_with_context(around, shell)(request).await).await
}

/// The response with its body in one piece, so that it has a length and needs its caller no more.
async fn whole(response: Response) -> Response {
    let (parts, body) = response.into_parts();
    match body.collect().await {
        Ok(body) => Response::from_parts(parts, Body::from(body.to_bytes())),
        Err(error) => {
            tracing::error!(%error, "a page ended before it was complete");
            Refusal::Broken.into_response()
        }
    }
}

/// Light or dark, as the cookie says.
pub(super) fn theme(headers: &HeaderMap) -> Theme {
    cookie::read(headers, Theme::COOKIE).map(Theme::from_name).unwrap_or_default()
}

/// How times are told, as the cookie says.
fn times(headers: &HeaderMap) -> Times {
    cookie::read(headers, Times::COOKIE).map(Times::from_name).unwrap_or_default()
}
