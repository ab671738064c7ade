//! Passkeys: what a browser is asked, and whether its answer is believed.
//!
//! A ceremony has two halves. `begin_…` gives options for the browser and a state; `finish_…`
//! judges the answer by that state. The state stays in a row of ours: for one person and one
//! purpose, for one answer, for [`LASTS`]. It never reaches a browser: whoever could choose it
//! could send an old answer again. So kept, writing it down is safe, for all that the library
//! calls the feature dangerous.
//!
//! Options, states, answers and credentials are text here: no other file knows the library. Its
//! challenges are its own random bytes; nothing else in a ceremony is chosen by chance.

mod site;

use crate::{Error, Result};
use model::PersonId;
use serde::{Serialize, de::DeserializeOwned};
use serde_json::Value;
use site::Site;
use std::time::Duration;
use webauthn_rs::prelude::{
    DiscoverableAuthentication, Passkey, PasskeyRegistration, PublicKeyCredential,
    RegisterPublicKeyCredential, WebauthnError,
};

/// How long a ceremony may take, from the question to the answer.
pub const LASTS: Duration = Duration::from_secs(5 * 60);
/// No authenticator's answer comes near it.
const LONGEST_ANSWER: usize = 16 * 1024;
/// Whatever was wrong, a person is told the same.
const NOT_ACCEPTED: &str = "This passkey was not accepted. Try again, or use another way.";

/// Passkeys of one address: this name, this scheme, this port.
#[derive(Clone)]
pub struct Passkeys {
    /// Or the sentence that says why browsers offer no passkeys there.
    site: std::result::Result<Site, String>,
}

/// Who registers a passkey; their device shows e-mail and name when it asks which one to use.
pub struct Holder<'a> {
    pub person: PersonId,
    pub email: &'a str,
    pub name: &'a str,
}

/// A ceremony that has begun.
pub struct Begun {
    /// For the browser: what `PublicKeyCredential.parse…OptionsFromJSON` reads.
    pub options: String,
    /// For our row, and for nobody else.
    pub state: String,
}

/// A passkey that was just made. The library keeps no secret in it: the device does.
pub struct NewPasskey {
    /// Unique among everybody's passkeys.
    pub credential_id: Vec<u8>,
    pub credential: String,
}

/// A passkey that has proven itself, with the person's finger, face or PIN.
#[must_use]
pub struct Used {
    pub credential_id: Vec<u8>,
    /// What to store instead of the credential, when its counter or its backup state has moved.
    pub updated: Option<String>,
}

impl Passkeys {
    /// For the address that people type, such as `https://probity.example.com`.
    pub fn new(public_url: &str) -> Self {
        Self { site: Site::at(public_url) }
    }

    /// Whether browsers offer passkeys at this address.
    pub fn usable(&self) -> bool {
        self.site.is_ok()
    }

    /// Why they do not, in a sentence that says what to do.
    pub fn hindrance(&self) -> Option<&str> {
        self.site.as_ref().err().map(String::as_str)
    }

    /// Asks a browser to make a passkey on a device that holds none of `existing`.
    ///
    /// # Errors
    /// When passkeys are not usable at this address.
    pub fn begin_registration(&self, holder: &Holder, existing: &[Vec<u8>]) -> Result<Begun> {
        let Holder { person, email, name } = holder;
        let (asked, state) = self
            .site()?
            .webauthn
            .start_passkey_registration(person.0, email, name, Some(existing.to_vec()))
            .map_err(|_| Error::Inconsistent("a passkey's holder has no name"))?;
        let mut options = value(&asked.public_key)?;
        // Each passkey must be able to sign in alone, so the device has to remember whose it is.
        options["authenticatorSelection"]["residentKey"] = "required".into();
        options["authenticatorSelection"]["requireResidentKey"] = true.into();
        Begun::new(&options, &state)
    }

    /// Believes a new passkey, or does not.
    ///
    /// # Errors
    /// A sentence about the whole form, when the answer is not one to this state.
    pub fn finish_registration(&self, state: &str, response: &str) -> Result<NewPasskey> {
        let site = self.site()?;
        let state: PasskeyRegistration = stored(state)?;
        let answer: RegisterPublicKeyCredential = read(response)?;
        site.check_place(&answer.response.client_data_json)?;
        let made =
            site.webauthn.finish_passkey_registration(&answer, &state).map_err(not_accepted)?;
        Ok(NewPasskey { credential_id: made.cred_id().to_vec(), credential: text(&made)? })
    }

    /// Asks a known person's browser for one of their passkeys: second factor and step-up.
    ///
    /// # Errors
    /// When passkeys are not usable at this address, or a stored credential cannot be read.
    pub fn begin_sign_in(&self, credentials: &[String]) -> Result<Begun> {
        let passkeys = credentials.iter().map(|one| stored(one)).collect::<Result<Vec<_>>>()?;
        let (asked, state) = self
            .site()?
            .webauthn
            .start_passkey_authentication(&passkeys)
            .map_err(|_| Error::Inconsistent("no question to ask a passkey"))?;
        Begun::new(&value(&asked.public_key)?, &state)
    }

    /// Asks a browser for any passkey of this address: signing in without a password.
    ///
    /// # Errors
    /// When passkeys are not usable at this address.
    pub fn begin_discoverable(&self) -> Result<Begun> {
        let (asked, state) = self
            .site()?
            .webauthn
            .start_discoverable_authentication()
            .map_err(|_| Error::Inconsistent("no question to ask a passkey"))?;
        Begun::new(&value(&asked.public_key)?, &state)
    }

    /// Whose passkey an answer says it is, and which one. **Proves nothing**: it finds the
    /// credential to give to [`Passkeys::finish_sign_in`], which must be of that person.
    ///
    /// # Errors
    /// A sentence about the whole form, when the answer names nobody.
    pub fn identify(response: &str) -> Result<(PersonId, Vec<u8>)> {
        let answer: PublicKeyCredential = read(response)?;
        let person = answer.get_user_unique_id().and_then(|id| uuid::Uuid::from_slice(id).ok());
        let person = person.ok_or_else(refusal)?;
        Ok((PersonId(person), answer.raw_id))
    }

    /// Believes an answer to either question, or does not. `credentials` are the person's as they
    /// are now, read under a lock: one removed since the question, or used meanwhile, counts.
    ///
    /// # Errors
    /// A sentence about the whole form, when the answer is not one to this state by one of
    /// `credentials`, when the device did not check who holds it, or when its counter went back.
    pub fn finish_sign_in(
        &self,
        state: &str,
        response: &str,
        credentials: &[String],
    ) -> Result<Used> {
        let site = self.site()?;
        // Both questions are kept in one form.
        let state: DiscoverableAuthentication = stored(state)?;
        let answer: PublicKeyCredential = read(response)?;
        site.check_place(&answer.response.client_data_json)?;
        let mut passkey = pick(credentials, &answer.raw_id)?;
        let proven = site
            .webauthn
            .finish_discoverable_authentication_v2(&answer, state, &passkey)
            .map_err(not_accepted)?;
        let moved = passkey.update_credential(&proven) == Some(true);
        let updated = if moved { Some(text(&passkey)?) } else { None };
        Ok(Used { credential_id: answer.raw_id, updated })
    }

    fn site(&self) -> Result<&Site> {
        self.site.as_ref().map_err(|hindrance| Error::field("", hindrance.as_str()))
    }
}

impl Begun {
    fn new(options: &Value, state: &impl Serialize) -> Result<Self> {
        Ok(Self { options: options.to_string(), state: text(state)? })
    }
}

/// The person's credential that the answer speaks of.
fn pick(credentials: &[String], id: &[u8]) -> Result<Passkey> {
    for credential in credentials {
        let passkey: Passkey = stored(credential)?;
        if passkey.cred_id() == id {
            return Ok(passkey);
        }
    }
    Err(refusal())
}

/// What a browser sent.
fn read<T: DeserializeOwned>(response: &str) -> Result<T> {
    if response.len() > LONGEST_ANSWER {
        return Err(refusal());
    }
    serde_json::from_str(response).map_err(|_| refusal())
}

/// What we wrote ourselves.
fn stored<T: DeserializeOwned>(text: &str) -> Result<T> {
    serde_json::from_str(text)
        .map_err(|_| Error::Inconsistent("a stored passkey or its ceremony cannot be read"))
}

fn value(of: &impl Serialize) -> Result<Value> {
    serde_json::to_value(of).map_err(|_| Error::Inconsistent("a passkey cannot be written"))
}

fn text(of: &impl Serialize) -> Result<String> {
    Ok(value(of)?.to_string())
}

fn not_accepted(cause: WebauthnError) -> Error {
    if matches!(cause, WebauthnError::CredentialPossibleCompromise) {
        tracing::warn!("a passkey's counter went back: there may be a copy of it");
    } else {
        tracing::info!(%cause, "a passkey was not accepted");
    }
    refusal()
}

fn refusal() -> Error {
    Error::field("", NOT_ACCEPTED)
}
