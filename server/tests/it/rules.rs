//! Keyword rules at the program's own doors: matched for a key, imported from a browser's file.

use crate::{
    http::owner,
    keys::issued,
    program::{Home, Program, wait_for},
    superuser::Superuser,
    visitor::{Answer, Visitor, send},
};
use serde_json::{Value, json};

const TEAM: (&str, &str) = ("form[team]", "halden-freight");

fn post(program: &Program, header: &str, body: &str) -> Answer {
    send(
        program,
        &format!(
            "POST /v1/match HTTP/1.1\r\nHost: x\r\n{header}Content-Type: application/json\r\n\
             Content-Length: {}\r\nConnection: close\r\n\r\n{body}",
            body.len()
        ),
    )
}

/// A rule for running shoes, with a program whose key is ada-21.
fn with_rule(home: &Home, ada: &mut Visitor<'_>) {
    let program = [TEAM, ("form[name]", "Nordly"), ("form[tag]", "ada-21")];
    assert_eq!(ada.ask("/do/program/create", &program).status, 200);
    let id = "select 'program_' || replace(id::text, '-', '') from affiliate_program";
    let id = Superuser::of(home).one(id);
    let rule = [
        TEAM,
        ("form[keyword]", "Running shoes"),
        ("form[matching]", "phrase"),
        ("form[url]", "https://shop.example/?tag={tag}"),
        ("form[program]", &id),
        ("form[enabled]", "yes"),
    ];
    let made = ada.ask("/do/rule/create", &rule);
    assert_eq!(made.status, 200, "{}", made.body);
}

#[test]
fn a_message_is_answered_with_offers_and_the_call_is_counted() {
    let home = Home::new();
    let mut program = home.serve();
    program.wait_until_ready();
    let (mut ada, _) = owner(&program);
    with_rule(&home, &mut ada);
    let key = issued(&home, 1).remove(0);
    let bearer = format!("Authorization: Bearer {key}\r\n");
    let message = r#"{"message":"red RUNNING\nshoes, please","language":"en-GB","limit":5}"#;
    let answer = post(&program, &bearer, message);
    assert_eq!(answer.status, 200, "{}", answer.body);
    let body: Value = serde_json::from_str(&answer.body).expect("JSON");
    let offer = &body["offers"][0];
    assert!(offer["rule_id"].as_str().is_some_and(|id| id.starts_with("rule_")), "{body}");
    let expected = json!({
        "rule_id": offer["rule_id"], "keyword": "Running shoes", "program": "Nordly",
        "url": "https://shop.example/?tag=ada-21", "priority": 0,
    });
    assert_eq!(body, json!({ "offers": [expected] }));
    let none = post(&program, &format!("X-Api-Key: {key}\r\n"), r#"{"message":"boots"}"#);
    assert_eq!((none.status, none.body.as_str()), (200, r#"{"offers":[]}"#));
    let superuser = Superuser::of(&home);
    let counted = || superuser.one("select coalesce(sum(calls), 0)::text from key_usage");
    wait_for("both calls to be counted", || (counted() == "2").then_some(()));
    assert!(!program.log.text().contains("ada-21"), "no log has the affiliate key");
    program.stop();
}

#[test]
fn every_refusal_says_why_and_a_wrong_message_is_not_counted() {
    let home = Home::new();
    let mut program = home.serve();
    program.wait_until_ready();
    owner(&program);
    let key = issued(&home, 1).remove(0);
    let bearer = format!("Authorization: Bearer {key}\r\n");
    let shoes = r#"{"message":"shoes"}"#;
    let none = post(&program, "", shoes);
    assert_eq!((none.status, none.header("www-authenticate")), (401, "Bearer"));
    let wrong = post(&program, "X-Api-Key: pby_live_x\r\n", shoes);
    assert_eq!((wrong.status, wrong.header("x-probity-code")), (401, "NOT_FOUND"));
    assert_eq!(wrong.header("content-type"), "application/problem+json");
    let status = |body: &str| post(&program, &bearer, body).status;
    assert_eq!((status("shoes"), status("{}"), status(r#"{"message":""}"#)), (400, 422, 422));
    let long = json!({ "message": "x".repeat(8_193) }).to_string();
    assert_eq!(status(&long), 422);
    assert_eq!(status(&json!({ "message": "x".repeat(70_000) }).to_string()), 413);
    assert_eq!(status(r#"{"message":"a","limit":51}"#), 422);
    let told = post(&program, &bearer, r#"{"message":"a","language":"german"}"#);
    assert!(told.body.contains("This is no language."), "{}", told.body);
    let form = format!(
        "POST /v1/match HTTP/1.1\r\nHost: x\r\n{bearer}Content-Length: 0\r\nConnection: close\r\n\r\n"
    );
    assert_eq!(send(&program, &form).status, 415);
    assert_eq!(status(shoes), 200);
    let superuser = Superuser::of(&home);
    let counted = || superuser.one("select coalesce(sum(calls), 0)::text from key_usage");
    wait_for("the one call to be counted", || (counted() == "1").then_some(()));
    let suspend = ["team", "suspend", "halden-freight", "--reason", "unpaid"];
    assert!(home.run(&suspend, &[]).status.success());
    let suspended = || {
        let answer = post(&program, &bearer, shoes);
        (answer.status == 403).then(|| answer.header("x-probity-code").to_owned())
    };
    assert_eq!(wait_for("the suspension to be heard of", suspended), "TEAM_SUSPENDED");
    program.stop();
}

/// A browser's form with a file, as HTML has it.
fn send_file(visitor: &Visitor<'_>, file: &str) -> Answer {
    let page = "/t/halden-freight/rules/import";
    let fields = [("from", page), ("team", "halden-freight"), ("file", file)];
    let part = |(name, value): (&str, &str)| {
        let named = if name == "file" { "; filename=\"r.csv\"" } else { "" };
        format!("--b\r\nContent-Disposition: form-data; name=\"{name}\"{named}\r\n\r\n{value}\r\n")
    };
    let body: String = fields.map(part).concat() + "--b--\r\n";
    let cookies: Vec<String> = visitor.cookies.iter().map(|(n, v)| format!("{n}={v}")).collect();
    send(
        visitor.program,
        &format!(
            "POST /do/rule/upload HTTP/1.1\r\nHost: {}\r\nConnection: close\r\nAccept: text/html\r\n\
             Sec-Fetch-Site: same-origin\r\nCookie: {}\r\n\
             Content-Type: multipart/form-data; boundary=b\r\nContent-Length: {}\r\n\r\n{body}",
            visitor.program.address,
            cookies.join("; "),
            body.len()
        ),
    )
}

#[test]
fn a_browser_without_javascript_imports_a_large_file_after_looking_at_it() {
    let home = Home::new();
    let mut program = home.serve();
    program.wait_until_ready();
    let (mut ada, _) = owner(&program);
    let page = "/t/halden-freight/rules/import";
    let lines: String = (0..3_000)
        .map(|n| format!("word {n},https://shop.example/{n}/{}\n", "x".repeat(40)))
        .collect();
    let file = format!("keyword,url\n{lines}bad,ftp://x\n");
    assert!(file.len() > 100_000, "larger than any other form");
    let sent = send_file(&ada, &file);
    assert_eq!((sent.status, sent.header("location")), (303, page), "{}", sent.body);
    let looked_at = ada.get(page).body;
    assert!(looked_at.contains(">3,000<") && looked_at.contains(">3002<"), "{looked_at}");
    let draft = looked_at.split("name=\"draft\" value=\"").nth(1).expect("a draft");
    let draft = draft.split('"').next().expect("its id");
    let fields = [("from", page), ("team", "halden-freight"), ("draft", draft), ("bad", "skip")];
    let done = ada.post("/do/rule/import", &fields);
    assert_eq!(done.header("location"), "/t/halden-freight/rules", "{}", done.body);
    let list = ada.get("/t/halden-freight/rules").body;
    assert!(list.contains("Imported: 3,000 new"), "{list}");
    assert_eq!(ada.get("/t/halden-freight/rules.csv").body.lines().count(), 3_001);
    // The page again, with what is wrong.
    let wrong = send_file(&ada, "colour\nred\n");
    assert_eq!(wrong.status, 422);
    assert!(wrong.body.contains("The first line must name the columns"), "{}", wrong.body);
    let signed_out = send_file(&Visitor::new(&program), &file);
    assert_eq!(signed_out.status, 401, "before a byte of it is kept");
    program.stop();
}
