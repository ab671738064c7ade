//! Dates and clocks in each way that people write them. The time given is already local.

use model::DateStyle;
use time::{OffsetDateTime, Weekday};

/// The names a language has.
struct Words {
    months: [&'static str; 12],
    short_months: [&'static str; 12],
    /// From Monday.
    days: [&'static str; 7],
}

const ENGLISH: Words = Words {
    months: [
        "January",
        "February",
        "March",
        "April",
        "May",
        "June",
        "July",
        "August",
        "September",
        "October",
        "November",
        "December",
    ],
    short_months: [
        "Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec",
    ],
    days: ["Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"],
};

const GERMAN: Words = Words {
    months: [
        "Januar",
        "Februar",
        "März",
        "April",
        "Mai",
        "Juni",
        "Juli",
        "August",
        "September",
        "Oktober",
        "November",
        "Dezember",
    ],
    short_months: [
        "Jan.", "Feb.", "März", "Apr.", "Mai", "Juni", "Juli", "Aug.", "Sept.", "Okt.", "Nov.",
        "Dez.",
    ],
    days: ["Montag", "Dienstag", "Mittwoch", "Donnerstag", "Freitag", "Samstag", "Sonntag"],
};

const FRENCH: Words = Words {
    months: [
        "janvier",
        "février",
        "mars",
        "avril",
        "mai",
        "juin",
        "juillet",
        "août",
        "septembre",
        "octobre",
        "novembre",
        "décembre",
    ],
    short_months: [
        "janv.", "févr.", "mars", "avr.", "mai", "juin", "juil.", "août", "sept.", "oct.", "nov.",
        "déc.",
    ],
    days: ["lundi", "mardi", "mercredi", "jeudi", "vendredi", "samedi", "dimanche"],
};

const SPANISH: Words = Words {
    months: [
        "enero",
        "febrero",
        "marzo",
        "abril",
        "mayo",
        "junio",
        "julio",
        "agosto",
        "septiembre",
        "octubre",
        "noviembre",
        "diciembre",
    ],
    short_months: [
        "ene", "feb", "mar", "abr", "may", "jun", "jul", "ago", "sept", "oct", "nov", "dic",
    ],
    days: ["lunes", "martes", "miércoles", "jueves", "viernes", "sábado", "domingo"],
};

const fn words(style: DateStyle) -> &'static Words {
    match style {
        DateStyle::British | DateStyle::American | DateStyle::Iso => &ENGLISH,
        DateStyle::German => &GERMAN,
        DateStyle::French => &FRENCH,
        DateStyle::Spanish => &SPANISH,
    }
}

/// "22 November 2026".
pub(super) fn date(style: DateStyle, at: OffsetDateTime) -> String {
    let month = words(style).months[month_of(at)];
    let (day, year) = (at.day(), at.year());
    match style {
        DateStyle::British => format!("{day} {month} {year}"),
        DateStyle::American => format!("{month} {day}, {year}"),
        DateStyle::Iso => at.date().to_string(),
        DateStyle::German => format!("{day}. {month} {year}"),
        DateStyle::French => format!("{} {month} {year}", french_day(day)),
        DateStyle::Spanish => format!("{day} de {month} de {year}"),
    }
}

/// "Sunday 22 November 2026".
pub(super) fn long_date(style: DateStyle, at: OffsetDateTime) -> String {
    let weekday = words(style).days[day_of(at.weekday())];
    let date = date(style, at);
    match style {
        DateStyle::British | DateStyle::Iso | DateStyle::French => format!("{weekday} {date}"),
        DateStyle::American | DateStyle::German | DateStyle::Spanish => {
            format!("{weekday}, {date}")
        }
    }
}

/// "3 Sep", with the year when it is not `this_year`. ISO 8601 has no such thing: the whole date.
pub(super) fn short_date(style: DateStyle, at: OffsetDateTime, this_year: i32) -> String {
    let month = words(style).short_months[month_of(at)];
    let day = at.day();
    let short = match style {
        DateStyle::Iso => return date(style, at),
        DateStyle::British | DateStyle::Spanish => format!("{day} {month}"),
        DateStyle::American => format!("{month} {day}"),
        DateStyle::German => format!("{day}. {month}"),
        DateStyle::French => format!("{} {month}", french_day(day)),
    };
    match (at.year() == this_year, style) {
        (true, _) => short,
        (false, DateStyle::American) => format!("{short}, {}", at.year()),
        (false, _) => format!("{short} {}", at.year()),
    }
}

/// "08:31:40"; American "8:31:40 am".
pub(super) fn clock(style: DateStyle, at: OffsetDateTime) -> String {
    let (hour, minute, second) = at.to_hms();
    if style != DateStyle::American {
        return format!("{hour:02}:{minute:02}:{second:02}");
    }
    let half = if hour < 12 { "am" } else { "pm" };
    let hour = if hour.is_multiple_of(12) { 12 } else { hour % 12 };
    format!("{hour}:{minute:02}:{second:02} {half}")
}

/// "UTC", "UTC+1", "UTC-3:30".
pub(super) fn offset(at: OffsetDateTime) -> String {
    let (hours, minutes, _) = at.offset().as_hms();
    let sign = if at.offset().is_negative() { '-' } else { '+' };
    match (hours.unsigned_abs(), minutes.unsigned_abs()) {
        (0, 0) => "UTC".to_owned(),
        (hours, 0) => format!("UTC{sign}{hours}"),
        (hours, minutes) => format!("UTC{sign}{hours}:{minutes:02}"),
    }
}

/// The first of a month is the first, all others are numbers.
fn french_day(day: u8) -> String {
    if day == 1 { "1er".to_owned() } else { day.to_string() }
}

fn month_of(at: OffsetDateTime) -> usize {
    usize::from(u8::from(at.month())) - 1
}

fn day_of(weekday: Weekday) -> usize {
    usize::from(weekday.number_days_from_monday())
}
