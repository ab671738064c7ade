//! A call, in the 64 bytes of its place in the journal.

use super::{Call, Seen, Slot};
use model::key::VerifyCode;
use std::net::{IpAddr, Ipv6Addr};
use time::{OffsetDateTime, Time};
use uuid::Uuid;

/// Bytes of a note.
pub(super) const LENGTH: usize = 64;
/// The last byte of a note that was written in full.
const WRITTEN: u8 = 0xA5;

/// `code country ip team key at … WRITTEN`
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Note(pub(super) [u8; LENGTH]);

impl Note {
    pub(super) fn of(call: &Call) -> Self {
        let mut bytes = [0; LENGTH];
        bytes[0] = call.code as u8;
        if let Some(country) = call.country {
            bytes[1..3].copy_from_slice(country.code().as_bytes());
        }
        let ip = match call.ip {
            Some(IpAddr::V4(v4)) => v4.to_ipv6_mapped(),
            Some(IpAddr::V6(v6)) => v6,
            None => Ipv6Addr::UNSPECIFIED,
        };
        bytes[3..19].copy_from_slice(&ip.octets());
        bytes[19..35].copy_from_slice(call.team.as_bytes());
        bytes[35..51].copy_from_slice(call.key.as_bytes());
        bytes[51..59].copy_from_slice(&call.at.unix_timestamp().to_le_bytes());
        bytes[LENGTH - 1] = WRITTEN;
        Self(bytes)
    }

    /// The team, the key, and what it counts; none for a place that was never written in full: that
    /// call was not answered.
    pub(super) fn read(&self) -> Option<(Uuid, Uuid, Slot, Seen)> {
        let bytes = &self.0;
        if bytes[LENGTH - 1] != WRITTEN || usize::from(bytes[0]) >= VerifyCode::ALL.len() {
            return None;
        }
        let array = |from: usize| -> Option<[u8; 16]> { bytes[from..from + 16].try_into().ok() };
        let ip = Ipv6Addr::from(array(3)?);
        let seconds = i64::from_le_bytes(bytes[51..59].try_into().ok()?);
        let at = OffsetDateTime::from_unix_timestamp(seconds).ok()?;
        let slot = Slot {
            hour: at.replace_time(Time::from_hms(at.hour(), 0, 0).ok()?),
            code: bytes[0],
            country: [bytes[1], bytes[2]],
        };
        let ip = (!ip.is_unspecified()).then(|| IpAddr::V6(ip).to_canonical());
        let (team, key) = (Uuid::from_bytes(array(19)?), Uuid::from_bytes(array(35)?));
        Some((team, key, slot, Seen { at, ip }))
    }
}

impl Slot {
    /// The word that verify answered.
    pub(super) fn word(&self) -> &'static str {
        VerifyCode::ALL.get(usize::from(self.code)).map_or("REFUSED", |code| code.name())
    }

    /// ISO 3166; empty where it is not known.
    pub(super) fn country(&self) -> &str {
        let is_known = self.country.iter().all(u8::is_ascii_uppercase);
        std::str::from_utf8(&self.country).ok().filter(|_| is_known).unwrap_or_default()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use time::macros::datetime;

    fn call(ip: &str) -> Call {
        Call {
            team: Uuid::from_u128(1),
            key: Uuid::from_u128(2),
            code: VerifyCode::RateLimited,
            ip: ip.parse().ok(),
            country: None,
            at: datetime!(2026-11-22 08:59:59 UTC),
        }
    }

    #[test]
    fn what_is_noted_is_read_again() {
        for ip in ["203.0.113.7", "2001:db8::7", ""] {
            let (team, key, slot, seen) = Note::of(&call(ip)).read().unwrap();
            assert_eq!((team.as_u128(), key.as_u128()), (1, 2));
            assert_eq!((slot.word(), slot.country()), ("RATE_LIMITED", ""));
            assert_eq!(slot.hour, datetime!(2026-11-22 08:00 UTC));
            assert_eq!((seen.at, seen.ip), (call(ip).at, ip.parse().ok()));
        }
    }

    #[test]
    fn a_torn_note_counts_nothing() {
        let whole = Note::of(&call("203.0.113.7")).0;
        for length in 0..LENGTH {
            let mut torn = [0; LENGTH];
            torn[..length].copy_from_slice(&whole[..length]);
            assert!(Note(torn).read().is_none(), "{length}");
        }
        let mut strange = whole;
        strange[0] = 200;
        assert!(Note(strange).read().is_none());
    }

    #[test]
    fn every_code_keeps_its_place() {
        for (place, code) in VerifyCode::ALL.into_iter().enumerate() {
            assert_eq!(code as usize, place, "{}", code.name());
        }
    }
}
