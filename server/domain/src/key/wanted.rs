//! What the "create a key" form asks for.

use super::terms::Terms;
use crate::{Error, Result, security::KeyKind, text};
use model::key::{Environment, NewKey, bounds};

/// A key that somebody wants.
pub(super) struct Wanted {
    pub(super) environment: Environment,
    /// Days that it lasts; none for no end.
    pub(super) days: Option<u16>,
    pub(super) terms: Terms,
}

impl Wanted {
    pub(super) const fn kind(&self) -> KeyKind {
        let (environment, days) = (self.environment, self.days);
        KeyKind { environment, days, is_open: self.terms.networks.is_empty() }
    }

    pub(super) fn read(form: &NewKey) -> Result<Self> {
        let mut check = text::Check::default();
        let terms = Terms::read(&mut check, form);
        let environment = Environment::from_name(&form.environment);
        let environment =
            check.field("environment", environment.ok_or_else(|| "Choose live or test.".into()));
        let days = check.field("days", days(&form.days));
        check.done()?;
        let read = environment.zip(days).zip(terms);
        read.map(|((environment, days), terms)| Self { environment, days, terms })
            .ok_or(Error::Inconsistent("a checked form lacks a field"))
    }
}

/// Days that it lasts; `never` for no end.
fn days(typed: &str) -> std::result::Result<Option<u16>, String> {
    let typed = typed.trim();
    if typed.eq_ignore_ascii_case("never") {
        return Ok(None);
    }
    let days = typed.parse().ok().filter(|days| (1..=bounds::DAYS_MOST).contains(days));
    days.map(Some).ok_or_else(|| {
        format!("Enter a whole number of days from 1 to {}, or never.", bounds::DAYS_MOST)
    })
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
}
