//! `GET /v1/audit/events`: what happened in the team.

use super::page::PageReply;
use crate::http::{
    api::v1::{
        door::{Answer, Asked, ByKey, Id, Tell},
        refusals::{Absent, Acting, Wrong},
    },
    failure::Told,
};
use axum::Json;
use model::{
    AuditAction, Failure,
    audit::{AuditQuery, AuditRow, Outcome},
    page::PageSize,
};
use serde::{Deserialize, Serialize};
use serde_json::Value;
use utoipa::ToSchema;

/// What is asked for.
#[derive(Deserialize, utoipa::IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields)]
pub(in crate::http::api::v1) struct EventQuery {
    /// What is looked for, as on the page of the audit log: `action:key.* -actor:system
    /// created:>=2026-01-01 "free text"`. Fields are action, actor, category, country, created, ip,
    /// outcome, request, severity and target; days are UTC's.
    #[param(max_length = 500)]
    q: Option<String>,
    /// What `older` said.
    before: Option<String>,
    /// What `newer` said.
    after: Option<String>,
    /// How many at once.
    #[param(value_type = Option<u8>, minimum = 1, maximum = 100, default = 50)]
    limit: Option<PageSize>,
}

/// An event of the audit log.
#[derive(Serialize, ToSchema)]
pub(in crate::http::api::v1) struct AuditEvent {
    /// Its number in the ledger, from 1 without gaps.
    seq: i64,
    #[schema(format = DateTime)]
    at: String,
    /// `person`, `key` or `system`.
    actor_kind: String,
    /// Who did it, as they are called today.
    actor: String,
    /// `person_…` or `key_…`; empty for Probity itself.
    actor_id: String,
    #[schema(example = "key.create")]
    action: String,
    /// `members`, `roles`, `keys`, `data`, `security`, `settings` or `sign-in`; `null` for an action
    /// that this Probity does not know.
    #[schema(example = "keys")]
    category: Option<&'static str>,
    /// `info`, `notice` or `warning`.
    #[schema(example = "notice")]
    severity: Option<&'static str>,
    /// What it was done to, as it was called then.
    target: String,
    target_id: String,
    /// `ok` or `refused`.
    outcome: &'static str,
    request_id: String,
    /// What changed, with secrets masked.
    #[schema(value_type = Object)]
    detail: Value,
    /// Where from; empty when unknown or erased.
    ip: String,
    /// The two letters of the address's country; `null` when it is not known.
    #[schema(example = "NO")]
    country: Option<&'static str>,
    user_agent: String,
    /// SHA-256 of the event before and of this one, hexadecimal.
    previous_hash: String,
    hash: String,
}

impl From<AuditRow> for AuditEvent {
    fn from(row: AuditRow) -> Self {
        let known = AuditAction::from_name(&row.action);
        Self {
            seq: row.seq,
            at: row.at,
            actor_kind: row.actor_kind,
            actor: row.actor,
            actor_id: row.actor_id,
            category: known.map(|action| action.category().name()),
            severity: known.map(|action| action.severity().name()),
            target_id: row.target_id,
            action: row.action,
            target: row.target,
            outcome: Outcome::name(row.outcome),
            request_id: row.request,
            detail: serde_json::from_str(&row.detail).unwrap_or_default(),
            ip: row.ip,
            country: row.country.map(|country| country.code()),
            user_agent: row.agent,
            previous_hash: row.previous_hash,
            hash: row.hash,
        }
    }
}

/// List audit events
///
/// The newest first, 50 at a time, or `limit`. Needs `probity:audit.view`.
#[utoipa::path(
    get,
    path = "/v1/audit/events",
    tag = "audit",
    operation_id = "listAuditEvents",
    params(EventQuery),
    responses(
        (status = 200, description = "The events", body = PageReply<AuditEvent>),
        Acting,
        Wrong,
    ),
    security(("key" = [])),
)]
pub(in crate::http::api::v1) async fn audit_events(
    ByKey(cx): ByKey,
    Asked(EventQuery { q, before, after, limit: size }): Asked<EventQuery>,
) -> Answer<PageReply<AuditEvent>> {
    let query =
        AuditQuery { q: q.unwrap_or_default(), before, after, size, ..AuditQuery::default() };
    let log = domain::audit::search(&cx, query).await.told(&cx)?;
    Ok(Json(PageReply::of(log.page, AuditEvent::from)))
}

/// Look at an audit event
///
/// Needs `probity:audit.view`.
#[utoipa::path(
    get,
    path = "/v1/audit/events/{seq}",
    tag = "audit",
    operation_id = "findAuditEvent",
    params(("seq" = i64, Path, description = "The number of an event")),
    responses(
        (status = 200, description = "The event", body = AuditEvent),
        Acting,
        Absent,
    ),
    security(("key" = [])),
)]
pub(in crate::http::api::v1) async fn audit_event(
    ByKey(cx): ByKey,
    Id(seq): Id<i64>,
) -> Answer<AuditEvent> {
    let found = domain::audit::find(&cx, seq).await.told(&cx)?;
    let entry = found.ok_or(Told::Failure(Failure::NotFound))?;
    Ok(Json(entry.row.into()))
}
