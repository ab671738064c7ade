//! Doors to the audit log.

use leptos::prelude::*;
use model::{
    Failure,
    audit::{AuditEntry, AuditPage, AuditQuery},
};

/// What fits the search of the team's ledger, the newest record first; the check of its chain where
/// everything fits.
#[server(prefix = "/do", endpoint = "audit/list")]
pub async fn load_events(team: String, query: AuditQuery) -> Result<AuditPage, Failure> {
    use crate::server;
    let cx = server::in_team(&team).await?;
    server::told(domain::audit::search(&cx, query).await)
}

/// One record, with the check of its hash.
#[server(prefix = "/do", endpoint = "audit/find")]
pub async fn load_event(team: String, seq: String) -> Result<AuditEntry, Failure> {
    use crate::server;
    let seq = seq.parse().map_err(|_| Failure::NotFound)?;
    let found = domain::audit::find(&server::in_team(&team).await?, seq).await;
    server::told(found)?.ok_or(Failure::NotFound)
}
