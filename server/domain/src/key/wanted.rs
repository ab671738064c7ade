//! What the "create a key" form asks for.

use crate::{Error, Result, security, security::KeyKind, text};
use model::key::{Environment, NewKey, Per, Rate, bounds};
use std::collections::BTreeSet;

type Said<T> = std::result::Result<T, String>;

/// A key that somebody wants.
pub(super) struct Wanted {
    pub(super) name: String,
    pub(super) environment: Environment,
    /// Days that it lasts; none for no end.
    pub(super) days: Option<u16>,
    /// From where it may be used, as the database keeps it.
    pub(super) networks: String,
    /// Apart by spaces.
    pub(super) scopes: String,
    pub(super) rate: Option<Rate>,
    pub(super) quota: Option<i64>,
    /// A JSON object; empty for none.
    pub(super) metadata: String,
}

impl Wanted {
    pub(super) const fn kind(&self) -> KeyKind {
        let (environment, days) = (self.environment, self.days);
        KeyKind { environment, days, is_open: self.networks.is_empty() }
    }

    pub(super) fn read(form: &NewKey) -> Result<Self> {
        let mut check = text::Check::default();
        let name = check.field("name", text::name(&form.name, "the key", bounds::NAME));
        let environment = Environment::from_name(&form.environment);
        let environment =
            check.field("environment", environment.ok_or_else(|| "Choose live or test.".into()));
        let days = check.field("days", days(&form.days));
        let networks = check.field("networks", security::parse_networks(&form.networks));
        let scopes = check.field("scopes", scopes(&form.scopes));
        let rate = check.field("rate", rate(&form.rate, &form.rate_per));
        let quota = check.field("quota", quota(&form.quota));
        let metadata = check.field("metadata", metadata(&form.metadata));
        check.done()?;
        let lacks = || Error::Inconsistent("a checked form lacks a field");
        let networks: Vec<String> =
            networks.ok_or_else(lacks)?.iter().map(ToString::to_string).collect();
        Ok(Self {
            name: name.ok_or_else(lacks)?,
            environment: environment.ok_or_else(lacks)?,
            days: days.ok_or_else(lacks)?,
            networks: networks.join(" "),
            scopes: scopes.ok_or_else(lacks)?,
            rate: rate.ok_or_else(lacks)?,
            quota: quota.ok_or_else(lacks)?,
            metadata: metadata.ok_or_else(lacks)?,
        })
    }
}

/// Days that it lasts; `never` for no end.
fn days(typed: &str) -> Said<Option<u16>> {
    let typed = typed.trim();
    if typed.eq_ignore_ascii_case("never") {
        return Ok(None);
    }
    let days = typed.parse().ok().filter(|days| (1..=bounds::DAYS_MOST).contains(days));
    days.map(Some).ok_or_else(|| {
        format!("Enter a whole number of days from 1 to {}, or never.", bounds::DAYS_MOST)
    })
}

/// Words that the team's own API gives a meaning to, each once, apart by spaces.
fn scopes(typed: &str) -> Said<String> {
    let words = typed.split(|c: char| c.is_whitespace() || matches!(c, ',' | ';'));
    let words: BTreeSet<&str> = words.filter(|word| !word.is_empty()).collect();
    if words.len() > bounds::SCOPES {
        return Err(format!("A key has at most {} scopes.", bounds::SCOPES));
    }
    match words.iter().find(|word| !is_scope(word)) {
        Some(wrong) => Err(format!(
            "This is not a scope: {}. Scopes are like orders:read or read@invoices, of letters, \
             digits and . _ : / * @ -, at most {} each.",
            wrong.chars().take(60).collect::<String>(),
            bounds::SCOPE
        )),
        None => Ok(words.into_iter().collect::<Vec<_>>().join(" ")),
    }
}

/// Whether a word may be a scope, or be asked for as one.
pub(super) fn is_scope(word: &str) -> bool {
    let known = |c: char| c.is_ascii_alphanumeric() || ".:_/*@-".contains(c);
    (1..=bounds::SCOPE).contains(&word.len()) && word.chars().all(known)
}

fn rate(typed: &str, per: &str) -> Said<Option<Rate>> {
    let typed = typed.trim();
    if typed.is_empty() {
        return Ok(None);
    }
    let limit = typed.parse().ok().filter(|limit| (1..=bounds::RATE_MOST).contains(limit));
    let limit = limit.ok_or("Enter a whole number from 1 to 1,000,000.")?;
    let per = Per::from_name(per).ok_or("Choose second, minute, hour or day.")?;
    Ok(Some(Rate { limit, per }))
}

fn quota(typed: &str) -> Said<Option<i64>> {
    let typed = typed.trim();
    if typed.is_empty() {
        return Ok(None);
    }
    let quota = typed.parse().ok().filter(|quota| (1..=bounds::QUOTA_MOST).contains(quota));
    quota.map(Some).ok_or_else(|| {
        "Enter a whole number of calls in a month, or nothing for as many as wanted.".into()
    })
}

/// A JSON object as it is kept: without spaces, and sorted by name.
fn metadata(typed: &str) -> Said<String> {
    if typed.trim().is_empty() {
        return Ok(String::new());
    }
    let object: std::result::Result<serde_json::Map<_, _>, _> = serde_json::from_str(typed);
    let object = object.map_err(|_| "Enter a JSON object like {\"customer\": \"c_17\"}.")?;
    let kept = serde_json::Value::Object(object).to_string();
    if kept.len() > bounds::METADATA {
        return Err(format!("This is larger than {} bytes.", bounds::METADATA));
    }
    Ok(kept)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn days_are_whole_and_few_or_never_end() {
        assert_eq!(days(" 90 "), Ok(Some(90)));
        assert_eq!(days("Never"), Ok(None));
        for wrong in ["", "0", "366", "-1", "1.5", "ninety", "99999999999"] {
            let said = days(wrong).unwrap_err();
            assert_eq!(said, "Enter a whole number of days from 1 to 365, or never.");
        }
    }

    #[test]
    fn scopes_are_words_each_once() {
        let kept = scopes(" orders:read,orders:read\nread@invoices ; admin/* ").unwrap();
        assert_eq!(kept, "admin/* orders:read read@invoices");
        assert_eq!(scopes("").unwrap(), "");
        for wrong in ["a\"b", "ü", &"x".repeat(65), "<script>"] {
            assert!(scopes(wrong).unwrap_err().starts_with("This is not a scope: "), "{wrong}");
        }
        let many: Vec<String> = (0..33).map(|n| format!("s{n}")).collect();
        assert_eq!(scopes(&many.join(" ")).unwrap_err(), "A key has at most 32 scopes.");
    }

    #[test]
    fn rates_and_quotas_are_whole_and_need_not_be() {
        let rate_of = |limit, per| Some(Rate { limit, per });
        assert_eq!(rate("", ""), Ok(None));
        assert_eq!(rate("100", "minute"), Ok(rate_of(100, Per::Minute)));
        for (limit, per) in [("0", "day"), ("1000001", "day"), ("x", "day"), ("5", "week")] {
            assert!(rate(limit, per).is_err(), "{limit} {per}");
        }
        assert_eq!((quota(" "), quota("5")), (Ok(None), Ok(Some(5))));
        for wrong in ["0", "-5", "1e3", "9999999999999999999999"] {
            assert!(quota(wrong).is_err(), "{wrong}");
        }
    }

    #[test]
    fn metadata_is_an_object_and_not_too_large() {
        assert_eq!(metadata("  "), Ok(String::new()));
        assert_eq!(metadata("{ \"b\": 1,\n \"a\": [2] }"), Ok("{\"a\":[2],\"b\":1}".into()));
        for wrong in ["[]", "7", "{", "{\"a\":}", "null"] {
            assert!(metadata(wrong).unwrap_err().starts_with("Enter a JSON object"), "{wrong}");
        }
        let large = format!("{{\"a\":\"{}\"}}", "x".repeat(4096));
        assert_eq!(metadata(&large).unwrap_err(), "This is larger than 4096 bytes.");
    }
}
