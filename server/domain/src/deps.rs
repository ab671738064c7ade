//! What operations need from outside, built once at start.

use crate::{
    audit::{Archive, Proven, Refusals},
    crypto::{Hasher, Keyring, Passkeys},
    key::{Cache, Journal, Usage},
    ports::{Carrier, Clock, Mailer, MuteMailer, NoCarrier, Places, Random, Witness},
    rule::Rules,
    tx::Db,
};
use model::{data::Dwelling, place::Place};
use object_store::ObjectStore;
use std::{net::IpAddr, sync::Arc, time::Duration};
use tokio::sync::{OwnedSemaphorePermit, Semaphore};

/// Everything an operation may use. Cheap to clone.
#[derive(Clone)]
pub struct Deps {
    inner: Arc<Inner>,
}

struct Inner {
    parts: DepsParts,
    usage: Usage,
    keys: Cache,
    rules: Rules,
    proven: Proven,
    refusals: Refusals,
    export_turn: Arc<Semaphore>,
}

/// What [`Deps`] is made of.
pub struct DepsParts {
    /// Connections of `probity_app`, for requests.
    pub app: Db,
    /// Connections of `probity_job`, for background work.
    pub job: Db,
    pub keyring: Keyring,
    pub hasher: Hasher,
    pub passkeys: Passkeys,
    pub clock: Arc<dyn Clock>,
    pub random: Arc<dyn Random>,
    pub signup: Signup,
    pub sessions: Lifetimes,
    pub mailer: Arc<dyn Mailer>,
    /// Where links in mails begin: scheme and host, without a slash at the end.
    pub public_url: String,
    pub places: Arc<dyn Places>,
    /// Where verifications are noted until the database has them; none to keep them in memory.
    pub journal: Option<Journal>,
    /// Where checkpoints are kept outside the database; none where nothing is proven.
    pub archive: Option<Archive>,
    /// Who else is told of checkpoints.
    pub witnesses: Vec<Arc<dyn Witness>>,
    /// Where exports lie, sealed, for a day.
    pub exports: Arc<dyn ObjectStore>,
    /// Takes records to where teams want them.
    pub carrier: Arc<dyn Carrier>,
    /// Days in which the deletion of a team can be undone: from 0 to 30.
    pub deletion_days: i32,
    /// Where what teams own lives, in words for their owners.
    pub dwellings: Vec<Dwelling>,
}

/// Who may make an account.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Signup {
    /// Anybody.
    Open,
    /// Only who was invited.
    Invitation,
}

/// How long a session lasts.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Lifetimes {
    /// Without being used.
    pub idle: Duration,
    /// In any case.
    pub absolute: Duration,
}

impl Default for Lifetimes {
    fn default() -> Self {
        let hour = Duration::from_secs(60 * 60);
        Self { idle: 24 * hour, absolute: 7 * 24 * hour }
    }
}

impl Deps {
    pub fn new(mut parts: DepsParts) -> Self {
        let usage = Usage::with(parts.journal.take());
        let proven = Proven::with(parts.archive.take(), std::mem::take(&mut parts.witnesses));
        let (keys, rules) = (Cache::default(), Rules::default());
        let export_turn = Arc::new(Semaphore::new(1));
        let refusals = Refusals::default();
        let inner = Inner { parts, usage, keys, rules, proven, refusals, export_turn };
        Self { inner: Arc::new(inner) }
    }

    /// The same world at another time, with open sign-up and no mail: for the demo's history.
    pub(crate) fn for_demo(&self, clock: Arc<dyn Clock>) -> Self {
        let old = &self.inner.parts;
        Self::new(DepsParts {
            app: old.app.clone(),
            job: old.job.clone(),
            keyring: old.keyring.clone(),
            hasher: old.hasher.clone(),
            passkeys: old.passkeys.clone(),
            clock,
            random: old.random.clone(),
            signup: Signup::Open,
            sessions: old.sessions,
            mailer: Arc::new(MuteMailer),
            public_url: old.public_url.clone(),
            places: old.places.clone(),
            journal: None,
            archive: None,
            witnesses: Vec::new(),
            exports: Arc::clone(&old.exports),
            carrier: Arc::new(NoCarrier),
            deletion_days: old.deletion_days,
            dwellings: Vec::new(),
        })
    }

    pub fn app(&self) -> &Db {
        &self.inner.parts.app
    }

    pub fn job(&self) -> &Db {
        &self.inner.parts.job
    }

    pub fn keyring(&self) -> &Keyring {
        &self.inner.parts.keyring
    }

    pub fn hasher(&self) -> &Hasher {
        &self.inner.parts.hasher
    }

    pub fn passkeys(&self) -> &Passkeys {
        &self.inner.parts.passkeys
    }

    pub fn clock(&self) -> &dyn Clock {
        &*self.inner.parts.clock
    }

    pub fn random(&self) -> &dyn Random {
        &*self.inner.parts.random
    }

    /// Where an address is, in words: "Norway", "unknown place".
    pub(crate) fn place_of(&self, ip: Option<IpAddr>) -> String {
        ip.map_or(Place::Unknown, |ip| self.places().place(ip)).to_string()
    }

    pub fn signup(&self) -> Signup {
        self.inner.parts.signup
    }

    pub fn sessions(&self) -> Lifetimes {
        self.inner.parts.sessions
    }

    pub fn mailer(&self) -> &dyn Mailer {
        &*self.inner.parts.mailer
    }

    /// Where links in mails begin, without a slash at the end.
    pub fn public_url(&self) -> &str {
        &self.inner.parts.public_url
    }

    pub fn places(&self) -> &dyn Places {
        &*self.inner.parts.places
    }

    pub(crate) fn carrier(&self) -> &dyn Carrier {
        &*self.inner.parts.carrier
    }

    pub(crate) fn deletion_days(&self) -> i32 {
        self.inner.parts.deletion_days
    }

    pub(crate) fn dwellings(&self) -> &[Dwelling] {
        &self.inner.parts.dwellings
    }

    pub(crate) fn exports(&self) -> &Arc<dyn ObjectStore> {
        &self.inner.parts.exports
    }

    /// Held while an export is written: one at a time in each program. Whoever else holds it keeps
    /// exports waiting.
    pub async fn hold_exports(&self) -> OwnedSemaphorePermit {
        let turn = Arc::clone(&self.inner.export_turn).acquire_owned().await;
        turn.expect("nobody closes it")
    }

    /// Returns when every call that was verified until now is counted, whatever becomes of this
    /// program. An answer to one of them waits for it.
    pub async fn settle(&self) {
        self.usage().settle().await;
    }

    pub(crate) fn usage(&self) -> &Usage {
        &self.inner.usage
    }

    pub(crate) fn keys(&self) -> &Cache {
        &self.inner.keys
    }

    pub(crate) fn proven(&self) -> &Proven {
        &self.inner.proven
    }

    pub(crate) fn refusals(&self) -> &Refusals {
        &self.inner.refusals
    }

    pub(crate) fn rules(&self) -> &Rules {
        &self.inner.rules
    }
}
