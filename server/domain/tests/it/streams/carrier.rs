//! A place that takes in what it is told to, refuses, loses its answers, or keeps everybody waiting.

use domain::{
    audit::stream::{Carried, Content, Destination, NotCarried, Parcel},
    ports::Carrier,
};
use futures::future::BoxFuture;
use model::{FieldError, StreamId, audit::StreamKind};
use std::{collections::VecDeque, sync::Mutex, time::Duration};
use tokio::sync::Semaphore;

/// A delivery that arrived, whatever was answered.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Arrived {
    pub(crate) stream: StreamId,
    /// None: a test.
    pub(crate) seqs: Option<Vec<i64>>,
    /// Its lines.
    pub(crate) text: String,
    /// What it was signed with.
    pub(crate) keys: Vec<[u8; 32]>,
}

/// What is answered to one delivery, when it is not taken in.
#[derive(Debug, Clone)]
pub(crate) enum Fault {
    /// Nothing arrives.
    Refuse(u16, Option<Duration>),
    /// It arrives, and nobody hears of it.
    LoseAnswer,
}

pub(crate) struct TestCarrier {
    state: Mutex<State>,
    /// One permit for each delivery that may go on.
    gate: Semaphore,
    is_shut: Mutex<bool>,
}

#[derive(Default)]
struct State {
    arrived: Vec<Arrived>,
    faults: VecDeque<Fault>,
    now: usize,
    most: usize,
}

impl Default for TestCarrier {
    fn default() -> Self {
        Self { state: Mutex::default(), gate: Semaphore::new(0), is_shut: Mutex::new(false) }
    }
}

impl TestCarrier {
    /// What arrived since the last time.
    pub(crate) fn arrived(&self) -> Vec<Arrived> {
        std::mem::take(&mut self.state.lock().unwrap().arrived)
    }

    /// The numbers of the records that arrived since the last time, delivery by delivery.
    pub(crate) fn numbers(&self) -> Vec<Vec<i64>> {
        self.arrived().into_iter().filter_map(|it| it.seqs).collect()
    }

    /// The next deliveries end so.
    pub(crate) fn next(&self, faults: impl IntoIterator<Item = Fault>) {
        self.state.lock().unwrap().faults.extend(faults);
    }

    /// No delivery fails any more.
    pub(crate) fn heal(&self) {
        self.state.lock().unwrap().faults.clear();
    }

    /// From now on whoever delivers waits.
    pub(crate) fn shut(&self) {
        *self.is_shut.lock().unwrap() = true;
    }

    /// Nobody waits any more.
    pub(crate) fn open(&self) {
        *self.is_shut.lock().unwrap() = false;
        self.gate.add_permits(100);
    }

    /// How many delivered at the same time, at most.
    pub(crate) fn most_at_once(&self) -> usize {
        self.state.lock().unwrap().most
    }

    /// Until so many are delivering.
    pub(crate) async fn until_busy(&self, count: usize) {
        while self.state.lock().unwrap().now < count {
            tokio::time::sleep(Duration::from_millis(5)).await;
        }
    }

    async fn take(&self, parcel: &Parcel) -> Result<Carried, NotCarried> {
        let _here = Here::enter(self);
        let is_shut = *self.is_shut.lock().unwrap();
        if is_shut {
            self.gate.acquire().await.unwrap().forget();
        }
        let mut state = self.state.lock().unwrap();
        let fault = state.faults.pop_front();
        if let Some(Fault::Refuse(status, retry_after)) = fault {
            let said = format!("It answered {status}.");
            return Err(NotCarried { said, status: Some(status), retry_after });
        }
        state.arrived.push(arrived(parcel));
        match fault {
            Some(_) => Err(NotCarried::because("The connection ended before an answer came.")),
            None => Ok(Carried { status: Some(200) }),
        }
    }
}

fn arrived(parcel: &Parcel) -> Arrived {
    let (seqs, text) = match &parcel.content {
        Content::Test => (None, String::new()),
        Content::Records(lines) => (
            Some(lines.iter().map(|line| line.seq).collect()),
            lines.iter().map(|line| line.text.clone() + "\n").collect(),
        ),
    };
    let keys = parcel.keys.iter().map(|key| *key.expose()).collect();
    Arrived { stream: parcel.stream, seqs, text, keys }
}

/// Counts whoever delivers, for as long as they do.
struct Here<'a>(&'a TestCarrier);

impl<'a> Here<'a> {
    fn enter(carrier: &'a TestCarrier) -> Self {
        let mut state = carrier.state.lock().unwrap();
        state.now += 1;
        state.most = state.most.max(state.now);
        Self(carrier)
    }
}

impl Drop for Here<'_> {
    fn drop(&mut self) {
        self.0.state.lock().unwrap().now -= 1;
    }
}

impl Carrier for TestCarrier {
    fn kinds(&self) -> Vec<StreamKind> {
        StreamKind::ALL.to_vec()
    }

    fn refuses(&self, to: &Destination) -> Option<FieldError> {
        use secrecy::ExposeSecret;
        match to {
            Destination::Https(url) if !url.expose_secret().starts_with("https://") => {
                Some(FieldError::new("url", "Enter an address that begins with https://."))
            }
            _ => None,
        }
    }

    fn carry<'a>(&'a self, parcel: &'a Parcel) -> BoxFuture<'a, Result<Carried, NotCarried>> {
        Box::pin(self.take(parcel))
    }
}
