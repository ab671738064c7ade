//! What browsers without JavaScript, programs and attackers are answered.

use crate::{
    program::{Home, Program, signal, wait_for},
    visitor::{Answer, Visitor, send},
};
use rustix::process::Signal;

pub(crate) const PASSWORD: &str = "correct horse battery staple";

fn set_up_path(program: &Program) -> String {
    let link = wait_for("the set-up link", || {
        let text = program.out.text();
        let line = text.lines().find(|line| line.trim_start().starts_with("set up"))?;
        Some(line.split_whitespace().last()?.to_owned())
    });
    link.split_once(&program.address).expect("an address").1.to_owned()
}

/// The first owner, signed in, of the team at the path that is given too.
pub(crate) fn owner(program: &Program) -> (Visitor<'_>, String) {
    let path = set_up_path(program);
    let token = path.rsplit('/').next().expect("a token").to_owned();
    let mut visitor = Visitor::new(program);
    let done = visitor.post(
        "/do/account/set-up",
        &[
            ("from", &path),
            ("token", &token),
            ("name", "Ada Lovelace"),
            ("email", "ada@example.com"),
            ("password", PASSWORD),
            ("team", "Halden Freight"),
        ],
    );
    assert_eq!(done.status, 303, "{}", done.body);
    let home = done.header("location").to_owned();
    (visitor, home)
}

fn verify(program: &Program, body: &str) -> (u16, serde_json::Value) {
    let length = body.len();
    let answer = send(
        program,
        &format!(
            "POST /v1/keys/verify HTTP/1.1\r\nHost: p\r\nConnection: close\r\n\
             Content-Type: application/json\r\nContent-Length: {length}\r\n\r\n{body}"
        ),
    );
    (answer.status, serde_json::from_str(&answer.body).expect("JSON"))
}

#[test]
fn a_newcomer_without_javascript_gets_from_the_link_to_a_verified_key() {
    let home = Home::new();
    let mut program = home.serve();
    program.wait_until_ready();
    let (mut ada, team) = owner(&program);

    let session = ada.cookies.get("__Host-probity").expect("signed in").clone();
    assert!(session.len() > 40, "256 bits of a session");
    let flash = ada.cookies.contains_key("__Host-probity_flash");
    let overview = ada.get(&team);
    assert_eq!(overview.status, 200, "{}", overview.body);
    assert!(flash && !ada.cookies.contains_key("__Host-probity_flash"), "the flash is consumed");
    assert!(overview.body.contains("is ready"), "and was shown: {}", overview.body);

    let new_key = format!("{team}/keys/new");
    let slug = team.rsplit('/').next().expect("a slug");
    let fields = [
        ("from", new_key.as_str()),
        ("team", slug),
        ("name", "billing <sync>"),
        ("environment", "live"),
        ("days", "ninety"),
    ];
    let refused = ada.post("/do/key/create", &fields);
    assert_eq!(refused.status, 422);
    assert!(refused.body.contains("value=\"billing &lt;sync&gt;\""), "{}", refused.body);
    assert!(refused.body.contains("value=\"ninety\""), "what was typed is kept");

    let mut right = fields;
    right[4].1 = "90";
    let revealed = ada.post("/do/key/create", &right);
    assert_eq!(revealed.status, 200, "{}", revealed.body);
    assert_eq!(revealed.header("cache-control"), "no-store");
    let words = revealed.body.split(|c: char| !c.is_ascii_alphanumeric() && c != '_');
    let secret = words.filter(|word| word.starts_with("pby_live_")).max_by_key(|word| word.len());
    let secret = secret.expect("the key");
    let list = ada.get(&format!("{team}/keys"));
    assert!(!list.body.contains(secret), "a key is shown once");

    let (status, verdict) = verify(&program, &format!("{{\"key\":\"{secret}\"}}"));
    assert_eq!((status, &verdict["valid"]), (200, &true.into()), "{verdict}");
    assert_eq!(verdict["name"], "billing <sync>");
    let (status, verdict) = verify(&program, r#"{"key":"pby_live_unknown"}"#);
    assert_eq!((status, &verdict["code"]), (200, &"NOT_FOUND".into()));
    assert!(verdict["team_id"].is_null());

    let out = ada.post("/do/account/sign-out", &[("from", &team)]);
    assert_eq!((out.status, out.header("location")), (303, "/sign-in"));
    ada.cookies.insert("__Host-probity".to_owned(), session);
    let after = ada.get(&team);
    assert!(after.header("location").starts_with("/sign-in?next="), "an ended session is nobody");
    program.stop();
}

#[test]
fn cookies_pages_and_redirects_are_closed_on_every_side() {
    let home = Home::new();
    let mut program = home.serve();
    program.wait_until_ready();
    let mut stranger = Visitor::new(&program);

    let page = stranger.get("/sign-in");
    let policy = page.header("content-security-policy");
    let nonce = policy.split("'nonce-").nth(1).and_then(|rest| rest.split('\'').next());
    assert!(nonce.is_some_and(|nonce| nonce.len() >= 22), "{policy}");
    assert!(!policy.contains("unsafe-inline"), "{policy}");
    assert!(!page.body.contains(" style=\""), "no inline styles");
    for script in page.body.split("<script").skip(1) {
        let tag = script.split('>').next().unwrap_or_default();
        assert!(tag.contains(nonce.unwrap_or_default()), "{tag}");
    }
    assert_eq!(page.header("cache-control"), "no-store");

    let request = "HEAD /sign-in HTTP/1.1\r\nHost: p\r\nConnection: close\r\n\
                   Accept-Encoding: gzip, br\r\n\r\n";
    let head = send(&program, request);
    assert_eq!((head.status, head.body.as_str()), (200, ""), "a HEAD has no body");
    assert_eq!((head.header("content-encoding"), head.header("vary")), ("br", "accept-encoding"));
    let length: usize = head.header("content-length").parse().expect("a number");
    assert!(length * 3 < page.body.len(), "{length} bytes instead of {}", page.body.len());

    let lost = stranger.get("/no/such/page");
    assert_eq!(lost.status, 404);
    assert!(lost.body.contains(lost.header("x-request-id")), "{}", lost.body);
    let wrong = stranger.post("/sign-in", &[]);
    assert_eq!((wrong.status, wrong.header("allow")), (405, "GET, HEAD"));
    assert_eq!(stranger.get("/do/key/create").header("allow"), "POST");
    assert_eq!(stranger.post("/do/key/none", &[]).status, 404);

    for from in ["//evil.example", "https://evil.example/", "/\\evil.example", "/do/x"] {
        let fields = [("from", from), ("name", "x"), ("team", "halden")];
        let answer = stranger.post("/do/key/create", &fields);
        assert_eq!((answer.status, answer.header("location")), (303, "/sign-in"), "{from}");
    }
    let (_, path) = owner(&program);
    let mut ada = Visitor::new(&program);
    let wrong = [("email", "ada@example.com"), ("password", "wrong"), ("from", "/sign-in")];
    let refused = ada.post("/do/account/sign-in", &wrong);
    assert_eq!(refused.status, 422, "{}", refused.body);
    assert!(refused.body.contains("ada@example.com") && !refused.body.contains("value=\"wrong\""));
    for next in ["//evil.example/", "https://evil.example/", path.as_str()] {
        let fields = [("email", "ada@example.com"), ("password", PASSWORD), ("next", next)];
        let answer = ada.post("/do/account/sign-in", &fields);
        let expected = if next == path { path.as_str() } else { "/" };
        assert_eq!(answer.header("location"), expected, "{next}");
        let cookie = answer.all("set-cookie").find(|it| it.starts_with("__Host-probity="));
        let cookie = cookie.expect("a session");
        for attribute in ["Path=/", "Secure", "HttpOnly", "SameSite=Lax", "Max-Age="] {
            assert!(cookie.contains(attribute), "{cookie}");
        }
        assert!(!cookie.contains("Domain"), "{cookie}");
    }
    program.stop();
}

#[test]
fn a_signed_in_browser_cannot_be_used_by_another_site() {
    let home = Home::new();
    let mut program = home.serve();
    program.wait_until_ready();
    let (ada, _) = owner(&program);
    let session = &ada.cookies["__Host-probity"];
    let posted = |extra: &str| -> Answer {
        let (address, body) = (&program.address, "form[name]=Stolen");
        send(
            &program,
            &format!(
                "POST /do/team/create HTTP/1.1\r\nHost: {address}\r\nConnection: close\r\n{extra}\
                 Cookie: __Host-probity={session}\r\nContent-Length: {}\r\n\
                 Content-Type: application/x-www-form-urlencoded\r\n\r\n{body}",
                body.len()
            ),
        )
    };
    for foreign in [
        "Sec-Fetch-Site: cross-site\r\n",
        "Sec-Fetch-Site: same-site\r\n",
        "Origin: https://evil.example\r\n",
        "Origin: null\r\n",
    ] {
        let answer = posted(foreign);
        assert_eq!(answer.status, 403, "{foreign}{}", answer.body);
        assert!(answer.body.contains("nothing was done"), "{}", answer.body);
    }
    assert_eq!(posted("Sec-Fetch-Site: same-origin\r\n").status, 200);
    program.stop();
}

#[test]
fn a_form_that_disagrees_with_its_page_or_address_about_the_team_does_nothing() {
    let home = Home::new();
    let mut program = home.serve();
    program.wait_until_ready();
    let (mut ada, _) = owner(&program);
    let form = |from: &'static str| {
        [
            ("team", "halden-freight"),
            ("name", "torn"),
            ("environment", "live"),
            ("days", "90"),
            ("from", from),
        ]
    };
    let torn = ada.post("/do/key/create", &form("/t/other/keys/new"));
    assert_eq!(torn.status, 404, "there is no such page for her: {}", torn.body);
    let asked = ada.post("/do/key/create?team=other", &form("/t/halden-freight/keys/new"));
    assert_eq!(asked.status, 422);
    assert!(asked.body.contains("nothing in the address"), "{}", asked.body);
    let keys = ada.ask("/do/key/list", &[("team", "halden-freight"), ("query[before]", "")]);
    assert!(keys.body.contains("\"rows\":[]"), "{}", keys.body);
    let whole = ada.post("/do/key/create", &form("/t/halden-freight/keys/new"));
    assert!(whole.body.contains("pby_live_"), "{}", whole.body);
    program.stop();
}

#[test]
fn nobody_is_signed_out_or_let_in_because_the_database_is_away() {
    let home = Home::new();
    let mut program = home.serve();
    program.wait_until_ready();
    let (mut ada, team) = owner(&program);
    signal(home.postmaster().expect("it runs"), Signal::KILL);
    let mut refused = 0;
    wait_for("the database to be back", || {
        let page = ada.get(&team);
        assert!(matches!(page.status, 200 | 503), "{} {}", page.status, page.body);
        assert!(page.status == 200 || !page.header("retry-after").is_empty(), "when to come back");
        refused += usize::from(page.status == 503);
        (page.status == 200 && refused > 0).then_some(())
    });
    program.stop();
}
