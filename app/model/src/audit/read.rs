//! Reading a search.

use super::{
    AuditAction, Category, Net, OWN, Outcome, Severity,
    days::created,
    query::{ACTOR_KINDS, QUERY_LONGEST, Search, SoughtActor},
    word::{Word, words},
};
use crate::{KeyId, PersonId, place::Country};
use std::collections::BTreeMap;

/// Words of a search.
const WORDS: usize = 20;
const FIELDS: [&str; 10] = [
    "action", "actor", "category", "country", "created", "ip", "outcome", "request", "severity",
    "target",
];

/// What the line says of the field, if it says one thing, plainly, that can be chosen.
pub(super) fn chosen(line: &str, field: &str) -> &'static str {
    let mut said = words(line).into_iter().filter(|word| word.field == Some(field));
    let (Some(word), None) = (said.next(), said.next()) else { return "" };
    let chosen = match field {
        "category" => word.one_of(&Category::ALL, Category::name).map(Category::name),
        "outcome" => word.one_of(&Outcome::ALL, Outcome::name).map(Outcome::name),
        _ => word.one_of(&Severity::ALL, Severity::name).map(Severity::name),
    };
    chosen.ok().filter(|_| !word.not).unwrap_or_default()
}

/// The same of a field whose values are written.
pub(super) fn said(line: &str, field: &str) -> String {
    let mut said = words(line).into_iter().filter(|word| word.field == Some(field));
    match (said.next(), said.next()) {
        (Some(word), None) if !word.not => word.value,
        _ => String::new(),
    }
}

/// A value as one word of a line.
pub(super) fn quoted(value: &str) -> String {
    let value = value.replace('"', "");
    if value.contains(char::is_whitespace) { format!("\"{value}\"") } else { value }
}

/// The line with this about the field and nothing else of it; nothing at all if it is empty.
pub(super) fn replaced(line: &str, field: &str, value: &str) -> String {
    let others = words(line).into_iter().filter(|word| word.field != Some(field));
    let mut line: Vec<String> = others.map(|word| word.whole.to_owned()).collect();
    if !value.is_empty() {
        line.push(format!("{field}:{value}"));
    }
    line.join(" ")
}

pub(super) fn search(line: &str) -> Result<Search, String> {
    if line.chars().count() > QUERY_LONGEST {
        return Err(format!("This is longer than {QUERY_LONGEST} characters. Look for less."));
    }
    if line.contains('\0') {
        return Err("No record holds the character with the number zero. Leave it out.".to_owned());
    }
    let words = words(line);
    if words.len() > WORDS {
        return Err(format!("These are more than {WORDS} words. Look for less."));
    }
    let mut search = Search::default();
    let mut wanted = BTreeMap::<&str, Vec<AuditAction>>::new();
    for word in &words {
        if let Some(own) = own_action(word) {
            if word.not { &mut search.not_own_actions } else { &mut search.own_actions }.push(own);
            continue;
        }
        let Some(field) = word.field else {
            free(&mut search, word)?;
            continue;
        };
        match field {
            "action" | "category" | "severity" => {
                let meant = meant(word, field)?;
                match word.not {
                    true => search.not_actions.extend(meant),
                    false => wanted.entry(field).or_default().extend(meant),
                }
            }
            "outcome" => outcome(&mut search, word)?,
            "actor" => {
                let sought = actor(word)?;
                if word.not { &mut search.not_actors } else { &mut search.actors }.push(sought);
            }
            "target" => {
                let id = filled(word)?;
                if word.not { &mut search.not_targets } else { &mut search.targets }.push(id);
            }
            "request" => {
                let id = filled(word)?;
                if word.not { &mut search.not_requests } else { &mut search.requests }.push(id);
            }
            "ip" => {
                let net = net(word)?;
                if word.not { &mut search.not_nets } else { &mut search.nets }.push(net);
            }
            "country" => {
                let country = country(word)?;
                if word.not { &mut search.not_countries } else { &mut search.countries }
                    .push(country);
            }
            "created" => created(&mut search, word)?,
            _ => {
                let fields = FIELDS.join(", ");
                return Err(word.misread(&format!(
                    "a word before a colon is one of {fields}. Put quotes around it to look for it \
                     as it is."
                )));
            }
        }
    }
    narrow(&mut search, wanted);
    Ok(search)
}

/// To the actions that fit one word of each field that wants some.
fn narrow(search: &mut Search, mut wanted: BTreeMap<&str, Vec<AuditAction>>) {
    // Own actions have neither category nor severity: asked for with one, none fits.
    if !search.own_actions.is_empty() {
        wanted.entry("action").or_default();
        if wanted.len() > 1 {
            search.own_actions.clear();
        }
    }
    search.actions = wanted.into_values().reduce(|mut all, more| {
        all.retain(|action| more.contains(action));
        all
    });
}

pub(super) fn filled(word: &Word<'_>) -> Result<String, String> {
    match word.value.is_empty() {
        true => Err(word.misread("nothing follows the colon.")),
        false => Ok(word.value.clone()),
    }
}

/// What an action of the customer's own is called, if the word is about one.
fn own_action(word: &Word<'_>) -> Option<String> {
    let text = word.value.to_ascii_lowercase();
    (word.field == Some("action") && text.starts_with(OWN)).then_some(text)
}

fn free(search: &mut Search, word: &Word<'_>) -> Result<(), String> {
    if word.value.is_empty() {
        return Err(word.misread("there is nothing between the quotes."));
    }
    let words = if word.not { &mut search.not_words } else { &mut search.words };
    words.push(word.value.to_lowercase());
    Ok(())
}

fn outcome(search: &mut Search, word: &Word<'_>) -> Result<(), String> {
    let said = word.one_of(&Outcome::ALL, Outcome::name)?;
    let wanted = match (said, word.not) {
        (Outcome::Ok, false) | (Outcome::Refused, true) => Outcome::Ok,
        _ => Outcome::Refused,
    };
    match search.outcome.replace(wanted) {
        Some(other) if other != wanted => Err(word.misread("nothing ends in two ways.")),
        _ => Ok(()),
    }
}

fn net(word: &Word<'_>) -> Result<Net, String> {
    let text = filled(word)?;
    text.parse().map_err(|_| {
        word.misread("write an address like 203.0.113.7 or a network like 203.0.113.0/24.")
    })
}

fn country(word: &Word<'_>) -> Result<Country, String> {
    let code = filled(word)?.to_ascii_uppercase();
    Country::from_code(&code)
        .ok_or_else(|| word.misread("write the two letters of a country, like NO."))
}

fn actor(word: &Word<'_>) -> Result<SoughtActor, String> {
    let text = filled(word)?;
    Ok(match ACTOR_KINDS.into_iter().find(|kind| *kind == text) {
        Some(kind) => SoughtActor::Kind(kind),
        None if text == "me" => SoughtActor::Me,
        None if text.parse::<PersonId>().is_ok() || text.parse::<KeyId>().is_ok() => {
            SoughtActor::Id(text)
        }
        None => SoughtActor::Name(text),
    })
}

/// `key.create`, or `key.*` for all that begin so.
fn actions(word: &Word<'_>) -> Result<Vec<AuditAction>, String> {
    let text = filled(word)?.to_ascii_lowercase();
    let all = AuditAction::ALL.iter().copied();
    let found: Vec<AuditAction> = match text.strip_suffix('*') {
        Some(front) => all.filter(|action| action.name().starts_with(front)).collect(),
        None => all.filter(|action| action.name() == text).collect(),
    };
    if !found.is_empty() {
        return Ok(found);
    }
    let (group, _) = text.split_once('.').unwrap_or((&text, ""));
    let alike = AuditAction::ALL.iter().map(|action| action.name());
    let mut alike = alike.filter(|name| name.split('.').next() == Some(group)).peekable();
    Err(match alike.peek() {
        Some(_) => {
            let names: Vec<&str> = alike.take(4).collect();
            word.misread(&format!(
                "there is no such action. There are {group}.* for all of them, and {}.",
                names.join(", ")
            ))
        }
        None => word.misread("no action begins so. Write it like key.create, or key.* for all."),
    })
}

/// The actions that a word is about.
fn meant(word: &Word<'_>, field: &str) -> Result<Vec<AuditAction>, String> {
    let all = AuditAction::ALL.iter().copied();
    Ok(match field {
        "category" => {
            let category = word.one_of(&Category::ALL, Category::name)?;
            all.filter(|action| action.category() == category).collect()
        }
        "severity" => {
            let severity = word.one_of(&Severity::ALL, Severity::name)?;
            all.filter(|action| action.severity() == severity).collect()
        }
        _ => actions(word)?,
    })
}

#[cfg(test)]
mod tests;
