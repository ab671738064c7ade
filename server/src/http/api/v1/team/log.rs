//! `POST /v1/audit/events`: what happened in the customer's own application, logged with us.

use crate::http::api::v1::{
    door::{Made, Sent, SentMany, Tell},
    refusals::{Acting, Unread, Wrong},
};
use axum::Json;
use domain::{
    audit::{self, Logged},
    once,
};
use http::StatusCode;
use model::audit::{Outcome, OwnEvent};
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};
use utoipa::ToSchema;

/// An event of your own application.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(in crate::http::api::v1) struct NewEvent {
    /// Two to four words of small letters, digits and `_`, with dots between them. In the log `app.`
    /// stands before it.
    #[schema(
        example = "invoice.paid",
        max_length = 64,
        pattern = "^[a-z][a-z0-9_]*(\\.[a-z][a-z0-9_]*){1,3}$"
    )]
    action: String,
    /// Who did it, in your application.
    by: Option<EventActor>,
    /// What it was done to.
    target: Option<EventTarget>,
    outcome: Option<EventOutcome>,
    /// When it happened, if that was not now.
    #[schema(format = DateTime)]
    happened_at: Option<String>,
    /// What else there is to say, at most 16 KiB. Never a secret: it is shown to whoever reads the log.
    #[schema(value_type = Option<Object>)]
    detail: Option<Map<String, Value>>,
}

/// Who did it.
#[derive(Deserialize, ToSchema, Default)]
#[serde(default, deny_unknown_fields)]
struct EventActor {
    #[schema(max_length = 200, example = "user_8412")]
    id: String,
    #[schema(max_length = 200, example = "Noor Haddad")]
    name: String,
}

/// What it was done to.
#[derive(Deserialize, ToSchema, Default)]
#[serde(default, deny_unknown_fields)]
struct EventTarget {
    #[schema(max_length = 200, example = "invoice")]
    kind: String,
    /// By which it is found: `target:inv_2231`.
    #[schema(max_length = 200, example = "inv_2231")]
    id: String,
    #[schema(max_length = 200, example = "March")]
    name: String,
}

/// How it ended. Left out: `ok`.
#[derive(Deserialize, ToSchema)]
#[serde(rename_all = "lowercase")]
enum EventOutcome {
    Ok,
    Refused,
}

/// Several events, logged in their order, all or none.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(in crate::http::api::v1) struct NewEvents {
    #[schema(min_items = 1, max_items = 1000)]
    events: Vec<NewEvent>,
}

/// The number of an event in the log.
#[derive(Serialize, ToSchema)]
pub(in crate::http::api::v1) struct LoggedEvent {
    seq: i64,
}

/// The numbers of the first and the last event.
#[derive(Serialize, ToSchema)]
pub(in crate::http::api::v1) struct LoggedEvents {
    first: i64,
    last: i64,
}

impl From<NewEvent> for OwnEvent {
    fn from(event: NewEvent) -> Self {
        let (by, target) = (event.by.unwrap_or_default(), event.target.unwrap_or_default());
        Self {
            action: event.action,
            by: (by.id, by.name),
            target: (target.kind, target.id, target.name),
            outcome: match event.outcome {
                Some(EventOutcome::Refused) => Outcome::Refused,
                Some(EventOutcome::Ok) | None => Outcome::Ok,
            },
            happened_at: event.happened_at,
            detail: Value::Object(event.detail.unwrap_or_default()).to_string(),
        }
    }
}

/// Log an event of your own application
///
/// It is chained, searched, exported and proven with the rest of the log. Needs `probity:audit.record`.
#[utoipa::path(
    post,
    path = "/v1/audit/events",
    tag = "audit",
    operation_id = "logAuditEvent",
    request_body(content = NewEvent, content_type = "application/json"),
    params(("Idempotency-Key" = Option<String>, Header, description = "Your name for this request")),
    responses(
        (status = 201, description = "Its number in the log", body = LoggedEvent),
        Acting,
        Unread,
        Wrong,
    ),
    security(("key" = [])),
)]
pub(in crate::http::api::v1) async fn log_event(
    Sent { cx, body }: Sent<NewEvent>,
) -> Made<LoggedEvent> {
    let events = [OwnEvent::from(body)];
    let Logged { last: seq, .. } = once(&cx, audit::log(&cx, &events, false)).await.told(&cx)?;
    Ok((StatusCode::CREATED, Json(LoggedEvent { seq })))
}

/// Log several events of your own application
///
/// Up to 1,000, in their order, all or none. Needs `probity:audit.record`.
#[utoipa::path(
    post,
    path = "/v1/audit/events/batch",
    tag = "audit",
    operation_id = "logAuditEvents",
    request_body(content = NewEvents, content_type = "application/json"),
    params(("Idempotency-Key" = Option<String>, Header, description = "Your name for this request")),
    responses(
        (status = 201, description = "Their numbers in the log", body = LoggedEvents),
        Acting,
        Unread,
        Wrong,
    ),
    security(("key" = [])),
)]
pub(in crate::http::api::v1) async fn log_events(
    SentMany(Sent { cx, body }): SentMany<NewEvents>,
) -> Made<LoggedEvents> {
    let events: Vec<OwnEvent> = body.events.into_iter().map(OwnEvent::from).collect();
    let Logged { first, last } = once(&cx, audit::log(&cx, &events, true)).await.told(&cx)?;
    Ok((StatusCode::CREATED, Json(LoggedEvents { first, last })))
}
