//! What a key may, how often, and what it is called: all that can be changed of it later.

use crate::{Cx, Result, event::Event, security, text};
use model::{
    Permissions,
    key::{NewKey, Per, Rate, bounds, is_ours, permissions_of, scope_of},
};
use std::collections::BTreeSet;

type Said<T> = std::result::Result<T, String>;

/// What somebody wants a key to be.
pub(super) struct Terms {
    pub(super) name: String,
    /// From where it may be used, as the database keeps it.
    pub(super) networks: String,
    /// Apart by spaces.
    pub(super) scopes: String,
    pub(super) rate: Option<Rate>,
    pub(super) quota: Option<i64>,
    /// A JSON object; empty for none.
    pub(super) metadata: String,
}

impl Terms {
    /// What the form says; none when a part is wrong, which `check` remembers.
    pub(super) fn read(check: &mut text::Check, form: &NewKey) -> Option<Self> {
        let name = check.field("name", text::name(&form.name, "the key", bounds::NAME));
        let networks = check.field("networks", security::parse_networks(&form.networks));
        let ticked = check.field("", form.ticked.permissions()).unwrap_or_default();
        let scopes = check.field("scopes", scopes(&form.scopes, ticked));
        let rate = check.field("rate", rate(&form.rate, &form.rate_per));
        let quota = check.field("quota", quota(&form.quota));
        let metadata = check.field("metadata", metadata(&form.metadata));
        let networks: Vec<String> = networks?.iter().map(ToString::to_string).collect();
        Some(Self {
            name: name?,
            networks: networks.join(" "),
            scopes: scopes?,
            rate: rate?,
            quota: quota?,
            metadata: metadata?,
        })
    }

    /// The rate as the database keeps it: calls and seconds.
    pub(super) fn rate_columns(&self) -> (Option<i32>, Option<i32>) {
        let column = |number: u32| i32::try_from(number).ok();
        (
            self.rate.and_then(|rate| column(rate.limit)),
            self.rate.and_then(|rate| column(rate.per.seconds())),
        )
    }

    /// The same as the record has it.
    pub(super) fn recorded(&self, event: Event) -> Event {
        let rate = self.rate.map(|rate| format!("{} a {}", rate.limit, rate.per.name()));
        event
            .with("networks", self.networks.as_str())
            .with("scopes", self.scopes.as_str())
            .with("rate", rate)
            .with("quota", self.quota)
    }
}

/// Refuses whoever lacks what a key of these scopes may do in Probity: nobody gets more through a
/// key than they hold. The database repeats it.
pub(super) fn refuse_more(cx: &Cx, scopes: &str) -> Result<()> {
    permissions_of(scopes.split(' ')).iter().try_for_each(|permission| cx.require(permission))
}

/// Words that the team's own API gives a meaning to, and what is ticked of ours: each once, apart
/// by spaces.
fn scopes(typed: &str, ticked: Permissions) -> Said<String> {
    let words = typed.split(|c: char| c.is_whitespace() || matches!(c, ',' | ';'));
    let ours: Vec<String> = ticked.iter().map(scope_of).collect();
    let words = words.filter(|word| !word.is_empty()).chain(ours.iter().map(String::as_str));
    let words: BTreeSet<&str> = words.collect();
    if let Some(wrong) = words.iter().find(|word| is_ours(word) && !is_for_keys(word)) {
        return Err(format!(
            "No key may {}. What one may do in Probity’s own API is listed below.",
            wrong.chars().take(60).collect::<String>()
        ));
    }
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

/// Whether a scope of ours is one that a key may hold.
fn is_for_keys(scope: &str) -> bool {
    !permissions_of([scope]).is_empty()
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
    fn scopes_are_words_each_once() {
        let scopes = |typed: &str| scopes(typed, Permissions::NONE);
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
