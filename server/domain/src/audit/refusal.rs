//! That somebody was refused, in their team's ledger; and no more often than anybody wants to read it.
//!
//! A refusal costs its request nothing: it is noted in memory, and a task writes it down. The same one is
//! recorded once in ten minutes, with how often it happened; a team's ledger takes sixty in an hour. What
//! is over waits, so that whoever asks a million times makes a number larger and no ledger longer.

use crate::{
    Cx, Deps, Error, Origin, Result,
    event::{Event, Ledger},
    policy::Actor,
    task::Task,
};
use model::{AuditAction, KeyId, Permission, PersonId, TeamId, security::Bar};
use std::{
    collections::HashMap,
    sync::{Mutex, MutexGuard, PoisonError},
};
use time::{Duration, OffsetDateTime};

/// The same refusal is recorded once in so long.
const QUIET: Duration = Duration::minutes(10);
/// Refusals of a team that are recorded in an hour.
const HOURLY: u32 = 60;
/// Refusals that are remembered; the others are as if they had not been.
const MOST: usize = 10_000;

/// Refusals that wait to be recorded, and those that were.
#[derive(Default)]
pub(crate) struct Refusals(Mutex<Memory>);

#[derive(Default)]
struct Memory {
    waiting: HashMap<Refusal, Waiting>,
    recorded: HashMap<Refusal, OffsetDateTime>,
    /// When a team's hour began, and how many were recorded in it.
    hours: HashMap<TeamId, (OffsetDateTime, u32)>,
}

/// Who was refused what.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
struct Refusal {
    team: TeamId,
    who: Who,
    what: What,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
enum Who {
    Person(PersonId),
    Key(KeyId),
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
enum What {
    Lacks(Permission),
    Barred(Bar),
}

/// How often, and where the first of them came from.
struct Waiting {
    times: u32,
    origin: Origin,
}

impl Refusals {
    /// Notes that this request was refused in this team, if it was for a reason that matters to it.
    pub(crate) fn note(&self, cx: &Cx, team: TeamId, error: &Error) {
        let what = match error {
            Error::Forbidden(permission) => What::Lacks(*permission),
            Error::Barred(bar) => What::Barred(*bar),
            _ => return,
        };
        let person = cx.person().map(Who::Person);
        let Some(who) = person.or_else(|| cx.key().map(|key| Who::Key(KeyId(key.id)))) else {
            return;
        };
        let mut memory = self.memory();
        let refusal = Refusal { team, who, what };
        if let Some(waiting) = memory.waiting.get_mut(&refusal) {
            waiting.times = waiting.times.saturating_add(1);
        } else if memory.waiting.len() < MOST {
            memory.waiting.insert(refusal, Waiting { times: 1, origin: cx.origin().clone() });
        }
    }

    /// Those that may be recorded now. They count as recorded.
    fn due(&self, now: OffsetDateTime) -> Vec<(Refusal, Waiting)> {
        let mut memory = self.memory();
        let Memory { waiting, recorded, hours } = &mut *memory;
        recorded.retain(|_, at| now - *at < QUIET);
        hours.retain(|_, (began, _)| now - *began < Duration::HOUR);
        let due = waiting.extract_if(|refusal, _| {
            let (_, count) = hours.entry(refusal.team).or_insert((now, 0));
            let is_due = !recorded.contains_key(refusal) && *count < HOURLY;
            if is_due {
                *count += 1;
                recorded.insert(*refusal, now);
            }
            is_due
        });
        due.collect()
    }

    fn memory(&self) -> MutexGuard<'_, Memory> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Records the refusals that wait.
///
/// # Errors
/// When the database does not answer: then those are lost, and the next ones are not.
pub async fn record_refusals(deps: &Deps) -> Result<()> {
    let mut failed = Ok(());
    for (refusal, waiting) in deps.refusals().due(deps.clock().now()) {
        if let Err(error) = record(deps, refusal, waiting).await {
            failed = Err(error);
        }
    }
    failed
}

async fn record(deps: &Deps, refusal: Refusal, waiting: Waiting) -> Result<()> {
    let cx = Cx::anyone(deps, waiting.origin);
    let (action, name, value) = match refusal.what {
        What::Lacks(permission) => (AuditAction::AccessRefuse, "permission", permission.name()),
        What::Barred(bar) => (AuditAction::AccessBar, "asked", bar.name()),
    };
    let event = Event::new(Ledger::Team, action).refused();
    let (event, person) = match refusal.who {
        Who::Person(id) => (event.on("person", id, ""), Some(id.0)),
        Who::Key(id) => (event.on("key", id, ""), None),
    };
    let event = event.with(name, value).with("times", waiting.times);
    let about = Actor { team: Some(refusal.team.0), person, ..Actor::default() };
    cx.change_as(Task::AccessRefuse, about).await?.commit(event).await?;
    Ok(())
}
