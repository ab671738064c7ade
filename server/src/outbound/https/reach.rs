//! Which addresses may be reached.

use ipnet::IpNet;
use std::net::IpAddr;
use url::{Host, Url};

/// Networks that are nobody's, everybody's own, or only for examples: the special-purpose registries of
/// IANA (RFC 6890), and the address at which one cloud tells machines their secrets.
const NOT_PUBLIC: &[&str] = &[
    "0.0.0.0/8",
    "10.0.0.0/8",
    "100.64.0.0/10",
    "127.0.0.0/8",
    "168.63.129.16/32",
    "169.254.0.0/16",
    "172.16.0.0/12",
    "192.0.0.0/24",
    "192.0.2.0/24",
    "192.88.99.0/24",
    "192.168.0.0/16",
    "198.18.0.0/15",
    "198.51.100.0/24",
    "203.0.113.0/24",
    "224.0.0.0/4",
    "240.0.0.0/4",
    // Tunnels and examples inside of what is public.
    "2001::/23",
    "2001:db8::/32",
    "2002::/16",
    "3fff::/20",
];
/// Of IPv6, nothing else is public: so neither what embeds an IPv4 address (NAT64, IPv4-compatible) nor
/// what is local to a link, a site or a machine.
const PUBLIC_V6: &str = "2000::/3";

/// Who may be reached: whoever is public, and the networks that the operator allows.
#[derive(Debug, Clone)]
pub struct Reach {
    allowed: Vec<IpNet>,
    not_public: Vec<IpNet>,
    public_v6: IpNet,
}

impl Reach {
    /// Everybody who is public, and these.
    pub fn with(allowed: Vec<IpNet>) -> Self {
        let network = |text: &&str| text.parse().expect("the table holds networks");
        let not_public = NOT_PUBLIC.iter().map(network).collect();
        Self { allowed, not_public, public_v6: network(&PUBLIC_V6) }
    }

    /// Whether this address, written in the shortest way, is in a network that the operator allows.
    fn allows(&self, ip: IpAddr) -> bool {
        self.allowed.iter().any(|network| network.contains(&ip))
    }

    fn is_public(&self, ip: IpAddr) -> bool {
        let special = self.not_public.iter().any(|network| network.contains(&ip));
        !special && (ip.is_ipv4() || self.public_v6.contains(&ip))
    }

    /// Whether a request with or without TLS may go to this address, an IPv4 address within an IPv6 one
    /// counting as itself.
    pub fn admits(&self, ip: IpAddr, with_tls: bool) -> bool {
        let ip = ip.to_canonical();
        self.allows(ip) || (with_tls && self.is_public(ip))
    }

    /// What is wrong with an address that somebody typed, as far as it can be seen without asking for its
    /// name.
    pub fn refuses(&self, typed: &str) -> Result<Url, &'static str> {
        let url = Url::parse(typed).map_err(|_| NO_ADDRESS)?;
        match url.scheme() {
            "https" => {}
            "http" if !self.allowed.is_empty() => {}
            _ => return Err(NO_ADDRESS),
        }
        if !url.username().is_empty() || url.password().is_some() {
            return Err("Leave out the name and password before the @.");
        }
        if url.fragment().is_some() {
            return Err("Leave out the # and what stands behind it.");
        }
        let with_tls = url.scheme() == "https";
        match url.port_or_known_default() {
            Some(443 | 1024..) => {}
            Some(80) if !with_tls => {}
            _ => return Err("Use port 443, or one from 1024 on."),
        }
        let ip = match url.host() {
            Some(Host::Ipv4(ip)) => Some(IpAddr::V4(ip)),
            Some(Host::Ipv6(ip)) => Some(IpAddr::V6(ip)),
            Some(Host::Domain(_)) => None,
            None => return Err(NO_ADDRESS),
        };
        match ip {
            Some(ip) if !self.admits(ip, with_tls) => Err("This address is not public."),
            _ => Ok(url),
        }
    }
}

const NO_ADDRESS: &str = "Enter an address that begins with https://.";

#[cfg(test)]
mod tests {
    use super::*;

    fn ip(text: &str) -> IpAddr {
        text.parse().unwrap()
    }

    #[test]
    fn nothing_is_reached_that_is_not_public_however_it_is_written() {
        let reach = Reach::with(Vec::new());
        for not in [
            "0.0.0.0",
            "0.1.2.3",
            "10.0.0.1",
            "10.255.255.255",
            "100.64.0.1",
            "100.100.100.200",
            "100.127.255.255",
            "127.0.0.1",
            "127.1.2.3",
            "168.63.129.16",
            "169.254.169.254",
            "172.16.0.1",
            "172.31.255.255",
            "192.0.0.192",
            "192.0.2.1",
            "192.88.99.1",
            "192.168.1.1",
            "198.18.0.1",
            "198.19.255.255",
            "198.51.100.7",
            "203.0.113.7",
            "224.0.0.1",
            "239.255.255.255",
            "240.0.0.1",
            "255.255.255.255",
            "::",
            "::1",
            "::127.0.0.1",
            "::8.8.8.8",
            "::ffff:127.0.0.1",
            "::ffff:10.0.0.1",
            "::ffff:169.254.169.254",
            "::ffff:0:127.0.0.1",
            "64:ff9b::7f00:1",
            "64:ff9b::808:808",
            "64:ff9b:1::a00:1",
            "100::1",
            "2001::1",
            "2001:0:4136:e378:8000:63bf:3fff:fdd2",
            "2001:10::1",
            "2001:20::1",
            "2001:db8::1",
            "2002:7f00:1::",
            "2002:808:808::1",
            "3fff::1",
            "5f00::1",
            "fc00::1",
            "fd00:ec2::254",
            "fe80::1",
            "fec0::1",
            "ff02::1",
        ] {
            assert!(!reach.admits(ip(not), true), "{not}");
        }
        for public in [
            "1.1.1.1",
            "8.8.8.8",
            "100.63.0.1",
            "100.128.0.1",
            "172.15.0.1",
            "172.32.0.1",
            "::ffff:8.8.8.8",
            "2606:4700::1111",
            "2a00:1450::1",
            "2001:4860:4860::8888",
        ] {
            assert!(reach.admits(ip(public), true), "{public}");
            assert!(!reach.admits(ip(public), false), "{public} without TLS");
        }
    }

    #[test]
    fn what_the_operator_allows_is_reached_also_without_tls() {
        let reach = Reach::with(vec!["10.2.0.0/16".parse().unwrap(), "fd00::/8".parse().unwrap()]);
        for allowed in ["10.2.3.4", "::ffff:10.2.3.4", "fd12::1"] {
            assert!(
                reach.admits(ip(allowed), true) && reach.admits(ip(allowed), false),
                "{allowed}"
            );
        }
        assert!(!reach.admits(ip("10.3.0.1"), true) && !reach.admits(ip("127.0.0.1"), true));
    }

    #[test]
    fn an_address_is_refused_by_what_can_be_seen_of_it() {
        let reach = Reach::with(Vec::new());
        let said = |typed: &str| reach.refuses(typed).err().unwrap_or("");
        for odd in [
            "",
            "siem",
            "http://siem.example.com/",
            "ftp://siem.example.com/",
            "https://",
            "file:///etc/passwd",
            "gopher://x/",
            "javascript:alert(1)",
        ] {
            assert_eq!(said(odd), NO_ADDRESS, "{odd}");
        }
        // However a number is written.
        for own in [
            "https://127.0.0.1/",
            "https://2130706433/",
            "https://0x7f.1/",
            "https://0177.0.0.1/",
            "https://[::1]/",
            "https://[::ffff:7f00:1]/",
            "https://[fe80::1]/",
            "https://10.0.0.1:8443/",
        ] {
            assert_eq!(said(own), "This address is not public.", "{own}");
        }
        for port in
            ["https://siem.example.com:22/", "https://siem.example.com:80/", "https://x.no:1023/"]
        {
            assert_eq!(said(port), "Use port 443, or one from 1024 on.", "{port}");
        }
        assert_eq!(said("https://a:b@x.no/"), "Leave out the name and password before the @.");
        assert_eq!(said("https://x.no/#in"), "Leave out the # and what stands behind it.");
        for right in
            ["https://siem.example.com/in?token=x", "https://x.no:8443", "https://8.8.8.8/"]
        {
            assert_eq!(said(right), "", "{right}");
        }
        let reach = Reach::with(vec!["127.0.0.0/8".parse().unwrap()]);
        assert!(reach.refuses("http://127.0.0.1:4000/").is_ok());
        assert!(reach.refuses("http://siem.corp/").is_ok(), "its name will tell");
        assert!(reach.refuses("http://8.8.8.8/").is_err());
    }
}
