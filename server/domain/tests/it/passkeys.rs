//! Which answers of a browser are believed. No database: the ceremony's rows are the caller's.

use crate::{
    authenticator::{Authenticator, base64url, new_key},
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

    /// What is said to the device when it answers a fresh question.
    fn tried(&mut self, lie: impl FnOnce(&mut Authenticator)) -> String {
        let begun = self.ask();
        lie(&mut self.device);
        let answer = self.device.get(&begun.options);
        said(self.passkeys.finish_sign_in(&begun.state, &answer, &self.credentials()))
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
fn no_lie_registers_a_passkey() {
    registered(|_| {}).unwrap();
    let lies: [(&str, fn(&mut Authenticator)); 8] = [
        ("another port", |device| device.origin = format!("{ADDRESS}:8443")),
        ("another scheme", |device| device.origin = ADDRESS.replace("https", "http")),
        ("below our name", |device| device.origin = ADDRESS.replace("//", "//a.")),
        ("in a frame", |device| device.framed = true),
        ("another name", |device| device.rp_id = Some("example.com".to_owned())),
        ("nobody checked", |device| device.verifies = false),
        ("another challenge", |device| device.challenge = Some(base64url(&[7; 32]))),
        ("one that was excluded", |device| device.credential_id = b"an older one".to_vec()),
    ];
    for (lie, tell) in lies {
        assert_eq!(said(registered(tell)), NOT_ACCEPTED, "{lie}");
    }
}

#[test]
fn no_lie_signs_in() {
    let lies: [(&str, fn(&mut Authenticator)); 9] = [
        ("another port", |device| device.origin = format!("{ADDRESS}:8443")),
        ("another scheme", |device| device.origin = ADDRESS.replace("https", "http")),
        ("below our name", |device| device.origin = ADDRESS.replace("//", "//a.")),
        ("in a frame", |device| device.framed = true),
        ("another name", |device| device.rp_id = Some("example.com".to_owned())),
        ("nobody checked", |device| device.verifies = false),
        ("another challenge", |device| device.challenge = Some(base64url(&[7; 32]))),
        ("another key", |device| device.key = new_key()),
        ("another passkey", |device| device.credential_id = vec![7; 32]),
    ];
    for (lie, tell) in lies {
        assert_eq!(Scene::new().tried(tell), NOT_ACCEPTED, "{lie}");
    }
}

#[test]
fn an_answer_serves_its_own_question_only() {
    let mut scene = Scene::new();
    let (first, second) = (scene.ask(), scene.ask());
    let any = scene.passkeys.begin_discoverable().unwrap();
    let answer = scene.device.get(&first.options);
    for other in [&second.state, &any.state] {
        let replayed = scene.passkeys.finish_sign_in(other, &answer, &scene.credentials());
        assert_eq!(said(replayed), NOT_ACCEPTED);
    }
    let used = scene.passkeys.finish_sign_in(&first.state, &answer, &scene.credentials());
    let now = [used.unwrap().updated.unwrap()];
    let again = scene.passkeys.finish_sign_in(&first.state, &answer, &now);
    assert_eq!(said(again), NOT_ACCEPTED, "its counter has been used");
}

#[test]
fn a_counter_that_stands_still_or_goes_back_betrays_a_copy() {
    for back in [1, 2] {
        // It was 1 at registration; the next would be 2.
        let counter = 2 - back;
        assert_eq!(Scene::new().tried(|device| device.counter = counter), NOT_ACCEPTED);
    }
}

#[test]
fn the_credential_as_it_is_now_decides_not_as_it_was_when_asked() {
    let mut scene = Scene::new();
    let (first, second) = (scene.ask(), scene.ask());
    let mut copy = scene.device.clone();
    let answer = scene.device.get(&first.options);
    let used = scene.passkeys.finish_sign_in(&first.state, &answer, &scene.credentials()).unwrap();
    let now = [used.updated.unwrap()];
    let late = copy.get(&second.options);
    assert_eq!(said(scene.passkeys.finish_sign_in(&second.state, &late, &now)), NOT_ACCEPTED);
    let removed = scene.passkeys.finish_sign_in(&second.state, &late, &[]);
    assert_eq!(said(removed), NOT_ACCEPTED);
}

#[test]
fn a_question_of_one_port_takes_no_answer_at_another() {
    let (one, other) =
        (Passkeys::new("http://localhost:3000"), Passkeys::new("http://localhost:3001"));
    let begun = begin(&one);
    let answer = Authenticator::at("http://localhost:3000").create(&begun.options);
    assert_eq!(said(other.finish_registration(&begun.state, &answer)), NOT_ACCEPTED);
    let elsewhere = Authenticator::at("http://localhost:3001").create(&begun.options);
    assert_eq!(said(one.finish_registration(&begun.state, &elsewhere)), NOT_ACCEPTED);
    one.finish_registration(&begun.state, &answer).unwrap();
}

#[test]
fn an_answer_of_one_kind_is_none_of_the_other() {
    let mut scene = Scene::new();
    let (made, asked) = (begin(&scene.passkeys), scene.ask());
    let (create, get) = (scene.device.create(&made.options), scene.device.get(&asked.options));
    let crossed = scene.passkeys.finish_registration(&made.state, &get);
    assert_eq!(said(crossed), NOT_ACCEPTED);
    let crossed = scene.passkeys.finish_sign_in(&asked.state, &create, &scene.credentials());
    assert_eq!(said(crossed), NOT_ACCEPTED);
}

#[test]
fn garbage_is_refused_in_the_same_words() {
    let mut scene = Scene::new();
    let (made, asked) = (begin(&scene.passkeys), scene.ask());
    let create = scene.device.create(&made.options);
    let get = scene.device.get(&asked.options);
    let padded = |answer: &str| format!("{}{answer}", " ".repeat(16 * 1024));
    let nested = "[".repeat(10_000);
    for wrong in ["", "{}", "null", "\0", "ключ", &nested, &padded(&create), &padded(&get)] {
        let refused = [
            said(scene.passkeys.finish_registration(&made.state, wrong)),
            said(scene.passkeys.finish_sign_in(&asked.state, wrong, &scene.credentials())),
        ];
        assert_eq!(refused, [NOT_ACCEPTED; 2], "{:.20}", wrong);
    }
    for nobody in ["", "{}", &create, &padded(&get)] {
        assert_eq!(said(Passkeys::identify(nobody)), NOT_ACCEPTED);
    }
    scene.device.user_handle = Some(base64url(b"not one of ours"));
    assert_eq!(said(Passkeys::identify(&scene.device.get(&asked.options))), NOT_ACCEPTED);
    scene.device.user_handle = None;
    assert_eq!(said(Passkeys::identify(&scene.device.get(&asked.options))), NOT_ACCEPTED);
}

#[test]
fn every_altered_or_cut_answer_is_refused_without_a_panic() {
    let mut scene = Scene::new();
    let (made, asked) = (begin(&scene.passkeys), scene.ask());
    let create = scene.device.create(&made.options);
    let get = scene.device.get(&asked.options);
    for at in 0..create.len() {
        // What it says of itself outside the signed part may change; it only must not break us.
        let _ = scene.passkeys.finish_registration(&made.state, &altered(&create, at));
        let cut = scene.passkeys.finish_registration(&made.state, &create[..at]);
        assert_eq!(said(cut), NOT_ACCEPTED);
    }
    for at in 0..get.len() {
        let _ = scene.passkeys.finish_sign_in(&asked.state, &altered(&get, at), &[]);
        let cut = scene.passkeys.finish_sign_in(&asked.state, &get[..at], &scene.credentials());
        assert_eq!(said(cut), NOT_ACCEPTED);
    }
    let signed = ["clientDataJSON", "authenticatorData", "signature"];
    for part in signed {
        let mut answer: Value = serde_json::from_str(&get).unwrap();
        let text = answer["response"][part].as_str().unwrap().to_owned();
        for at in 0..text.len() - 1 {
            answer["response"][part] = altered(&text, at).into();
            let tried = answer.to_string();
            let tried = scene.passkeys.finish_sign_in(&asked.state, &tried, &scene.credentials());
            assert_eq!(said(tried), NOT_ACCEPTED, "{part} at {at}");
        }
    }
}

fn altered(text: &str, at: usize) -> String {
    let mut bytes = text.as_bytes().to_vec();
    bytes[at] = if bytes[at] == b'A' { b'B' } else { b'A' };
    String::from_utf8(bytes).unwrap()
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
