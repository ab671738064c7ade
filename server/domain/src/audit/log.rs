//! Logging what happened in a customer's own application, in their team's ledger: chained, searched,
//! exported and proven like everything else in it.

use crate::{
    Cx, Error, Result,
    crypto::Owner,
    event::{origin_place, origin_under, rfc3339},
    once,
};
use model::{
    FieldError, Permission,
    audit::{DETAIL_LONGEST, EVENTS_MOST, OWN, OwnEvent, PART_LONGEST, is_action},
};
use serde::{Deserialize, Serialize};
use serde_json::value::RawValue;
use time::{Duration, OffsetDateTime, format_description::well_known::Rfc3339};
use uuid::Uuid;

/// Clocks of others may be so far ahead.
const AHEAD: Duration = Duration::minutes(5);

/// Which numbers the events have.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Logged {
    pub first: i64,
    pub last: i64,
}

/// Logs these events, all of them or none, in their order.
///
/// # Errors
/// [`Error::Forbidden`] without `audit.record`; sentences at the fields of the first events that are wrong,
/// `events.3.action` in a batch.
pub async fn log(cx: &Cx, events: &[OwnEvent], is_batch: bool) -> Result<Logged> {
    cx.require(Permission::AuditRecord)?;
    let records = records(cx, events, is_batch)?;
    // All come from where the request comes from.
    let key = cx.deps().keyring().key_of(Owner::Team(cx.seat()?.id)).await?;
    let sealed = records.iter().map(|(id, _)| origin_under(cx, &key, &origin_place(*id)));
    let sealed = sealed.collect::<Result<Vec<_>>>()?;
    let records: Vec<Vec<u8>> = records.into_iter().map(|(_, record)| record).collect();
    let mut change = cx.change(Permission::AuditRecord).await?;
    let last = sqlx::query_scalar!(r#"select app.log($1, $2) as "last!""#, &records, &sealed)
        .fetch_one(change.sql())
        .await?;
    let logged =
        Logged { first: last + 1 - i64::try_from(records.len()).unwrap_or_default(), last };
    once::keep(&mut change, &logged).await?;
    change.commit_unaudited("the events are the records").await?;
    Ok(logged)
}

/// The bytes that are hashed and kept; the same shape as of our own events.
#[derive(Serialize)]
struct Record<'a> {
    v: u8,
    id: Uuid,
    at: &'a str,
    actor: Actor,
    action: String,
    target: Target<'a>,
    outcome: &'static str,
    request: &'a str,
    detail: Detail<'a>,
}

#[derive(Serialize)]
struct Actor {
    kind: &'static str,
    id: Option<Uuid>,
    via: &'static str,
}

#[derive(Serialize)]
struct Target<'a> {
    kind: &'a str,
    id: &'a str,
    label: &'a str,
}

/// What the sender says of it.
#[derive(Serialize)]
struct Detail<'a> {
    #[serde(skip_serializing_if = "By::is_empty")]
    by: By<'a>,
    #[serde(skip_serializing_if = "Option::is_none")]
    happened_at: Option<&'a str>,
    data: &'a RawValue,
}

#[derive(Serialize)]
struct By<'a> {
    id: &'a str,
    name: &'a str,
}

impl By<'_> {
    const fn is_empty(&self) -> bool {
        self.id.is_empty() && self.name.is_empty()
    }
}

/// Ids and bytes of all; or what is wrong with some.
fn records(cx: &Cx, events: &[OwnEvent], is_batch: bool) -> Result<Vec<(Uuid, Vec<u8>)>> {
    if events.is_empty() || events.len() > EVENTS_MOST {
        let said = format!("Send between 1 and {EVENTS_MOST} events at once.");
        return Err(Error::field("events", said));
    }
    let actor = || match cx.key() {
        Some(key) => Actor { kind: "key", id: Some(key.id), via: "api" },
        None => Actor { kind: "person", id: cx.person().map(|id| id.0), via: "session" },
    };
    let (now, request) = (cx.now(), cx.request().to_string());
    let at = rfc3339(now);
    let (mut made, mut wrong) = (Vec::with_capacity(events.len()), Vec::new());
    for (number, event) in events.iter().enumerate() {
        let front = if is_batch { format!("events.{number}.") } else { String::new() };
        match data(event, now) {
            Err((field, said)) => wrong.push(FieldError::new(&format!("{front}{field}"), said)),
            Ok(data) => {
                let id = cx.new_id();
                let (kind, target, label) = &event.target;
                let record = Record {
                    v: 1,
                    id,
                    at: &at,
                    actor: actor(),
                    action: format!("{OWN}{}", event.action),
                    target: Target { kind, id: target, label },
                    outcome: event.outcome.name(),
                    request: &request,
                    detail: Detail {
                        by: By { id: &event.by.0, name: &event.by.1 },
                        happened_at: event.happened_at.as_deref(),
                        data: &data,
                    },
                };
                made.push((id, serde_json::to_vec(&record).expect("plain data becomes JSON")));
            }
        }
    }
    const TOLD: usize = 20;
    wrong.truncate(TOLD);
    if wrong.is_empty() { Ok(made) } else { Err(Error::Invalid(wrong)) }
}

/// The detail of an event that is right; else its first wrong field, and a sentence.
fn data(
    event: &OwnEvent,
    now: OffsetDateTime,
) -> std::result::Result<Box<RawValue>, (&'static str, String)> {
    if !is_action(&event.action) {
        let said = "Write two to four words like invoice.paid: small letters, digits and _, with dots \
                    between them, 64 characters at most.";
        return Err(("action", said.to_owned()));
    }
    let ((by, name), (kind, id, label)) = (&event.by, &event.target);
    for (field, text) in [
        ("by.id", by),
        ("by.name", name),
        ("target.kind", kind),
        ("target.id", id),
        ("target.name", label),
    ] {
        if text.chars().count() > PART_LONGEST || text.contains('\0') {
            return Err((
                field,
                format!("Use at most {PART_LONGEST} characters, none of them zero."),
            ));
        }
    }
    if let Some(at) = &event.happened_at {
        let at = OffsetDateTime::parse(at, &Rfc3339);
        if !at.is_ok_and(|at| at <= now + AHEAD) {
            let said = "Write a time that has been, like 2026-01-31T09:30:00Z.";
            return Err(("happened_at", said.to_owned()));
        }
    }
    let is_long = event.detail.len() > DETAIL_LONGEST;
    // PostgreSQL reads records as JSON, and knows no character with the number zero.
    if is_long || event.detail.contains("\\u0000") {
        let said =
            format!("Use at most {DETAIL_LONGEST} bytes, and no character with the number zero.");
        return Err(("detail", said));
    }
    RawValue::from_string(event.detail.clone())
        .map_err(|_| ("detail", "Send a JSON object.".to_owned()))
}
