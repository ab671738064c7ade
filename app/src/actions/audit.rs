//! Doors to the audit log.

use leptos::prelude::*;
use model::{
    Failure, Next, audit as form,
    audit::{
        ActivityDay, AuditEntry, AuditPage, AuditQuery, ExportPage, ExportQuery, ExportsPage,
        NewRecords, SavedSearch,
    },
};

/// What fits the search of the team's ledger, the newest record first; the check of its chain where
/// everything fits.
#[server(prefix = "/do", endpoint = "audit/list")]
pub async fn load_events(team: String, query: AuditQuery) -> Result<AuditPage, Failure> {
    use crate::server;
    let cx = server::in_team(&team).await?;
    server::told(domain::audit::search(&cx, query).await)
}

/// What fits the search and came after the record that `query` names, worded for the page that asks by
/// itself, again and again.
#[server(prefix = "/do", endpoint = "audit/tail")]
pub async fn load_new_events(team: String, query: AuditQuery) -> Result<NewRecords, Failure> {
    use crate::{components::events, format::Local, server};
    let cx = server::in_team(&team).await?;
    provide_context(cx.viewer().map_or_else(Local::default, |it| Local::new(&it.zone, it.dates)));
    let after = query.after.as_deref().and_then(|after| after.parse().ok()).unwrap_or(0);
    let query = AuditQuery { before: None, after: Some(after.to_string()), ..query };
    let log = server::told(domain::audit::search(&cx, query).await)?;
    Ok(events::new_records(&format!("/t/{team}/audit"), log, after))
}

/// How much was recorded on each of the last 90 days.
#[server(prefix = "/do", endpoint = "audit/activity")]
pub async fn load_activity(team: String) -> Result<Vec<ActivityDay>, Failure> {
    use crate::server;
    server::told(domain::audit::activity(&server::in_team(&team).await?).await)
}

/// One record, with the check of its hash.
#[server(prefix = "/do", endpoint = "audit/find")]
pub async fn load_event(team: String, seq: String) -> Result<AuditEntry, Failure> {
    use crate::server;
    let seq = seq.parse().map_err(|_| Failure::NotFound)?;
    let found = domain::audit::find(&server::in_team(&team).await?, seq).await;
    server::told(found)?.ok_or(Failure::NotFound)
}

/// The team's exports of the last day.
#[server(prefix = "/do", endpoint = "audit/exports")]
pub async fn load_exports(team: String) -> Result<ExportsPage, Failure> {
    use crate::server;
    server::told(domain::audit::export::list(&server::in_team(&team).await?).await)
}

/// One export: how far it is, and its files where a link to them works.
#[server(prefix = "/do", endpoint = "audit/export")]
pub async fn load_export(
    team: String,
    export: String,
    query: ExportQuery,
) -> Result<ExportPage, Failure> {
    use crate::server;
    let id = export.parse().map_err(|_| Failure::NotFound)?;
    let cx = server::in_team(&team).await?;
    let found = domain::audit::export::find(&cx, id, &query.link).await;
    server::told(found)?.ok_or(Failure::NotFound)
}

/// Starts an export.
#[server(prefix = "/do", endpoint = "audit/start-export")]
pub async fn start_export(form: form::StartExport) -> Result<Next, Failure> {
    use crate::server;
    let cx = server::in_team(&form.team).await?;
    let id = server::told(domain::audit::export::start(&cx, &form).await)?;
    Ok(Next::go(format!("/t/{}/audit/exports/{id}", form.team)))
}

/// Gives up an export.
#[server(prefix = "/do", endpoint = "audit/cancel-export")]
pub async fn cancel_export(form: form::OneExport) -> Result<Next, Failure> {
    use crate::server;
    let id = form.export.parse().map_err(|_| Failure::NotFound)?;
    let cx = server::in_team(&form.team).await?;
    server::told(domain::audit::export::cancel(&cx, id).await)?;
    Ok(Next::say(format!("/t/{}/audit/exports", form.team), "The export is cancelled.".to_owned()))
}

/// Makes a link to an export's files.
#[server(prefix = "/do", endpoint = "audit/link-export")]
pub async fn link_export(form: form::OneExport) -> Result<Next, Failure> {
    use crate::server;
    let id = form.export.parse().map_err(|_| Failure::NotFound)?;
    let cx = server::in_team(&form.team).await?;
    let link = server::told(domain::audit::export::link(&cx, id).await)?;
    Ok(Next::go(format!("/t/{}/audit/exports/{id}?link={}#files", form.team, link.token)))
}

/// The key that this Probity signs exports and checkpoints with, 64 hexadecimal digits.
#[server(prefix = "/do", endpoint = "audit/key")]
pub async fn load_signing_key() -> Result<String, Failure> {
    use crate::server;
    let key = domain::audit::signing_key(&server::cx()?).await;
    Ok(server::told(key)?.to_string())
}

/// The searches that the caller keeps, and those of the team.
#[server(prefix = "/do", endpoint = "audit/searches")]
pub async fn load_searches(team: String) -> Result<Vec<SavedSearch>, Failure> {
    use crate::server;
    server::told(domain::audit::saved::list(&server::in_team(&team).await?).await)
}

/// Keeps a search under a name.
#[server(prefix = "/do", endpoint = "audit/save-search")]
pub async fn save_search(form: form::SaveSearch) -> Result<Next, Failure> {
    use crate::{components::search::address, server};
    let cx = server::in_team(&form.team).await?;
    let saved = server::told(domain::audit::saved::save(&cx, &form).await)?;
    let page = address(format!("/t/{}/audit", form.team), &[("q", &saved.line)]);
    Ok(Next::say(page, format!("{} is saved.", saved.name)))
}

/// Changes a saved search.
#[server(prefix = "/do", endpoint = "audit/edit-search")]
pub async fn edit_search(form: form::EditSearch) -> Result<Next, Failure> {
    use crate::server;
    let id = form.saved.parse().map_err(|_| Failure::NotFound)?;
    let cx = server::in_team(&form.team).await?;
    let name = server::told(domain::audit::saved::edit(&cx, id, &form).await)?;
    Ok(Next::say(format!("/t/{}/audit/searches", form.team), format!("{name} is saved.")))
}

/// Removes a saved search.
#[server(prefix = "/do", endpoint = "audit/remove-search")]
pub async fn remove_search(form: form::OneSearch) -> Result<Next, Failure> {
    use crate::server;
    let id = form.saved.parse().map_err(|_| Failure::NotFound)?;
    let cx = server::in_team(&form.team).await?;
    let name = server::told(domain::audit::saved::remove(&cx, id, &form.whose).await)?;
    Ok(Next::say(format!("/t/{}/audit/searches", form.team), format!("{name} is removed.")))
}
