//! Doors to a team's data as a whole.

use leptos::prelude::*;
use model::{
    Failure, Next,
    audit::ExportQuery,
    data as form,
    data::{DataExportPage, DataPage},
};

/// Exports of the last day, and where the team's data lives.
#[server(prefix = "/do", endpoint = "data/page")]
pub async fn load_data(team: String) -> Result<DataPage, Failure> {
    use crate::server;
    server::told(domain::data::page(&server::in_team(&team).await?).await)
}

/// One export: how far it is, and its file where a link to it works.
#[server(prefix = "/do", endpoint = "data/export")]
pub async fn load_data_export(
    team: String,
    export: String,
    query: ExportQuery,
) -> Result<DataExportPage, Failure> {
    use crate::server;
    let id = export.parse().map_err(|_| Failure::NotFound)?;
    let cx = server::in_team(&team).await?;
    let found = domain::data::export::find(&cx, id, &query.link).await;
    server::told(found)?.ok_or(Failure::NotFound)
}

/// Starts an export.
#[server(prefix = "/do", endpoint = "data/start-export")]
pub async fn start_data_export(form: form::StartDataExport) -> Result<Next, Failure> {
    use crate::server;
    let cx = server::in_team(&form.team).await?;
    let id = server::told(domain::data::export::start(&cx, &form).await)?;
    Ok(Next::go(format!("/t/{}/data/{id}", form.team)))
}

/// Gives up an export.
#[server(prefix = "/do", endpoint = "data/cancel-export")]
pub async fn cancel_data_export(form: form::OneDataExport) -> Result<Next, Failure> {
    use crate::server;
    let id = form.export.parse().map_err(|_| Failure::NotFound)?;
    let cx = server::in_team(&form.team).await?;
    server::told(domain::data::export::cancel(&cx, id).await)?;
    Ok(Next::say(format!("/t/{}/data", form.team), "The export is cancelled.".to_owned()))
}

/// Makes a link to an export's file.
#[server(prefix = "/do", endpoint = "data/link-export")]
pub async fn link_data_export(form: form::OneDataExport) -> Result<Next, Failure> {
    use crate::server;
    let id = form.export.parse().map_err(|_| Failure::NotFound)?;
    let cx = server::in_team(&form.team).await?;
    let link = server::told(domain::data::export::link(&cx, id).await)?;
    Ok(Next::go(format!("/t/{}/data/{id}?link={}#files", form.team, link.token)))
}
