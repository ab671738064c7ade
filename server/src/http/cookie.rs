//! Cookies, read and written by hand: four lines of grammar, no jar.

use http::{HeaderMap, HeaderValue, header::COOKIE};
use std::time::Duration;

/// The value of the first cookie called `name`.
pub(super) fn read<'a>(headers: &'a HeaderMap, name: &str) -> Option<&'a str> {
    headers
        .get_all(COOKIE)
        .iter()
        .filter_map(|line| line.to_str().ok())
        .flat_map(|line| line.split(';'))
        .filter_map(|pair| pair.trim().split_once('='))
        .find_map(|(found, value)| (found == name).then_some(value))
}

/// A cookie that only this host sets and reads, over TLS (or to this very machine), never scripts.
/// `value` must be cookie octets: letters, digits, `%`, `-`, `_`, `.`.
pub(super) fn write(name: &str, value: &str, lasts: Duration) -> HeaderValue {
    let seconds = lasts.as_secs();
    let text = format!("{name}={value}; Path=/; Max-Age={seconds}; HttpOnly; Secure; SameSite=Lax");
    HeaderValue::from_str(&text).expect("names are constants and values are encoded")
}

/// Makes the browser forget the cookie.
pub(super) fn forget(name: &str) -> HeaderValue {
    write(name, "", Duration::ZERO)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn sent(line: &'static str) -> HeaderMap {
        HeaderMap::from_iter([(COOKIE, HeaderValue::from_static(line))])
    }

    #[test]
    fn a_cookie_is_found_by_its_whole_name() {
        let headers = sent("x__Host-probity=evil; a=b; __Host-probity=token; theme=dark");
        assert_eq!(read(&headers, "__Host-probity"), Some("token"));
        assert_eq!(read(&headers, "probity"), None);
    }

    #[test]
    fn a_cookie_carries_every_protection() {
        assert_eq!(
            write("__Host-probity", "token", Duration::from_secs(60)),
            "__Host-probity=token; Path=/; Max-Age=60; HttpOnly; Secure; SameSite=Lax"
        );
    }
}
