//! Doors to API keys.

use leptos::prelude::*;
use model::{
    Failure, Next,
    key::{self, KeyRow},
    page::Page,
};

/// Makes a key and shows it once.
#[server(prefix = "/do", endpoint = "key/create")]
pub async fn create_key(form: key::NewKey) -> Result<Next, Failure> {
    use crate::server;
    let cx = server::in_team(&form.team).await?;
    server::told(domain::key::create(&cx, form).await).map(Next::Reveal)
}

/// Changes what a key is called, what it may and how often.
#[server(prefix = "/do", endpoint = "key/update")]
pub async fn update_key(form: key::UpdateKey) -> Result<Next, Failure> {
    use crate::server;
    let id = form.key.parse().map_err(|_| Failure::NotFound)?;
    let cx = server::in_team(&form.wanted.team).await?;
    let key = server::told(domain::key::update(&cx, id, &form.wanted).await)?;
    let page = format!("/t/{}/keys/{}", form.wanted.team, key.id);
    Ok(Next::say(page, format!("{} is changed. It holds from now on.", key.name)))
}

/// Ends a key at once and for good.
#[server(prefix = "/do", endpoint = "key/revoke")]
pub async fn revoke_key(form: key::RevokeKey) -> Result<Next, Failure> {
    use crate::server;
    let id = form.key.parse().map_err(|_| Failure::NotFound)?;
    let cx = server::in_team(&form.team).await?;
    let key = server::told(domain::key::revoke(&cx, id, &form.name).await)?;
    let list = format!("/t/{}/keys", form.team);
    Ok(Next::say(list, format!("Key {} was revoked. It is refused from now on.", key.name)))
}

/// Gives a key another secret and shows it once.
#[server(prefix = "/do", endpoint = "key/rotate")]
pub async fn rotate_key(form: key::RotateKey) -> Result<Next, Failure> {
    use crate::server;
    let id = form.key.parse().map_err(|_| Failure::NotFound)?;
    let cx = server::in_team(&form.team).await?;
    server::told(domain::key::rotate(&cx, id, &form).await).map(Next::Reveal)
}

/// Ends the old secret of a key that was rotated.
#[server(prefix = "/do", endpoint = "key/end-overlap")]
pub async fn end_overlap(form: key::KeyForm) -> Result<Next, Failure> {
    use crate::server;
    let id = form.key.parse().map_err(|_| Failure::NotFound)?;
    let cx = server::in_team(&form.team).await?;
    let key = server::told(domain::key::end_overlap(&cx, id).await)?;
    let page = format!("/t/{}/keys/{}", form.team, key.id);
    Ok(Next::say(page, format!("The old secret of {} is refused from now on.", key.name)))
}

/// Switches a key off until it is switched on.
#[server(prefix = "/do", endpoint = "key/disable")]
pub async fn disable_key(form: key::KeyForm) -> Result<Next, Failure> {
    use crate::server;
    let id = form.key.parse().map_err(|_| Failure::NotFound)?;
    let cx = server::in_team(&form.team).await?;
    let key = server::told(domain::key::disable(&cx, id).await)?;
    let page = format!("/t/{}/keys/{}", form.team, key.id);
    Ok(Next::say(page, format!("{} is switched off. It is refused from now on.", key.name)))
}

/// Switches a key on again.
#[server(prefix = "/do", endpoint = "key/enable")]
pub async fn enable_key(form: key::KeyForm) -> Result<Next, Failure> {
    use crate::server;
    let id = form.key.parse().map_err(|_| Failure::NotFound)?;
    let cx = server::in_team(&form.team).await?;
    let key = server::told(domain::key::enable(&cx, id).await)?;
    let page = format!("/t/{}/keys/{}", form.team, key.id);
    Ok(Next::say(page, format!("{} is switched on and accepted again.", key.name)))
}

/// Ends the warning of a key that was found in public.
#[server(prefix = "/do", endpoint = "key/dismiss-leak")]
pub async fn dismiss_leak(form: key::KeyForm) -> Result<Next, Failure> {
    use crate::server;
    let id = form.key.parse().map_err(|_| Failure::NotFound)?;
    let cx = server::in_team(&form.team).await?;
    let key = server::told(domain::key::scan::dismiss_leak(&cx, id).await)?;
    let page = format!("/t/{}/keys/{}", form.team, key.id);
    Ok(Next::say(page, format!("The warning of {} is gone until it is found again.", key.name)))
}

/// A page of the team's keys.
#[server(prefix = "/do", endpoint = "key/list")]
pub async fn load_keys(team: String, query: key::KeyQuery) -> Result<Page<KeyRow>, Failure> {
    use crate::server;
    server::told(domain::key::list(&server::in_team(&team).await?, query).await)
}

/// One key.
#[server(prefix = "/do", endpoint = "key/find")]
pub async fn load_key(team: String, key: String) -> Result<KeyRow, Failure> {
    use crate::server;
    let id = key.parse().map_err(|_| Failure::NotFound)?;
    let found = domain::key::find(&server::in_team(&team).await?, id).await;
    server::told(found)?.ok_or(Failure::NotFound)
}
