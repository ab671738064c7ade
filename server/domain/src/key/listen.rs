//! Hearing from the database that a key, or a rule, was altered by another program, or by hand.

use super::cache::Hash;
use crate::{
    Db, Deps, Error, Result,
    crypto::{Owner, unhex},
    rule,
};
use model::TeamId;
use sqlx::postgres::PgListener;
use std::time::Duration;
use uuid::Uuid;

/// The channel that the triggers on keys, policies and rules write to.
const CHANNEL: &str = "probity_keys";
/// From one sign of life to the next.
const EVERY: Duration = Duration::from_secs(1);

/// Listens until the connection is lost, and keeps the cache of `deps` true. To be called again
/// then. `heard`: it begins.
///
/// # Errors
/// When the connection cannot be made, or is lost.
pub async fn listen(deps: &Deps, heard: impl FnOnce()) -> Result<()> {
    let cache = deps.keys();
    let mut listener = deps.job().listener().await?;
    listener.listen(CHANNEL).await?;
    cache.forget_all();
    deps.keyring().forget_all();
    rule::forget_all(deps);
    heard();
    // What this program sends to itself comes back after all that was committed before it.
    let me = Uuid::from_bytes(random(deps));
    let outcome = tokio::select! {
        outcome = hear(&mut listener, deps, me) => outcome,
        outcome = give_signs(deps, me) => outcome,
    };
    cache.unheard();
    outcome
}

fn random(deps: &Deps) -> [u8; 16] {
    let mut bytes = [0; 16];
    deps.random().fill(&mut bytes);
    bytes
}

async fn hear(listener: &mut PgListener, deps: &Deps, me: Uuid) -> Result<()> {
    let cache = deps.keys();
    while let Some(heard) = listener.try_recv().await? {
        match Heard::read(heard.payload()) {
            Some(Heard::Secret(hash)) => cache.forget_secret(&hash),
            Some(Heard::Team(team)) => {
                cache.forget_team(team);
                deps.keyring().forget(Owner::Team(team));
            }
            Some(Heard::Rules(team)) => rule::forget(deps, team),
            Some(Heard::Alive(who, sent_at)) if who == me => cache.heard(sent_at),
            Some(Heard::Alive(..)) => {}
            // Not a word of ours: it may be a newer program's, about anything.
            None => {
                cache.forget_all();
                deps.keyring().forget_all();
                rule::forget_all(deps);
            }
        }
    }
    Err(Error::Inconsistent("the connection that hears of keys was lost"))
}

async fn give_signs(deps: &Deps, me: Uuid) -> Result<()> {
    let mut ticks = tokio::time::interval(EVERY);
    loop {
        ticks.tick().await;
        let sign = format!("alive {me} {}", deps.clock().elapsed().as_millis());
        // A database that does not answer gives no sign either, and is asked again.
        if let Err(error) = deps.job().notify(CHANNEL, &sign).await {
            tracing::debug!(cause = %error, "No sign of life could be sent.");
        }
    }
}

/// Tells every program that what it remembers of this team's keys, and of its data key, counts no more.
///
/// # Errors
/// When the database does not answer.
pub(crate) async fn tell_team(deps: &Deps, team: TeamId) -> Result<()> {
    deps.job().notify(CHANNEL, &format!("team {}", team.0)).await
}

/// What a notification says.
#[derive(Debug, PartialEq, Eq)]
enum Heard {
    Secret(Hash),
    Team(TeamId),
    /// Of the rules of a team, not of its keys.
    Rules(TeamId),
    Alive(Uuid, Duration),
}

impl Heard {
    fn read(said: &str) -> Option<Self> {
        let mut words = said.split(' ');
        match (words.next()?, words.next(), words.next()) {
            ("team", Some(team), None) => Some(Self::Team(TeamId(team.parse().ok()?))),
            ("rules", Some(team), None) => Some(Self::Rules(TeamId(team.parse().ok()?))),
            ("alive", Some(who), Some(millis)) => {
                let sent_at = Duration::from_millis(millis.parse().ok()?);
                Some(Self::Alive(who.parse().ok()?, sent_at))
            }
            (hash, None, None) => Some(Self::Secret(unhex(hash)?.try_into().ok()?)),
            _ => None,
        }
    }
}

impl Db {
    /// A connection of its own that hears what is notified.
    async fn listener(&self) -> Result<PgListener> {
        let mut listener = PgListener::connect_with(&self.alone()).await?;
        // Whoever listens again must know it: what was said meanwhile is lost.
        listener.eager_reconnect(false);
        Ok(listener)
    }

    async fn notify(&self, channel: &str, said: &str) -> Result<()> {
        sqlx::query!("select pg_notify($1, $2)", channel, said).execute(self.nobody()).await?;
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_the_triggers_say_is_understood_and_nothing_else() {
        let hash = "0a".repeat(32);
        assert_eq!(Heard::read(&hash), Some(Heard::Secret([10; 32])));
        let id = Uuid::from_u128(7);
        assert_eq!(Heard::read(&format!("team {id}")), Some(Heard::Team(TeamId(id))));
        assert_eq!(Heard::read(&format!("rules {id}")), Some(Heard::Rules(TeamId(id))));
        let alive = Heard::Alive(id, Duration::from_millis(1500));
        assert_eq!(Heard::read(&format!("alive {id} 1500")), Some(alive));
        for other in ["", "team", "team x", "alive", "0a", &"é".repeat(32), &"zz".repeat(32)] {
            assert_eq!(Heard::read(other), None, "{other}");
        }
    }
}
