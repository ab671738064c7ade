use super::*;
use crate::{
    PersonId,
    ledger::{Acceptance, Hash, LedgerId, PublicKey, Signed, Statement},
};
use ed25519_dalek::{Signer, SigningKey};
use uuid::Uuid;

fn signed<T: Statement>(statement: &T, seed: u8) -> Signed<T> {
    let key = SigningKey::from_bytes(&[seed; 32]);
    let public = PublicKey(key.verifying_key().to_bytes());
    Signed::new(statement, public, |text| key.sign(text).to_bytes())
}

fn certificate() -> Certificate {
    let at = |stage| StageAt { stage, at: "2026-11-29T08:00:00Z".to_owned() };
    Certificate {
        instance: "https://probity.example.com".to_owned(),
        team: TeamId(Uuid::from_u128(1)),
        key: Some(Uuid::from_u128(2).to_string()),
        stages: Stage::ALL.map(at).to_vec(),
        tables: vec![Removed { table: "api_key".to_owned(), rows: 41 }],
        files: 3,
    }
}

#[test]
fn a_certificate_is_checked_as_a_line_and_as_lines_of_a_letter() {
    let line = signed(&certificate(), 7);
    let key = line.key();
    let letter = wrapped(&line.line());
    let quoted = letter.replace(' ', "\n> ");
    let within = format!("Hello Ada,\n\n{}\n-- \nSent.", letter.replace(" {", "\n{"));
    for text in [line.line(), format!("\n{}\n", line.line()), letter, quoted, within] {
        let checked = check(&text, Some(key)).expect("there is one");
        assert!(checked.is_signed, "{text}");
        assert!(checked.said[0].contains("41 rows of 1 tables, and 3 files"), "{:?}", checked.said);
        assert_eq!(checked.said.len(), 1 + Stage::ALL.len() + 4);
    }
    assert_eq!(check("Hello Ada", Some(key)), None);
}

#[test]
fn an_altered_certificate_and_one_of_another_key_are_refused() {
    let line = signed(&certificate(), 7);
    let refused = |text: &str, key| {
        let checked = check(text, key).expect("there is one");
        assert!(!checked.is_signed && checked.said.is_empty(), "{checked:?}");
        checked.verdict
    };
    let altered = line.line().replace("\"rows\":41", "\"rows\":42");
    assert!(refused(&altered, None).starts_with("Broken: the certificate was altered."));
    let cut = &line.line()[..300];
    assert!(refused(cut, None).starts_with("Broken: the certificate was cut"));
    let other = signed(&certificate(), 8);
    assert!(refused(&other.line(), Some(line.key())).contains("another key"));
    // Another statement of ours does not pass for one.
    let acceptance = Acceptance {
        ledger: LedgerId::Person(PersonId(Uuid::nil())),
        seq: 1,
        hash: Hash([0; 32]),
        reason: "x".to_owned(),
        at: "2026-11-29T08:00:00Z".to_owned(),
    };
    let posing = signed(&acceptance, 7).line().replace("acceptance", "certificate");
    assert!(refused(&posing, None).starts_with("Broken"));
}

#[test]
fn a_certificate_has_no_space_that_a_letter_could_lose() {
    assert!(!signed(&certificate(), 7).line().contains(char::is_whitespace));
}
