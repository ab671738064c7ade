//! The caller of a request: its origin, and the person its session cookie stands for.

use super::{cookie, middleware::Arrived};
use app::server::{DEVICE_COOKIE, EXPLORER_COOKIE, SESSION_COOKIE, STEP_COOKIE};
use domain::{Cx, Deps, Origin};
use http::{HeaderMap, header, request::Parts};
use model::Failure;
use secrecy::SecretString;

/// Bytes of the longest token that is worth hashing.
const TOKEN_MOST: usize = 128;
/// Characters of the longest sealed key that is worth opening.
const SEALED_MOST: usize = 512;
/// Bytes of a `User-Agent` that are kept.
const AGENT_MOST: usize = 256;
/// What pages ask for by themselves, again and again, as long as they are open.
const BY_ITSELF: [&str; 3] = ["/do/audit/export", "/do/audit/tail", "/do/data/export"];

/// The caller of `request`. No cookie, an unknown token and an ended session are "anyone".
pub(super) async fn of(deps: &Deps, request: &Parts) -> Result<Cx, Failure> {
    let cx = anyone(deps, request);
    let id = cx.request();
    match secret(&request.headers, SESSION_COOKIE, TOKEN_MOST) {
        Some(token) => cx.with_session(&token).await.map_err(|error| error.failure(id)),
        None => Ok(cx),
    }
}

/// What a cookie of ours holds, if it can be what we put there.
fn secret(headers: &HeaderMap, name: &str, most: usize) -> Option<SecretString> {
    let text = cookie::read(headers, name)?;
    (!text.is_empty() && text.len() <= most).then(|| SecretString::from(text))
}

/// A caller without a session, for what needs none.
pub(super) fn anyone(deps: &Deps, request: &Parts) -> Cx {
    let arrived = request.extensions.get::<Arrived>();
    let Arrived { id, ip } = *arrived.expect("the envelope names every request");
    let headers = &request.headers;
    let origin = Origin {
        request: id,
        ip,
        agent: agent(headers),
        device: secret(headers, DEVICE_COOKIE, TOKEN_MOST),
        step: secret(headers, STEP_COOKIE, TOKEN_MOST),
        explorer: secret(headers, EXPLORER_COOKIE, SEALED_MOST),
        by_itself: BY_ITSELF.contains(&request.uri.path()),
    };
    Cx::anyone(deps, origin)
}

/// The client's program as it calls itself, cut to what a ledger should hold.
fn agent(headers: &HeaderMap) -> String {
    let text = headers.get(header::USER_AGENT).and_then(|value| value.to_str().ok());
    text.unwrap_or_default().chars().take(AGENT_MOST).collect()
}
