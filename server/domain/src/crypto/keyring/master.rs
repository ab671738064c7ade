//! Master keys: what wraps the data keys of owners.

use super::Wrapping;
use crate::{
    Error, Result,
    ports::{Random, random_256},
};
use secrecy::{ExposeSecret, SecretString};
use zeroize::Zeroizing;

/// The instance's master key, which wraps every data key.
#[derive(Clone)]
pub struct MasterKey(pub(super) Zeroizing<[u8; 32]>);

impl MasterKey {
    /// A new one, as the 64 hexadecimal digits of its file.
    pub fn generate(random: &dyn Random) -> SecretString {
        let bytes = random_256(random);
        let mut text = String::with_capacity(64);
        for byte in bytes.iter() {
            for digit in [byte >> 4, byte & 15] {
                text.push(char::from_digit(digit.into(), 16).expect("four bits are one digit"));
            }
        }
        SecretString::from(text)
    }

    /// From 64 hexadecimal digits; space around them does not matter.
    ///
    /// # Errors
    /// When it is anything else. The sentence does not repeat it.
    pub fn parse(text: &SecretString) -> Result<Self> {
        let digits = text.expose_secret().trim().as_bytes();
        let mut key = Zeroizing::new([0; 32]);
        if digits.len() != 64 {
            return Err(Error::Seal("a master key has 64 hexadecimal digits"));
        }
        for (byte, pair) in key.iter_mut().zip(digits.chunks_exact(2)) {
            let digit = |at: usize| char::from(pair[at]).to_digit(16);
            let (Some(high), Some(low)) = (digit(0), digit(1)) else {
                return Err(Error::Seal("a master key has 64 hexadecimal digits"));
            };
            *byte = u8::try_from(high << 4 | low).expect("two hexadecimal digits are one byte");
        }
        Ok(Self(key))
    }

    /// Eight hexadecimal digits that tell this key from others, and nothing else about it.
    pub fn name(&self) -> String {
        Wrapping::of(self).name()
    }
}

/// A lock, until it is dropped.
pub type Held = Box<dyn Send>;

/// Where the master key comes from. A rotation brings another one into force.
pub trait MasterKeys: Send + Sync {
    /// The one in force.
    ///
    /// # Errors
    /// When it cannot be read.
    fn current(&self) -> Result<MasterKey>;

    /// Waits for a rotation that is about to end. Until what is answered is dropped, none does.
    ///
    /// # Errors
    /// When that cannot be told to a rotation.
    fn hold(&self) -> Result<Held>;

    /// Waits for whoever alters or destroys a data key, in this program or another. Until what is answered is
    /// dropped, nobody does.
    ///
    /// # Errors
    /// When that cannot be told to others.
    fn alone(&self) -> Result<Held>;

    /// Until what is answered is dropped, no rotation begins. None while one runs.
    ///
    /// # Errors
    /// When that cannot be told to a rotation.
    fn settle(&self) -> Result<Option<Held>>;
}

/// One that never changes, of a keyring that only this program has.
impl MasterKeys for MasterKey {
    fn current(&self) -> Result<MasterKey> {
        Ok(self.clone())
    }

    fn hold(&self) -> Result<Held> {
        Ok(Box::new(()))
    }

    fn alone(&self) -> Result<Held> {
        Ok(Box::new(()))
    }

    fn settle(&self) -> Result<Option<Held>> {
        Ok(Some(Box::new(())))
    }
}
