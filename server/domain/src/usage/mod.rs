//! How keys were used, for whoever may see it.
//!
//! Counted by the hour in UTC (`key/usage`), added to the database within a second or two.

mod csv;
mod load;

pub use csv::csv;
pub use load::load;

use crate::{Cx, Error, Result};
use model::{
    KeyId,
    usage::{Span, UsageQuery},
};
use time::{Duration, OffsetDateTime, Time};
use uuid::Uuid;

/// What is asked for, with what makes no sense left out.
struct Asked {
    span: Span,
    key: Option<Uuid>,
    /// When the first bar begins.
    from: OffsetDateTime,
}

impl Asked {
    fn of(cx: &Cx, query: &UsageQuery) -> Result<Self> {
        let span = Span::from_name(&query.span).unwrap_or_default();
        let key = match query.key.as_str() {
            "" => None,
            id => Some(id.parse::<KeyId>().map_err(|_| Error::NotFound)?.0),
        };
        Ok(Self { span, key, from: begin(span, cx.now()) })
    }

    fn step(&self) -> Duration {
        Duration::hours(self.span.step().into())
    }
}

/// The last bar holds this moment; each begins at a whole step of its day.
fn begin(span: Span, now: OffsetDateTime) -> OffsetDateTime {
    let step = u8::try_from(span.step()).unwrap_or(24);
    let hour = if step >= 24 { 0 } else { now.hour() / step * step };
    let last = now.replace_time(Time::from_hms(hour, 0, 0).expect("an hour of a day"));
    last - Duration::hours(i64::from(span.step()) * i64::from(span.bars() - 1))
}

#[cfg(test)]
mod tests {
    use super::*;
    use time::macros::datetime;

    #[test]
    fn bars_begin_at_whole_steps_and_the_last_one_holds_now() {
        let now = datetime!(2026-11-22 08:45:10 UTC);
        assert_eq!(begin(Span::Day, now), datetime!(2026-11-21 09:00 UTC));
        assert_eq!(begin(Span::Week, now), datetime!(2026-11-15 12:00 UTC));
        assert_eq!(begin(Span::Month, now), datetime!(2026-10-24 00:00 UTC));
        assert_eq!(begin(Span::Quarter, now), datetime!(2026-08-25 00:00 UTC));
    }
}
