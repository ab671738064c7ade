//! A device with one passkey and the browser in front of it, all of it software.
//!
//! It answers as `PublicKeyCredential.toJSON()` does. Each field may be set to lie.

use domain::ports::{Random, SystemRandom};
use p256::ecdsa::{Signature, SigningKey, signature::Signer};
use serde_json::{Value, json};
use sha2::{Digest, Sha256};

const USER_PRESENT: u8 = 1;
const USER_VERIFIED: u8 = 1 << 2;
const HAS_KEY: u8 = 1 << 6;

#[derive(Clone)]
pub(crate) struct Authenticator {
    /// The address in the browser's bar.
    pub(crate) origin: String,
    /// In a frame of another site's page.
    pub(crate) framed: bool,
    /// Instead of the name that was asked for.
    pub(crate) rp_id: Option<String>,
    /// Instead of the challenge that was asked.
    pub(crate) challenge: Option<String>,
    /// Whether it checks finger, face or PIN.
    pub(crate) verifies: bool,
    /// What it counts up to with the next signature.
    pub(crate) counter: u32,
    pub(crate) credential_id: Vec<u8>,
    pub(crate) key: SigningKey,
    /// Whose passkey it is, as given at registration.
    pub(crate) user_handle: Option<String>,
}

impl Authenticator {
    /// A fresh device, in a browser at this address.
    pub(crate) fn at(origin: &str) -> Self {
        let mut credential_id = vec![0; 32];
        SystemRandom.fill(&mut credential_id);
        Self {
            origin: origin.to_owned(),
            framed: false,
            rp_id: None,
            challenge: None,
            verifies: true,
            counter: 1,
            credential_id,
            key: new_key(),
            user_handle: None,
        }
    }

    /// `navigator.credentials.create`.
    pub(crate) fn create(&mut self, options: &str) -> String {
        let asked: Value = serde_json::from_str(options).unwrap();
        self.user_handle = Some(asked["user"]["id"].as_str().unwrap().to_owned());
        let data = self.authenticator_data(asked["rp"]["id"].as_str().unwrap(), HAS_KEY);
        let object = [
            b"\xa3\x63fmt\x64none\x67attStmt\xa0\x68authData\x59".as_slice(),
            &u16::try_from(data.len()).unwrap().to_be_bytes(),
            &data,
        ];
        self.answer(json!({
            "clientDataJSON": base64url(self.client_data("webauthn.create", &asked).as_bytes()),
            "attestationObject": base64url(&object.concat()),
            "authenticatorData": base64url(&data),
            "publicKeyAlgorithm": -7,
            "transports": ["internal"],
        }))
    }

    /// `navigator.credentials.get`.
    pub(crate) fn get(&mut self, options: &str) -> String {
        let asked: Value = serde_json::from_str(options).unwrap();
        let data = self.authenticator_data(asked["rpId"].as_str().unwrap(), 0);
        let client_data = self.client_data("webauthn.get", &asked);
        let signed = [data.as_slice(), &Sha256::digest(client_data.as_bytes())].concat();
        let signature: Signature = self.key.sign(&signed);
        let mut response = json!({
            "clientDataJSON": base64url(client_data.as_bytes()),
            "authenticatorData": base64url(&data),
            "signature": base64url(signature.to_der().as_bytes()),
        });
        if let Some(handle) = &self.user_handle {
            response["userHandle"] = handle.as_str().into();
        }
        self.answer(response)
    }

    fn client_data(&self, kind: &str, asked: &Value) -> String {
        let challenge = match &self.challenge {
            Some(other) => other,
            None => asked["challenge"].as_str().unwrap(),
        };
        let Self { origin, framed, .. } = self;
        json!({ "type": kind, "challenge": challenge, "origin": origin, "crossOrigin": framed })
            .to_string()
    }

    fn authenticator_data(&mut self, asked_rp_id: &str, flags: u8) -> Vec<u8> {
        let rp_id = self.rp_id.as_deref().unwrap_or(asked_rp_id);
        let verified = if self.verifies { USER_VERIFIED } else { 0 };
        let mut data = Sha256::digest(rp_id.as_bytes()).to_vec();
        data.push(flags | USER_PRESENT | verified);
        data.extend(self.counter.to_be_bytes());
        self.counter += 1;
        if flags & HAS_KEY != 0 {
            data.extend([0; 16]);
            data.extend(u16::try_from(self.credential_id.len()).unwrap().to_be_bytes());
            data.extend(&self.credential_id);
            data.extend(self.public_key());
        }
        data
    }

    /// In COSE: an elliptic curve key for ES256 on P-256, and its point.
    fn public_key(&self) -> Vec<u8> {
        let point = self.key.verifying_key().to_sec1_point(false);
        let (x, y) = point.as_bytes()[1..].split_at(32);
        [b"\xa5\x01\x02\x03\x26\x20\x01\x21\x58\x20".as_slice(), x, b"\x22\x58\x20", y].concat()
    }

    fn answer(&self, response: Value) -> String {
        let id = base64url(&self.credential_id);
        json!({
            "id": id,
            "rawId": id,
            "type": "public-key",
            "authenticatorAttachment": "platform",
            "clientExtensionResults": {},
            "response": response,
        })
        .to_string()
    }
}

pub(crate) fn new_key() -> SigningKey {
    let mut bytes = [0; 32];
    SystemRandom.fill(&mut bytes);
    // Its first bit must not make it longer than the curve's order.
    bytes[0] = 1;
    SigningKey::from_slice(&bytes).unwrap()
}

/// RFC 4648, section 5, without padding.
pub(crate) fn base64url(bytes: &[u8]) -> String {
    const DIGITS: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
    let mut text = String::new();
    for three in bytes.chunks(3) {
        let mut group = [0; 4];
        group[1..=three.len()].copy_from_slice(three);
        let bits = u32::from_be_bytes(group);
        for at in 0..=three.len() {
            text.push(DIGITS[(bits >> (18 - 6 * at)) as usize & 63].into());
        }
    }
    text
}
