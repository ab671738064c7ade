//! Ages and ends: the part of a time that is the same in every zone.

use time::{Duration, OffsetDateTime, format_description::well_known::Rfc3339};

/// A moment, read from RFC 3339 text.
pub fn moment(text: &str) -> Option<OffsetDateTime> {
    OffsetDateTime::parse(text, &Rfc3339).ok()
}

/// How long ago: "12 s ago", "4 min ago", "3 h ago"; after a day nothing, a date says more.
pub(super) fn ago(at: OffsetDateTime, now: OffsetDateTime) -> Option<String> {
    age((now - at).whole_seconds())
}

/// The same for so many seconds.
pub fn age(seconds: i64) -> Option<String> {
    match seconds {
        ..=1 => Some("just now".to_owned()),
        2..=59 => Some(format!("{seconds} s ago")),
        60..=3_599 => Some(format!("{} min ago", seconds / 60)),
        3_600..=86_399 => Some(format!("{} h ago", seconds / 3_600)),
        _ => None,
    }
}

/// How long until, to the nearest: "in 4 min", "in 3 h", "in 53 days"; nothing for what has passed.
pub(super) fn until(at: OffsetDateTime, now: OffsetDateTime) -> Option<String> {
    let left = at - now;
    if left < Duration::ZERO {
        None
    } else if left < Duration::hours(1) {
        Some(format!("in {} min", left.whole_minutes().max(1)))
    } else if left < Duration::hours(48) {
        Some(format!("in {} h", (left + Duration::minutes(30)).whole_hours()))
    } else {
        Some(format!("in {} days", (left + Duration::hours(12)).whole_days()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use time::macros::datetime;

    const NOW: OffsetDateTime = datetime!(2026-11-22 08:31:40 UTC);

    #[test]
    fn ages_are_relative_for_a_day() {
        let said = |seconds: i64| ago(NOW - Duration::seconds(seconds), NOW);
        assert_eq!(said(0).as_deref(), Some("just now"));
        assert_eq!(said(12).as_deref(), Some("12 s ago"));
        assert_eq!(said(4 * 60 + 59).as_deref(), Some("4 min ago"));
        assert_eq!(said(23 * 3600 + 3599).as_deref(), Some("23 h ago"));
        assert_eq!(said(24 * 3600), None);
    }

    #[test]
    fn a_clock_that_runs_ahead_does_not_show_negative_ages() {
        assert_eq!(ago(NOW + Duration::seconds(30), NOW).as_deref(), Some("just now"));
    }

    #[test]
    fn ends_are_told_in_minutes_hours_and_days() {
        let said = |duration: Duration| until(NOW + duration, NOW);
        assert_eq!(said(Duration::seconds(20)).as_deref(), Some("in 1 min"));
        assert_eq!(said(Duration::hours(24)).as_deref(), Some("in 24 h"));
        assert_eq!(said(Duration::days(53) - Duration::seconds(2)).as_deref(), Some("in 53 days"));
        assert_eq!(said(Duration::days(-3)), None);
    }
}
