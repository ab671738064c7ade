//! Keys at the program's own doors: issued, verified, counted through a kill.

use crate::{
    http::owner,
    program::{Home, Program, wait_for},
    superuser::Superuser,
    visitor::{Answer, send},
};
use serde_json::{Value, json};
use std::fs;

const REASON: &[&str] = &["--reason", "they move here"];

/// Keys of the owner's team, from the command.
pub(crate) fn issued(home: &Home, count: usize) -> Vec<String> {
    let file = home.folder.with_extension("keys");
    let (count, path) = (count.to_string(), file.display().to_string());
    let wanted = ["key", "issue", "--team", "halden-freight", "--count", &count, "--out", &path];
    let output = home.run(&[&wanted, REASON].concat(), &[]);
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    let keys = fs::read_to_string(&file).expect("the keys");
    fs::remove_file(file).expect("removed");
    keys.lines().map(str::to_owned).collect()
}

fn post(program: &Program, path: &str, body: &Value) -> Answer {
    let body = body.to_string();
    send(
        program,
        &format!(
            "POST {path} HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\n\
             Content-Length: {}\r\nConnection: close\r\n\r\n{body}",
            body.len()
        ),
    )
}

fn forward(program: &Program, query: &str, header: &str) -> Answer {
    let head = format!("GET /v1/forward-auth{query} HTTP/1.1\r\nHost: x\r\n{header}");
    send(program, &format!("{head}Connection: close\r\n\r\n"))
}

#[test]
fn keys_are_issued_into_a_file_that_only_its_owner_reads_or_not_at_all() {
    let home = Home::new();
    let mut program = home.serve();
    program.wait_until_ready();
    owner(&program);
    let file = home.folder.with_extension("issued");
    let path = file.display().to_string();
    let run = |team: &str| {
        let wanted = ["key", "issue", "--team", team, "--count", "3", "--out", &path];
        home.run(&[&wanted, REASON].concat(), &[])
    };
    let unknown = run("nordlys");
    assert!(String::from_utf8_lossy(&unknown.stderr).contains("There is no such team."));
    assert!(!file.exists(), "nothing is left behind");
    assert!(run("halden-freight").status.success());
    let mode = std::os::unix::fs::PermissionsExt::mode(&fs::metadata(&file).unwrap().permissions());
    assert_eq!(mode & 0o777, 0o600);
    assert_eq!(fs::read_to_string(&file).unwrap().lines().count(), 3);
    let again = run("halden-freight");
    assert!(String::from_utf8_lossy(&again.stderr).contains("File exists"), "never overwritten");
    let keys = Superuser::of(&home).one("select count(*)::text from api_key");
    assert_eq!(keys, "3", "and no key was made for it");
    fs::remove_file(file).unwrap();
    program.stop();
}

#[test]
fn many_keys_are_verified_at_once_in_their_order() {
    let home = Home::new();
    let mut program = home.serve();
    program.wait_until_ready();
    owner(&program);
    let keys = issued(&home, 999);
    let mut asked: Vec<Value> = keys.iter().map(|key| json!({ "key": key })).collect();
    asked.insert(1, json!({ "key": "pby_live_nothing" }));
    let answer = post(&program, "/v1/keys/verify/batch", &json!({ "keys": asked }));
    assert_eq!(answer.status, 200, "{}", answer.body);
    let answer: Value = serde_json::from_str(&answer.body).expect("JSON");
    let results = answer["results"].as_array().expect("a list");
    assert_eq!(results.len(), 1000);
    assert_eq!(results[0]["name"], "issued 1");
    assert_eq!(results[1]["code"], "NOT_FOUND");
    assert_eq!(results[999]["name"], "issued 999");
    asked.push(json!({ "key": "a" }));
    let many = post(&program, "/v1/keys/verify/batch", &json!({ "keys": asked }));
    assert_eq!(many.status, 422, "{}", many.body);
    let large = json!({ "keys": [{ "key": "a".repeat(1 << 20) }] });
    assert_eq!(post(&program, "/v1/keys/verify/batch", &large).status, 413);
    program.stop();
}

#[test]
fn a_proxy_is_told_by_status_and_headers() {
    let home = Home::new();
    let mut program = home.serve();
    program.wait_until_ready();
    owner(&program);
    let key = issued(&home, 1).remove(0);
    let bearer = format!("Authorization: Bearer {key}\r\n");
    let good = forward(&program, "", &bearer);
    assert_eq!((good.status, good.header("x-probity-code")), (204, "VALID"));
    assert_eq!(good.header("x-probity-key-name"), "issued 1");
    assert!(good.header("x-probity-key-id").starts_with("key_"));
    assert_eq!(forward(&program, "", &format!("X-Api-Key: {key}\r\n")).status, 204);
    let none = forward(&program, "", "");
    assert_eq!((none.status, none.header("www-authenticate")), (401, "Bearer"));
    let wrong = forward(&program, "", "X-Api-Key: pby_live_x\r\n");
    assert_eq!((wrong.status, wrong.header("x-probity-code")), (401, "NOT_FOUND"));
    assert_eq!(wrong.header("www-authenticate"), "Bearer");
    let scope = forward(&program, "?scopes=orders:read", &bearer);
    assert_eq!((scope.status, scope.header("x-probity-code")), (403, "INSUFFICIENT_SCOPE"));
    assert_eq!(forward(&program, "?scope=typo", &bearer).status, 422);
    let suspend = ["team", "suspend", "halden-freight"];
    assert!(home.run(&[&suspend, REASON].concat(), &[]).status.success());
    let suspended = || {
        let answer = forward(&program, "", &bearer);
        (answer.status == 403).then(|| answer.header("x-probity-code").to_owned())
    };
    assert_eq!(wait_for("the program to hear of it", suspended), "TEAM_SUSPENDED");
    program.stop();
}

#[test]
fn after_kill_9_the_counts_are_what_the_client_counted() {
    let home = Home::new();
    let mut program = home.serve();
    program.wait_until_ready();
    owner(&program);
    let keys = issued(&home, 100);
    let asked: Vec<Value> = keys.iter().map(|key| json!({ "key": key })).collect();
    let batch = json!({ "keys": asked });
    let mut answered = 0;
    for round in 0..30 {
        assert_eq!(post(&program, "/v1/keys/verify/batch", &batch).status, 200);
        answered += 100;
        if round % 10 == 9 {
            program.kill(); // somewhere in a second: before, in or after a flush
            program = home.serve();
            program.wait_until_ready();
        }
    }
    let superuser = Superuser::of(&home);
    let counted = || superuser.one("select coalesce(sum(calls), 0)::text from key_usage");
    wait_for("every call to be counted", || (counted() == answered.to_string()).then_some(()));
    program.stop();
    let left = fs::read_dir(home.folder.join("usage")).expect("the journal");
    let bytes: u64 = left.map(|file| file.unwrap().metadata().unwrap().len()).sum();
    assert_eq!(bytes, 0, "nothing is left to be counted");
}

#[test]
fn usage_waits_for_a_database_that_is_gone_and_known_keys_work_on_for_a_moment() {
    let home = Home::new();
    let mut program = home.serve();
    program.wait_until_ready();
    owner(&program);
    let key = issued(&home, 1).remove(0);
    let verify = || post(&program, "/v1/keys/verify", &json!({ "key": key }));
    assert_eq!(verify().status, 200);
    let postmaster = home.postmaster().expect("it runs");
    crate::program::signal(postmaster, rustix::process::Signal::KILL);
    let mut answered = 1;
    let back = || {
        // Either it is still known, or it cannot be told: nobody is let in on a guess.
        let answer = verify();
        assert!(matches!(answer.status, 200 | 503), "{} {}", answer.status, answer.body);
        answered += u32::from(answer.status == 200);
        let started = home.postmaster().is_some_and(|pid| pid != postmaster);
        (started && program.status_of("/readyz") == Some(200)).then_some(())
    };
    wait_for("the database to be back", back);
    let superuser = Superuser::of(&home);
    let counted = || superuser.one("select coalesce(sum(calls), 0)::text from key_usage");
    wait_for("every call to be counted", || (counted() == answered.to_string()).then_some(()));
    program.stop();
}
