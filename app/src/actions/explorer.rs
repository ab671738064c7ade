//! Doors to the API explorer.

use leptos::prelude::*;
use model::{Failure, Next, explorer as form};

/// How the test key begins that this browser keeps; none without one.
#[server(prefix = "/do", endpoint = "explorer/load")]
pub async fn load_test_key(team: String) -> Result<Option<String>, Failure> {
    use crate::server;
    server::told(domain::explorer::kept_start(&server::in_team(&team).await?).await)
}

/// Makes a test key and has the browser keep it.
#[server(prefix = "/do", endpoint = "explorer/make-key")]
pub async fn make_test_key(form: form::MakeTestKey) -> Result<Next, Failure> {
    use crate::server;
    let page = page(&form.team, &form.endpoint);
    let cx = server::in_team(&form.team).await?;
    server::keep_key(&server::told(domain::explorer::make_key(&cx, form).await)?);
    Ok(Next::say(page, "The test key is made. It ends after a day."))
}

/// Has the browser keep a test key that somebody has.
#[server(prefix = "/do", endpoint = "explorer/keep-key")]
pub async fn keep_test_key(form: form::KeepTestKey) -> Result<Next, Failure> {
    use crate::server;
    let cx = server::in_team(&form.team).await?;
    server::keep_key(&server::told(domain::explorer::keep_key(&cx, &form).await)?);
    Ok(Next::say(page(&form.team, &form.endpoint), "Calls are made with this key."))
}

/// Takes the test key from the browser.
#[server(prefix = "/do", endpoint = "explorer/forget-key")]
pub async fn forget_test_key(form: form::ForgetTestKey) -> Result<Next, Failure> {
    use crate::server;
    server::in_team(&form.team).await?;
    server::forget_key();
    let said = "This browser keeps the key no more. Revoke it if nobody else uses it.";
    Ok(Next::say(page(&form.team, &form.endpoint), said))
}

/// Calls an endpoint.
#[server(prefix = "/do", endpoint = "explorer/call")]
pub async fn call_endpoint(form: form::CallEndpoint) -> Result<Next, Failure> {
    use crate::{explorer::request, server};
    let cx = server::in_team(&form.team).await?;
    let key = server::told(domain::explorer::kept_key(&cx).await)?;
    let api = server::api()?;
    let found = api.endpoints().iter().find(|endpoint| endpoint.id == form.endpoint);
    let endpoint = found.ok_or(Failure::NotFound)?;
    if endpoint.takes_key && key.is_none() {
        return Err(Failure::field("", "This needs a key. Make a test key first, above."));
    }
    let request = request(endpoint, &form.typed).map_err(Failure::Invalid)?;
    let answer = api.send(request.clone(), key, cx.ip()).await;
    Ok(Next::Called(form::Called { request, answer }))
}

/// The page that a form of the explorer stands on.
#[cfg(feature = "ssr")]
fn page(team: &str, endpoint: &str) -> String {
    let list = format!("/t/{team}/explorer");
    if endpoint.is_empty() { list } else { format!("{list}/{}", crate::pages::encode(endpoint)) }
}
