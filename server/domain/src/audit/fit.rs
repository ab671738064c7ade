//! What is looked for in each record by the program: texts, where it came from, and its request. The
//! database looks for the rest.

use super::row::{Said, Stored};
use crate::{Cx, Result, text::folded};
use model::{
    AuditAction, KeyId, PersonId,
    audit::{Net, Search},
    place::Country,
};
use std::{collections::HashSet, net::IpAddr};
use uuid::Uuid;

/// Every part that is empty lets everything through.
#[derive(Debug, Default)]
pub(super) struct Fit {
    pub(super) words: Vec<Sought>,
    not_words: Vec<Sought>,
    pub(super) nets: Vec<Net>,
    not_nets: Vec<Net>,
    pub(super) countries: Vec<Country>,
    not_countries: Vec<Country>,
    pub(super) requests: Vec<String>,
    not_requests: Vec<String>,
}

/// A text that stands somewhere.
#[derive(Debug)]
pub(super) struct Sought {
    /// In small letters.
    pub(super) text: String,
    /// Who has it in their name.
    pub(super) actors: HashSet<Uuid>,
    /// Actions that have it in their heading.
    pub(super) actions: Vec<&'static str>,
}

impl Sought {
    fn of(text: &str, named: &[(String, Uuid)]) -> Self {
        let text = folded(text);
        let actors = named.iter().filter(|(name, _)| folded(name).contains(&text));
        let actions = AuditAction::ALL.iter().filter(|one| folded(one.title()).contains(&text));
        Self {
            actors: actors.map(|(_, id)| *id).collect(),
            actions: actions.map(|one| one.name()).collect(),
            text,
        }
    }

    /// What must stand in the record as it is written, whatever the case of its letters: the longest part of
    /// letters and digits, which JSON writes as they are. None where another way is open.
    fn part(&self) -> Option<String> {
        let id = self.text.parse::<PersonId>().is_ok() || self.text.parse::<KeyId>().is_ok();
        if id || !self.actors.is_empty() || !self.actions.is_empty() {
            return None;
        }
        let parts = self.text.split(|letter: char| !letter.is_ascii_alphanumeric());
        parts.max_by_key(|part| part.len()).filter(|part| !part.is_empty()).map(str::to_owned)
    }

    fn stands_in(&self, row: &Stored, said: &Said, text: &str) -> bool {
        text.contains(&self.text)
            || row.actor_id.is_some_and(|id| self.actors.contains(&id))
            || self.actions.contains(&&*said.action)
            || [&said.target.id, &said.request, &row.actor()]
                .iter()
                .any(|id| folded(id) == self.text)
    }
}

impl Fit {
    /// `named` are those who may be meant by a word, by name.
    pub(super) fn of(search: &Search, named: &[(String, Uuid)]) -> Self {
        let sought = |words: &[String]| words.iter().map(|word| Sought::of(word, named)).collect();
        Self {
            words: sought(&search.words),
            not_words: sought(&search.not_words),
            nets: search.nets.clone(),
            not_nets: search.not_nets.clone(),
            countries: search.countries.clone(),
            not_countries: search.not_countries.clone(),
            requests: search.requests.clone(),
            not_requests: search.not_requests.clone(),
        }
    }

    /// What the database can look for already: records without all of these do not fit.
    pub(super) fn parts(&self) -> Vec<String> {
        self.words.iter().filter_map(Sought::part).collect()
    }

    /// Whether all records fit.
    pub(super) fn is_all(&self) -> bool {
        self.is_any_text() && self.is_anywhere() && self.is_any_request()
    }

    fn is_any_text(&self) -> bool {
        self.words.is_empty() && self.not_words.is_empty()
    }

    fn is_any_request(&self) -> bool {
        self.requests.is_empty() && self.not_requests.is_empty()
    }

    fn is_anywhere(&self) -> bool {
        self.nets.is_empty()
            && self.not_nets.is_empty()
            && self.countries.is_empty()
            && self.not_countries.is_empty()
    }

    pub(super) async fn fits(&self, cx: &Cx, row: &Stored) -> Result<bool> {
        if self.is_all() {
            return Ok(true);
        }
        let said = Said::of(&row.record);
        Ok(self.says(row, &said) && (self.is_anywhere() || self.comes(cx, row).await?))
    }

    fn says(&self, row: &Stored, said: &Said) -> bool {
        let is_asked = |ids: &[String]| ids.contains(&said.request);
        if is_asked(&self.not_requests) || !(self.requests.is_empty() || is_asked(&self.requests)) {
            return false;
        }
        if self.is_any_text() {
            return true;
        }
        let text = said.text();
        let stands = |word: &Sought| word.stands_in(row, said, &text);
        self.words.iter().all(stands) && !self.not_words.iter().any(stands)
    }

    async fn comes(&self, cx: &Cx, row: &Stored) -> Result<bool> {
        let (_, from) = row.origin(cx).await?;
        let ip = from.ip.parse::<IpAddr>().ok();
        let country = ip.and_then(|ip| cx.deps().places().country(ip));
        let within = |nets: &[Net]| ip.is_some_and(|ip| nets.iter().any(|net| net.contains(ip)));
        let inside = |all: &[Country]| country.is_some_and(|country| all.contains(&country));
        Ok((self.nets.is_empty() || within(&self.nets))
            && (self.countries.is_empty() || inside(&self.countries))
            && !within(&self.not_nets)
            && !inside(&self.not_countries))
    }
}
