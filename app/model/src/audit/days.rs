//! Days of a search.

use super::{
    query::{Day, Search},
    read::filled,
    word::{Word, words},
};

/// The first and the last day that a line says, if they can be chosen beside it; empty where there is
/// none.
pub(super) fn chosen(line: &str) -> (String, String) {
    let mut said = words(line).into_iter().filter(|word| word.field == Some("created"));
    let (Some(word), None) = (said.next(), said.next()) else { return Default::default() };
    let mut search = Search::default();
    if word.not || created(&mut search, &word).is_err() {
        return Default::default();
    }
    let text = word.value.trim();
    let plain = text.trim_start_matches(['<', '>', '=']);
    let (first, last) = plain.split_once("..").unwrap_or((plain, plain));
    match text.strip_suffix(plain) {
        Some("") => (first.to_owned(), last.to_owned()),
        Some(">=") => (first.to_owned(), String::new()),
        Some("<=") => (String::new(), last.to_owned()),
        // Before or after a day: the same days have another name, and the line keeps its own.
        _ => Default::default(),
    }
}

/// The word for these days; empty for none.
pub(super) fn word((first, last): (&str, &str)) -> String {
    match (first, last) {
        ("", "") => String::new(),
        (first, "") => format!(">={first}"),
        ("", last) => format!("<={last}"),
        (first, last) if first == last => first.to_owned(),
        (first, last) => format!("{first}..{last}"),
    }
}

/// `2026-01-31`, `>=2026-01-31`, `>`, `<=`, `<`, `2026-01-01..2026-01-31`.
pub(super) fn created(search: &mut Search, word: &Word<'_>) -> Result<(), String> {
    if word.not {
        return Err(word.misread("leave out the minus, and turn < and > around."));
    }
    let text = filled(word)?;
    let day = |text: &str, next: bool| match is_day(text) {
        true => Ok(Day { day: text.to_owned(), next }),
        false => Err(word.misread(
            "write days like 2026-01-31, >=2026-01-31, <2026-01-31 or 2026-01-01..2026-01-31.",
        )),
    };
    let (since, until) = (&mut search.since, &mut search.until);
    if let Some((first, last)) = text.split_once("..") {
        since.push(day(first, false)?);
        until.push(day(last, true)?);
    } else if let Some(rest) = text.strip_prefix(">=") {
        since.push(day(rest, false)?);
    } else if let Some(rest) = text.strip_prefix('>') {
        since.push(day(rest, true)?);
    } else if let Some(rest) = text.strip_prefix("<=") {
        until.push(day(rest, true)?);
    } else if let Some(rest) = text.strip_prefix('<') {
        until.push(day(rest, false)?);
    } else {
        since.push(day(&text, false)?);
        until.push(day(&text, true)?);
    }
    Ok(())
}

/// A day of the calendar, of this millennium or the last.
fn is_day(text: &str) -> bool {
    let part = |range: std::ops::Range<usize>| -> Option<u16> {
        let digits = text.get(range)?;
        digits.bytes().all(|byte| byte.is_ascii_digit()).then(|| digits.parse().ok())?
    };
    let bytes = text.as_bytes();
    if bytes.len() != 10 || bytes[4] != b'-' || bytes[7] != b'-' {
        return false;
    }
    let (Some(year), Some(month), Some(day)) = (part(0..4), part(5..7), part(8..10)) else {
        return false;
    };
    let leap = year.is_multiple_of(4) && (!year.is_multiple_of(100) || year.is_multiple_of(400));
    let last = match month {
        1 | 3 | 5 | 7 | 8 | 10 | 12 => 31,
        4 | 6 | 9 | 11 => 30,
        2 if leap => 29,
        2 => 28,
        _ => return false,
    };
    (1900..2100).contains(&year) && (1..=last).contains(&day)
}
