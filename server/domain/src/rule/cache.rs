//! What answers `POST /v1/match` remembers of rules, and how it knows that this still holds.
//!
//! As with keys (`key/cache.rs`): whoever alters rules forgets them here before answering, other
//! programs hear of it over the same channel, and without a sign of its listener a program believes
//! for five seconds what it read. Here, to forget means to ask for the rules' number again: rules are
//! read anew only if that went up. One reads and builds, on a thread of its own, while who comes for
//! the same team waits for it.

use super::{load, matcher::Matcher};
use crate::{Deps, Error, Result, key::held};
use model::TeamId;
use std::{
    collections::HashMap,
    sync::{Arc, Mutex},
    time::Duration,
};

/// How long what was read holds with nobody listening.
const UNPROVEN: Duration = Duration::from_secs(5);
/// Bytes of all teams' matchers; the team that was asked about the longest ago goes first.
const MOST: usize = 512 * 1024 * 1024;

/// Matchers by team.
#[derive(Default)]
pub(crate) struct Rules {
    teams: Mutex<HashMap<TeamId, Arc<OfTeam>>>,
}

#[derive(Default)]
struct OfTeam {
    /// Held by who reads and builds.
    building: tokio::sync::Mutex<()>,
    state: Mutex<State>,
}

#[derive(Default)]
struct State {
    known: Option<Known>,
    /// Until when it was known to hold; none when something was altered since.
    proven_at: Option<Duration>,
    /// Goes up whenever it is forgotten.
    generation: u64,
    asked_at: Duration,
}

#[derive(Clone)]
struct Known {
    matcher: Arc<Matcher>,
    version: i64,
    size: usize,
}

impl Rules {
    fn of(&self, team: TeamId) -> Arc<OfTeam> {
        Arc::clone(held(&self.teams).entry(team).or_default())
    }

    /// Lets go of what was asked about the longest ago, but for this team, until it all fits.
    fn shrink(&self, but: TeamId, most: usize) {
        let teams = held(&self.teams);
        let size = |of: &OfTeam| held(&of.state).known.as_ref().map_or(0, |known| known.size);
        let mut all: usize = teams.values().map(|of| size(of)).sum();
        let mut others: Vec<_> = teams.iter().filter(|(team, _)| **team != but).collect();
        others.sort_by_cached_key(|(_, of)| held(&of.state).asked_at);
        for (_, of) in others {
            if all <= most {
                return;
            }
            all -= size(of);
            held(&of.state).known = None;
        }
    }
}

impl OfTeam {
    /// What is remembered, if it is known to hold.
    fn proven(&self, deps: &Deps) -> Option<Arc<Matcher>> {
        let now = deps.clock().elapsed();
        let mut state = held(&self.state);
        state.asked_at = now;
        let fresh = now.saturating_sub(state.proven_at?) < UNPROVEN;
        let holds = fresh || deps.keys().is_told(now);
        state.known.as_ref().filter(|_| holds).map(|known| Arc::clone(&known.matcher))
    }

    fn forget(&self) {
        let mut state = held(&self.state);
        state.generation += 1;
        state.proven_at = None;
    }

    /// Keeps what was read at `now`, as proven if nothing was altered meanwhile.
    fn keep(&self, known: Known, generation: u64, now: Duration) {
        let mut state = held(&self.state);
        state.known = Some(known);
        state.proven_at = (state.generation == generation).then_some(now);
    }
}

/// The matcher of the team as its rules are now.
///
/// # Errors
/// When the database does not answer and must be asked.
pub(super) async fn current(deps: &Deps, team: TeamId) -> Result<Arc<Matcher>> {
    let of = deps.rules().of(team);
    if let Some(matcher) = of.proven(deps) {
        return Ok(matcher);
    }
    let _building = of.building.lock().await;
    if let Some(matcher) = of.proven(deps) {
        return Ok(matcher);
    }
    let now = deps.clock().elapsed();
    let (known, generation) = {
        let state = held(&of.state);
        (state.known.clone(), state.generation)
    };
    let version = known.as_ref().map(|known| known.version);
    let known = match (load::newer(deps, team, version).await?, known) {
        (Some((version, source)), _) => {
            let built = tokio::task::spawn_blocking(|| Matcher::build(source)).await;
            let matcher = built.map_err(|_| Error::Inconsistent("building a matcher broke"))??;
            Known { size: matcher.size(), matcher: Arc::new(matcher), version }
        }
        (None, Some(known)) => known,
        (None, None) => return Err(Error::Inconsistent("no rules are newer than none")),
    };
    let matcher = Arc::clone(&known.matcher);
    of.keep(known, generation, now);
    deps.rules().shrink(team, MOST);
    Ok(matcher)
}

/// Rules of this team were altered. What this program remembers of them is read again at once, so
/// that who asks next waits less.
pub(crate) fn forget(deps: &Deps, team: TeamId) {
    let of = held(&deps.rules().teams).get(&team).cloned();
    let Some(of) = of else { return };
    of.forget();
    if held(&of.state).known.is_none() {
        return;
    }
    let deps = deps.clone();
    tokio::spawn(async move {
        if let Err(error) = current(&deps, team).await {
            tracing::debug!(cause = %error, "Rules are read again when somebody asks.");
        }
    });
}

/// A listener has begun, and nobody knows what was missed before.
pub(crate) fn forget_all(deps: &Deps) {
    held(&deps.rules().teams).values().for_each(|of| of.forget());
}

#[cfg(test)]
mod tests {
    use super::{super::matcher::Source, *};
    use uuid::Uuid;

    fn team(number: u128) -> TeamId {
        TeamId(Uuid::from_u128(number))
    }

    fn known() -> Known {
        let source = Source { rules: Vec::new(), programs: Vec::new(), zone: "UTC".into() };
        Known { matcher: Arc::new(Matcher::build(source).unwrap()), version: 1, size: 10 }
    }

    fn is_known(rules: &Rules, number: u128) -> bool {
        held(&rules.of(team(number)).state).known.is_some()
    }

    #[test]
    fn what_was_asked_about_the_longest_ago_goes_first() {
        let rules = Rules::default();
        for (number, second) in [(1, 30), (2, 10), (3, 20)] {
            let of = rules.of(team(number));
            of.keep(known(), 0, Duration::from_secs(second));
            held(&of.state).asked_at = Duration::from_secs(second);
        }
        let left = || [1, 2, 3].map(|number| is_known(&rules, number));
        rules.shrink(team(2), 30);
        assert_eq!(left(), [true, true, true]);
        rules.shrink(team(2), 25);
        assert_eq!(left(), [true, true, false], "never the one that is asked about");
        rules.shrink(team(2), 5);
        assert_eq!(left(), [false, true, false]);
    }

    #[test]
    fn what_was_read_while_something_was_altered_proves_nothing() {
        let of = OfTeam::default();
        of.keep(known(), 0, Duration::from_secs(1));
        assert_eq!(held(&of.state).proven_at, Some(Duration::from_secs(1)));
        of.forget();
        of.keep(known(), 0, Duration::from_secs(2));
        assert_eq!(held(&of.state).proven_at, None);
        of.keep(known(), 1, Duration::from_secs(3));
        assert_eq!(held(&of.state).proven_at, Some(Duration::from_secs(3)));
    }
}
