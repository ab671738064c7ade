//! The fields of a form: decoded strictly, handed on in the words of a server function, and kept
//! for the page when they are no secret.

use model::Failure;
use percent_encoding::{NON_ALPHANUMERIC, percent_decode, utf8_percent_encode};
use std::borrow::Cow;

/// Name and value, as sent.
pub(in crate::http) type Field = (String, String);

/// The hidden field that names the page on which the form stands.
pub(in crate::http) const FROM: &str = "from";
/// The hidden field that names the form which waits for step-up.
pub(in crate::http) const RESUME: &str = "resume";
/// Before the name of a field of that form.
const KEPT: &str = "kept_";
/// What a server function calls its one argument.
const ARGUMENT: &str = "form";
/// Never shown again, not even to who typed them; of a file, nobody could show it.
const SECRET: [&str; 7] = ["password", "token", "code", "response", "tag", "file", "secret_key"];
/// More than any form of ours has.
const MOST_FIELDS: usize = 64;
/// Characters of a field's name.
const NAME_MOST: usize = 64;

/// The fields of an `application/x-www-form-urlencoded` body; none when it is not UTF-8.
pub(in crate::http) fn decode(body: &[u8]) -> Option<Vec<Field>> {
    body.split(|byte| *byte == b'&')
        .filter(|pair| !pair.is_empty())
        .map(|pair| {
            let at = pair.iter().position(|byte| *byte == b'=').unwrap_or(pair.len());
            let value = pair.get(at + 1..).unwrap_or_default();
            Some((text(&pair[..at])?, text(value)?))
        })
        .collect()
}

fn text(encoded: &[u8]) -> Option<String> {
    let spaced: Vec<u8> =
        encoded.iter().map(|byte| if *byte == b'+' { b' ' } else { *byte }).collect();
    percent_decode(&spaced).decode_utf8().ok().map(Cow::into_owned)
}

/// The first value of the field called `name`.
pub(in crate::http) fn value<'a>(fields: &'a [Field], name: &str) -> Option<&'a str> {
    fields.iter().find(|(found, _)| found == name).map(|(_, value)| value.as_str())
}

/// The body that a server function with one argument, `form`, understands: `form[name]=…`.
pub(super) fn for_server_function(fields: &[Field]) -> Result<String, Failure> {
    if fields.len() > MOST_FIELDS {
        return Err(Failure::field("", "The form has too many fields. Send only its own."));
    }
    let own: Vec<&Field> = fields.iter().filter(|(name, _)| is_own(name)).collect();
    for (at, (name, value)) in own.iter().enumerate() {
        let twice = own[..at].iter().any(|(earlier, _)| earlier == name);
        if let Some((field, sentence)) = complaint(name, value, twice) {
            return Err(Failure::field(field, sentence));
        }
    }
    if own.is_empty() {
        // Every field at its default: the operation says which ones it needs.
        return Ok(format!("{ARGUMENT}="));
    }
    let encode = |(name, value): &&Field| {
        format!("{ARGUMENT}[{name}]={}", utf8_percent_encode(value, NON_ALPHANUMERIC))
    };
    Ok(own.iter().map(encode).collect::<Vec<_>>().join("&"))
}

/// A form in a team's page is about that team, or it is torn from its page.
pub(super) fn about_its_page(fields: &[Field], from: &str) -> Result<(), Failure> {
    let page = from.strip_prefix("/t/").and_then(|rest| rest.split(['/', '?']).next());
    match (page, value(fields, "team")) {
        (Some(page), Some(team)) if page != team => Err(Failure::field(
            "",
            "This form is about another team than its page. Load the page again.",
        )),
        _ => Ok(()),
    }
}

/// What makes a field unreadable, and beside which field to say it.
fn complaint<'a>(name: &'a str, value: &str, twice: bool) -> Option<(&'a str, &'static str)> {
    if !is_name(name) {
        let sentence =
            "The form has a field whose name is not a word. Send only the form's own fields.";
        return Some(("", sentence));
    }
    if twice {
        return Some((name, "This was sent twice. Send it once."));
    }
    let nul = value.contains('\0');
    nul.then_some((name, "This contains a character that is no text (NUL). Leave it out."))
}

/// Brackets and dots would mean something to the server function's decoder.
fn is_name(name: &str) -> bool {
    let word = |byte: u8| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'_';
    !name.is_empty() && name.len() <= NAME_MOST && name.bytes().all(word)
}

/// What the page may show again in its fields.
pub(super) fn worth_keeping(fields: &[Field]) -> Vec<Field> {
    let keeps = |name: &str| is_own(name) && !SECRET.contains(&name);
    fields.iter().filter(|(name, _)| keeps(name)).cloned().collect()
}

/// The fields of the form that waits for step-up.
pub(super) fn kept(fields: &[Field]) -> Vec<Field> {
    let own = |(name, value): &Field| Some((name.strip_prefix(KEPT)?.to_owned(), value.clone()));
    worth_keeping(&fields.iter().filter_map(own).collect::<Vec<_>>())
}

/// Whether it is a field of the form itself, and not of what leads back to it.
fn is_own(name: &str) -> bool {
    name != FROM && name != RESUME && !name.starts_with(KEPT)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn field(name: &str, value: &str) -> Field {
        (name.to_owned(), value.to_owned())
    }

    #[test]
    fn a_form_is_about_the_team_of_its_page() {
        let form = [field("team", "halden")];
        for right in ["/t/halden", "/t/halden/keys/new", "/t/halden?x=1", "/", "/teams/new"] {
            assert_eq!(about_its_page(&form, right), Ok(()), "{right}");
        }
        assert_eq!(about_its_page(&[], "/t/other/keys"), Ok(()));
        let torn = about_its_page(&form, "/t/other/keys").expect_err("refused").to_string();
        assert_eq!(torn, "This form is about another team than its page. Load the page again.");
    }

    #[test]
    fn fields_are_read_as_browsers_write_them() {
        let read = decode(b"name=billing+sync&note=a%26b%3D%C3%A9&empty=&bare&&x=1=2");
        let expected = [
            field("name", "billing sync"),
            field("note", "a&b=é"),
            field("empty", ""),
            field("bare", ""),
            field("x", "1=2"),
        ];
        assert_eq!(read.as_deref(), Some(expected.as_slice()));
        assert_eq!(decode(b""), Some(Vec::new()));
    }

    #[test]
    fn what_is_not_utf8_is_no_text() {
        assert_eq!(decode(b"name=%ff%fe"), None);
        assert_eq!(decode(b"name=\xff"), None);
    }

    #[test]
    fn a_server_function_sees_its_argument_and_not_where_the_form_stands() {
        let fields = [field("from", "/t/acme"), field("name", "a&b=c"), field("days", "")];
        let encoded = for_server_function(&fields).expect("plain names");
        assert_eq!(encoded, "form[name]=a%26b%3Dc&form[days]=");
    }

    #[test]
    fn a_name_that_would_reach_deeper_is_refused() {
        for name in ["a[b]", "a.b", "", "A", "form]", "ü"] {
            let refused = for_server_function(&[field(name, "1")]).expect_err(name);
            assert!(refused.to_string().contains("Send only the form's own fields."));
        }
    }

    #[test]
    fn a_field_is_sent_once_and_an_empty_form_is_still_a_form() {
        let refused = for_server_function(&[field("name", "a"), field("name", "b")]);
        let Err(Failure::Invalid(errors)) = refused else { panic!("refused") };
        assert_eq!(errors[0].message, "This was sent twice. Send it once.");
        assert_eq!(for_server_function(&[field("from", "/")]).as_deref(), Ok("form="));
    }

    #[test]
    fn a_nul_is_named_with_its_field() {
        let refused = for_server_function(&[field("name", "a\0b")]).expect_err("not text");
        let Failure::Invalid(errors) = refused else { panic!("invalid") };
        assert_eq!(errors[0].field, "name");
    }

    #[test]
    fn a_form_that_waits_travels_beside_the_one_that_is_sent() {
        let fields = [
            field("from", "/t/acme/keys/new"),
            field("resume", "/do/key/create"),
            field("kept_name", "billing"),
            field("kept_password", "never kept"),
            field("code", "123456"),
        ];
        assert_eq!(for_server_function(&fields).as_deref(), Ok("form[code]=123456"));
        assert_eq!(kept(&fields), [field("name", "billing")]);
        assert_eq!(worth_keeping(&fields), []);
    }

    #[test]
    fn what_was_typed_comes_back_but_no_secret_does() {
        let fields = [
            field("from", "/sign-up"),
            field("email", "ada@example.com"),
            field("password", "correct horse battery staple"),
            field("token", "3fd9"),
            field("tag", "ada-21"),
        ];
        assert_eq!(worth_keeping(&fields), [field("email", "ada@example.com")]);
    }
}
