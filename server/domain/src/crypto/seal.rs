//! AES-256-GCM under an owner's data key, bound to the place where the value lives.

use super::Owner;
use crate::{Error, Result, ports::Random};
use aes_gcm::{
    Aes256Gcm, KeyInit, Nonce,
    aead::{Aead, Payload},
};
use hmac::{Hmac, Mac};
use sha2::Sha256;
use uuid::Uuid;
use zeroize::Zeroizing;

/// First byte of everything sealed in this form.
const FORM: u8 = 1;
/// NIST SP 800-38D, 8.2.2: 96 random bits; safe for 2^32 values under one data key.
const NONCE: usize = 12;
const KEY_ID: usize = 16;
const HEADER: usize = 1 + KEY_ID + NONCE;

/// Where a sealed value lives. It opens nowhere else.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Place {
    pub table: &'static str,
    pub column: &'static str,
    pub row: Uuid,
}

/// A person's or team's own key, in all its versions that were not destroyed.
pub struct DataKey {
    pub(super) owner: Owner,
    /// The present one first. There is always one.
    pub(super) versions: Vec<Version>,
}

/// One version of a data key. What was sealed under it bears its id.
#[derive(Clone)]
pub(super) struct Version {
    pub(super) id: Uuid,
    pub(super) bytes: Zeroizing<[u8; 32]>,
}

impl DataKey {
    /// How much longer a sealed value is: header and tag.
    pub const LONGER: usize = HEADER + 16;

    /// The version that it seals with.
    pub(super) fn present(&self) -> &Version {
        self.versions.first().expect("a data key has a version")
    }

    /// The id of that.
    pub fn id(&self) -> Uuid {
        self.present().id
    }

    /// The ids of the versions before it.
    pub fn earlier(&self) -> impl Iterator<Item = Uuid> {
        self.versions.iter().skip(1).map(|version| version.id)
    }

    /// Whether it has the version under which this was sealed.
    pub(super) fn knows(&self, sealed: &[u8]) -> bool {
        self.version_of(sealed).is_some()
    }

    fn version_of(&self, sealed: &[u8]) -> Option<&Version> {
        let id = sealed.get(1..=KEY_ID)?;
        self.versions.iter().find(|version| version.id.as_bytes() == id)
    }

    /// Seals `value`: form, id of the version, nonce, ciphertext and tag.
    ///
    /// # Errors
    /// When the value is too long for the cipher (64 GiB).
    pub fn seal(&self, random: &dyn Random, place: &Place, value: &[u8]) -> Result<Vec<u8>> {
        let mut sealed = Vec::with_capacity(HEADER + value.len() + 16);
        sealed.push(FORM);
        let Version { id, bytes } = self.present();
        sealed.extend_from_slice(id.as_bytes());
        sealed.extend_from_slice(&encrypt(bytes, random, &self.place_text(place), value)?);
        Ok(sealed)
    }

    /// Opens what [`DataKey::seal`] made, if it was made with this key for this place.
    ///
    /// # Errors
    /// [`Error::Seal`] when it was altered, moved, or sealed under another key.
    pub fn open(&self, place: &Place, sealed: &[u8]) -> Result<Zeroizing<Vec<u8>>> {
        let (header, body) = sealed
            .split_at_checked(1 + KEY_ID)
            .ok_or(Error::Seal("too short to be a sealed value"))?;
        let version = self.version_of(sealed).filter(|_| header[0] == FORM);
        let version = version.ok_or(Error::Seal("sealed in another form or under another key"))?;
        decrypt(&version.bytes, &self.place_text(place), body)
    }

    /// 32 bits that stand for `text` where it must not be read, and that nobody makes without this key: the
    /// beginning of an HMAC-SHA-256 (RFC 2104), under a key derived for this purpose alone. One of each version,
    /// the present first.
    pub(crate) fn blind(&self, purpose: &'static str, text: &[u8]) -> Vec<[u8; 4]> {
        let beginning = |[a, b, c, d, ..]: [u8; 32]| [a, b, c, d];
        self.derived(purpose, text).map(beginning).collect()
    }

    /// 256 bits that only who has this key makes of `text`, for this purpose alone: of each version, the present
    /// first.
    pub(crate) fn derived(
        &self,
        purpose: &'static str,
        text: &[u8],
    ) -> impl Iterator<Item = [u8; 32]> {
        let of = move |version: &Version| hmac(&hmac(&version.bytes[..], purpose.as_bytes()), text);
        self.versions.iter().map(of)
    }

    /// The additional data: owner, table, column, row.
    fn place_text(&self, place: &Place) -> String {
        let Place { table, column, row } = place;
        format!("{}|{table}|{column}|{row}", self.owner)
    }
}

pub(super) fn hmac(key: &[u8], text: &[u8]) -> [u8; 32] {
    let mut mac = Hmac::<Sha256>::new_from_slice(key).expect("HMAC takes keys of any length");
    mac.update(text);
    mac.finalize().into_bytes().into()
}

/// Nonce, ciphertext and tag.
pub(super) fn encrypt(
    key: &[u8; 32],
    random: &dyn Random,
    bound_to: &str,
    value: &[u8],
) -> Result<Vec<u8>> {
    let mut nonce = [0; NONCE];
    random.fill(&mut nonce);
    let payload = Payload { msg: value, aad: bound_to.as_bytes() };
    let body = Aes256Gcm::new(key.into())
        .encrypt(&Nonce::from(nonce), payload)
        .map_err(|_| Error::Seal("the value is too long"))?;
    Ok([nonce.as_slice(), &body].concat())
}

/// The value that [`encrypt`] was given.
pub(super) fn decrypt(key: &[u8; 32], bound_to: &str, sealed: &[u8]) -> Result<Zeroizing<Vec<u8>>> {
    let (nonce, body) =
        sealed.split_first_chunk::<NONCE>().ok_or(Error::Seal("too short to be a sealed value"))?;
    let payload = Payload { msg: body, aad: bound_to.as_bytes() };
    Aes256Gcm::new(key.into())
        .decrypt(&Nonce::from(*nonce), payload)
        .map(Zeroizing::new)
        .map_err(|_| Error::Seal("altered, moved, or sealed under another key"))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ports::SystemRandom;
    use model::PersonId;

    fn key(owner: u128, id: u128, byte: u8) -> DataKey {
        DataKey {
            owner: Owner::Person(PersonId(Uuid::from_u128(owner))),
            versions: vec![Version { id: Uuid::from_u128(id), bytes: Zeroizing::new([byte; 32]) }],
        }
    }

    fn place(column: &'static str, row: u128) -> Place {
        Place { table: "audit_event", column, row: Uuid::from_u128(row) }
    }

    #[test]
    fn a_value_opens_only_where_it_was_sealed() {
        let ours = key(1, 1, 7);
        let sealed = ours.seal(&SystemRandom, &place("sealed", 1), b"10.1.2.3").unwrap();
        assert_eq!(*ours.open(&place("sealed", 1), &sealed).unwrap(), b"10.1.2.3");
        assert!(ours.open(&place("sealed", 2), &sealed).is_err(), "another row");
        assert!(ours.open(&place("detail", 1), &sealed).is_err(), "another column");
        assert!(key(2, 1, 7).open(&place("sealed", 1), &sealed).is_err(), "another owner");
        assert!(key(1, 2, 7).open(&place("sealed", 1), &sealed).is_err(), "another key id");
        assert!(key(1, 1, 8).open(&place("sealed", 1), &sealed).is_err(), "another key");
    }

    #[test]
    fn every_altered_byte_is_noticed() {
        let ours = key(1, 1, 7);
        let sealed = ours.seal(&SystemRandom, &place("sealed", 1), b"10.1.2.3").unwrap();
        for at in 0..sealed.len() {
            let mut altered = sealed.clone();
            altered[at] ^= 1;
            assert!(ours.open(&place("sealed", 1), &altered).is_err(), "byte {at}");
            assert!(ours.open(&place("sealed", 1), &sealed[..at]).is_err(), "cut at {at}");
        }
    }

    #[test]
    fn the_same_value_is_never_sealed_alike() {
        let ours = key(1, 1, 7);
        let seal = || ours.seal(&SystemRandom, &place("sealed", 1), b"10.1.2.3").unwrap();
        assert_ne!(seal(), seal());
    }
}
