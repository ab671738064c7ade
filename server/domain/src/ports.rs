//! Time, randomness, mail and places, handed in so that tests and the demo can set them.

use crate::{
    audit::stream::{Carried, Destination, NotCarried, Parcel},
    mail::{Mail, MailError},
};
use futures::future::BoxFuture;
use model::{
    FieldError, RequestId,
    audit::StreamKind,
    place::{Country, Place},
};
use std::{
    cell::RefCell,
    net::IpAddr,
    sync::LazyLock,
    time::{Duration, Instant},
};
use time::OffsetDateTime;
use uuid::{Builder, Uuid};

/// Tells the time.
pub trait Clock: Send + Sync {
    /// Now, in UTC.
    fn now(&self) -> OffsetDateTime;

    /// How long something has lasted, by a clock that nobody sets: only differences mean anything.
    fn elapsed(&self) -> Duration {
        let since = self.now() - OffsetDateTime::UNIX_EPOCH;
        since.try_into().unwrap_or_default()
    }
}

/// The machine's clock.
#[derive(Debug, Clone, Copy, Default)]
pub struct SystemClock;

impl Clock for SystemClock {
    #[expect(clippy::disallowed_methods, reason = "this is the clock that is handed in")]
    fn now(&self) -> OffsetDateTime {
        // PostgreSQL keeps microseconds: what we compare must not be finer than what we store.
        let now = OffsetDateTime::now_utc();
        now.replace_nanosecond(now.nanosecond() / 1_000 * 1_000)
            .expect("cutting digits off a nanosecond leaves a nanosecond")
    }

    fn elapsed(&self) -> Duration {
        static BEGIN: LazyLock<Instant> = LazyLock::new(Instant::now);
        BEGIN.elapsed()
    }
}

/// Gives unpredictable bytes.
pub trait Random: Send + Sync {
    /// Fills `bytes`; never returns predictable ones.
    fn fill(&self, bytes: &mut [u8]);
}

/// The operating system's generator.
#[derive(Debug, Clone, Copy, Default)]
pub struct SystemRandom;

impl Random for SystemRandom {
    fn fill(&self, bytes: &mut [u8]) {
        getrandom::fill(bytes).expect("an operating system without randomness cannot run Probity");
    }
}

/// The same for what is no secret, such as a request's id: drawn for many at once, because each
/// draw asks the operating system.
#[derive(Debug, Clone, Copy, Default)]
pub struct DrawnAhead;

impl Random for DrawnAhead {
    fn fill(&self, bytes: &mut [u8]) {
        const AHEAD: usize = 1_000;
        thread_local! {
            static DRAWN: RefCell<Vec<u8>> = const { RefCell::new(Vec::new()) };
        }
        DRAWN.with_borrow_mut(|drawn| {
            if drawn.len() < bytes.len() {
                drawn.resize(AHEAD.max(bytes.len()), 0);
                SystemRandom.fill(drawn);
            }
            let left = drawn.len() - bytes.len();
            bytes.copy_from_slice(&drawn[left..]);
            drawn.truncate(left);
        });
    }
}

/// Keeps checkpoints where whoever owns the database cannot alter them.
pub trait Witness: Send + Sync {
    /// Who or where that is, for the log.
    fn name(&self) -> &str;

    /// Hands over checkpoints, one on each line. The same may come again.
    fn tell<'a>(&'a self, at: OffsetDateTime, lines: &'a str) -> BoxFuture<'a, Result<(), String>>;
}

/// Takes letters to where they are read.
pub trait Mailer: Send + Sync {
    /// Hands one over. The same letter may be sent again, under the same id.
    fn send<'a>(&'a self, mail: &'a Mail) -> BoxFuture<'a, Result<(), MailError>>;

    /// Whether letters leave this machine; otherwise they lie in a folder, and pages say so.
    fn leaves(&self) -> bool;

    /// Whether nothing is ever sent: then nothing is written either.
    fn is_mute(&self) -> bool {
        false
    }
}

/// Sends nothing: for the demo, whose people do not exist.
#[derive(Debug, Clone, Copy, Default)]
pub struct MuteMailer;

impl Mailer for MuteMailer {
    fn send<'a>(&'a self, _mail: &'a Mail) -> BoxFuture<'a, Result<(), MailError>> {
        Box::pin(std::future::ready(Ok(())))
    }

    fn leaves(&self) -> bool {
        false
    }

    fn is_mute(&self) -> bool {
        true
    }
}

/// Takes records of a team's log to a place of the team's own.
pub trait Carrier: Send + Sync {
    /// The kinds of places that are offered here.
    fn kinds(&self) -> Vec<StreamKind>;

    /// What is wrong with a place, as far as it can be seen without asking it: a field and a sentence.
    fn refuses(&self, to: &Destination) -> Option<FieldError>;

    /// Takes one delivery there, and returns when it was taken in: within half a minute, or it failed.
    /// The same may be carried again.
    fn carry<'a>(&'a self, parcel: &'a Parcel) -> BoxFuture<'a, Result<Carried, NotCarried>>;
}

/// Takes nothing anywhere: for the demo, whose people do not exist.
#[derive(Debug, Clone, Copy, Default)]
pub struct NoCarrier;

impl Carrier for NoCarrier {
    fn kinds(&self) -> Vec<StreamKind> {
        Vec::new()
    }

    fn refuses(&self, _to: &Destination) -> Option<FieldError> {
        Some(FieldError::new("kind", "Nothing can be streamed from here."))
    }

    fn carry<'a>(&'a self, _parcel: &'a Parcel) -> BoxFuture<'a, Result<Carried, NotCarried>> {
        Box::pin(std::future::ready(Err(NotCarried::because("Nothing can be streamed from here."))))
    }
}

/// Knows where addresses are.
pub trait Places: Send + Sync {
    /// The country `ip` belongs to, when it is known.
    fn country(&self, ip: IpAddr) -> Option<Country>;

    /// Where `ip` is, in words.
    fn place(&self, ip: IpAddr) -> Place {
        Place::of(ip, |ip| self.country(ip))
    }
}

/// Knows no country.
#[derive(Debug, Clone, Copy, Default)]
pub struct NoPlaces;

impl Places for NoPlaces {
    fn country(&self, _ip: IpAddr) -> Option<Country> {
        None
    }
}

/// 256 random bits.
pub(crate) fn random_256(random: &dyn Random) -> zeroize::Zeroizing<[u8; 32]> {
    let mut bytes = zeroize::Zeroizing::new([0; 32]);
    random.fill(bytes.as_mut());
    bytes
}

/// A UUIDv7 of this moment.
pub fn new_id(clock: &dyn Clock, random: &dyn Random) -> Uuid {
    let mut bytes = [0; 10];
    random.fill(&mut bytes);
    let millis = clock.now().unix_timestamp_nanos() / 1_000_000;
    Builder::from_unix_timestamp_millis(u64::try_from(millis).unwrap_or_default(), &bytes)
        .into_uuid()
}

/// A request's id.
pub fn new_request_id(clock: &dyn Clock, random: &dyn Random) -> RequestId {
    RequestId(new_id(clock, random))
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::HashSet;

    #[test]
    fn what_is_drawn_ahead_is_handed_out_once() {
        let mut seen = HashSet::new();
        for _ in 0..1_000 {
            let mut bytes = [0; 10];
            DrawnAhead.fill(&mut bytes);
            assert!(seen.insert(bytes));
        }
        let mut many = vec![0; 3_000];
        DrawnAhead.fill(&mut many);
        assert!(many.iter().any(|byte| *byte != 0));
    }
}
