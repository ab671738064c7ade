//! Addresses as people paste them.

use crate::text;
use model::invitation::bounds::AT_ONCE;
use std::collections::BTreeSet;

/// Wrong words that are repeated to whoever typed them.
const REPEATED: usize = 3;

/// The addresses in `typed`, in lower case, each once and sorted: one or many, between them lines,
/// spaces, commas or semicolons, with or without names: `Ada Lindqvist <ada@example.com>`.
pub(super) fn read(typed: &str) -> Result<BTreeSet<String>, String> {
    // Where addresses stand in angle brackets, the words outside of them are names.
    let named = typed.contains('<') && typed.contains('>');
    let words = typed
        .split(|c: char| c.is_whitespace() || matches!(c, ',' | ';' | '<' | '>'))
        .map(|word| word.trim_matches(['"', '\'', '(', ')']))
        .filter(|word| !word.is_empty() && (!named || word.contains('@')));
    let (mut found, mut wrong) = (BTreeSet::new(), Vec::new());
    for word in words {
        match text::email(word) {
            Ok(email) => drop(found.insert(email.to_lowercase())),
            Err(_) => wrong.push(word),
        }
    }
    if !wrong.is_empty() {
        return Err(not_addresses(&wrong));
    }
    match found.len() {
        0 => Err("Enter at least one e-mail address.".to_owned()),
        many if many > AT_ONCE => Err(format!(
            "These are {many} addresses. Invite at most {AT_ONCE} at once; the rest can follow."
        )),
        _ => Ok(found),
    }
}

fn not_addresses(wrong: &[&str]) -> String {
    let short = |word: &&str| word.chars().take(40).collect::<String>();
    let shown = wrong.iter().take(REPEATED).map(short).collect::<Vec<_>>().join(", ");
    let more = match wrong.len().saturating_sub(REPEATED) {
        0 => String::new(),
        more => format!(" and {more} more"),
    };
    let (what, each) = match wrong.len() {
        1 => ("This is not an e-mail address", "it"),
        _ => ("These are not e-mail addresses", "each"),
    };
    format!("{what}: {shown}{more}. Write {each} like ada@example.com.")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn said(typed: &str) -> Result<Vec<String>, String> {
        read(typed).map(Vec::from_iter)
    }

    #[test]
    fn addresses_are_read_however_they_are_pasted() {
        let two = Ok(vec!["ada@example.com".to_owned(), "ben@example.com".to_owned()]);
        for typed in [
            "ada@example.com ben@example.com",
            "ben@example.com,\r\n ada@example.com;",
            "Ada Lindqvist <ada@example.com>, \"Ek, Ben\" <ben@example.com>",
            "Ada@Example.com\n\nada@example.com\nben@example.com",
            "Ada <ada@example.com>; ben@example.com",
        ] {
            assert_eq!(said(typed), two, "{typed}");
        }
    }

    #[test]
    fn what_is_no_address_is_named() {
        assert_eq!(said(" \n ,"), Err("Enter at least one e-mail address.".to_owned()));
        assert_eq!(
            said("ada@example.com ben"),
            Err("This is not an e-mail address: ben. Write it like ada@example.com.".to_owned())
        );
        assert_eq!(
            said("a b c d e@"),
            Err("These are not e-mail addresses: a, b, c and 2 more. Write each like \
                 ada@example.com."
                .to_owned())
        );
    }

    #[test]
    fn fifty_are_invited_at_once_and_not_one_more() {
        let many = |n: usize| (0..n).map(|n| format!("p{n}@example.com\n")).collect::<String>();
        assert_eq!(said(&many(50)).map(|found| found.len()), Ok(50));
        assert_eq!(
            said(&many(51)),
            Err("These are 51 addresses. Invite at most 50 at once; the rest can follow."
                .to_owned())
        );
    }
}
