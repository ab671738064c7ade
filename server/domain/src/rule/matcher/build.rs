//! Making a matcher of rules.

use super::{super::fold, BOUNDARY, Matcher};
use crate::{Error, Result};
use aho_corasick::{AhoCorasickBuilder, AhoCorasickKind};
use model::{RuleId, rule::Matching};
use secrecy::SecretString;
use std::{cmp::Reverse, collections::HashMap};
use time::Date;

/// A rule as it is looked for.
#[derive(Debug, Clone)]
pub(in crate::rule) struct MatchRule {
    pub(in crate::rule) id: RuleId,
    pub(in crate::rule) keyword: Box<str>,
    pub(in crate::rule) folded: Box<str>,
    pub(in crate::rule) matching: Matching,
    pub(in crate::rule) language: Box<str>,
    pub(in crate::rule) url: Box<str>,
    /// Its number among the programs.
    pub(in crate::rule) program: Option<usize>,
    pub(in crate::rule) priority: i32,
    pub(in crate::rule) starts: Option<Date>,
    pub(in crate::rule) ends: Option<Date>,
}

/// A program with its key, open.
pub(in crate::rule) struct MatchProgram {
    pub(in crate::rule) name: Box<str>,
    pub(in crate::rule) key: SecretString,
}

/// What a matcher is made of.
pub(in crate::rule) struct Source {
    pub(in crate::rule) rules: Vec<MatchRule>,
    pub(in crate::rule) programs: Vec<MatchProgram>,
    pub(in crate::rule) zone: String,
}

impl Matcher {
    /// Takes a moment, for many rules: not where somebody waits for others.
    pub(in crate::rule) fn build(source: Source) -> Result<Self> {
        let Source { mut rules, programs, zone } = source;
        rules.sort_by_cached_key(|rule| {
            (Reverse(rule.priority), Reverse(rule.folded.chars().count()), rule.id)
        });
        let mut exact = HashMap::<Box<str>, Vec<u32>>::new();
        let mut patterns = HashMap::<Vec<u8>, Vec<u32>>::new();
        for (number, rule) in (0_u32..).zip(&rules) {
            match rule.matching {
                Matching::Exact => exact.entry(rule.folded.clone()).or_default().push(number),
                Matching::Phrase => {
                    patterns.entry(marked(&rule.folded)).or_default().push(number);
                }
                Matching::Prefix => {
                    let mut begins = marked(&rule.folded);
                    begins.pop();
                    patterns.entry(begins).or_default().push(number);
                }
            }
        }
        let (patterns, of_pattern): (Vec<_>, Vec<_>) = patterns.into_iter().unzip();
        let patterns = AhoCorasickBuilder::new()
            .kind(Some(AhoCorasickKind::ContiguousNFA))
            .build(patterns)
            .map_err(|_| Error::Inconsistent("too many rules for one automaton"))?;
        Ok(Self { rules, programs, exact, patterns, of_pattern, zone: zone.into() })
    }

    /// About how many bytes it takes.
    pub(in crate::rule) fn size(&self) -> usize {
        let text = |rule: &MatchRule| {
            rule.keyword.len() + 2 * rule.folded.len() + rule.language.len() + rule.url.len()
        };
        let rules: usize =
            self.rules.iter().map(|rule| size_of::<MatchRule>() + text(rule) + 64).sum();
        rules + self.patterns.memory_usage()
    }
}

/// The text with a mark at each boundary.
pub(super) fn marked(folded: &str) -> Vec<u8> {
    let mut text = Vec::with_capacity(2 * folded.len() + 2);
    let (mut before, mut place) = (None, [0; 4]);
    for c in folded.chars() {
        if fold::is_boundary(before, Some(c)) {
            text.push(BOUNDARY);
        }
        text.extend_from_slice(c.encode_utf8(&mut place).as_bytes());
        before = Some(c);
    }
    text.push(BOUNDARY);
    text
}
