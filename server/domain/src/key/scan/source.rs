//! Where a text was found, as whoever reports it says. It is shown to others, so it is an address and
//! nothing else.

use super::Finder;
use crate::{Error, Result};
use url::Url;

/// Bytes of an address.
const MOST: usize = 500;

/// The address, written in one way; empty where nobody says.
///
/// # Errors
/// A sentence at `source`, which repeats nothing of it.
pub(super) fn read(typed: &str) -> Result<String> {
    let typed = typed.trim();
    if typed.is_empty() {
        return Ok(String::new());
    }
    let address = Url::parse(typed).ok().filter(|url| {
        let bare = url.username().is_empty() && url.password().is_none();
        url.scheme() == "https" && bare && url.as_str().len() <= MOST && holds_no_key(url.as_str())
    });
    address.map(String::from).ok_or_else(|| {
        let said = "This is no https address of at most 500 bytes without a password or a key in \
                    it. Send one like https://example.com/app.js, or leave it out.";
        Error::field("source", said)
    })
}

/// The host of an address that was read; none where nobody said.
pub(super) fn host(source: &str) -> Option<String> {
    Url::parse(source).ok()?.host_str().map(str::to_owned)
}

/// It is kept and shown, and a key never is.
fn holds_no_key(address: &str) -> bool {
    Finder::new(0).read(address.as_bytes()).is_ok()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{crypto::token, ports::SystemRandom};
    use model::key::Environment;
    use secrecy::ExposeSecret;

    #[test]
    fn a_source_is_an_https_address_or_nothing() {
        assert_eq!(read("  ").unwrap(), "");
        let written = read(" HTTPS://GitHub.com/halden/api/blob/main/.env#L3 ").unwrap();
        assert_eq!(written, "https://github.com/halden/api/blob/main/.env#L3");
        assert_eq!(host(&written).as_deref(), Some("github.com"));
        assert_eq!(host(""), None);
        let key = token::new_key(&SystemRandom, Environment::Live).0;
        for wrong in [
            "here",
            "http://example.com",
            "javascript:alert(1)",
            "https://",
            "https://u:p@example.com",
            "https://u@example.com",
            &format!("https://example.com/{}", "x".repeat(500)),
            &format!("https://example.com/?key={}", key.expose_secret()),
        ] {
            let refused = read(wrong).unwrap_err();
            let said = refused.failure(model::RequestId(uuid::Uuid::nil())).to_string();
            assert!(said.starts_with("This is no https address"), "{wrong}: {said}");
            assert!(!said.contains("pby_"), "{said}");
        }
    }
}
