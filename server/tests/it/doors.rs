//! The census of doors: each server function, and what a nobody and a stranger get there. A door
//! that is not in the list fails the test, so nobody can forget to say who may.

use crate::{
    http::owner,
    program::Home,
    visitor::{Answer, Visitor},
};
use std::collections::{BTreeMap, BTreeSet};

/// Its path, what is sent (it would be right for the team's owner), what is answered without a
/// session, and to somebody who is in another team.
type Door = (&'static str, &'static [(&'static str, &'static str)], u16, u16);

const DOORS: &[Door] = &[
    ("/do/account/entrance", &[], 200, 200),
    ("/do/account/set-up", &[("form[token]", "x")], 422, 422),
    ("/do/account/sign-in", &[("form[email]", "ada@example.com")], 422, 422),
    ("/do/account/sign-out", &[], 200, 200),
    ("/do/account/sign-up", &[("form[name]", "")], 422, 422),
    ("/do/audit/find", &[("team", TEAM), ("seq", "1")], 401, 404),
    ("/do/audit/list", &[("team", TEAM), ("around[before]", "9")], 401, 404),
    ("/do/key/create", &[("form[team]", TEAM), ("form[name]", "x")], 401, 404),
    ("/do/key/find", &[("team", TEAM), ("key", KEY)], 401, 404),
    ("/do/key/list", &[("team", TEAM), ("around[before]", KEY)], 401, 404),
    ("/do/key/revoke", &[("form[team]", TEAM), ("form[key]", KEY)], 401, 404),
    ("/do/password/strength", &[("password", "x")], 200, 200),
    ("/do/team/create", &[("form[name]", "Mal")], 401, 200),
    ("/do/team/overview", &[("team", TEAM)], 401, 404),
    ("/do/theme/set", &[("form[theme]", "dark")], 200, 200),
];

const TEAM: &str = "halden-freight";
const KEY: &str = "key_01a202ddb9227d2cadc30f021ba7bbf9";

#[test]
fn every_door_is_known_and_says_no_to_nobody_and_to_strangers() {
    let known: BTreeSet<&str> = DOORS.iter().map(|door| door.0).collect();
    let built: BTreeSet<&str> = server::http::doors().collect();
    assert_eq!(built, known, "each door stands in the list, with who may");

    let home = Home::new();
    let mut program = home.serve_with(&[("PROBITY_SIGNUP", "open")]);
    program.wait_until_ready();
    let (_ada, team) = owner(&program);
    assert_eq!(team, format!("/t/{TEAM}"));
    let mut mallory = Visitor::new(&program);
    let form = [("name", "Mallory"), ("email", "mal@example.com"), ("password", "a long password")];
    assert_eq!(mallory.post("/do/account/sign-up", &form).status, 303);
    let session = mallory.cookies.clone();

    let ask = |path: &str, fields: &[(&str, &str)], cookies| {
        let mut visitor = Visitor::new(&program);
        visitor.always = vec!["Accept: application/json".to_owned()];
        visitor.cookies = cookies;
        visitor.post(path, fields)
    };
    for (path, fields, nobody, stranger) in DOORS {
        let first = ask(path, fields, BTreeMap::new());
        assert_eq!(status(&first), *nobody, "nobody at {path}: {}", first.body);
        if *path == "/do/account/sign-out" {
            continue; // it would be the stranger's last
        }
        let second = ask(path, fields, session.clone());
        assert_eq!(status(&second), *stranger, "a stranger at {path}: {}", second.body);
    }
    program.stop();
}

/// Server functions answer a failure with 500 and say which in JSON.
fn status(answer: &Answer) -> u16 {
    let told: Result<model::Failure, _> = serde_json::from_str(&answer.body);
    told.map_or(answer.status, |failure| failure.status())
}
