//! Time zones, by their IANA names and from the copy of their history that the program carries.

use jiff::{
    Timestamp,
    tz::{TimeZone, TimeZoneDatabase},
};
use std::sync::LazyLock;
use time::{OffsetDateTime, UtcOffset};

static DATABASE: LazyLock<TimeZoneDatabase> = LazyLock::new(TimeZoneDatabase::bundled);

static NAMES: LazyLock<Vec<String>> = LazyLock::new(|| {
    let all = DATABASE.available().filter_map(|name| DATABASE.get(name.as_str()).ok());
    let offered = |name: &str| name == "UTC" || name.contains('/') && !name.starts_with("Etc/");
    let mut names: Vec<String> =
        all.filter_map(|zone| zone.primary_iana_name().map(str::to_owned)).collect();
    names.retain(|name| offered(name));
    names.sort_unstable();
    names.dedup();
    names
});

/// Every zone that can be chosen, each under one name, sorted.
pub fn names() -> &'static [String] {
    &NAMES
}

/// The zone somebody means by `text`, as [`names`] spells it: other capitals and older names
/// (`Asia/Calcutta`) are understood.
pub fn named(text: &str) -> Option<&'static str> {
    let zone = DATABASE.get(text).ok()?;
    let name = zone.primary_iana_name()?;
    let at = NAMES.binary_search_by(|known| known.as_str().cmp(name)).ok()?;
    NAMES.get(at).map(String::as_str)
}

/// The same moment on the clocks of `zone`; on UTC's when there is no such zone.
pub fn local(at: OffsetDateTime, zone: &str) -> OffsetDateTime {
    let zone = DATABASE.get(zone).unwrap_or(TimeZone::UTC);
    let offset = Timestamp::from_second(at.unix_timestamp())
        .ok()
        .and_then(|moment| UtcOffset::from_whole_seconds(zone.to_offset(moment).seconds()).ok());
    at.checked_to_offset(offset.unwrap_or(UtcOffset::UTC)).unwrap_or(at)
}

/// When the day written as `2026-12-01` begins on the clocks of `zone`; none when it is no day.
pub fn midnight(day: &str, zone: &str) -> Option<OffsetDateTime> {
    begins(day.parse().ok()?, zone)
}

/// The same of the day after it.
pub fn midnight_after(day: &str, zone: &str) -> Option<OffsetDateTime> {
    begins(day.parse::<jiff::civil::Date>().ok()?.tomorrow().ok()?, zone)
}

fn begins(day: jiff::civil::Date, zone: &str) -> Option<OffsetDateTime> {
    let zone = DATABASE.get(zone).unwrap_or(TimeZone::UTC);
    let begins = zone.to_timestamp(day.at(0, 0, 0, 0)).ok()?;
    OffsetDateTime::from_unix_timestamp(begins.as_second()).ok()
}

#[cfg(test)]
mod tests {
    use super::*;
    use time::macros::datetime;

    #[test]
    fn a_day_begins_where_its_clocks_say() {
        let begins = |day, zone| midnight(day, zone);
        assert_eq!(begins("2026-12-01", "UTC"), Some(datetime!(2026-12-01 0:00 UTC)));
        assert_eq!(begins("2026-12-01", "Europe/Oslo"), Some(datetime!(2026-11-30 23:00 UTC)));
        assert_eq!(begins("2026-07-01", "Europe/Oslo"), Some(datetime!(2026-06-30 22:00 UTC)));
        for wrong in ["", "tomorrow", "2026-02-30", "1.12.2026"] {
            assert_eq!(begins(wrong, "UTC"), None, "{wrong}");
        }
    }

    #[test]
    fn a_zone_is_listed_once_under_its_present_name() {
        assert!(names().is_sorted() && names().len() > 300, "{}", names().len());
        for listed in ["UTC", "Europe/Oslo", "Asia/Kolkata", "America/Argentina/Buenos_Aires"] {
            assert!(names().iter().any(|name| name == listed), "{listed}");
        }
        for unlisted in ["Asia/Calcutta", "US/Eastern", "EST", "Etc/GMT+5", "Etc/Unknown"] {
            assert!(!names().iter().any(|name| name == unlisted), "{unlisted}");
        }
        for name in names() {
            assert_eq!(named(name), Some(name.as_str()));
            assert!(name.len() <= model::account::bounds::ZONE);
        }
    }

    #[test]
    fn older_names_and_other_capitals_are_understood_and_nonsense_is_not() {
        assert_eq!(named("Asia/Calcutta"), Some("Asia/Kolkata"));
        assert_eq!(named("europe/oslo"), Some("Europe/Oslo"));
        assert_eq!(named("Etc/UTC"), Some("UTC"));
        for wrong in ["", "Oslo", "Etc/Unknown", "Etc/GMT+5", "../etc/passwd", "UTC+1"] {
            assert_eq!(named(wrong), None, "{wrong}");
        }
    }

    #[test]
    fn clocks_are_put_forward_and_back_on_the_right_second() {
        let oslo = |at| local(at, "Europe/Oslo").to_string();
        assert_eq!(oslo(datetime!(2026-03-29 00:59:59 UTC)), "2026-03-29 1:59:59.0 +01:00:00");
        assert_eq!(oslo(datetime!(2026-03-29 01:00:00 UTC)), "2026-03-29 3:00:00.0 +02:00:00");
        assert_eq!(oslo(datetime!(2026-10-25 00:30:00 UTC)), "2026-10-25 2:30:00.0 +02:00:00");
        assert_eq!(oslo(datetime!(2026-10-25 01:30:00 UTC)), "2026-10-25 2:30:00.0 +01:00:00");
    }

    #[test]
    fn zones_may_be_half_and_quarter_hours_away_and_on_another_day() {
        let at = datetime!(2026-11-22 20:31:40 UTC);
        assert_eq!(local(at, "Asia/Kolkata"), datetime!(2026-11-23 02:01:40 +5:30));
        assert_eq!(
            local(at, "Asia/Kathmandu").offset(),
            UtcOffset::from_hms(5, 45, 0).expect("it is")
        );
        assert_eq!(local(at, "America/St_Johns").offset().as_hms(), (-3, -30, 0));
        assert_eq!(local(at, "Asia/Kolkata").day(), 23);
    }

    #[test]
    fn an_unknown_zone_reads_as_utc() {
        let at = datetime!(2026-11-22 08:31:40 UTC);
        for zone in ["", "Atlantis/Capital", "Etc/Unknown"] {
            assert_eq!(local(at, zone).offset(), UtcOffset::UTC, "{zone}");
        }
        let end = datetime!(9999-12-31 23:59:59 UTC);
        assert_eq!(local(end, "Asia/Tokyo"), end, "a time no calendar holds is left as it is");
    }
}
