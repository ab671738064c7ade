//! Times as they are read in each zone and each language.

use super::*;
use crate::viewer::{PageContext, Visit};
use model::{DateStyle, account::Viewer};
use time::{Duration, macros::datetime};

const NOW: OffsetDateTime = datetime!(2026-11-22 08:31:40 UTC);

fn in_zone(zone: &str) -> Local {
    Local::new(zone, DateStyle::British)
}

fn written(dates: DateStyle) -> Local {
    Local::new("UTC", dates)
}

#[test]
fn ages_become_dates_after_a_day_and_get_a_year_when_it_is_another() {
    let said = |hours: i64| said(Local::default(), NOW - Duration::hours(hours), NOW, As::Ago).0;
    assert_eq!(said(23), "23 h ago");
    assert_eq!(said(24), "21 Nov");
    assert_eq!(said(400 * 24), "18 Oct 2025");
    let ended = super::said(Local::default(), NOW - Duration::days(3), NOW, As::Until).0;
    assert_eq!(ended, "19 Nov");
}

#[test]
fn exact_times_say_how_far_from_utc_they_are() {
    assert_eq!(Local::default().exact(NOW), "22 November 2026, 08:31:40 UTC");
    assert_eq!(in_zone("Europe/Oslo").exact(NOW), "22 November 2026, 09:31:40 UTC+1");
    assert_eq!(in_zone("Asia/Kathmandu").exact(NOW), "22 November 2026, 14:16:40 UTC+5:45");
    assert_eq!(in_zone("America/St_Johns").exact(NOW), "22 November 2026, 05:01:40 UTC-3:30");
    assert_eq!(in_zone("Atlantis/Capital").exact(NOW), "22 November 2026, 08:31:40 UTC");
}

#[test]
fn the_hour_that_a_clock_shows_twice_is_told_apart() {
    let oslo = in_zone("Europe/Oslo");
    let first = datetime!(2026-10-25 00:30 UTC);
    assert_eq!(oslo.exact(first), "25 October 2026, 02:30:00 UTC+2");
    assert_eq!(oslo.exact(first + Duration::hours(1)), "25 October 2026, 02:30:00 UTC+1");
    assert_eq!(oslo.clock(datetime!(2026-03-29 01:00 UTC)), "03:00:00", "there is no 02:00");
}

#[test]
fn a_day_begins_at_the_viewers_midnight() {
    let late = datetime!(2026-12-31 20:00 UTC);
    assert_eq!(in_zone("Asia/Kolkata").date(late), "1 January 2027");
    assert_eq!(in_zone("Asia/Kolkata").long_date(late), "Friday 1 January 2027");
    assert_eq!(in_zone("America/New_York").long_date(late), "Thursday 31 December 2026");
    let new_year = late + Duration::hours(26);
    assert_eq!(in_zone("Asia/Kolkata").short_date(late, new_year), "1 Jan");
    assert_eq!(in_zone("UTC").short_date(late, new_year), "31 Dec 2026");
}

#[test]
fn each_style_writes_its_own_dates() {
    for (style, date, long, short) in [
        (DateStyle::British, "22 November 2026", "Sunday 22 November 2026", "22 Nov 2026"),
        (DateStyle::American, "November 22, 2026", "Sunday, November 22, 2026", "Nov 22, 2026"),
        (DateStyle::Iso, "2026-11-22", "Sunday 2026-11-22", "2026-11-22"),
        (DateStyle::German, "22. November 2026", "Sonntag, 22. November 2026", "22. Nov. 2026"),
        (DateStyle::French, "22 novembre 2026", "dimanche 22 novembre 2026", "22 nov. 2026"),
        (
            DateStyle::Spanish,
            "22 de noviembre de 2026",
            "domingo, 22 de noviembre de 2026",
            "22 nov 2026",
        ),
    ] {
        let local = written(style);
        assert_eq!(local.date(NOW), date);
        assert_eq!(local.long_date(NOW), long);
        assert_eq!(local.short_date(NOW, NOW + Duration::days(99)), short);
        assert!(style.title().starts_with(date), "{}", style.title());
    }
    assert_eq!(written(DateStyle::French).date(datetime!(2026-08-01 12:00 UTC)), "1er août 2026");
}

#[test]
fn only_americans_halve_the_day() {
    let american = |at| written(DateStyle::American).clock(at);
    assert_eq!(american(datetime!(2026-11-22 00:05:09 UTC)), "12:05:09 am");
    assert_eq!(american(datetime!(2026-11-22 11:59:59 UTC)), "11:59:59 am");
    assert_eq!(american(datetime!(2026-11-22 12:00:00 UTC)), "12:00:00 pm");
    assert_eq!(american(datetime!(2026-11-22 23:31:40 UTC)), "11:31:40 pm");
    for style in DateStyle::ALL.into_iter().filter(|style| *style != DateStyle::American) {
        assert_eq!(written(style).clock(NOW), "08:31:40");
    }
}

#[test]
fn a_column_of_clocks_is_headed_by_a_city() {
    assert_eq!(in_zone("America/Argentina/Buenos_Aires").city(), "Buenos Aires");
    assert_eq!(in_zone("Europe/Oslo").city(), "Oslo");
    assert_eq!(in_zone("UTC").city(), "UTC");
    assert_eq!(in_zone("Atlantis/Capital").city(), "UTC", "its clocks show UTC");
}

fn visit(address: &str) -> Visit {
    let viewer = Viewer {
        second_factor: false,
        confirmed_until: None,
        id: format!("person_{:032x}", 1).parse().expect("an id"),
        name: "Ada Lindqvist".into(),
        email: "ada@halden.example".into(),
        teams: Vec::new(),
        zone: "Asia/Kolkata".into(),
        dates: DateStyle::German,
    };
    Visit::at(address, PageContext { viewer: Some(viewer), ..PageContext::nobody() })
}

#[test]
fn inside_it_is_the_viewers_time_and_on_public_pages_everybodys() {
    let own = Local::new("Asia/Kolkata", DateStyle::German);
    assert_eq!(Local::of(&visit("/t/halden/audit")), own);
    assert_eq!(Local::of(&visit("/teams/new")), own);
    assert_eq!(Local::of(&visit("/sign-in")), Local::default());
    assert_eq!(Local::of(&Visit::at("/t/halden", PageContext::nobody())), Local::default());
}

#[test]
fn a_time_is_local_with_utc_on_hover_and_for_machines() {
    let owner = Owner::new();
    let html = owner.with(|| {
        provide_context(Local::new("Asia/Kolkata", DateStyle::German));
        view! { <Time at="2026-11-22T20:31:40Z" now=NOW worded=As::Exact/> }.to_html()
    });
    assert!(html.contains("datetime=\"2026-11-22T20:31:40Z\""), "{html}");
    assert!(html.contains("title=\"22. November 2026, 20:31:40 UTC\""), "{html}");
    assert!(html.contains("lang=\"de\""), "{html}");
    assert!(html.contains(">23. November 2026, 02:01:40 UTC+5:30<"), "{html}");
}

#[test]
fn an_age_is_in_the_pages_own_language() {
    let german = Local::new("UTC", DateStyle::German);
    let four = NOW - Duration::minutes(4);
    assert_eq!(said(german, four, NOW, As::Ago), ("4 min ago".to_owned(), None));
    let old = said(german, NOW - Duration::days(9), NOW, As::Ago);
    assert_eq!(old, ("13. Nov.".to_owned(), Some("de")));
}

#[test]
fn what_is_no_time_is_shown_as_it_is() {
    let html = Owner::new()
        .with(|| view! { <Time at="yesterday" now=NOW worded=As::Date/> }.into_any().to_html());
    assert!(html.contains("yesterday") && !html.contains("<time"), "{html}");
}
