//! Where addresses are, as a file in MaxMind's format says.
//!
//! Read once at start and kept in memory: no address leaves this machine to be looked up.

use domain::ports::Places;
use maxminddb::{LookupResult, MaxMindDbError, Reader, WithinOptions, path};
use model::place::Country;
use std::{io, net::IpAddr, path::Path};
use time::OffsetDateTime;

/// Networks that are looked at before a file is said to know no country.
const TRIES: usize = 1_000;

/// An open file.
pub struct PlacesFile {
    reader: Reader<Vec<u8>>,
}

/// Why a file cannot be used: the middle of a sentence.
#[derive(Debug, thiserror::Error)]
pub enum Unusable {
    #[error("{0}")]
    Unreadable(#[from] io::Error),

    #[error("it is not in MaxMind's format")]
    OtherFormat,

    #[error("it knows no countries")]
    NoCountries,
}

impl PlacesFile {
    /// Reads the file, and looks whether it says what we ask.
    ///
    /// # Errors
    /// When it cannot be read, or holds something else.
    pub fn open(path: &Path) -> Result<Self, Unusable> {
        Self::read(std::fs::read(path)?)
    }

    fn read(bytes: Vec<u8>) -> Result<Self, Unusable> {
        let other = |_: MaxMindDbError| Unusable::OtherFormat;
        let reader = Reader::from_source(bytes).map_err(other)?;
        let mut networks = reader.networks(WithinOptions::default()).map_err(other)?.take(TRIES);
        let knows = networks.any(|network| network.is_ok_and(|found| country(&found).is_some()));
        if knows { Ok(Self { reader }) } else { Err(Unusable::NoCountries) }
    }

    /// What it calls itself, and its day: "GeoLite2-Country of 2026-11-20".
    pub fn name(&self) -> String {
        let about = self.reader.metadata();
        let built = i64::try_from(about.build_epoch).unwrap_or_default();
        let built = OffsetDateTime::from_unix_timestamp(built);
        let built = built.unwrap_or(OffsetDateTime::UNIX_EPOCH).date();
        format!("{} of {built}", about.database_type)
    }
}

impl Places for PlacesFile {
    fn country(&self, ip: IpAddr) -> Option<Country> {
        country(&self.reader.lookup(ip).ok()?)
    }
}

/// MaxMind's own files say `country.iso_code`, those of ip-location-db `country_code`.
fn country(found: &LookupResult<'_, Vec<u8>>) -> Option<Country> {
    let plain = || found.decode_path::<&str>(&path!["country_code"]).ok().flatten();
    let nested = || found.decode_path::<&str>(&path!["country", "iso_code"]).ok().flatten();
    Country::from_code(plain().or_else(nested)?)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn text(text: &str) -> Vec<u8> {
        [&[0x40 | text.len() as u8], text.as_bytes()].concat()
    }

    fn map(entries: &[(&str, Vec<u8>)]) -> Vec<u8> {
        let mut bytes = vec![0xe0 | entries.len() as u8];
        for (key, value) in entries {
            bytes.extend(text(key).into_iter().chain(value.iter().copied()));
        }
        bytes
    }

    /// A file of IPv4 with two networks: the lower half of all addresses, and the upper.
    fn file(lower: &[u8], upper: &[u8]) -> Vec<u8> {
        let small = |number: u8| vec![0xa1, number];
        let about = map(&[
            ("binary_format_major_version", small(2)),
            ("binary_format_minor_version", small(0)),
            ("build_epoch", vec![0x04, 0x02, 0x6a, 0x31, 0xe4, 0x00]),
            ("database_type", text("Test-Country")),
            ("description", map(&[])),
            ("ip_version", small(4)),
            ("languages", vec![0x00, 0x04]),
            ("node_count", vec![0xc1, 1]),
            ("record_size", small(24)),
        ]);
        let (first, second) = (17, 17 + lower.len() as u8);
        let tree = [0, 0, first, 0, 0, second];
        let marker = b"\xab\xcd\xefMaxMind.com";
        [&tree, &[0; 16][..], lower, upper, marker, &about].concat()
    }

    fn both() -> PlacesFile {
        let plain = map(&[("country_code", text("NO"))]);
        let nested = map(&[("country", map(&[("iso_code", text("SE"))]))]);
        PlacesFile::read(file(&plain, &nested)).expect("a file with countries")
    }

    fn said(file: &PlacesFile, ip: &str) -> String {
        file.place(ip.parse().expect("an address")).to_string()
    }

    #[test]
    fn both_ways_to_name_a_country_are_read() {
        assert_eq!(said(&both(), "81.0.0.1"), "Norway");
        assert_eq!(said(&both(), "::ffff:81.0.0.1"), "Norway");
        assert_eq!(said(&both(), "193.0.0.1"), "Sweden");
    }

    #[test]
    fn what_the_file_does_not_know_is_unknown_and_our_own_network_is_not_looked_up() {
        assert_eq!(said(&both(), "2001:db8::1"), "unknown place", "it knows IPv4 only");
        assert_eq!(said(&both(), "10.0.0.1"), "this network");
        let plain = map(&[("country_code", text("NO"))]);
        let odd = map(&[("country_code", text("??"))]);
        let file = PlacesFile::read(file(&plain, &odd)).expect("half of it is right");
        assert_eq!(said(&file, "193.0.0.1"), "unknown place");
    }

    #[test]
    fn a_file_says_what_it_is_and_how_old() {
        assert_eq!(both().name(), "Test-Country of 2026-06-17");
    }

    #[test]
    fn a_file_without_countries_and_what_is_no_such_file_are_told_apart() {
        let number = map(&[("as_name", text("Example"))]);
        let why = |bytes| PlacesFile::read(bytes).err().expect("refused").to_string();
        assert_eq!(why(file(&number, &number)), "it knows no countries");
        assert_eq!(why(b"GeoIP".to_vec()), "it is not in MaxMind's format");
        assert_eq!(why(Vec::new()), "it is not in MaxMind's format");
    }
}
