//! Signing what is kept outside the database: Ed25519 (RFC 8032).

use super::{Keyring, Owner};
use crate::Result;
use ed25519_dalek::{Signer as _, SigningKey};
use model::ledger::{PublicKey, Signed, Statement};

/// Signs as this Probity. The key is in the keyring, which the database never sees.
pub struct Signer(SigningKey);

impl Signer {
    /// What others check its signatures with.
    pub fn public(&self) -> PublicKey {
        PublicKey(self.0.verifying_key().to_bytes())
    }

    /// Signs a statement.
    pub fn sign<T: Statement>(&self, statement: &T) -> Signed<T> {
        Signed::new(statement, self.public(), |text| self.0.sign(text).to_bytes())
    }
}

impl Keyring {
    /// The key of this Probity, made when it is first asked for.
    ///
    /// # Errors
    /// As [`Keyring::key_of`].
    pub async fn signer(&self) -> Result<Signer> {
        let key = self.key_of(Owner::Signer).await?;
        Ok(Signer(SigningKey::from_bytes(&key.present().bytes)))
    }
}
