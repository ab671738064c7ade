//! What the form of a rule asks for; a line of a file is the same form.

use super::{fold, template};
use crate::{Error, Result, text};
use model::{
    ProgramId,
    rule::{Matching, RuleForm, bounds},
};
use time::{Date, macros::format_description};

type Said<T> = std::result::Result<T, String>;

/// A rule that somebody wants.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Wanted {
    pub(super) keyword: String,
    /// As it is compared.
    pub(super) folded: String,
    pub(super) matching: Matching,
    pub(super) language: String,
    pub(super) url: String,
    pub(super) program: Option<ProgramId>,
    pub(super) priority: i32,
    pub(super) starts: Option<Date>,
    pub(super) ends: Option<Date>,
    pub(super) enabled: bool,
}

/// What makes two of them the same rule: keyword, way of matching, language, program.
pub(super) type Identity = (String, Matching, String, Option<ProgramId>);

impl Wanted {
    pub(super) fn identity(&self) -> Identity {
        (self.folded.clone(), self.matching, self.language.clone(), self.program)
    }

    pub(super) fn read(form: &RuleForm) -> Result<Self> {
        let mut check = text::Check::default();
        let keyword = check.field("keyword", keyword(&form.keyword));
        let matching = Matching::from_name(form.matching.trim());
        let matching = check
            .field("matching", matching.ok_or_else(|| "Choose exact, phrase or prefix.".into()));
        let language = check.field("language", language(&form.language));
        let program = check.field("program", program(&form.program));
        let url = check.field(
            "url",
            template::read(&form.url).and_then(|(url, needs_tag)| {
                match needs_tag && matches!(program, Some(None)) {
                    true => {
                        Err("The address has {tag}. Choose the program whose key goes there."
                            .into())
                    }
                    false => Ok(url),
                }
            }),
        );
        let priority = check.field("priority", priority(&form.priority));
        let starts = check.field("starts", day(&form.starts));
        let ends = check.field(
            "ends",
            day(&form.ends).and_then(|end| match (starts, end) {
                (Some(Some(start)), Some(end)) if end < start => {
                    Err("The last day is before the first. Set it to the same day or later.".into())
                }
                _ => Ok(end),
            }),
        );
        let enabled = check.field("enabled", enabled(&form.enabled));
        check.done()?;
        let lacks = || Error::Inconsistent("a checked form lacks a field");
        let (keyword, folded) = keyword.ok_or_else(lacks)?;
        Ok(Self {
            keyword,
            folded,
            matching: matching.ok_or_else(lacks)?,
            language: language.ok_or_else(lacks)?,
            url: url.ok_or_else(lacks)?,
            program: program.ok_or_else(lacks)?,
            priority: priority.ok_or_else(lacks)?,
            starts: starts.ok_or_else(lacks)?,
            ends: ends.ok_or_else(lacks)?,
            enabled: enabled.ok_or_else(lacks)?,
        })
    }
}

/// The keyword as it was typed, and as it is compared.
fn keyword(typed: &str) -> Said<(String, String)> {
    let keyword = typed.split_whitespace().collect::<Vec<_>>().join(" ");
    let length = keyword.chars().count();
    if length > bounds::KEYWORD {
        let most = bounds::KEYWORD;
        return Err(format!("This keyword has {length} characters. Use at most {most}."));
    }
    if keyword.chars().any(char::is_control) {
        return Err("This keyword holds characters that cannot be seen. Type it again.".to_owned());
    }
    let folded = fold::fold(&keyword);
    match folded.chars().count() {
        0 => Err("Enter the words that a message is searched for.".to_owned()),
        1..=bounds::FOLDED => Ok((keyword, folded)),
        _ => Err("Signs of this keyword stand for many letters. Use fewer of them.".to_owned()),
    }
}

/// `de`; empty for any.
fn language(typed: &str) -> Said<String> {
    let language = typed.trim().to_ascii_lowercase();
    let is_code =
        |code: &str| matches!(code.len(), 2 | 3) && code.bytes().all(|b| b.is_ascii_lowercase());
    match language.is_empty() || is_code(&language) {
        true => Ok(language),
        false => {
            Err("Enter a language like de or en, without a country; or nothing for any.".to_owned())
        }
    }
}

fn program(typed: &str) -> Said<Option<ProgramId>> {
    match typed.trim() {
        "" => Ok(None),
        id => id.parse().map(Some).map_err(|_| NO_PROGRAM.to_owned()),
    }
}

/// The sentence for a program that the form names and the team does not have.
pub(super) const NO_PROGRAM: &str = "There is no such program. Choose one of the list.";

fn priority(typed: &str) -> Said<i32> {
    let typed = typed.trim();
    if typed.is_empty() {
        return Ok(0);
    }
    let most = bounds::PRIORITY;
    let priority = typed.parse().ok().filter(|priority| (-most..=most).contains(priority));
    priority.ok_or_else(|| "Enter a whole number from -1000 to 1000.".to_owned())
}

/// A day as the form and the file write it; none for none.
fn day(typed: &str) -> Said<Option<Date>> {
    let typed = typed.trim();
    if typed.is_empty() {
        return Ok(None);
    }
    let day = Date::parse(typed, format_description!("[year]-[month]-[day]")).ok();
    let day = day.filter(|day| (2000..=2999).contains(&day.year()));
    day.map(Some).ok_or_else(|| "Write the day like 2026-12-01.".to_owned())
}

fn enabled(typed: &str) -> Said<bool> {
    match typed.trim() {
        "yes" => Ok(true),
        "no" => Ok(false),
        _ => Err("Say yes or no.".to_owned()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn form() -> RuleForm {
        RuleForm {
            keyword: " Running  Shoes".into(),
            matching: "phrase".into(),
            url: "https://shop.example/".into(),
            enabled: "yes".into(),
            ..RuleForm::default()
        }
    }

    /// Field and sentence of what is wrong.
    fn wrong(form: &RuleForm) -> Vec<(String, String)> {
        let Err(Error::Invalid(errors)) = Wanted::read(form) else { panic!("{form:?}") };
        errors.into_iter().map(|error| (error.field, error.message)).collect()
    }

    #[test]
    fn a_rule_needs_a_keyword_an_address_and_little_else() {
        let wanted = Wanted::read(&form()).unwrap();
        assert_eq!(
            (wanted.keyword.as_str(), wanted.folded.as_str()),
            ("Running Shoes", "running shoes")
        );
        assert_eq!((wanted.priority, wanted.starts, wanted.language.as_str()), (0, None, ""));
        let fields: Vec<String> = wrong(&RuleForm::default()).into_iter().map(|it| it.0).collect();
        assert_eq!(fields, ["keyword", "matching", "url", "enabled"]);
    }

    #[test]
    fn every_wrong_field_says_what_to_do() {
        let one = |change: fn(&mut RuleForm)| {
            let mut form = form();
            change(&mut form);
            let mut wrong = wrong(&form);
            assert_eq!(wrong.len(), 1, "{wrong:?}");
            wrong.remove(0).1
        };
        assert!(one(|it| it.keyword = "\u{200b}".into()).starts_with("Enter the words"));
        assert!(one(|it| it.keyword = "x".repeat(201)).contains("201 characters"));
        assert!(one(|it| it.keyword = "ﷺ".repeat(60)).contains("fewer"));
        assert!(one(|it| it.language = "de-CH".into()).contains("without a country"));
        assert!(one(|it| it.priority = "1001".into()).contains("-1000 to 1000"));
        assert!(one(|it| it.starts = "1.12.2026".into()).contains("2026-12-01"));
        assert!(one(|it| it.ends = "2026-02-30".into()).contains("2026-12-01"));
        assert!(
            one(|it| (it.starts, it.ends) = ("2026-12-02".into(), "2026-12-01".into()))
                .contains("before the first")
        );
        assert!(
            one(|it| it.url = "https://x.example/?t={tag}".into()).contains("Choose the program")
        );
        assert!(one(|it| it.program = "key_7".into()).contains("no such program"));
    }
}
