//! The only place that knows whether this is the server or the browser.
//!
//! On the server, pages and server functions reach the request and the answer through here: the
//! caller, the address, the status, cookies. In the browser pages never run; the same names are
//! there so that one source builds both.

#[cfg(feature = "ssr")]
pub use native::*;

#[cfg(not(feature = "ssr"))]
pub use browser::*;

#[cfg(feature = "ssr")]
mod native {
    use crate::{
        explorer::Api,
        viewer::{PageContext, PublicUrl},
    };
    use axum::{
        extract::Query,
        http::{
            HeaderValue, StatusCode,
            header::{HOST, SET_COOKIE},
            request::Parts,
        },
    };
    use domain::{
        Cx,
        account::{NewSession, StepToken},
        explorer::SealedKey,
    };
    use leptos::prelude::use_context;
    use leptos_axum::ResponseOptions;
    use model::Failure;
    use secrecy::{ExposeSecret, SecretString};
    use serde::de::DeserializeOwned;
    use std::sync::Arc;
    use time::OffsetDateTime;

    /// The cookie that holds the session's token.
    pub const SESSION_COOKIE: &str = "__Host-probity";

    /// Who calls. Without a caller nobody is served.
    pub fn cx() -> Result<Cx, Failure> {
        use_context().ok_or_else(|| Failure::Unavailable(PageContext::current().request))
    }

    /// Who calls, in the team of this slug.
    pub async fn in_team(slug: &str) -> Result<Cx, Failure> {
        told(cx()?.in_team(slug).await)
    }

    /// An operation's result as a caller is told it.
    pub fn told<T>(result: domain::Result<T>) -> Result<T, Failure> {
        result.map_err(|error| {
            let request = use_context::<Cx>().map(|cx| cx.request());
            error.failure(request.unwrap_or_else(|| PageContext::current().request))
        })
    }

    /// The cookie of a sign-in that waits for its second step.
    pub const STEP_COOKIE: &str = "__Host-probity_step";
    /// The cookie of a browser in which somebody has signed in before.
    pub const DEVICE_COOKIE: &str = "__Host-probity_device";
    /// The cookie that keeps the API explorer's test key, sealed.
    pub const EXPLORER_COOKIE: &str = "__Host-probity_explorer";
    /// 400 days: the longest that browsers keep a cookie.
    const DEVICE_LASTS: u64 = 400 * 24 * 60 * 60;

    /// Gives the browser the session's token, and its own where it was not known. The second step,
    /// if there was one, is over.
    pub fn start_session(session: &NewSession) {
        set_secret(SESSION_COOKIE, &session.token, session.lasts.as_secs());
        if let Some(device) = &session.device {
            set_secret(DEVICE_COOKIE, device, DEVICE_LASTS);
        }
        end_step();
    }

    /// Takes the session's token from the browser.
    pub fn end_session() {
        set_secret(SESSION_COOKIE, &SecretString::from(""), 0);
    }

    /// Gives the browser the token of a second step.
    pub fn start_step(step: &StepToken) {
        set_secret(STEP_COOKIE, &step.token, step.lasts.as_secs());
    }

    /// Takes the token of a second step from the browser.
    pub fn end_step() {
        set_secret(STEP_COOKIE, &SecretString::from(""), 0);
    }

    /// Has the browser keep a test key for the API explorer.
    pub fn keep_key(key: &SealedKey) {
        set_secret(EXPLORER_COOKIE, &key.text, key.lasts.as_secs());
    }

    /// Takes it from the browser.
    pub fn forget_key() {
        set_secret(EXPLORER_COOKIE, &SecretString::from(""), 0);
    }

    fn set_secret(name: &str, token: &SecretString, seconds: u64) {
        let token = token.expose_secret();
        let rest = "Path=/; Secure; HttpOnly; SameSite=Lax";
        set_cookie(&format!("{name}={token}; {rest}; Max-Age={seconds}"));
    }

    /// Adds a cookie to the answer. A value that no header can carry is left out.
    pub fn set_cookie(cookie: &str) {
        if let (Some(answer), Ok(value)) =
            (use_context::<ResponseOptions>(), HeaderValue::from_str(cookie))
        {
            answer.append_header(SET_COOKIE, value);
        }
    }

    /// Sets the answer's status.
    pub fn status(code: u16) {
        if let (Some(answer), Ok(status)) =
            (use_context::<ResponseOptions>(), StatusCode::from_u16(code))
        {
            answer.set_status(status);
        }
    }

    /// The way to the API.
    pub fn api() -> Result<Arc<dyn Api>, Failure> {
        let provided = use_context::<Parts>().and_then(|parts| parts.extensions.get().cloned());
        provided.ok_or_else(|| Failure::Unavailable(PageContext::current().request))
    }

    /// Answers with a redirect to one of our own paths.
    pub fn redirect(path: &str) {
        leptos_axum::redirect(path, false);
    }

    /// Path and query of the request.
    pub fn address() -> String {
        use_context::<Parts>()
            .and_then(|parts| parts.uri.path_and_query().map(ToString::to_string))
            .unwrap_or_else(|| "/".to_owned())
    }

    /// What the query says; a query that cannot be read says nothing.
    pub fn query<T: DeserializeOwned + Default>() -> T {
        use_context::<Parts>()
            .and_then(|parts| Query::try_from_uri(&parts.uri).ok())
            .map(|Query(said)| said)
            .unwrap_or_default()
    }

    /// Where this instance is reached from outside.
    pub fn public_url() -> String {
        let host = || {
            let parts = use_context::<Parts>()?;
            let host = parts.headers.get(HOST)?.to_str().ok()?;
            Some(format!("http://{host}"))
        };
        use_context::<PublicUrl>()
            .map(|PublicUrl(url)| url)
            .or_else(host)
            .unwrap_or_else(|| "http://127.0.0.1:3000".to_owned())
    }

    /// Now, by the clock of whoever calls.
    pub fn now() -> OffsetDateTime {
        use_context::<Cx>()
            .map(|cx| cx.now())
            .unwrap_or_else(|| domain::ports::Clock::now(&domain::ports::SystemClock))
    }

    /// The same moment on the clocks of a time zone.
    pub fn local(at: OffsetDateTime, zone: &str) -> OffsetDateTime {
        domain::zone::local(at, zone)
    }

    /// The time zone of this name, as [`zones`] spells it.
    pub fn zone_named(name: &str) -> Option<&'static str> {
        domain::zone::named(name)
    }

    /// Every time zone that can be chosen, sorted.
    pub fn zones() -> &'static [String] {
        domain::zone::names()
    }
}

#[cfg(not(feature = "ssr"))]
mod browser {
    use crate::explorer::Api;
    use model::Failure;
    use std::sync::Arc;
    use time::OffsetDateTime;

    /// Pages are not answered here.
    pub fn status(_code: u16) {}

    /// Pages are not answered here.
    pub fn redirect(_path: &str) {}

    /// Pages are not answered here.
    pub fn api() -> Result<Arc<dyn Api>, Failure> {
        Err(Failure::NotFound)
    }

    /// Pages are not answered here.
    pub fn address() -> String {
        "/".to_owned()
    }

    /// Pages are not answered here.
    pub fn query<T: Default>() -> T {
        T::default()
    }

    /// Pages are not answered here.
    pub fn public_url() -> String {
        String::new()
    }

    /// Pages are not answered here.
    pub fn now() -> OffsetDateTime {
        OffsetDateTime::UNIX_EPOCH
    }

    /// Pages are not answered here.
    pub fn local(at: OffsetDateTime, _zone: &str) -> OffsetDateTime {
        at
    }

    /// Pages are not answered here.
    pub fn zone_named(_name: &str) -> Option<&'static str> {
        None
    }

    /// Pages are not answered here.
    pub fn zones() -> &'static [String] {
        &[]
    }
}
