//! Doors to API keys.

use leptos::prelude::*;
use model::{
    Failure, Next,
    key::{self, KeyRow},
    page::{Around, Page},
};

/// Makes a key and shows it once.
#[server(prefix = "/do", endpoint = "key/create")]
pub async fn create_key(form: key::NewKey) -> Result<Next, Failure> {
    use crate::server;
    let cx = server::in_team(&form.team).await?;
    server::told(domain::key::create(&cx, form).await).map(Next::Reveal)
}

/// Ends a key at once and for good.
#[server(prefix = "/do", endpoint = "key/revoke")]
pub async fn revoke_key(form: key::RevokeKey) -> Result<Next, Failure> {
    use crate::server;
    let id = form.key.parse().map_err(|_| Failure::NotFound)?;
    let cx = server::in_team(&form.team).await?;
    let key = server::told(domain::key::revoke(&cx, id).await)?;
    let list = format!("/t/{}/keys", form.team);
    Ok(Next::say(list, format!("Key {} was revoked. It is refused from now on.", key.name)))
}

/// A page of the team's keys, the newest first.
#[server(prefix = "/do", endpoint = "key/list")]
pub async fn load_keys(team: String, around: Around) -> Result<Page<KeyRow>, Failure> {
    use crate::server;
    server::told(domain::key::list(&server::in_team(&team).await?, around).await)
}

/// One key.
#[server(prefix = "/do", endpoint = "key/find")]
pub async fn load_key(team: String, key: String) -> Result<KeyRow, Failure> {
    use crate::server;
    let id = key.parse().map_err(|_| Failure::NotFound)?;
    let found = domain::key::find(&server::in_team(&team).await?, id).await;
    server::told(found)?.ok_or(Failure::NotFound)
}
