//! Plain forms: what makes every form work without JavaScript.
//!
//! A page posts plain fields to `/do/<area>/<verb>`. This layer speaks to the server function in
//! its own language (`form[name]=…`, JSON back) and turns the answer into what a browser expects:
//! a redirect, or the same page again with what was typed and what is wrong with it.

pub(super) mod fields;
mod multipart;

use super::{
    caller,
    failure::{self, Told},
    flash,
    middleware::{Arrived, body},
    page::{self, Aftermath},
    place,
    refusal::Refusal,
    site::Site,
};
use app::viewer::{Confirming, FormState, Revealed};
use axum::{
    body::Body,
    extract::{Request, State},
    response::{IntoResponse, Response},
};
use domain::Cx;
use fields::Field;
use http::{HeaderValue, Method, StatusCode, header, request::Parts};
use http_body_util::BodyExt;
use leptos::context::provide_context;
use model::{Failure, Flash, Next, explorer::Called};
use percent_encoding::{NON_ALPHANUMERIC, utf8_percent_encode};
use server_fn::error::SERVER_FN_ERROR_HEADER;
use std::sync::Arc;

/// The one form with a file, which may be large.
pub(super) const UPLOAD: &str = "/do/rule/upload";
const FORM: &str = "application/x-www-form-urlencoded";
/// Bytes of a server function's answer. Ours are a few kilobytes.
const ANSWER_MOST: usize = 1024 * 1024;

/// The path of every server function. Its census is in the tests: a new one must be put there.
pub fn doors() -> impl Iterator<Item = &'static str> {
    server_fn::axum::server_fn_paths().map(|(path, _)| path)
}

/// `POST /do/*`: a server function, called by a browser without JavaScript or by an island.
pub(super) async fn door(State(site): State<Arc<Site>>, request: Request) -> Response {
    let path = request.uri().path();
    if server_fn::axum::get_server_fn_service(path, Method::POST).is_none() {
        return Refusal::NoPage.into_response();
    }
    if request.uri().query().is_some_and(|query| !query.is_empty()) {
        let said = "Send the form’s fields in its body, and nothing in the address.";
        return Told::Failure(Failure::field("", said)).into_response();
    }
    if failure::accepts_html(request.headers()) {
        return plain(&site, request).await;
    }
    if !body::is(request.headers(), FORM) {
        return Refusal::NotAForm.into_response();
    }
    call(request).await
}

/// A form of a browser without JavaScript.
async fn plain(site: &Site, request: Request) -> Response {
    let (parts, posted) = match read(request).await {
        Ok(read) => read,
        Err(told) => return told.into_response(),
    };
    let from = place::page_of_form(fields::value(&posted, fields::FROM)).to_owned();
    let of_its_page = fields::about_its_page(&posted, &from);
    let answer = match of_its_page.and_then(|()| fields::for_server_function(&posted)) {
        Ok(encoded) => call(server_function_request(&parts, encoded)).await,
        Err(failure) => Told::Failure(failure).into_response(),
    };
    let (outcome, cookies) = understand(answer).await;
    let mut form = Form { site, parts, posted, from };
    if let Err(failure) = form.enter(&cookies).await {
        return Told::Failure(failure).into_response();
    }
    let mut response = match outcome {
        Ok(Next::Go { to, flash }) => go(&to, flash.as_ref()),
        Ok(Next::Reveal(key)) => form.reveal(Revealed::Key(key)).await,
        Ok(Next::RevealCodes(codes)) => form.reveal(Revealed::Codes(codes)).await,
        Ok(Next::RevealLink(link)) => form.reveal(Revealed::Link(link)).await,
        Ok(Next::RevealHook(hook)) => form.reveal(Revealed::Hook(hook)).await,
        Ok(Next::Called(called)) => form.called(called).await,
        Ok(Next::Resume) => form.resume().await,
        Err(Failure::Unauthenticated) => go(&sign_in(&form.from), None),
        Err(Failure::Unconfirmed { without }) => form.wait_for_step_up(without).await,
        Err(failure) => form.refused(failure).await,
    };
    response.headers_mut().extend(cookies.into_iter().map(|value| (header::SET_COOKIE, value)));
    response
}

/// The fields of a form, and the head of the request they came with.
pub(super) async fn read(request: Request) -> Result<(Parts, Vec<Field>), Told> {
    let (parts, body) = request.into_parts();
    let has_file = parts.uri.path() == UPLOAD && body::is(&parts.headers, multipart::KIND);
    if !has_file && !body::is(&parts.headers, FORM) {
        return Err(Told::Refusal(Refusal::NotAForm));
    }
    let bytes = body.collect().await.map_err(|_| Told::Refusal(Refusal::CutShort))?.to_bytes();
    if has_file {
        return Ok((parts.clone(), multipart::decode(&parts.headers, bytes).await?));
    }
    let fields = fields::decode(&bytes).ok_or(Told::Refusal(Refusal::NotUtf8))?;
    Ok((parts, fields))
}

/// A form that was answered, and the page it stands on.
struct Form<'a> {
    site: &'a Site,
    parts: Parts,
    posted: Vec<Field>,
    from: String,
}

impl Form<'_> {
    /// The page once more, with what was typed and what is wrong.
    async fn refused(self, failure: Failure) -> Response {
        let arrived = self.parts.extensions.get::<Arrived>();
        let Arrived { id, .. } = arrived.expect("the envelope names every request");
        let failure = failure::named(failure, *id);
        let state = FormState {
            action: self.parts.uri.path().to_owned(),
            values: fields::worth_keeping(&self.posted),
            failure: Some(failure.clone()),
        };
        let told = Told::Failure(failure);
        let confirming = self.waiting();
        let after = Aftermath { form: Some(state), confirming, ..Aftermath::default() };
        let mut response = self.again(after).await;
        if response.status().is_redirection() {
            // The page leads elsewhere by now: better a page that says what was wrong.
            return told.into_response();
        }
        if response.status() == StatusCode::OK {
            *response.status_mut() = told.status();
        }
        if let Some(seconds) = failure::retry_after(&told) {
            response.headers_mut().insert(header::RETRY_AFTER, HeaderValue::from(seconds));
        }
        response
    }

    /// The page once more, with what was typed and what the API answered.
    async fn called(self, called: Called) -> Response {
        let state = FormState {
            action: self.parts.uri.path().to_owned(),
            values: fields::worth_keeping(&self.posted),
            failure: None,
        };
        let revealed = Some(Revealed::Called(called));
        self.again(Aftermath { form: Some(state), revealed, ..Aftermath::default() }).await
    }

    /// The page once more, with a secret that is shown this once.
    async fn reveal(self, secret: Revealed) -> Response {
        self.again(Aftermath { revealed: Some(secret), ..Aftermath::default() }).await
    }

    /// In place of the page: the question whether it is them, with the form inside.
    async fn wait_for_step_up(self, without: Option<String>) -> Response {
        let confirming = Confirming {
            action: self.parts.uri.path().to_owned(),
            values: fields::worth_keeping(&self.posted),
            without,
        };
        let after = Aftermath { confirming: Some(confirming), ..Aftermath::default() };
        let mut response = self.again(after).await;
        if response.status() == StatusCode::OK {
            *response.status_mut() = StatusCode::FORBIDDEN;
        }
        response
    }

    /// The form that waits for the step-up that was posted.
    fn waiting(&self) -> Option<Confirming> {
        let action = fields::value(&self.posted, fields::RESUME)?;
        doors().any(|door| door == action).then(|| Confirming {
            action: action.to_owned(),
            values: fields::kept(&self.posted),
            without: fields::value(&self.posted, "without").map(str::to_owned),
        })
    }

    /// After step-up: the page as it was, with the form still filled, in the session's new token.
    async fn resume(self) -> Response {
        let Some(waiting) = self.waiting() else { return go(&self.from, None) };
        let form = FormState { action: waiting.action, values: waiting.values, failure: None };
        let message = "Confirmed for 10 minutes. Send the form once more.".to_owned();
        let said = Some(Flash { message });
        self.again(Aftermath { form: Some(form), said, ..Aftermath::default() }).await
    }

    /// From here on the caller is who the cookies that were just set say: a page that is shown now
    /// may stand in a session that goes on under a new token.
    async fn enter(&mut self, cookies: &[HeaderValue]) -> Result<(), Failure> {
        if cookies.is_empty() {
            return Ok(());
        }
        let pairs = cookies.iter().filter_map(|cookie| cookie.to_str().ok()?.split(';').next());
        let sent = HeaderValue::from_str(&pairs.collect::<Vec<_>>().join("; "));
        let Some((sent, deps)) = sent.ok().zip(self.site.readiness.deps()) else { return Ok(()) };
        let mut parts = self.parts.clone();
        parts.headers.insert(header::COOKIE, sent);
        self.parts.extensions.insert(caller::of(deps, &parts).await?);
        Ok(())
    }

    /// The page on which the form stands, as if it had been asked for.
    async fn again(self, after: Aftermath) -> Response {
        let mut request = Request::from_parts(self.parts, Body::empty());
        *request.method_mut() = Method::GET;
        *request.uri_mut() = self.from.parse().expect("place::ours has parsed it");
        for name in [header::CONTENT_TYPE, header::CONTENT_LENGTH, header::REFERER] {
            request.headers_mut().remove(name);
        }
        page::show(self.site, request, after).await
    }
}

/// The request that the server function understands.
fn server_function_request(parts: &Parts, encoded: String) -> Request {
    let mut parts = parts.clone();
    parts.headers.remove(header::CONTENT_LENGTH);
    parts.headers.insert(header::CONTENT_TYPE, HeaderValue::from_static(FORM));
    Request::from_parts(parts, Body::from(encoded))
}

/// Runs the server function at the request's path.
async fn call(mut request: Request) -> Response {
    let cx = request.extensions().get::<Cx>().expect("doors stand behind the session").clone();
    let headers = request.headers_mut();
    // With these the integration answers by redirects to where the client says it came from.
    headers.insert(header::ACCEPT, HeaderValue::from_static("application/json"));
    headers.remove(header::REFERER);
    let context = move || provide_context(cx.clone());
    leptos_axum::handle_server_fns_with_context(context, request).await.into_response()
}

/// What a server function said, and the cookies it set.
async fn understand(response: Response) -> (Result<Next, Failure>, Vec<HeaderValue>) {
    if let Some(Told::Failure(failure)) = response.extensions().get() {
        return (Err(failure.clone()), Vec::new());
    }
    let cookies = response.headers().get_all(header::SET_COOKIE).iter().cloned().collect();
    let failed = response.headers().contains_key(SERVER_FN_ERROR_HEADER);
    let bytes = axum::body::to_bytes(response.into_body(), ANSWER_MOST).await.unwrap_or_default();
    let outcome = if failed {
        Err(serde_json::from_slice(&bytes).unwrap_or(Failure::NotFound))
    } else {
        // A loader was posted to by hand: it answers, but leads nowhere.
        serde_json::from_slice(&bytes).map_err(|_| Failure::NotFound)
    };
    (outcome, cookies)
}

/// On to `to`, with a message for the page there.
fn go(to: &str, flash: Option<&Flash>) -> Response {
    let to = place::ours(to).unwrap_or("/");
    let mut response = (StatusCode::SEE_OTHER, [(header::LOCATION, to.to_owned())]).into_response();
    if let Some(flash) = flash {
        response.headers_mut().append(header::SET_COOKIE, flash::set(flash));
    }
    response
}

/// The sign-in page that leads back to `from`.
fn sign_in(from: &str) -> String {
    match from {
        "/" => "/sign-in".to_owned(),
        from => format!("/sign-in?next={}", utf8_percent_encode(from, NON_ALPHANUMERIC)),
    }
}
