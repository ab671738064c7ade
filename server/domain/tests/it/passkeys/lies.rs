//! Answers that are not believed, whatever is wrong with them.

use super::{NOT_ACCEPTED, Scene, begin, registered};
use crate::{
    authenticator::{Authenticator, base64url, new_key},
    support::{ADDRESS, said},
};
use domain::crypto::Passkeys;
use serde_json::Value;

/// What is wrong, and how the device is made to do it.
type Lie = (&'static str, fn(&mut Authenticator));

impl Scene {
    /// What is said to the device when it answers a fresh question.
    fn tried(&mut self, lie: impl FnOnce(&mut Authenticator)) -> String {
        let begun = self.ask();
        lie(&mut self.device);
        let answer = self.device.get(&begun.options);
        said(self.passkeys.finish_sign_in(&begun.state, &answer, &self.credentials()))
    }
}

#[test]
fn no_lie_registers_a_passkey() {
    registered(|_| {}).unwrap();
    let lies: [Lie; 8] = [
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
    let lies: [Lie; 9] = [
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
