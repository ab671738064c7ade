//! Asking a matcher.

use super::{
    super::{fold, template},
    Matcher,
    build::{MatchRule, marked},
};
use crate::zone;
use model::rule::{Offer, bounds};
use secrecy::ExposeSecret;
use std::borrow::Cow;
use template::Slot;
use time::{Date, OffsetDateTime};

/// What is looked for.
#[derive(Debug, Clone, Copy)]
pub(in crate::rule) struct Sought<'a> {
    pub(in crate::rule) message: &'a str,
    /// `de`; empty for whichever.
    pub(in crate::rule) language: &'a str,
    pub(in crate::rule) limit: usize,
    pub(in crate::rule) at: OffsetDateTime,
}

/// Whether addresses are made to be followed or to be looked at.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::rule) enum Tag {
    /// With the affiliate key, for whoever asks with an API key.
    Filled,
    /// With `{tag}` left as it is: nobody of the team reads the key.
    Kept,
}

impl Matcher {
    /// The offers for a message: the highest priority first, then the longest keyword, then the
    /// oldest rule; each rule once.
    pub(in crate::rule) fn offers(&self, sought: &Sought<'_>, tag: Tag) -> Vec<Offer> {
        let today = zone::local(sought.at, &self.zone).date();
        let counts = |rule: &&MatchRule| rule.counts_on(today) && rule.speaks(sought.language);
        let found = self.found(sought.message);
        let rules = found.into_iter().map(|number| &self.rules[number as usize]);
        let query: String = sought.message.trim().chars().take(bounds::QUERY).collect();
        let offer = |rule: &MatchRule| self.offer(rule, &query, tag);
        rules.filter(counts).take(sought.limit).map(offer).collect()
    }

    /// Numbers of the rules whose keyword is there, the best first.
    fn found(&self, message: &str) -> Vec<u32> {
        let folded = fold::fold(message);
        let mut found = self.exact.get(&*folded).cloned().unwrap_or_default();
        let mut seen = vec![false; self.of_pattern.len()];
        for hit in self.patterns.find_overlapping_iter(&marked(&folded)) {
            let pattern = hit.pattern().as_usize();
            if !std::mem::replace(&mut seen[pattern], true) {
                found.extend_from_slice(&self.of_pattern[pattern]);
            }
        }
        found.sort_unstable();
        found
    }

    fn offer(&self, rule: &MatchRule, query: &str, tag: Tag) -> Offer {
        let program = rule.program.and_then(|number| self.programs.get(number));
        let url = match tag {
            Tag::Filled => template::filled(&rule.url, |slot| match slot {
                Slot::Tag => program.map_or("", |program| program.key.expose_secret()).into(),
                Slot::Keyword => Cow::Borrowed(&*rule.keyword),
                Slot::Query => Cow::Borrowed(query),
            }),
            Tag::Kept => {
                let parts = rule.url.split("{tag}");
                let filled = parts.map(|part| {
                    template::filled(part, |slot| match slot {
                        Slot::Query => Cow::Borrowed(query),
                        _ => Cow::Borrowed(&*rule.keyword),
                    })
                });
                filled.collect::<Vec<_>>().join("{tag}")
            }
        };
        Offer {
            rule: rule.id,
            keyword: rule.keyword.to_string(),
            url,
            program: program.map(|program| program.name.to_string()),
            priority: rule.priority,
        }
    }
}

impl MatchRule {
    fn counts_on(&self, today: Date) -> bool {
        self.starts.is_none_or(|first| first <= today) && self.ends.is_none_or(|last| today <= last)
    }

    fn speaks(&self, language: &str) -> bool {
        self.language.is_empty() || language.is_empty() || *self.language == *language
    }
}
