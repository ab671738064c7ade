//! One address that passkeys belong to: this scheme, this name, this port.

use super::{LASTS, refusal};
use crate::Result;
use serde::Deserialize;
use url::{Host, Url};
use webauthn_rs::prelude::{Webauthn, WebauthnBuilder};

#[derive(Clone)]
pub(super) struct Site {
    origin: String,
    pub(super) webauthn: Webauthn,
}

/// What the browser says about where it is. The device signs it.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Claimed {
    origin: String,
    #[serde(default)]
    cross_origin: bool,
}

impl Site {
    /// Browsers offer passkeys to names only, and only where nobody can read along.
    pub(super) fn at(public_url: &str) -> std::result::Result<Self, String> {
        let needs_name = "Passkeys need an address that is a name. Ask your operator for one.";
        let url = Url::parse(public_url).map_err(|_| needs_name.to_owned())?;
        let name = match url.host() {
            Some(Host::Domain(name)) => name,
            Some(Host::Ipv4(ip)) if ip.is_loopback() => return Err(needs_localhost(&url)),
            Some(Host::Ipv6(ip)) if ip.is_loopback() => return Err(needs_localhost(&url)),
            _ => return Err(needs_name.to_owned()),
        };
        let local = name == "localhost" || name.ends_with(".localhost");
        if url.scheme() != "https" && !(url.scheme() == "http" && local) {
            return Err(
                "Passkeys need an address with https. Ask your operator for one.".to_owned()
            );
        }
        let origin = url.origin().ascii_serialization();
        let built = WebauthnBuilder::new(name, &url).and_then(|builder| {
            let builder = builder.rp_name("Probity").timeout(LASTS);
            builder.allow_subdomains(false).allow_any_port(false).build()
        });
        let webauthn = built.map_err(|_| needs_name.to_owned())?;
        Ok(Self { origin, webauthn })
    }

    /// The library compares addresses in parsed form and, at sign-in, lets a frame in another
    /// site's page pass. Here it is the text itself, and no frames.
    pub(super) fn check_place(&self, client_data: &[u8]) -> Result<()> {
        let claimed: Claimed = serde_json::from_slice(client_data).map_err(|_| refusal())?;
        if claimed.origin == self.origin && !claimed.cross_origin {
            return Ok(());
        }
        tracing::warn!("a passkey was used at another address, or in a frame");
        Err(refusal())
    }
}

fn needs_localhost(url: &Url) -> String {
    let port = url.port().map(|port| format!(":{port}")).unwrap_or_default();
    let address = format!("{}://localhost{port}", url.scheme());
    format!(
        "Passkeys need an address that is a name. Set PROBITY_PUBLIC_URL to {address} and open \
         Probity there."
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    fn hindrance(address: &str) -> Option<String> {
        Site::at(address).err()
    }

    #[test]
    fn a_name_with_https_or_on_this_machine_may_have_passkeys() {
        for right in [
            "https://probity.example.com",
            "https://probity.example.com:8443/",
            "http://localhost:3000",
            "http://probity.localhost",
        ] {
            assert_eq!(hindrance(right), None, "{right}");
        }
    }

    #[test]
    fn any_other_address_says_what_to_do() {
        for (wrong, sentence) in [
            (
                "http://127.0.0.1:3000",
                "Passkeys need an address that is a name. Set PROBITY_PUBLIC_URL to \
                 http://localhost:3000 and open Probity there.",
            ),
            (
                "http://[::1]",
                "Passkeys need an address that is a name. Set PROBITY_PUBLIC_URL to \
                 http://localhost and open Probity there.",
            ),
            (
                "https://203.0.113.5",
                "Passkeys need an address that is a name. Ask your operator for one.",
            ),
            (
                "http://probity.example.com",
                "Passkeys need an address with https. Ask your operator for one.",
            ),
            (
                "http://localhost.example.com",
                "Passkeys need an address with https. Ask your operator for one.",
            ),
            ("", "Passkeys need an address that is a name. Ask your operator for one."),
        ] {
            assert_eq!(hindrance(wrong).as_deref(), Some(sentence), "{wrong}");
        }
    }

    #[test]
    fn what_is_signed_must_name_exactly_this_address_and_no_frame() {
        let site =
            Site::at("https://probity.example.com:8443").unwrap_or_else(|said| panic!("{said}"));
        let believed = |claimed: &str| site.check_place(claimed.as_bytes()).is_ok();
        assert!(believed(r#"{"origin":"https://probity.example.com:8443"}"#));
        assert!(believed(r#"{"origin":"https://probity.example.com:8443","crossOrigin":false}"#));
        for wrong in [
            r#"{"origin":"https://probity.example.com:8443","crossOrigin":true}"#,
            r#"{"origin":"https://probity.example.com:8443/"}"#,
            r#"{"origin":"https://probity.example.com"}"#,
            r#"{"origin":"https://a.probity.example.com:8443"}"#,
            r#"{"origin":"http://probity.example.com:8443"}"#,
            r#"{"origin":"https://PROBITY.example.com:8443"}"#,
            r#"{"origin":7}"#,
            "{}",
            "",
        ] {
            assert!(!believed(wrong), "{wrong}");
        }
    }
}
