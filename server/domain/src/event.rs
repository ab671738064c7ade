//! Audit events: what is written to a ledger when something changes.

use crate::{
    Cx, Result,
    crypto::{DataKey, Owner, Place},
    policy::Actor,
};
use model::{AuditAction, PersonId, TeamId, audit::Outcome};
use serde::Serialize;
use sqlx::PgConnection;
use time::{OffsetDateTime, format_description::well_known::Rfc3339};
use uuid::Uuid;

/// Which ledger an event belongs to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Ledger {
    Team,
    Person,
    Instance,
}

impl Ledger {
    const fn kind(self) -> &'static str {
        match self {
            Self::Team => "team",
            Self::Person => "person",
            Self::Instance => "instance",
        }
    }
}

/// Something that happened.
#[derive(Debug, Clone)]
pub(crate) struct Event {
    ledger: Ledger,
    action: AuditAction,
    outcome: Outcome,
    target: Target,
    detail: serde_json::Map<String, serde_json::Value>,
}

/// What it happened to.
#[derive(Debug, Clone, Default, Serialize)]
struct Target {
    kind: &'static str,
    id: String,
    /// What it was called then.
    label: String,
}

impl Event {
    pub(crate) fn new(ledger: Ledger, action: AuditAction) -> Self {
        Self {
            ledger,
            action,
            outcome: Outcome::Ok,
            target: Target::default(),
            detail: serde_json::Map::new(),
        }
    }

    pub(crate) fn on(mut self, kind: &'static str, id: impl ToString, label: &str) -> Self {
        self.target = Target { kind, id: id.to_string(), label: label.to_owned() };
        self
    }

    pub(crate) fn refused(mut self) -> Self {
        self.outcome = Outcome::Refused;
        self
    }

    /// One fact about it. Never a secret: there is no type of ours that holds one and turns into
    /// JSON.
    pub(crate) fn with(mut self, name: &str, value: impl Into<serde_json::Value>) -> Self {
        self.detail.insert(name.to_owned(), value.into());
        self
    }

    /// The same event, for another kind of ledger.
    pub(crate) const fn moved_to(mut self, ledger: Ledger) -> Self {
        self.ledger = ledger;
        self
    }

    pub(crate) const fn ledger(&self) -> Ledger {
        self.ledger
    }

    /// Writes it and returns its number.
    pub(crate) async fn append(
        self,
        sql: &mut PgConnection,
        cx: &Cx,
        actor: Actor,
        ledger: Uuid,
    ) -> Result<i64> {
        let id = cx.new_id();
        let sealed = sealed_origin(cx, actor, id).await?;
        let record = Record {
            v: 1,
            id,
            at: rfc3339(cx.now()),
            actor: RecordActor::of(actor),
            action: self.action.name(),
            target: &self.target,
            outcome: self.outcome.name(),
            request: cx.request().to_string(),
            detail: &self.detail,
        };
        let bytes = serde_json::to_vec(&record).expect("strings and maps always become JSON");
        let seq = sqlx::query_scalar!(
            r#"select app.append($1, $2, $3, $4) as "seq!""#,
            self.ledger.kind(),
            ledger,
            bytes,
            sealed
        )
        .fetch_one(sql)
        .await?;
        Ok(seq)
    }
}

/// The bytes that are hashed and kept. Fields are only ever added, under a new `v`.
#[derive(Serialize)]
struct Record<'a> {
    v: u8,
    id: Uuid,
    at: String,
    actor: RecordActor,
    action: &'static str,
    target: &'a Target,
    outcome: &'static str,
    request: String,
    detail: &'a serde_json::Map<String, serde_json::Value>,
}

#[derive(Serialize)]
struct RecordActor {
    kind: &'static str,
    id: Option<Uuid>,
    /// Through what: a session, the API, or the task that acted.
    via: &'static str,
}

impl RecordActor {
    fn of(actor: Actor) -> Self {
        match (actor.task, actor.key) {
            (Some(task), _) => Self { kind: "system", id: None, via: task.name() },
            (None, Some(key)) => Self { kind: "key", id: Some(key.id), via: "api" },
            (None, None) => Self { kind: "person", id: actor.person, via: "session" },
        }
    }
}

/// Where a request came from, readable only while the data key of its person exists; for a key that
/// acted, that of its team.
#[derive(Serialize, serde::Deserialize, Default)]
pub(crate) struct SealedOrigin {
    pub(crate) ip: String,
    pub(crate) agent: String,
}

async fn sealed_origin(cx: &Cx, actor: Actor, event: Uuid) -> Result<Option<Vec<u8>>> {
    let place = origin_place(event);
    match (actor.key.and(actor.team), actor.person) {
        (Some(team), _) => seal_origin(cx, Owner::Team(TeamId(team)), &place).await.map(Some),
        (None, Some(person)) => seal_origin(cx, person_owner(person), &place).await.map(Some),
        (None, None) => Ok(None),
    }
}

/// Where this request came from, sealed under the owner's key for `place`.
pub(crate) async fn seal_origin(cx: &Cx, owner: Owner, place: &Place) -> Result<Vec<u8>> {
    origin_under(cx, &*cx.deps().keyring().key_of(owner).await?, place)
}

/// The same under this key.
pub(crate) fn origin_under(cx: &Cx, key: &DataKey, place: &Place) -> Result<Vec<u8>> {
    let origin = cx.origin();
    let personal = SealedOrigin {
        ip: origin.ip.map(|ip| ip.to_string()).unwrap_or_default(),
        agent: origin.agent.clone(),
    };
    let text = serde_json::to_vec(&personal).expect("two strings always become JSON");
    key.seal(cx.deps().random(), place, &text)
}

/// Where a sealed origin says that something came from; empty when its key is gone.
pub(crate) async fn open_origin(
    cx: &Cx,
    person: Uuid,
    place: &Place,
    sealed: Option<&[u8]>,
) -> Result<SealedOrigin> {
    let Some(sealed) = sealed else { return Ok(SealedOrigin::default()) };
    let Some(key) = cx.deps().keyring().opener(person_owner(person), sealed).await? else {
        return Ok(SealedOrigin::default());
    };
    let opened = key.open(place, sealed).ok();
    Ok(opened.and_then(|text| serde_json::from_slice(&text).ok()).unwrap_or_default())
}

/// Where the sealed part of an event lives.
pub(crate) fn origin_place(event: Uuid) -> Place {
    Place { table: "audit_event", column: "sealed", row: event }
}

pub(crate) fn person_owner(person: Uuid) -> Owner {
    Owner::Person(PersonId(person))
}

/// RFC 3339 with what PostgreSQL keeps of a time.
pub(crate) fn rfc3339(at: OffsetDateTime) -> String {
    at.format(&Rfc3339).expect("a UTC time of this era has an RFC 3339 form")
}
