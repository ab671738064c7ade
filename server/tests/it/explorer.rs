//! The API explorer as a browser without JavaScript meets it.

use crate::{
    api::key_with,
    http::owner,
    keys::issued,
    people::stranger,
    program::Home,
    superuser::Superuser,
    visitor::{Answer, Visitor},
};
use app::explorer::{Place, endpoints};
use model::Permissions;
use std::collections::BTreeSet;

const TEAM: &str = "halden-freight";
const COOKIE: &str = "__Host-probity_explorer";

/// Whoever is in no team joins Halden Freight, past every rule.
const JOINS: &str = "
    alter table member disable trigger user;
    insert into member (team_id, person_id, role, joined_at)
    select t.id, p.id, 'admin', now() from team t, person p
    where t.slug = 'halden-freight' and not exists (select from member m where m.person_id = p.id);
    alter table member enable trigger user";

/// Makes a test key that may look, or also change.
fn make(visitor: &mut Visitor<'_>, may: &str) -> Answer {
    let from = format!("/t/{TEAM}/explorer");
    visitor.post("/do/explorer/make-key", &[("from", &from), ("team", TEAM), ("may", may)])
}

/// Calls an endpoint from its page.
fn call(visitor: &mut Visitor<'_>, endpoint: &str, typed: &[(&str, &str)]) -> Answer {
    let from = format!("/t/{TEAM}/explorer/{endpoint}");
    let about = [("from", from.as_str()), ("team", TEAM), ("endpoint", endpoint)];
    visitor.post("/do/explorer/call", &[&about, typed].concat())
}

/// What the page says that the API answered: its status.
fn status(answer: &Answer) -> &str {
    let after = answer.body.split("Status ").nth(1).unwrap_or_else(|| panic!("{}", answer.body));
    &after[..3]
}

#[test]
fn a_key_made_here_calls_for_real_and_is_never_in_the_page() {
    let home = Home::new();
    let mut program = home.serve();
    program.wait_until_ready();
    let (mut ada, _) = owner(&program);
    let without = call(&mut ada, "findTeam", &[]);
    assert_eq!(without.status, 422);
    assert!(without.body.contains("Make a test key first, above."), "{}", without.body);
    let made = make(&mut ada, "look");
    assert_eq!((made.status, made.header("location")), (303, "/t/halden-freight/explorer"));
    let cookie = made.all("set-cookie").find(|it| it.starts_with(COOKIE)).expect("a cookie");
    for word in ["HttpOnly", "Secure", "SameSite=Lax", "Max-Age=86400"] {
        assert!(cookie.contains(word), "{cookie}");
    }
    assert!(!cookie.contains("pby_"), "{cookie}");

    let team = call(&mut ada, "findTeam", &[]);
    assert_eq!((team.status, status(&team)), (200, "200"));
    assert!(team.body.contains("Halden Freight") && team.body.contains("x-request-id: req_"));
    assert!(team.header("content-encoding").is_empty(), "an answer may be a secret");
    let shown: Vec<&str> = team.body.split("pby_test_").skip(1).collect();
    let is_cut = |rest: &&str| !rest[8..].starts_with(|c: char| c.is_ascii_alphanumeric());
    assert!(!shown.is_empty() && shown.iter().all(is_cut), "only its start");
    let refused = call(&mut ada, "createKey", &[("body_name", "x"), ("body_environment", "test")]);
    assert_eq!((refused.status, status(&refused)), (200, "403"), "it may only look");

    make(&mut ada, "change");
    let typed =
        [("body_name", "sync-9"), ("body_environment", "test"), ("body_scopes", "a:b\nc:d")];
    let made = call(&mut ada, "createKey", &typed);
    assert_eq!(status(&made), "201");
    assert!(made.body.contains("value=\"sync-9\""), "what was typed is still there");
    let superuser = Superuser::of(&home);
    let scopes = "select scopes from api_key where name = 'sync-9'";
    assert_eq!(superuser.one(scopes), "a:b c:d");
    let kinds = "select string_agg(distinct environment, ' ') from api_key";
    assert_eq!(superuser.one(kinds), "test");
    program.stop();
}

#[test]
fn what_a_browser_keeps_opens_for_its_person_in_its_team_only() {
    let home = Home::new();
    let mut program = home.serve_with(&[("PROBITY_SIGNUP", "open")]);
    program.wait_until_ready();
    let (mut ada, _) = owner(&program);
    make(&mut ada, "look");
    ada.ask("/do/team/create", &[("form[name]", "Other")]);
    let loads =
        |visitor: &mut Visitor<'_>, team: &str| visitor.ask("/do/explorer/load", &[("team", team)]);
    let kept = loads(&mut ada, TEAM).body;
    assert!(kept.starts_with("\"pby_test_") && kept.len() == 19, "{kept}");
    assert_eq!(loads(&mut ada, "other").body, "null", "another team of hers");

    let mut mallory = stranger(&home, &program);
    mallory.cookies.insert(COOKIE.to_owned(), ada.cookies[COOKIE].clone());
    assert_eq!(loads(&mut mallory, TEAM).body, "\"NotFound\"");
    Superuser::of(&home).run(JOINS);
    assert_eq!(loads(&mut mallory, TEAM).body, "null", "another person of the team");
    for wrong in ["0", "zz", &"00".repeat(300), "%C3%A9"] {
        ada.cookies.insert(COOKIE.to_owned(), wrong.to_owned());
        assert_eq!(loads(&mut ada, TEAM).body, "null", "{wrong}");
    }
    program.stop();
}

#[test]
fn a_key_that_somebody_has_is_taken_if_it_is_a_test_key_of_the_team_that_works() {
    let home = Home::new();
    let mut program = home.serve();
    program.wait_until_ready();
    let (mut ada, _) = owner(&program);
    let live = issued(&home, 1).remove(0);
    let keep = |visitor: &mut Visitor<'_>, key: &str| {
        let from = format!("/t/{TEAM}/explorer/findTeam");
        let form =
            [("from", from.as_str()), ("team", TEAM), ("endpoint", "findTeam"), ("token", key)];
        visitor.post("/do/explorer/keep-key", &form)
    };
    let refused = keep(&mut ada, &live);
    assert_eq!(refused.status, 422);
    assert!(refused.body.contains("This is a live key, and belongs into no browser."));
    assert!(!refused.body.contains(&live), "what was typed here is not shown again");
    assert!(keep(&mut ada, "pby_test_x").body.contains("This is no key of this team."));
    assert!(!ada.cookies.contains_key(COOKIE));

    let test = key_with(&mut ada, Permissions::NONE);
    let kept = keep(&mut ada, &format!(" {test}\n"));
    assert_eq!(kept.header("location"), format!("/t/{TEAM}/explorer/findTeam"));
    assert!(ada.cookies.contains_key(COOKIE));
    let id = "select 'key_' || replace(id::text, '-', '') from api_key where name = 'ci'";
    let id = Superuser::of(&home).one(id);
    ada.ask("/do/key/disable", &[("form[team]", TEAM), ("form[key]", &id)]);
    ada.ask("/do/explorer/forget-key", &[("form[team]", TEAM)]);
    assert!(!ada.cookies.contains_key(COOKIE));
    assert!(keep(&mut ada, &test).body.contains("This key does not work (DISABLED)."));
    program.stop();
}

#[test]
fn every_endpoint_has_a_page_whose_form_can_be_sent() {
    let home = Home::new();
    let mut program = home.serve();
    program.wait_until_ready();
    let (mut ada, _) = owner(&program);
    make(&mut ada, "change");
    let list = ada.get(&format!("/t/{TEAM}/explorer")).body;
    let description = ada.get("/v1/openapi.json").body;
    for endpoint in endpoints(&description) {
        assert!(list.contains(&endpoint.title) && !endpoint.title.is_empty(), "{}", endpoint.id);
        let fields: BTreeSet<&str> = endpoint.inputs.iter().map(|it| &*it.field).collect();
        assert_eq!(fields.len(), endpoint.inputs.len(), "{}: fields are told apart", endpoint.id);
        let page = ada.get(&format!("/t/{TEAM}/explorer/{}", endpoint.id));
        assert_eq!(page.status, 200, "{}", endpoint.id);
        assert!(page.body.contains("In code"), "{}", endpoint.id);
        // With nothing but what stands there at first, and something in the path.
        let typed: Vec<(&str, &str)> = endpoint
            .inputs
            .iter()
            .map(|input| match input.place {
                Place::Path => (&*input.field, "key_00000000000000000000000000000000"),
                _ => (&*input.field, &*input.preset),
            })
            .collect();
        let answer = call(&mut ada, &endpoint.id, &typed);
        let status = status(&answer).to_owned();
        let told = endpoint.answers.iter().any(|(told, _)| *told == status);
        assert!(told, "{} answers {status}, which its description lacks", endpoint.id);
    }
    assert_eq!(ada.get(&format!("/t/{TEAM}/explorer/nothing")).status, 404);
    program.stop();
}
