//! The census of doors: each server function, endpoint and page of the running program, and what
//! it answers to whoever may not. What is in no table fails the test, so nobody can forget to say
//! who may.

mod scene;
mod table;

use crate::{
    program::Home,
    visitor::{Answer, Cookies},
};
use app::{
    doors::{DOORS, Door, ENDPOINTS, FILES, May},
    routes::{Place, SCREENS},
};
use model::{Failure, Permission};
use scene::Scene;
use std::collections::BTreeSet;
use table::{CONFIRMED_PAGES, SENT, SIGN_IN, Sent};

#[test]
fn every_door_is_in_the_table() {
    let built: BTreeSet<&str> = server::http::doors().collect();
    let known: BTreeSet<&str> = DOORS.iter().map(|door| door.path).collect();
    assert_eq!(built, known, "each door stands in the table, with who may");
    let tried: BTreeSet<&str> = SENT.iter().map(|sent| sent.0).collect();
    assert_eq!(built, tried, "and what to send at it in this one");
    for (sent, door) in SENT.iter().map(|sent| (sent, door(sent))) {
        let open = matches!(door.may, May::Anyone(_));
        assert_eq!(open, sent.2 != SIGN_IN, "{}", door.path);
    }
    let description: serde_json::Value =
        serde_json::from_str(&server::http::openapi()).expect("JSON");
    let paths = description["paths"].as_object().expect("paths");
    let methods = |(path, item): (&String, &serde_json::Value)| {
        let methods = item.as_object().expect("methods").keys();
        methods.map(|method| format!("{} {path}", method.to_uppercase())).collect::<Vec<_>>()
    };
    let built: Vec<String> = paths.iter().flat_map(methods).collect();
    let known: Vec<&str> = ENDPOINTS.iter().map(|door| door.path).collect();
    assert_eq!(built, known, "and each endpoint");
}

/// The door at which this is sent.
fn door(sent: &Sent) -> &'static Door {
    DOORS.iter().find(|door| door.path == sent.0).expect("in both tables")
}

/// What is sent at those doors that `which` says.
fn sent_at(which: impl Fn(&Door) -> bool) -> impl Iterator<Item = &'static Sent> {
    SENT.iter().filter(move |sent| which(door(sent)))
}

#[test]
fn every_door_endpoint_and_page_says_no_to_whoever_may_not_and_nothing_happens() {
    let home = Home::new();
    let mut program = home.serve_with(&[("PROBITY_SIGNUP", "open")]);
    program.wait_until_ready();
    let scene = Scene::set(&home, &program);
    let before = scene.everything();
    let mut wrong = Vec::new();
    for (who, cookies) in scene.nobodies() {
        wrong.extend(let_in_as_nobody(&scene, who, cookies));
    }
    wrong.extend(let_in_with_a_stale_step_up(&scene));
    wrong.extend(took_a_field_of_no_form(&scene));
    wrong.extend(let_in_as_a_stranger(&scene));
    for (was, is) in before.iter().zip(&scene.everything()) {
        assert_eq!(was, is, "something happened");
    }
    wrong.extend(open_without_their_permission(&scene));
    // Last, because these may have effects of their own.
    wrong.extend(closed_to_everybody(&scene));
    assert!(wrong.is_empty(), "{wrong:#?}");
    for page in ["/account/security", &format!("/t/{}", table::TEAM)] {
        assert_eq!(scene.get(page, &scene.stale).status, 200, "Ada is signed in all the while");
    }
    drop(scene);
    program.stop();
}

fn let_in_as_nobody(scene: &Scene<'_>, who: &str, cookies: &Cookies) -> Vec<String> {
    let mut wrong = Vec::new();
    for door in sent_at(|door| !matches!(door.may, May::Anyone(_))) {
        let answer = scene.ask(door, cookies);
        expect(&mut wrong, status(&answer) == 401, who, door.0, &answer);
    }
    for (page, _) in pages() {
        let answer = scene.get(&page, cookies);
        let sent_away = answer.status == 302 && answer.header("location").starts_with("/sign-in");
        expect(&mut wrong, sent_away, who, &page, &answer);
    }
    for (door, file) in FILES.iter().zip(files()) {
        let answer = scene.get(&file, cookies);
        // Where a link is the proof, there is none.
        let status = if matches!(door.may, May::Anyone(_)) { 404 } else { 401 };
        expect(&mut wrong, answer.status == status, who, &file, &answer);
    }
    for door in ENDPOINTS {
        let (method, endpoint) = door.path.split_once(' ').expect("a method and a path");
        let answer = match method {
            "GET" => scene.get(endpoint, cookies),
            "POST" => scene.ask(&(endpoint, &[], SIGN_IN), cookies),
            _ => continue, // tried with keys that may not, in `api`
        };
        let open = method != "GET" && matches!(door.may, May::Anyone(_));
        let refused = if open { 415 } else { 401 };
        expect(&mut wrong, answer.status == refused, who, endpoint, &answer);
    }
    wrong
}

fn let_in_with_a_stale_step_up(scene: &Scene<'_>) -> Vec<String> {
    let (who, mut wrong) = ("a stale step-up", Vec::new());
    for door in sent_at(|door| door.confirmed) {
        let answer = scene.ask(door, &scene.stale);
        let told: Result<Failure, _> = serde_json::from_str(&answer.body);
        let waits = matches!(told, Ok(Failure::Unconfirmed { .. }));
        expect(&mut wrong, waits, who, door.0, &answer);
    }
    for page in CONFIRMED_PAGES {
        let answer = scene.get(page, &scene.stale);
        let asked = answer.header("location").starts_with("/account/confirm?");
        expect(&mut wrong, asked, who, page, &answer);
    }
    wrong
}

/// Nobody sets what a form does not ask for: a team's id, an owner, a role.
fn took_a_field_of_no_form(scene: &Scene<'_>) -> Vec<String> {
    let mut wrong = Vec::new();
    for (path, fields, _) in SENT.iter().filter(|sent| sent.1.iter().any(is_of_form)) {
        for more in ["team_id", "owner", "created_by", "person_id"] {
            let name = format!("form[{more}]");
            let fields: Vec<_> = fields.iter().copied().chain([(name.as_str(), "1")]).collect();
            let answer = scene.ask_with(path, &fields, &scene.stale);
            let said = format!("The form has no field called {more}. Leave it out.");
            expect(&mut wrong, answer.body.contains(&said), more, path, &answer);
        }
    }
    wrong
}

fn is_of_form((name, _): &(&str, &str)) -> bool {
    name.starts_with("form[")
}

fn let_in_as_a_stranger(scene: &Scene<'_>) -> Vec<String> {
    let (who, mut wrong) = ("a stranger", Vec::new());
    for door in sent_at(|door| matches!(door.may, May::Member(_) | May::Holder(_))) {
        let answer = scene.ask(door, &scene.stranger);
        expect(&mut wrong, status(&answer) == 404, who, door.0, &answer);
    }
    for file in files() {
        let answer = scene.get(&file, &scene.stranger);
        expect(&mut wrong, answer.status == 404, who, &file, &answer);
    }
    for (page, _) in pages().filter(|(_, place)| *place == Place::Team) {
        let answer = scene.get(&page, &scene.stranger);
        expect(&mut wrong, answer.status == 404, who, &page, &answer);
    }
    wrong
}

/// What is open to everybody, and did not answer as the table says.
fn closed_to_everybody(scene: &Scene<'_>) -> Vec<String> {
    let mut wrong = Vec::new();
    for door in sent_at(|door| matches!(door.may, May::Anyone(_))) {
        for who in [&Cookies::new(), &scene.ended] {
            let answer = scene.ask(door, who);
            expect(&mut wrong, status(&answer) == door.2, "everybody", door.0, &answer);
        }
    }
    wrong
}

/// Where somebody of the team who holds everything but the permission in the table is not told
/// that it is just this one which they lack.
fn open_without_their_permission(scene: &Scene<'_>) -> Vec<String> {
    let mut wrong = Vec::new();
    for lacking in Permission::ALL {
        scene.hold_all_but(*lacking);
        for door in sent_at(|door| door.may == May::Holder(*lacking)) {
            let answer = scene.ask(door, &scene.stranger);
            let told: Result<Failure, _> = serde_json::from_str(&answer.body);
            let refused = matches!(told, Ok(Failure::Forbidden(it)) if it == *lacking);
            expect(&mut wrong, refused, lacking.name(), door.0, &answer);
        }
        let closed = FILES.iter().zip(files());
        for (_, file) in closed.filter(|(door, _)| door.may == May::Holder(*lacking)) {
            let answer = scene.get(&file, &scene.stranger);
            expect(&mut wrong, answer.status == 403, lacking.name(), &file, &answer);
        }
    }
    wrong
}

/// The address of every file in Ada's team.
fn files() -> impl Iterator<Item = String> {
    let path = |door: &Door| {
        let path = door.path.replace("GET ", "").replace(":team", table::TEAM);
        let path = path.replace(":archive", "data_00000000000000000000000000000000");
        path.replace(":export", "export_00000000000000000000000000000000")
    };
    FILES.iter().map(path)
}

fn expect(wrong: &mut Vec<String>, right: bool, who: &str, place: &str, answer: &Answer) {
    if !right {
        let start: String = answer.body.chars().take(200).collect();
        let (status, to) = (answer.status, answer.header("location"));
        wrong.push(format!("{who} at {place}: {status} {to} {start}"));
    }
}

/// Every page that needs a session, and where it belongs.
fn pages() -> impl Iterator<Item = (String, Place)> {
    let inside = SCREENS.iter().filter(|screen| screen.place != Place::Public);
    inside.map(|screen| (screen.path.replace(":team", table::TEAM).replace(':', ""), screen.place))
}

/// Server functions answer a failure with 500 and say which in JSON.
fn status(answer: &Answer) -> u16 {
    let told: Result<Failure, _> = serde_json::from_str(&answer.body);
    told.map_or(answer.status, |failure| failure.status())
}
