//! Keys that others can read, at the program's own doors: reported over the API, looked up by the
//! operator.

use crate::{
    http::owner,
    keys::{issued, post},
    mailbox,
    program::{Home, Program, wait_for},
    superuser::Superuser,
};
use serde_json::{Value, json};
use std::{
    io::Write,
    process::{Output, Stdio},
};

const SCAN: &str = "/v1/keys/scan";

fn keys(program: &Program, body: &Value) -> Vec<Value> {
    let answer = post(program, SCAN, body);
    assert_eq!(answer.status, 200, "{}", answer.body);
    let answer: Value = serde_json::from_str(&answer.body).expect("JSON");
    answer["keys"].as_array().expect("a list").clone()
}

/// `probity key scan` of this text.
fn scan(home: &Home, text: &[u8], more: &[&str]) -> Output {
    let mut command = home.probity(&[&["key", "scan"], more].concat(), &[]);
    command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
    let mut child = command.spawn().expect("the program can be run");
    // It may end before it has read everything.
    drop(child.stdin.take().expect("stdin is piped").write_all(text));
    child.wait_with_output().expect("it ends")
}

fn said(output: &Output) -> String {
    String::from_utf8_lossy(&output.stdout).into_owned()
}

#[test]
fn a_scanner_reports_without_an_account_and_the_team_hears_of_it_once() {
    let home = Home::new();
    let mut program = home.serve();
    program.wait_until_ready();
    owner(&program);
    let key = issued(&home, 1).remove(0);
    let text = format!("# ours\nexport KEY='{key}'\nexport OLD='pby_live_{}'\n", "0".repeat(49));
    let report = json!({ "text": text, "source": "https://github.com/halden/api/x.env" });
    for _ in 0..3 {
        let found = keys(&program, &report);
        assert_eq!(found.len(), 1, "nothing that only looks like a key: {found:?}");
        assert_eq!(found[0]["prefix"], key[..17]);
        assert!(found[0]["key_id"].as_str().expect("an id").starts_with("key_"));
        assert_eq!((&found[0]["live"], &found[0]["reported"]), (&json!(true), &json!(true)));
        assert_eq!(found[0]["lines"], json!([2]));
        let fields = found[0].as_object().expect("an object").keys().count();
        assert_eq!(fields, 5, "neither name nor team: {found:?}");
    }
    let letters = || {
        let letters = mailbox::letters(&home);
        let about = |letter: &&String| letter.contains("was found in public");
        Some(letters.iter().filter(about).count()).filter(|count| *count > 0)
    };
    assert_eq!(wait_for("the letter", letters), 1);
    let superuser = Superuser::of(&home);
    let records = "select count(*)::text from audit_event where action = 'key.leak'";
    assert_eq!(superuser.one(records), "1");
    assert!(!program.log.text().contains(&key[17..]), "the log holds no key");
    program.stop();
}

#[test]
fn a_report_that_is_too_large_or_no_text_is_refused_in_words() {
    let home = Home::new();
    let mut program = home.serve();
    program.wait_until_ready();
    owner(&program);
    let large = post(&program, SCAN, &json!({ "text": "a".repeat(1 << 20) }));
    assert_eq!(large.status, 413);
    assert!(large.body.contains("Send the text in parts."), "{}", large.body);
    let many = issued(&home, 101).join(" ");
    let refused = post(&program, SCAN, &json!({ "text": many }));
    assert_eq!(refused.status, 422, "{}", refused.body);
    let sentence = "There are more than 100 different keys in it. Send it in parts.";
    assert!(refused.body.contains(sentence) && !refused.body.contains("pby_"), "{}", refused.body);
    let source = post(&program, SCAN, &json!({ "text": "", "source": "javascript:x" }));
    assert_eq!(source.status, 422);
    let told = "select count(*)::text from audit_event where action = 'key.leak'";
    assert_eq!(Superuser::of(&home).one(told), "0");
    let slowed = (0..60).map(|_| post(&program, SCAN, &json!({ "text": "" })));
    let slowed = slowed.filter(|answer| answer.status == 429).collect::<Vec<_>>();
    assert!(!slowed.is_empty() && !slowed[0].header("retry-after").is_empty());
    program.stop();
}

#[test]
fn an_operator_sees_what_has_become_of_each_key_and_tells_only_if_asked_to() {
    let home = Home::new();
    let mut program = home.serve();
    program.wait_until_ready();
    owner(&program);
    let keys = issued(&home, 2);
    let superuser = Superuser::of(&home);
    let told = || superuser.one("select count(*)::text from api_key where leaked_at is not null");
    let mut text = vec![b'\n'; 200_000];
    text.extend_from_slice(&[0xff, 0]);
    text.extend_from_slice(format!("{0}\n{1} {0}", keys[0], keys[1]).as_bytes());
    let looked = scan(&home, &text, &[]);
    let lines = said(&looked);
    assert_eq!(looked.status.code(), Some(1), "{lines}");
    let first = lines.lines().next().expect("a line");
    for words in [&keys[0][..17], "working", "halden-freight", "issued 1", "line 200001, 200002"] {
        assert!(first.contains(words), "{words} in {lines}");
    }
    assert!(lines.ends_with("2 keys found, 2 of them working.\n"), "{lines}");
    assert!(!lines.contains(&keys[0][17..]), "never a key");
    assert_eq!(told(), "0");

    let reported = scan(&home, keys[0].as_bytes(), &["--report"]);
    assert!(said(&reported).ends_with("Reported: 1.\n"), "{}", said(&reported));
    assert_eq!(told(), "1");
    let wrong = scan(&home, keys[1].as_bytes(), &["--report", "--source", "here"]);
    assert!(String::from_utf8_lossy(&wrong.stderr).contains("This is no https address"));
    assert_eq!(told(), "1");

    superuser.run(
        "alter table api_key disable trigger api_key_is_audited;
         update api_key set disabled_at = now() where name = 'issued 1'",
    );
    let off = scan(&home, keys[0].as_bytes(), &[]);
    assert_eq!((off.status.code(), said(&off).contains("disabled")), (Some(0), true));
    let nothing = scan(&home, b"nothing here", &[]);
    assert_eq!(nothing.status.code(), Some(0));
    assert_eq!(said(&nothing), "0 keys found, 0 of them working.\n");
    program.stop();
}
