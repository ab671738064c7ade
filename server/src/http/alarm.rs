//! The watch for clients that send their head slowly, at little cost for all others.
//!
//! hyper asks for another alarm for each head, and drops it when the head is there: each would be put
//! into the runtime's wheel of timers and taken out again. Here a connection has one, which is set
//! anew only when it rings too early.

use hyper::rt::{Sleep, Timer};
use std::{
    pin::Pin,
    sync::{Arc, Mutex, PoisonError},
    task::{Context, Poll},
    time::Instant,
};
use tokio::time;

/// The alarm of one connection, which waits for one thing at a time.
#[derive(Debug, Clone, Default)]
pub(super) struct Alarm(Arc<Mutex<Option<Pin<Box<time::Sleep>>>>>);

/// Until when it is waited.
struct Until {
    deadline: time::Instant,
    alarm: Alarm,
}

impl Timer for Alarm {
    fn sleep(&self, duration: std::time::Duration) -> Pin<Box<dyn Sleep>> {
        self.sleep_until(self.now() + duration)
    }

    fn sleep_until(&self, deadline: Instant) -> Pin<Box<dyn Sleep>> {
        Box::pin(Until { deadline: deadline.into(), alarm: self.clone() })
    }

    fn now(&self) -> Instant {
        time::Instant::now().into()
    }
}

impl Sleep for Until {}

impl Future for Until {
    type Output = ();

    fn poll(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<()> {
        let mut alarm = self.alarm.0.lock().unwrap_or_else(PoisonError::into_inner);
        let alarm = alarm.get_or_insert_with(|| Box::pin(time::sleep_until(self.deadline)));
        if alarm.deadline() > self.deadline {
            alarm.as_mut().reset(self.deadline);
        }
        while alarm.as_mut().poll(cx).is_ready() {
            if alarm.deadline() == self.deadline {
                return Poll::Ready(());
            }
            alarm.as_mut().reset(self.deadline);
        }
        Poll::Pending
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::time::Duration;

    #[tokio::test]
    async fn each_wait_ends_at_its_own_time_whatever_was_waited_for_before() {
        let alarm = Alarm::default();
        let ms = Duration::from_millis;
        for (given_up, wanted) in [(1, 40), (60_000, 20), (60_000, 0), (20, 20)] {
            let mut early = alarm.sleep(ms(given_up));
            assert!(futures::poll!(&mut early).is_pending());
            drop(early);
            let began = Instant::now();
            time::timeout(ms(30_000), alarm.sleep(ms(wanted))).await.expect("not so late");
            assert!(began.elapsed() >= ms(wanted), "{wanted}: too early");
        }
    }
}
