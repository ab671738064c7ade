//! Telling witnesses what was signed: somebody's mailbox, a program elsewhere.

use crate::ports::Witness;
use model::ledger::LedgerId;
use std::{
    collections::BTreeSet,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
};
use time::{Duration, OffsetDateTime};

/// How often a witness is told, and how soon again when it could not be.
const EACH: Duration = Duration::hours(1);
const AGAIN: Duration = Duration::minutes(5);
/// Lines that are told at once: some 800 kB. The others wait for five minutes.
const LINES: usize = 2_000;

/// What one witness is told.
pub(super) struct Telling {
    to: Arc<dyn Witness>,
    owed: Mutex<Owed>,
}

#[derive(Default)]
struct Owed {
    /// Ledgers with a checkpoint that it does not have.
    ledgers: BTreeSet<LedgerId>,
    /// What else was signed.
    lines: Vec<String>,
    /// Not before.
    due: Option<OffsetDateTime>,
    is_failing: bool,
}

impl Telling {
    pub(super) fn to(to: Arc<dyn Witness>) -> Self {
        Self { to, owed: Mutex::default() }
    }

    pub(super) fn owe(&self, ledger: LedgerId) {
        self.owed().ledgers.insert(ledger);
    }

    pub(super) fn say(&self, line: &str) {
        self.owed().lines.push(line.to_owned());
    }

    /// Tells what is owed, if its hour has come. What could not be told is owed again.
    pub(super) async fn tell(
        &self,
        now: OffsetDateTime,
        line_of: impl Fn(LedgerId) -> Option<String>,
    ) {
        let Some((said, ledgers)) = self.take(now) else { return };
        let lines =
            said.iter().cloned().chain(ledgers.iter().filter_map(|ledger| line_of(*ledger)));
        let text: String = lines.flat_map(|line| [line, "\n".to_owned()]).collect();
        let told = self.to.tell(now, &text).await;
        let mut owed = self.owed();
        match told {
            Ok(()) => {
                owed.due = Some(now + if owed.ledgers.len() >= LINES { AGAIN } else { EACH });
                if std::mem::take(&mut owed.is_failing) {
                    tracing::info!(witness = self.to.name(), "Checkpoints are told again.");
                }
            }
            Err(why) => {
                owed.due = Some(now + AGAIN);
                owed.ledgers.extend(ledgers);
                owed.lines.splice(0..0, said);
                if !std::mem::replace(&mut owed.is_failing, true) {
                    tracing::error!(witness = self.to.name(), "Checkpoints cannot be told: {why}");
                }
            }
        }
    }

    fn take(&self, now: OffsetDateTime) -> Option<(Vec<String>, BTreeSet<LedgerId>)> {
        let mut owed = self.owed();
        let is_nothing = owed.ledgers.is_empty() && owed.lines.is_empty();
        if is_nothing || owed.due.is_some_and(|due| now < due) {
            return None;
        }
        let mut ledgers = std::mem::take(&mut owed.ledgers);
        if let Some(next) = ledgers.iter().nth(LINES).copied() {
            owed.ledgers = ledgers.split_off(&next);
        }
        Some((std::mem::take(&mut owed.lines), ledgers))
    }

    fn owed(&self) -> MutexGuard<'_, Owed> {
        self.owed.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
