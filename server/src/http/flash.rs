//! The one sentence that survives a redirect, in a cookie that the next page consumes.

use super::cookie;
use http::{HeaderMap, HeaderValue};
use model::Flash;
use percent_encoding::{NON_ALPHANUMERIC, percent_decode_str, utf8_percent_encode};
use std::time::Duration;

const COOKIE: &str = "__Host-probity_flash";
/// Long enough for one redirect on a slow line.
const LASTS: Duration = Duration::from_secs(60);
/// Bytes of the encoded message.
const MOST: usize = 1024;

/// The cookie that carries `flash` to the next page; a message that is too long is cut.
pub(super) fn set(flash: &Flash) -> HeaderValue {
    let mut encoded = String::new();
    for character in flash.message.chars() {
        let mut buffer = [0; 4];
        let piece = utf8_percent_encode(character.encode_utf8(&mut buffer), NON_ALPHANUMERIC);
        let piece = piece.to_string();
        if encoded.len() + piece.len() > MOST {
            break;
        }
        encoded.push_str(&piece);
    }
    cookie::write(COOKIE, &encoded, LASTS)
}

/// The message that a redirect left.
pub(super) fn get(headers: &HeaderMap) -> Option<Flash> {
    let encoded = cookie::read(headers, COOKIE).filter(|value| value.len() <= MOST)?;
    let message = percent_decode_str(encoded).decode_utf8().ok()?;
    (!message.is_empty()).then(|| Flash { message: message.into_owned() })
}

/// The cookie that says the message has been shown.
pub(super) fn consumed() -> HeaderValue {
    cookie::forget(COOKIE)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn carried(message: &str) -> Option<Flash> {
        let set = set(&Flash { message: message.to_owned() });
        let pair = set.to_str().expect("ASCII").split(';').next().expect("a pair").to_owned();
        let sent = HeaderValue::from_str(&pair).expect("ASCII");
        get(&HeaderMap::from_iter([(http::header::COOKIE, sent)]))
    }

    #[test]
    fn a_message_arrives_as_it_was_said() {
        let message = "Key “billing; sync” = wurde widerrufen, 100 %.";
        assert_eq!(carried(message).expect("a flash").message, message);
    }

    #[test]
    fn a_message_that_is_too_long_is_cut_between_characters() {
        let arrived = carried(&"é".repeat(1000)).expect("a flash").message;
        assert_eq!(arrived, "é".repeat(MOST / 6));
    }

    #[test]
    fn no_cookie_no_message() {
        assert_eq!(carried(""), None);
        assert_eq!(get(&HeaderMap::new()), None);
    }
}
