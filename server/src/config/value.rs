//! How each kind of value is written. Nothing comes back from a text that is wrong; what to write
//! instead stands in the table.

use super::Login;
use crate::{http::PublicUrl, outbound::mail::SmtpServer};
use domain::{Signup, crypto};
use ipnet::IpNet;
use lettre::message::Mailbox;
use secrecy::{ExposeSecret, SecretString};
use sqlx::postgres::PgConnectOptions;
use std::{
    net::{IpAddr, SocketAddr},
    path::PathBuf,
    time::Duration,
};
use url::Url;

pub(super) fn address(text: &str) -> Option<SocketAddr> {
    text.parse().ok()
}

/// Only this machine's own addresses may do without https: anywhere else, cookies and passwords
/// would cross the network readable.
pub(super) fn public_url(text: &str) -> Option<PublicUrl> {
    let url = PublicUrl::parse(text).ok()?;
    let authority = url.authority();
    let local = authority.to_str().is_ok_and(|authority| is_this_machine(host(authority)));
    (url.is_https() || local).then_some(url)
}

fn host(authority: &str) -> &str {
    let port = authority.rfind(':').filter(|at| !authority[*at..].contains(']'));
    authority[..port.unwrap_or(authority.len())].trim_matches(['[', ']'])
}

pub(crate) fn is_this_machine(host: &str) -> bool {
    let named = host == "localhost" || host.ends_with(".localhost");
    named || host.parse::<IpAddr>().is_ok_and(|ip| ip.is_loopback())
}

/// With commas between them; a single address is a network of its own.
pub(super) fn networks(text: &str) -> Option<Vec<IpNet>> {
    let parts = text.split(',').map(str::trim).filter(|part| !part.is_empty());
    parts
        .map(|part| part.parse().ok().or_else(|| Some(part.parse::<IpAddr>().ok()?.into())))
        .collect()
}

pub(super) fn signup(text: &str) -> Option<Signup> {
    match text {
        "open" => Some(Signup::Open),
        "invitation" => Some(Signup::Invitation),
        _ => None,
    }
}

pub(super) fn duration(text: &str) -> Option<Duration> {
    const MINUTE: u64 = 60;
    const DAY: u64 = 24 * 60 * MINUTE;
    let (number, unit) = text.split_at_checked(text.len().checked_sub(1)?)?;
    let unit = match unit {
        "s" => 1,
        "m" => MINUTE,
        "h" => 60 * MINUTE,
        "d" => DAY,
        _ => return None,
    };
    let digits = number.bytes().all(|byte| byte.is_ascii_digit());
    let seconds = number.parse::<u64>().ok().filter(|_| digits)?.checked_mul(unit)?;
    (MINUTE..=90 * DAY).contains(&seconds).then(|| Duration::from_secs(seconds))
}

/// Whole days from 0 to 30.
pub(super) fn deletion_days(text: &str) -> Option<i32> {
    text.parse().ok().filter(|days| (0..=30).contains(days))
}

/// Without a name and password in it, which would end up in logs.
pub(super) fn url(text: &str) -> Option<Url> {
    let url = Url::parse(text).ok().filter(Url::has_host)?;
    let is_bare = url.username().is_empty() && url.password().is_none();
    (is_bare && matches!(url.scheme(), "https" | "http")).then_some(url)
}

pub(super) fn path(text: &str) -> Option<PathBuf> {
    (!text.is_empty()).then(|| PathBuf::from(text))
}

pub(super) fn database(text: &SecretString) -> Option<Login> {
    let text = text.expose_secret();
    let rest = text.strip_prefix("postgres://").or_else(|| text.strip_prefix("postgresql://"))?;
    let options: PgConnectOptions = text.parse().ok()?;
    let who = rest.split_once('@').map_or("", |(who, _)| who);
    let password = who.split_once(':').map(|(_, password)| SecretString::from(password));
    Some(Login { options: options.application_name("probity"), password })
}

pub(super) fn master_key(text: &SecretString) -> Option<SecretString> {
    crypto::MasterKey::parse(text).ok().map(|_| text.clone())
}

pub(super) fn smtp(text: &SecretString) -> Option<SmtpServer> {
    SmtpServer::parse(text.expose_secret())
}

/// A few words on one line.
pub(super) fn words(text: &str) -> Option<String> {
    let is_said = text.contains(char::is_alphabetic) && !text.contains(char::is_control);
    let fits = is_said && text.chars().count() <= 100;
    fits.then(|| text.to_owned())
}

/// An address, or a name and then the address in angle brackets; and nothing behind it.
pub(super) fn mailbox(text: &str) -> Option<Mailbox> {
    let ends = text.ends_with('>') || !text.contains(char::is_whitespace);
    let one_line = !text.contains(char::is_control);
    text.parse().ok().filter(|_| ends && one_line)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_public_url_needs_https_unless_it_is_this_machine() {
        for right in [
            "https://probity.example.com",
            "http://localhost:3000",
            "http://probity.localhost",
            "http://127.0.0.1:3000",
            "http://[::1]:3000",
        ] {
            assert!(public_url(right).is_some(), "{right}");
        }
        for wrong in ["http://probity.example.com", "http://localhost.evil.com", "http://10.0.0.1"]
        {
            assert!(public_url(wrong).is_none(), "{wrong}");
        }
    }

    #[test]
    fn networks_are_split_at_commas_and_an_address_is_a_network_of_one() {
        let read = networks("10.0.0.0/8, 127.0.0.1,::1/128").expect("right");
        assert_eq!(read.iter().map(IpNet::prefix_len).collect::<Vec<_>>(), [8, 32, 128]);
        assert_eq!(networks(""), Some(Vec::new()));
        assert_eq!(networks("10.0.0.0/33"), None);
    }

    #[test]
    fn a_duration_is_a_number_and_a_unit_within_bounds() {
        assert_eq!(duration("90m"), Some(Duration::from_secs(5_400)));
        assert_eq!(duration("7d"), Some(Duration::from_secs(604_800)));
        for wrong in
            ["", "7", "d", "-7d", "+7d", "1.5h", "59s", "91d", "99999999999999999999d", "7ä"]
        {
            assert_eq!(duration(wrong), None, "{wrong}");
        }
    }

    #[test]
    fn days_of_a_deletion_are_at_most_a_month() {
        assert_eq!(deletion_days("0"), Some(0));
        assert_eq!(deletion_days("30"), Some(30));
        for wrong in ["", "-1", "31", "7d", "1.5"] {
            assert_eq!(deletion_days(wrong), None, "{wrong}");
        }
    }

    #[test]
    fn a_database_is_an_address_and_not_some_text() {
        let login = database(&"postgres://a:b@host/db".into()).expect("right");
        assert_eq!(login.password.expect("written").expose_secret(), "b");
        assert!(database(&"postgres://a@host/db".into()).expect("right").password.is_none());
        assert!(database(&"mysql://a:b@host/db".into()).is_none());
        assert!(database(&"host".into()).is_none());
    }

    #[test]
    fn a_sender_is_one_address_with_or_without_a_name() {
        for right in ["probity@example.com", "Probity <probity@localhost>", "\"P, B\" <p@b.no>"] {
            assert!(mailbox(right).is_some(), "{right}");
        }
        for wrong in ["", "Probity", "a@b.no c@d.no", "a@b.no\r\nBcc: c@d.no", "A <a@b.no> x"] {
            assert!(mailbox(wrong).is_none(), "{wrong:?}");
        }
    }
}
