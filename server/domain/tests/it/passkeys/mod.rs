//! Which answers of a browser are believed. No database: the ceremony's rows are the caller's.

mod lies;

use crate::{
    authenticator::{Authenticator, base64url},
    support::{ADDRESS, said},
};
use domain::crypto::{
    Passkeys,
    passkey::{Begun, Holder, NewPasskey},
};
use model::PersonId;
use serde_json::Value;
use uuid::Uuid;

const NOT_ACCEPTED: &str = "This passkey was not accepted. Try again, or use another way.";
const ADA: PersonId = PersonId(Uuid::from_u128(0xada));

/// Passkeys of our address, a device in a browser there, and the passkey it has registered.
struct Scene {
    passkeys: Passkeys,
    device: Authenticator,
    stored: NewPasskey,
}

impl Scene {
    fn new() -> Self {
        let passkeys = Passkeys::new(ADDRESS);
        let mut device = Authenticator::at(ADDRESS);
        let begun = begin(&passkeys);
        let answer = device.create(&begun.options);
        let stored = passkeys.finish_registration(&begun.state, &answer).unwrap();
        Self { passkeys, device, stored }
    }

    fn credentials(&self) -> [String; 1] {
        [self.stored.credential.clone()]
    }

    fn ask(&self) -> Begun {
        self.passkeys.begin_sign_in(&self.credentials()).unwrap()
    }
}

fn begin(passkeys: &Passkeys) -> Begun {
    let holder = Holder { person: ADA, email: "ada@example.com", name: "Ada" };
    passkeys.begin_registration(&holder, &[b"an older one".to_vec()]).unwrap()
}

fn registered(lie: impl FnOnce(&mut Authenticator)) -> domain::Result<NewPasskey> {
    let passkeys = Passkeys::new(ADDRESS);
    let begun = begin(&passkeys);
    let mut device = Authenticator::at(ADDRESS);
    lie(&mut device);
    let answer = device.create(&begun.options);
    passkeys.finish_registration(&begun.state, &answer)
}

#[test]
fn a_registered_passkey_signs_in() {
    let Scene { passkeys, mut device, stored } = Scene::new();
    assert_eq!(stored.credential_id, device.credential_id);
    let mut credentials = [stored.credential];
    for _ in 0..2 {
        let begun = passkeys.begin_sign_in(&credentials).unwrap();
        let answer = device.get(&begun.options);
        let used = passkeys.finish_sign_in(&begun.state, &answer, &credentials).unwrap();
        assert_eq!(used.credential_id, device.credential_id);
        credentials = [used.updated.expect("its counter has moved")];
    }
}

#[test]
fn each_of_several_passkeys_signs_in() {
    let (first, mut scene) = (Scene::new(), Scene::new());
    let credentials = [first.stored.credential, scene.stored.credential];
    let begun = scene.passkeys.begin_sign_in(&credentials).unwrap();
    let answer = scene.device.get(&begun.options);
    let used = scene.passkeys.finish_sign_in(&begun.state, &answer, &credentials).unwrap();
    assert_eq!(used.credential_id, scene.stored.credential_id);
}

#[test]
fn a_passkey_signs_in_without_an_address_or_password() {
    let Scene { passkeys, mut device, stored } = Scene::new();
    let begun = passkeys.begin_discoverable().unwrap();
    let answer = device.get(&begun.options);
    let (person, credential_id) = Passkeys::identify(&answer).unwrap();
    assert_eq!((person, &credential_id), (ADA, &stored.credential_id));
    let used = passkeys.finish_sign_in(&begun.state, &answer, &[stored.credential]).unwrap();
    assert_eq!(used.credential_id, credential_id);
}

#[test]
fn a_device_that_does_not_count_signs_in_and_nothing_is_stored_again() {
    let mut scene = Scene::new();
    scene.stored = registered(|device| {
        device.counter = 0;
        scene.device.credential_id = device.credential_id.clone();
        scene.device.key = device.key.clone();
    })
    .unwrap();
    for _ in 0..2 {
        scene.device.counter = 0;
        let begun = scene.ask();
        let answer = scene.device.get(&begun.options);
        let used = scene.passkeys.finish_sign_in(&begun.state, &answer, &scene.credentials());
        assert_eq!(used.unwrap().updated, None);
    }
}

#[test]
fn the_browser_is_asked_for_a_passkey_that_checks_its_holder_and_can_sign_in_alone() {
    let asked: Value = serde_json::from_str(&begin(&Passkeys::new(ADDRESS)).options).unwrap();
    assert_eq!(asked["rp"], serde_json::json!({ "id": "probity.example.com", "name": "Probity" }));
    assert_eq!(asked["user"]["name"], "ada@example.com");
    assert_eq!(asked["user"]["displayName"], "Ada");
    assert_eq!(asked["attestation"], "none");
    assert_eq!(asked["timeout"], 300_000);
    let selection = &asked["authenticatorSelection"];
    assert_eq!(selection["userVerification"], "required");
    assert_eq!(selection["residentKey"], "required");
    assert_eq!(selection["requireResidentKey"], true);
    assert_eq!(asked["excludeCredentials"][0]["id"], base64url(b"an older one"));
}

#[test]
fn a_known_person_is_asked_for_their_passkeys_and_anybody_for_any() {
    let scene = Scene::new();
    let asked: Value = serde_json::from_str(&scene.ask().options).unwrap();
    let any: Value =
        serde_json::from_str(&scene.passkeys.begin_discoverable().unwrap().options).unwrap();
    let known = &asked["allowCredentials"][0];
    assert_eq!(known["id"], base64url(&scene.stored.credential_id));
    assert_eq!(any["allowCredentials"], serde_json::json!([]));
    for question in [&asked, &any] {
        assert_eq!(question["userVerification"], "required");
        assert_eq!(question["rpId"], "probity.example.com");
        assert!(question.get("mediation").is_none(), "it waits for a button");
    }
    assert_ne!(asked["challenge"], any["challenge"]);
}

#[test]
fn an_address_without_a_name_offers_no_passkeys() {
    let nameless = Passkeys::new("http://127.0.0.1:3000");
    let sentence = "Passkeys need an address that is a name. Set PROBITY_PUBLIC_URL to \
                    http://localhost:3000 and open Probity there.";
    assert!(!nameless.usable() && Passkeys::new(ADDRESS).usable());
    assert_eq!(nameless.hindrance(), Some(sentence));
    assert_eq!(said(nameless.begin_discoverable()), sentence);
    assert_eq!(said(nameless.begin_sign_in(&[])), sentence);
}
