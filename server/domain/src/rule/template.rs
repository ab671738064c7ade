//! The address that a rule leads to, with words in braces that are filled in.

use model::rule::bounds;
use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};
use std::borrow::Cow;
use url::Url;

/// What RFC 3986 calls unreserved stays as it is.
const KEPT: &AsciiSet = &NON_ALPHANUMERIC.remove(b'-').remove(b'.').remove(b'_').remove(b'~');

/// A word in braces.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Slot {
    Tag,
    Keyword,
    Query,
}

impl Slot {
    fn from_name(name: &str) -> Option<Self> {
        match name {
            "tag" => Some(Self::Tag),
            "keyword" => Some(Self::Keyword),
            "query" => Some(Self::Query),
            _ => None,
        }
    }
}

/// The address as it is kept, and whether it needs an affiliate key.
pub(super) fn read(typed: &str) -> Result<(String, bool), String> {
    let typed = typed.trim();
    if typed.is_empty() {
        return Err("Enter the address that the offer leads to.".to_owned());
    }
    let length = typed.chars().count();
    if length > bounds::URL {
        return Err(format!("This address has {length} characters. Use at most {}.", bounds::URL));
    }
    if typed.chars().any(|c| c.is_control() || c.is_whitespace()) {
        return Err("An address has no spaces or line breaks. Take them out.".to_owned());
    }
    let slots = slots(typed)?;
    let fill = |with: &str| Url::parse(&filled(typed, |_| Cow::Owned(with.to_owned())));
    let (Ok(one), Ok(other)) = (fill("a"), fill("b")) else {
        return Err("This is not an address. Write it like https://shop.example/shoes?tag={tag}."
            .to_owned());
    };
    if one.scheme() != "https" || !typed.to_ascii_lowercase().starts_with("https://") {
        return Err("The address must be safe to follow. Begin it with https://.".to_owned());
    }
    if !one.username().is_empty() || one.password().is_some() {
        return Err("The address holds a name or a password. Take them out.".to_owned());
    }
    if (one.host(), one.port()) != (other.host(), other.port()) {
        return Err("Words in braces stand after the host. Write the host out.".to_owned());
    }
    let query =
        typed.find("{query}").is_some_and(|at| typed.find('?').is_none_or(|mark| at < mark));
    if query {
        return Err("What somebody wrote must not choose the page. Put {query} after a ?.".into());
    }
    Ok((typed.to_owned(), slots.contains(&Slot::Tag)))
}

/// The words in braces; a sentence about what else stands in any.
fn slots(template: &str) -> Result<Vec<Slot>, String> {
    let mut slots = Vec::new();
    let mut rest = template;
    while let Some(open) = rest.find(['{', '}']) {
        let inside = rest[open..].strip_prefix('{').and_then(|rest| rest.split_once('}'));
        let slot = inside.and_then(|(name, after)| Some((Slot::from_name(name)?, after)));
        let Some((slot, after)) = slot else {
            return Err("In braces can stand {tag}, {keyword} and {query}. Write other braces as \
                        %7B and %7D."
                .to_owned());
        };
        slots.push(slot);
        rest = after;
    }
    Ok(slots)
}

/// The address, with what belongs there in each place.
pub(super) fn filled<'a>(template: &str, with: impl Fn(Slot) -> Cow<'a, str>) -> String {
    let mut text = String::with_capacity(template.len() + 64);
    let mut rest = template;
    while let Some((before, inside)) = rest.split_once('{') {
        text.push_str(before);
        let Some((name, after)) = inside.split_once('}') else { break };
        if let Some(slot) = Slot::from_name(name) {
            text.extend(utf8_percent_encode(&with(slot), KEPT));
        }
        rest = after;
    }
    text.push_str(rest);
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    fn said(typed: &str) -> String {
        read(typed).unwrap_err()
    }

    #[test]
    fn an_address_is_kept_as_it_was_typed() {
        for (typed, tag) in [
            ("https://shop.example/a?tag={tag}&q={query}", true),
            (" https://shop.example:8443/{keyword}?x#{query} ", false),
            ("HTTPS://shop.example", false),
        ] {
            assert_eq!(read(typed), Ok((typed.trim().to_owned(), tag)));
        }
    }

    #[test]
    fn what_leads_astray_is_refused_with_what_to_do() {
        assert_eq!(said(""), "Enter the address that the offer leads to.");
        for wrong in ["http://shop.example", "javascript:alert(1)", "ftp://x", "https:shop.example"]
        {
            assert!(said(wrong).ends_with("Begin it with https://."), "{wrong}");
        }
        for wrong in ["shop", "https://", "https://a b", "https://[x]"] {
            read(wrong).unwrap_err();
        }
        assert!(said("https://ada:x@shop.example").contains("a name or a password"));
        assert!(said("https://ada@shop.example").contains("a name or a password"));
        for wrong in ["https://{query}.example/", "https://x{tag}/", "https://x:{keyword}/"] {
            read(wrong).unwrap_err();
        }
        assert!(said("https://x.example/{query}").contains("after a ?"));
        for wrong in ["{", "}", "{}", "{TAG}", "{tag", "tag}", "{{tag}}", "{name}"] {
            let said = said(&format!("https://x.example/?a={wrong}"));
            assert!(said.starts_with("In braces can stand"), "{wrong}: {said}");
        }
        let long = format!("https://x.example/{}", "a".repeat(1_000));
        assert_eq!(said(&long), "This address has 1018 characters. Use at most 1000.");
    }

    #[test]
    fn what_is_filled_in_stays_in_its_place() {
        let url = filled("https://x.example/{keyword}?tag={tag}&q={query}#e", |slot| match slot {
            Slot::Tag => "ada-21&x=1".into(),
            Slot::Keyword => "a/../b c".into(),
            Slot::Query => "ü#?{tag}%".into(),
        });
        let whole =
            "https://x.example/a%2F..%2Fb%20c?tag=ada-21%26x%3D1&q=%C3%BC%23%3F%7Btag%7D%25#e";
        assert_eq!(url, whole);
    }
}
