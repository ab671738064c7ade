//! Networks that are searched for.

use std::{net::IpAddr, str::FromStr};

/// An address, or all that begin with the same bits.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Net {
    first: IpAddr,
    /// How many bits are the same.
    bits: u8,
}

/// The text is no network.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct NoNet;

impl Net {
    /// The network of `ip` that has so many bits in common; `ip` alone when there are not so many.
    pub fn of(ip: IpAddr, bits: u8) -> Self {
        let bits = bits.min(longest(ip));
        Self { first: masked(ip, bits), bits }
    }

    /// The first of its addresses, and how many bits are the same.
    pub const fn parts(self) -> (IpAddr, u8) {
        (self.first, self.bits)
    }

    pub fn contains(self, ip: IpAddr) -> bool {
        ip.is_ipv4() == self.first.is_ipv4() && masked(ip, self.bits) == self.first
    }
}

impl FromStr for Net {
    type Err = NoNet;

    /// `203.0.113.7`, `203.0.113.0/24`, `2001:db8::/32`.
    fn from_str(text: &str) -> Result<Self, NoNet> {
        let (ip, bits) = match text.split_once('/') {
            Some((ip, bits)) => (ip, Some(bits.parse::<u8>().map_err(|_| NoNet)?)),
            None => (text, None),
        };
        let ip: IpAddr = ip.parse().map_err(|_| NoNet)?;
        let bits = bits.unwrap_or(longest(ip));
        if bits > longest(ip) { Err(NoNet) } else { Ok(Self::of(ip, bits)) }
    }
}

const fn longest(ip: IpAddr) -> u8 {
    if ip.is_ipv4() { 32 } else { 128 }
}

fn masked(ip: IpAddr, bits: u8) -> IpAddr {
    match ip {
        IpAddr::V4(ip) => {
            let mask = u32::MAX.checked_shl(32 - u32::from(bits)).unwrap_or(0);
            IpAddr::from((u32::from(ip) & mask).to_be_bytes())
        }
        IpAddr::V6(ip) => {
            let mask = u128::MAX.checked_shl(128 - u32::from(bits)).unwrap_or(0);
            IpAddr::from((u128::from(ip) & mask).to_be_bytes())
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn net(text: &str) -> Net {
        text.parse().unwrap_or_else(|NoNet| panic!("{text}"))
    }

    #[test]
    fn a_network_holds_what_begins_like_it() {
        for (whole, within, without) in [
            ("203.0.113.7", "203.0.113.7", "203.0.113.8"),
            ("203.0.113.99/24", "203.0.113.0", "203.0.114.0"),
            ("0.0.0.0/0", "255.255.255.255", "::1"),
            ("2001:db8::/32", "2001:db8:ffff::1", "2001:db9::"),
            ("::1", "::1", "::2"),
            ("::/0", "ffff::", "127.0.0.1"),
        ] {
            assert!(net(whole).contains(within.parse().unwrap()), "{whole}");
            assert!(!net(whole).contains(without.parse().unwrap()), "{whole}");
        }
    }

    #[test]
    fn what_is_no_network_is_refused() {
        for wrong in ["", "1.2.3", "1.2.3.4/33", "1.2.3.4/", "::/129", "a", "1.2.3.4/-1"] {
            assert_eq!(wrong.parse::<Net>(), Err(NoNet), "{wrong}");
        }
    }
}
