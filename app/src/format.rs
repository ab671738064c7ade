//! Times and numbers as people read them.
//!
//! Times arrive as RFC 3339 text in UTC. Under 24 hours they are shown as an age, then as a date;
//! the exact time is on hover and in `datetime`. What cannot be read is shown as it is.

use leptos::prelude::*;
use time::{Date, Duration, OffsetDateTime, format_description::well_known::Rfc3339};

/// A moment, read from RFC 3339 text.
pub fn moment(text: &str) -> Option<OffsetDateTime> {
    OffsetDateTime::parse(text, &Rfc3339).ok()
}

/// How long ago: "12 s ago", "4 min ago", "3 h ago", then the date.
pub fn ago(at: OffsetDateTime, now: OffsetDateTime) -> String {
    let age = now - at;
    if age < Duration::seconds(2) {
        "just now".to_owned()
    } else if age < Duration::minutes(1) {
        format!("{} s ago", age.whole_seconds())
    } else if age < Duration::hours(1) {
        format!("{} min ago", age.whole_minutes())
    } else if age < Duration::hours(24) {
        format!("{} h ago", age.whole_hours())
    } else {
        day(at.date(), now.date())
    }
}

/// How long until, to the nearest: "in 4 min", "in 3 h", "in 53 days". What has passed is a date.
pub fn until(at: OffsetDateTime, now: OffsetDateTime) -> String {
    let left = at - now;
    if left < Duration::ZERO {
        day(at.date(), now.date())
    } else if left < Duration::hours(1) {
        format!("in {} min", left.whole_minutes().max(1))
    } else if left < Duration::hours(48) {
        format!("in {} h", (left + Duration::minutes(30)).whole_hours())
    } else {
        format!("in {} days", (left + Duration::hours(12)).whole_days())
    }
}

/// "3 Sep", with the year when it is not this one.
pub fn day(date: Date, today: Date) -> String {
    let month = &date.month().to_string()[..3];
    if date.year() == today.year() {
        format!("{} {month}", date.day())
    } else {
        format!("{} {month} {}", date.day(), date.year())
    }
}

/// "14 January 2027".
pub fn date(at: OffsetDateTime) -> String {
    format!("{} {} {}", at.day(), at.month(), at.year())
}

/// "Sunday 22 November 2026".
pub fn long_date(at: OffsetDateTime) -> String {
    format!("{} {}", at.weekday(), date(at))
}

/// "08:31:40".
pub fn clock(at: OffsetDateTime) -> String {
    format!("{:02}:{:02}:{:02}", at.hour(), at.minute(), at.second())
}

/// "22 November 2026, 08:31:40 UTC".
pub fn exact(at: OffsetDateTime) -> String {
    format!("{}, {} UTC", date(at), clock(at))
}

/// "48,213".
pub fn count(number: i64) -> String {
    let digits = number.unsigned_abs().to_string();
    let mut shown = String::from(if number < 0 { "-" } else { "" });
    for (index, digit) in digits.chars().enumerate() {
        if index > 0 && (digits.len() - index).is_multiple_of(3) {
            shown.push(',');
        }
        shown.push(digit);
    }
    shown
}

/// "Twelve", "48,213": a number at the head of a sentence.
pub fn number(number: i64) -> String {
    const WORDS: [&str; 13] = [
        "No", "One", "Two", "Three", "Four", "Five", "Six", "Seven", "Eight", "Nine", "Ten",
        "Eleven", "Twelve",
    ];
    let word = usize::try_from(number).ok().and_then(|index| WORDS.get(index));
    word.map_or_else(|| count(number), |word| (*word).to_owned())
}

/// "Twelve keys", "One key", "48,213 keys".
pub fn counted(things: i64, one: &str, many: &str) -> String {
    format!("{} {}", number(things), if things == 1 { one } else { many })
}

/// A hash in groups of four, shortened: "9f3c 21ab … 70e4".
pub fn short_hash(hash: &str) -> String {
    match (hash.get(..4), hash.get(4..8), hash.get(hash.len().saturating_sub(4)..)) {
        (Some(first), Some(second), Some(last)) if hash.len() > 12 => {
            format!("{first} {second} … {last}")
        }
        _ => hash.to_owned(),
    }
}

/// What a record is about: an id is shortened to its kind and its last digits, which differ most.
pub fn target(text: &str) -> String {
    match text.split_once('_') {
        Some((kind, digits))
            if digits.len() == 32 && digits.bytes().all(|b| b.is_ascii_hexdigit()) =>
        {
            format!("{kind}_…{}", &digits[26..])
        }
        _ => text.to_owned(),
    }
}

/// How a [`Time`] is worded.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum As {
    Ago,
    Until,
    Clock,
    Exact,
    Date,
}

/// A time for people, with the exact one on hover and for machines.
#[component]
pub fn Time(#[prop(into)] at: String, now: OffsetDateTime, worded: As) -> impl IntoView {
    let Some(moment) = moment(&at) else {
        return view! { <span>{at}</span> }.into_any();
    };
    let text = match worded {
        As::Ago => ago(moment, now),
        As::Until => until(moment, now),
        As::Clock => clock(moment),
        As::Exact => exact(moment),
        As::Date => date(moment),
    };
    view! { <time datetime=at title=exact(moment)>{text}</time> }.into_any()
}

#[cfg(test)]
mod tests {
    use super::*;
    use time::macros::datetime;

    const NOW: OffsetDateTime = datetime!(2026-11-22 08:31:40 UTC);

    #[test]
    fn ages_are_relative_for_a_day_and_dates_afterwards() {
        let said = |seconds: i64| ago(NOW - Duration::seconds(seconds), NOW);
        assert_eq!(said(0), "just now");
        assert_eq!(said(12), "12 s ago");
        assert_eq!(said(4 * 60 + 59), "4 min ago");
        assert_eq!(said(23 * 3600 + 3599), "23 h ago");
        assert_eq!(said(24 * 3600), "21 Nov");
        assert_eq!(said(400 * 24 * 3600), "18 Oct 2025");
    }

    #[test]
    fn a_clock_that_runs_ahead_does_not_show_negative_ages() {
        assert_eq!(ago(NOW + Duration::seconds(30), NOW), "just now");
    }

    #[test]
    fn ends_are_told_in_minutes_hours_and_days() {
        let said = |duration: Duration| until(NOW + duration, NOW);
        assert_eq!(said(Duration::seconds(20)), "in 1 min");
        assert_eq!(said(Duration::hours(24)), "in 24 h");
        assert_eq!(said(Duration::days(53) - Duration::seconds(2)), "in 53 days");
        assert_eq!(said(Duration::days(-3)), "19 Nov");
    }

    #[test]
    fn numbers_have_separators_and_small_ones_are_words() {
        assert_eq!(count(48_213), "48,213");
        assert_eq!(count(-1_000), "-1,000");
        assert_eq!(count(999), "999");
        assert_eq!(counted(1, "key", "keys"), "One key");
        assert_eq!(counted(0, "key", "keys"), "No keys");
        assert_eq!(counted(12, "key", "keys"), "Twelve keys");
        assert_eq!(counted(1_284, "key", "keys"), "1,284 keys");
    }

    #[test]
    fn exact_times_say_that_they_are_utc() {
        assert_eq!(exact(NOW), "22 November 2026, 08:31:40 UTC");
        assert_eq!(long_date(NOW), "Sunday 22 November 2026");
    }

    #[test]
    fn an_id_is_shortened_and_a_name_is_not() {
        assert_eq!(target("person_01a202dda60876adad37bcd86a2ee0e3"), "person_…2ee0e3");
        assert_eq!(target("billing_sync"), "billing_sync");
    }

    #[test]
    fn a_hash_is_shortened_and_short_text_is_left_alone() {
        assert_eq!(short_hash("9f3c21ab00000000000070e4"), "9f3c 21ab … 70e4");
        assert_eq!(short_hash("abcd"), "abcd");
        assert_eq!(short_hash("aéééééé"), "aéééééé");
    }
}
