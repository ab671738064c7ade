//! Stub until the real one arrives.
use crate::{Error, Result};
use model::PersonId;
pub struct Begun {
    pub options: String,
    pub state: String,
}
pub struct NewPasskey {
    pub credential_id: Vec<u8>,
    pub credential: String,
}
pub struct Used {
    pub credential_id: Vec<u8>,
    pub updated: Option<String>,
}
pub struct Webauthn;
impl Webauthn {
    pub fn begin_registration(
        &self,
        _p: PersonId,
        _n: &str,
        _d: &str,
        _k: &[Vec<u8>],
    ) -> Result<Begun> {
        Err(Error::NotFound)
    }
    pub fn finish_registration(&self, _s: &str, _r: &str) -> Result<NewPasskey> {
        Err(Error::NotFound)
    }
    pub fn begin_sign_in(&self, _c: &[String]) -> Result<Begun> {
        Err(Error::NotFound)
    }
    pub fn begin_discoverable(&self) -> Result<Begun> {
        Err(Error::NotFound)
    }
    pub fn finish_sign_in(&self, _s: &str, _r: &str, _c: &[String]) -> Result<Used> {
        Err(Error::NotFound)
    }
}
pub fn identify(_r: &str) -> Result<(PersonId, Vec<u8>)> {
    Err(Error::NotFound)
}
