//! Password hashing with argon2id, on threads of its own.
//!
//! A hash costs 19 MiB and some 20 ms. A bounded queue keeps a flood of sign-ins from taking the
//! whole server: beyond it the answer is "not now".

use crate::{Error, Result};
use argon2::{
    Algorithm, Argon2, Params, PasswordHasher, PasswordVerifier, Version,
    password_hash::phc::PasswordHash,
};
use model::Typed;
use std::{
    sync::{
        Arc, Mutex, PoisonError,
        mpsc::{Receiver, SyncSender, sync_channel},
    },
    thread,
    time::Duration,
};
use tokio::sync::oneshot;

/// OWASP Password Storage Cheat Sheet: argon2id, 19 MiB, two passes, one lane.
const MEMORY_KIB: u32 = 19_456;
const PASSES: u32 = 2;
const LANES: u32 = 1;

/// Longer than this in the queue, and the person has given up.
const DEADLINE: Duration = Duration::from_secs(5);

/// A hash of an unguessable password: what an unknown address is compared with, so that it takes
/// the same time as a known one.
const NOBODY: &str = "$argon2id$v=19$m=19456,t=2,p=1$cHJvYml0eS1ub2JvZHkhIQ\
                      $Z2Vzd29ybmRlcmUgV29ydGUgc2luZCBuaWNodHMgd2U";

type Job = Box<dyn FnOnce() + Send>;

/// Hashes passwords. Cheap to clone; the threads end when the last one is dropped.
#[derive(Clone)]
pub struct Hasher {
    queue: SyncSender<Job>,
}

impl Hasher {
    /// Starts `threads` threads that take from a queue of at most `waiting` jobs.
    ///
    /// # Panics
    /// When the operating system gives no thread.
    pub fn start(threads: usize, waiting: usize) -> Self {
        let (queue, jobs) = sync_channel(waiting);
        let jobs = Arc::new(Mutex::new(jobs));
        for number in 0..threads {
            let jobs = Arc::clone(&jobs);
            thread::Builder::new()
                .name(format!("hasher-{number}"))
                .spawn(move || work(&jobs))
                .expect("a server that cannot start a thread cannot run");
        }
        Self { queue }
    }

    /// The PHC string of a new password.
    ///
    /// # Errors
    /// [`Error::Busy`] when the queue is full.
    pub async fn hash(&self, password: &Typed, salt: [u8; 16]) -> Result<String> {
        let password = password.clone();
        self.run(move || {
            argon2()
                .hash_password_with_salt(password.expose().as_bytes(), &salt)
                .map(|hash: PasswordHash| hash.to_string())
                .map_err(|_| Error::Inconsistent("argon2 refused its own parameters"))
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
        self.run(move || {
            let known = stored.is_some();
            let stored = stored.unwrap_or_else(|| NOBODY.to_owned());
            argon2().verify_password(password.expose().as_bytes(), stored.as_str()).is_ok() && known
        })
        .await
    }

    async fn run<T: Send + 'static>(&self, work: impl FnOnce() -> T + Send + 'static) -> Result<T> {
        const BUSY: Error = Error::Busy("too many passwords are being checked");
        let (answer, answered) = oneshot::channel();
        let job = Box::new(move || {
            // Nobody waits any more: the time is better spent on the next.
            if !answer.is_closed() {
                answer.send(work()).ok();
            }
        });
        self.queue.try_send(job).map_err(|_| BUSY)?;
        match tokio::time::timeout(DEADLINE, answered).await {
            Ok(Ok(result)) => Ok(result),
            _ => Err(BUSY),
        }
    }
}

fn work(jobs: &Mutex<Receiver<Job>>) {
    loop {
        let job = jobs.lock().unwrap_or_else(PoisonError::into_inner).recv();
        match job {
            Ok(job) => job(),
            Err(_) => return,
        }
    }
}

fn argon2() -> Argon2<'static> {
    let params = Params::new(MEMORY_KIB, PASSES, LANES, None)
        .expect("the recommended parameters are within argon2's bounds");
    Argon2::new(Algorithm::Argon2id, Version::V0x13, params)
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
    }

    #[test]
    fn an_unknown_address_costs_a_whole_hash() {
        let hash = PasswordHash::new(NOBODY).expect("a PHC string");
        assert!(hash.salt.is_some() && hash.hash.is_some());
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
