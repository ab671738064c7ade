//! Password hashing with argon2id, on threads of its own.
//!
//! A hash costs 19 MiB and some 20 ms. A bounded queue keeps a flood of sign-ins from taking the
//! whole server: beyond it the answer is "not now".

use super::{
    phc::{Cost, Hash},
    workers::{Memory, Workers},
};
use crate::{Error, Result};
use model::Typed;
use std::{num::NonZeroUsize, sync::Arc, time::Duration};
use tokio::sync::oneshot;

/// Longer than this in the queue, and the person has given up.
const DEADLINE: Duration = Duration::from_secs(5);

/// A hash of an unguessable password: what an unknown address is compared with, so that it takes
/// the same time as a known one.
const NOBODY: &str = "$argon2id$v=19$m=19456,t=2,p=1$cHJvYml0eS1ub2JvZHkhIQ\
                      $Z2Vzd29ybmRlcmUgV29ydGUgc2luZCBuaWNodHMgd2U";

/// Hashes passwords. Cheap to clone; the threads end when the last one is dropped.
#[derive(Clone)]
pub struct Hasher {
    workers: Arc<Workers>,
}

impl Hasher {
    /// Starts `threads` threads that take from a queue of at most `waiting` jobs.
    ///
    /// # Panics
    /// When the operating system gives no thread.
    pub fn start(threads: usize, waiting: usize) -> Self {
        Self::start_with(threads, waiting, || ())
    }

    /// The same, and each thread first does `begin`: make itself less important, for instance.
    ///
    /// # Panics
    /// When the operating system gives no thread.
    pub fn start_with(threads: usize, waiting: usize, begin: fn()) -> Self {
        let threads = NonZeroUsize::new(threads).unwrap_or(NonZeroUsize::MIN);
        Self { workers: Arc::new(Workers::start(threads, waiting, begin)) }
    }

    /// The PHC string of a new password.
    ///
    /// # Errors
    /// [`Error::Busy`] when the queue is full.
    pub async fn hash(&self, password: &Typed, salt: [u8; 16]) -> Result<String> {
        let password = password.clone();
        self.run(move |memory| {
            Hash::make(&password, &salt, memory)
                .ok_or(Error::Inconsistent("argon2 refused its own parameters"))
        })
        .await?
    }

    /// Whether `password` is the one behind `stored`. Without `stored` it takes as long and says
    /// no.
    ///
    /// # Errors
    /// [`Error::Busy`] when the queue is full.
    pub async fn matches(&self, password: &Typed, stored: Option<String>) -> Result<bool> {
        let password = password.clone();
        self.run(move |memory| {
            let known = stored.as_deref().and_then(read);
            let is_known = known.is_some();
            let hash = known.or_else(|| Hash::read(NOBODY));
            hash.is_some_and(|hash| hash.is_of(&password, memory)) && is_known
        })
        .await
    }

    /// Whether a new hash would be better than `stored`: it was made with another algorithm or
    /// version, or at less than today's cost.
    pub fn is_outdated(stored: &str) -> bool {
        Hash::read(stored).is_none_or(|hash| !hash.is_worth(Cost::TODAY))
    }

    /// Does other work that takes long, on the same threads and behind the same queue, so that it
    /// cannot exhaust the server either.
    pub(crate) async fn lend<T: Send + 'static>(
        &self,
        work: impl FnOnce() -> T + Send + 'static,
    ) -> Result<T> {
        self.run(|_| work()).await
    }

    async fn run<T: Send + 'static>(
        &self,
        work: impl FnOnce(&mut Memory) -> T + Send + 'static,
    ) -> Result<T> {
        const BUSY: Error = Error::Busy("too many passwords are being checked");
        let (answer, answered) = oneshot::channel();
        let job = Box::new(move |memory: &mut Memory| {
            // Nobody waits any more: the time is better spent on the next.
            if !answer.is_closed() {
                answer.send(work(memory)).ok();
            }
        });
        self.workers.give(job).map_err(|_| BUSY)?;
        match tokio::time::timeout(DEADLINE, answered).await {
            Ok(Ok(result)) => Ok(result),
            _ => Err(BUSY),
        }
    }
}

/// The stored hash, or a line for the operator: nobody but us writes them.
fn read(stored: &str) -> Option<Hash> {
    let hash = Hash::read(stored);
    if hash.is_none() {
        tracing::error!("A stored password hash cannot be used. Its person needs a new password.");
    }
    hash
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn a_password_matches_its_own_hash_only() {
        let hasher = Hasher::start(1, 4);
        let stored = hasher.hash(&Typed::new("correct horse b"), [7; 16]).await.unwrap();
        assert!(stored.starts_with("$argon2id$v=19$m=19456,t=2,p=1$"), "{stored}");
        let matches = async |text: &str| {
            hasher.matches(&Typed::new(text), Some(stored.clone())).await.unwrap()
        };
        assert!(matches("correct horse b").await);
        assert!(!matches("correct horse c").await);
        assert!(!hasher.matches(&Typed::new("x"), None).await.unwrap());
        assert!(!Hasher::is_outdated(&stored));
    }

    #[tokio::test]
    async fn a_hash_that_cannot_be_read_belongs_to_no_password() {
        let hasher = Hasher::start(1, 4);
        for stored in ["", "$argon2id$", "plain", NOBODY] {
            let stored = Some(stored.to_owned());
            assert!(!hasher.matches(&Typed::new(""), stored).await.unwrap());
        }
    }

    #[test]
    fn an_unknown_address_costs_a_whole_hash() {
        assert!(Hash::read(NOBODY).expect("a PHC string").is_worth(Cost::TODAY));
    }

    #[tokio::test]
    async fn a_flood_is_refused_at_once() {
        let hasher = Hasher::start(1, 1);
        let tries = (0..20).map(|_| {
            let hasher = hasher.clone();
            async move { hasher.matches(&Typed::new("x"), None).await }
        });
        let refused = futures::future::join_all(tries).await.iter().filter(|t| t.is_err()).count();
        assert!(refused >= 10, "only {refused} of 20 were refused");
    }
}
