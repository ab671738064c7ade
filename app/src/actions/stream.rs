//! Doors to the streams of the audit log.

use leptos::prelude::*;
use model::{
    Failure, Next, audit as form,
    audit::{StreamPage, StreamsPage},
};

/// The team's streams, and the kinds that are offered.
#[server(prefix = "/do", endpoint = "stream/list")]
pub async fn load_streams(team: String) -> Result<StreamsPage, Failure> {
    use crate::server;
    server::told(domain::audit::stream::list(&server::in_team(&team).await?).await)
}

/// One stream, with the last things that went wrong.
#[server(prefix = "/do", endpoint = "stream/find")]
pub async fn load_stream(team: String, stream: String) -> Result<StreamPage, Failure> {
    use crate::server;
    let id = stream.parse().map_err(|_| Failure::NotFound)?;
    let found = domain::audit::stream::find(&server::in_team(&team).await?, id).await;
    server::told(found)?.ok_or(Failure::NotFound)
}

/// Makes a stream; shows its signing secret once, if it has one.
#[server(prefix = "/do", endpoint = "stream/create")]
pub async fn create_stream(form: form::NewStream) -> Result<Next, Failure> {
    use crate::server;
    let cx = server::in_team(&form.team).await?;
    let made = server::told(domain::audit::stream::create(&cx, &form).await)?;
    Ok(match made.secret {
        Some(secret) => Next::RevealHook(secret),
        None => Next::say(form::stream_page(&form.team, made.id), format!("{} flows.", made.name)),
    })
}

/// Replaces what a stream signs with; shows the new secret once.
#[server(prefix = "/do", endpoint = "stream/rotate")]
pub async fn rotate_stream(form: form::OneStream) -> Result<Next, Failure> {
    use crate::server;
    let id = form.stream.parse().map_err(|_| Failure::NotFound)?;
    let cx = server::in_team(&form.team).await?;
    server::told(domain::audit::stream::rotate(&cx, id).await).map(Next::RevealHook)
}

/// Pauses a stream.
#[server(prefix = "/do", endpoint = "stream/pause")]
pub async fn pause_stream(form: form::OneStream) -> Result<Next, Failure> {
    use crate::server;
    let id = form.stream.parse().map_err(|_| Failure::NotFound)?;
    let cx = server::in_team(&form.team).await?;
    let name = server::told(domain::audit::stream::pause(&cx, id).await)?;
    Ok(Next::say(form::stream_page(&form.team, id), format!("{name} is paused.")))
}

/// Lets a stream flow again.
#[server(prefix = "/do", endpoint = "stream/resume")]
pub async fn resume_stream(form: form::OneStream) -> Result<Next, Failure> {
    use crate::server;
    let id = form.stream.parse().map_err(|_| Failure::NotFound)?;
    let cx = server::in_team(&form.team).await?;
    let name = server::told(domain::audit::stream::resume(&cx, id).await)?;
    Ok(Next::say(form::stream_page(&form.team, id), format!("{name} flows again.")))
}

/// Lets a stream begin elsewhere.
#[server(prefix = "/do", endpoint = "stream/restart")]
pub async fn restart_stream(form: form::RestartStream) -> Result<Next, Failure> {
    use crate::server;
    let id = form.stream.parse().map_err(|_| Failure::NotFound)?;
    let cx = server::in_team(&form.team).await?;
    let name = server::told(domain::audit::stream::restart(&cx, id, &form).await)?;
    Ok(Next::say(form::stream_page(&form.team, id), format!("{name} begins there.")))
}

/// Sends a test.
#[server(prefix = "/do", endpoint = "stream/test")]
pub async fn test_stream(form: form::OneStream) -> Result<Next, Failure> {
    use crate::server;
    let id = form.stream.parse().map_err(|_| Failure::NotFound)?;
    let cx = server::in_team(&form.team).await?;
    let said = server::told(domain::audit::stream::test(&cx, id).await)?;
    Ok(Next::say(form::stream_page(&form.team, id), said))
}

/// Removes a stream.
#[server(prefix = "/do", endpoint = "stream/remove")]
pub async fn remove_stream(form: form::OneStream) -> Result<Next, Failure> {
    use crate::server;
    let id = form.stream.parse().map_err(|_| Failure::NotFound)?;
    let cx = server::in_team(&form.team).await?;
    let name = server::told(domain::audit::stream::remove(&cx, id).await)?;
    Ok(Next::say(format!("/t/{}/audit/streams", form.team), format!("{name} is removed.")))
}
