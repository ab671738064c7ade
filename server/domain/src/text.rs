//! What people type, made into words of ours, with one sentence for each thing that is wrong.

use model::{FieldError, account::bounds};

/// What is looked for, as the database can compare it: no longer than `most`, and without the character
/// with the number zero, which no text in it holds.
pub(crate) fn sought(typed: &str, most: usize) -> String {
    typed.trim().chars().filter(|letter| *letter != '\0').take(most).collect()
}

/// In small letters, each by itself: so that what is found in a text is found in any part of it.
pub(crate) fn folded(text: &str) -> String {
    text.chars().flat_map(char::to_lowercase).collect()
}

/// Collects every wrong field of a form, so that all are told at once.
#[derive(Debug, Default)]
pub(crate) struct Check {
    errors: Vec<FieldError>,
}

impl Check {
    /// The value, or nothing and a remembered sentence.
    pub(crate) fn field<T>(&mut self, field: &'static str, read: Result<T, String>) -> Option<T> {
        read.map_err(|message| self.errors.push(FieldError::new(field, message))).ok()
    }

    /// Fails with everything remembered, if anything was.
    pub(crate) fn done(self) -> crate::Result<()> {
        if self.errors.is_empty() { Ok(()) } else { Err(crate::Error::Invalid(self.errors)) }
    }
}

/// A name: trimmed, inner spaces made single, 1 to `most` characters, no control characters.
pub(crate) fn name(typed: &str, what: &str, most: usize) -> Result<String, String> {
    let name = typed.split_whitespace().collect::<Vec<_>>().join(" ");
    let length = name.chars().count();
    if name.is_empty() {
        return Err(format!("Give {what} a name."));
    }
    if length > most {
        return Err(format!("This name has {length} characters. Use at most {most}."));
    }
    match name.chars().find(|c| c.is_control() || is_invisible(*c)) {
        Some(_) => Err("This name holds characters that cannot be seen. Type it again.".to_owned()),
        None => Ok(name),
    }
}

/// Marks that reorder or hide text let one name pass for another.
fn is_invisible(c: char) -> bool {
    matches!(c, '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2060}'..='\u{2069}'
        | '\u{feff}')
}

/// An e-mail address: one `@`, something on both sides, no spaces. Whether it exists, only a
/// mail can tell.
pub(crate) fn email(typed: &str) -> Result<String, String> {
    let email = typed.trim();
    if email.is_empty() {
        return Err("Enter an e-mail address.".to_owned());
    }
    if email.chars().count() > bounds::EMAIL {
        return Err(format!("An e-mail address has at most {} characters.", bounds::EMAIL));
    }
    let well_formed = email.split_once('@').is_some_and(|(local, domain)| {
        !local.is_empty()
            && !domain.is_empty()
            && !domain.contains('@')
            && !domain.starts_with('.')
            && !domain.ends_with('.')
    });
    let clean = !email.chars().any(|c| c.is_whitespace() || c.is_control() || is_invisible(c));
    if well_formed && clean {
        Ok(email.to_owned())
    } else {
        Err("This is not an e-mail address. Write it like ada@example.com.".to_owned())
    }
}

/// `a…@example.com`: enough to recognise, too little to write to.
pub(crate) fn masked(email: &str) -> String {
    let (local, domain) = email.split_once('@').unwrap_or((email, ""));
    let first: String = local.chars().take(1).collect();
    format!("{first}…@{domain}")
}

/// Words of one's own, which may be none: trimmed, lines kept, at most `most` characters.
pub(crate) fn message(typed: &str, most: usize) -> Result<String, String> {
    let lines: Vec<&str> = typed.trim().lines().map(str::trim_end).collect();
    let message = lines.join("\n");
    let length = message.chars().count();
    if length > most {
        return Err(format!("This has {length} characters. Use at most {most}."));
    }
    match message.chars().find(|c| (c.is_control() && *c != '\n') || is_invisible(*c)) {
        Some(_) => Err("This holds characters that cannot be seen. Type it again.".to_owned()),
        None => Ok(message),
    }
}

/// A slug made from a name: letters and digits of ASCII, single hyphens, at most 40.
pub(crate) fn slug(name: &str) -> String {
    let mut slug = String::new();
    for c in name.chars().flat_map(char::to_lowercase) {
        match c {
            'a'..='z' | '0'..='9' => slug.push(c),
            _ if !slug.is_empty() && !slug.ends_with('-') => slug.push('-'),
            _ => {}
        }
    }
    slug.truncate(model::team::bounds::SLUG);
    let slug = slug.trim_matches('-');
    if slug.is_empty() { "team".to_owned() } else { slug.to_owned() }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_says_what_is_wrong_with_it() {
        assert_eq!(name("  ", "the key", 60), Err("Give the key a name.".to_owned()));
        assert_eq!(name(" billing \t sync ", "the key", 60).as_deref(), Ok("billing sync"));
        assert_eq!(
            name(&"x".repeat(61), "the key", 60),
            Err("This name has 61 characters. Use at most 60.".to_owned())
        );
        assert!(name("ada\u{202e}x", "the key", 60).is_err());
    }

    #[test]
    fn an_address_needs_both_sides() {
        assert!(email("ada@example.com").is_ok());
        assert!(email("ада@пример.рф").is_ok());
        for wrong in ["", "ada", "@x.org", "ada@", "a@b@c", "a b@c.org", "a@.org", "a@org."] {
            assert!(email(wrong).is_err(), "{wrong}");
        }
    }

    #[test]
    fn an_address_is_recognised_and_not_told() {
        assert_eq!(masked("ada.lindqvist@example.com"), "a…@example.com");
        assert_eq!(masked("я@пример.рф"), "я…@пример.рф");
    }

    #[test]
    fn a_message_keeps_its_lines_and_has_an_end() {
        assert_eq!(message(" Hello\r\n\r\nBen ", 20).as_deref(), Ok("Hello\n\nBen"));
        assert_eq!(message("", 20).as_deref(), Ok(""));
        assert_eq!(
            message(&"x".repeat(21), 20),
            Err("This has 21 characters. Use at most 20.".to_owned())
        );
        assert!(message("a\u{202e}b", 20).is_err());
    }

    #[test]
    fn a_slug_is_plain_whatever_the_name() {
        assert_eq!(slug("Halden Freight AS"), "halden-freight-as");
        assert_eq!(slug("  --Ünïcode--  "), "n-code");
        assert_eq!(slug("日本"), "team");
        assert_eq!(slug(&"ab ".repeat(40)).len(), 40);
    }
}
