//! The census of doors: each server function, endpoint and page of the running program, and what
//! it answers to whoever may not. What is in no table fails the test, so nobody can forget to say
//! who may.

mod scene;
mod table;

use crate::{
    program::Home,
    visitor::{Answer, Cookies},
};
use app::routes::{Place, SCREENS};
use model::Failure;
use scene::Scene;
use std::collections::BTreeSet;
use table::{CONFIRMED_PAGES, DOORS, ENDPOINTS, Who};

#[test]
fn every_door_is_in_the_table() {
    let built: BTreeSet<&str> = server::http::doors().collect();
    let known: BTreeSet<&str> = DOORS.iter().map(|door| door.0).collect();
    assert_eq!(built, known, "each door stands in the table, with who may");
    let description: serde_json::Value =
        serde_json::from_str(&server::http::openapi()).expect("JSON");
    let paths = description["paths"].as_object().expect("paths");
    let methods = |(path, item): (&String, &serde_json::Value)| {
        let methods = item.as_object().expect("methods").keys();
        methods.map(|method| (method.clone(), path.clone())).collect::<Vec<_>>()
    };
    let built: Vec<(String, String)> = paths.iter().flat_map(methods).collect();
    let known: Vec<(String, String)> =
        ENDPOINTS.iter().map(|(method, path)| ((*method).into(), (*path).into())).collect();
    assert_eq!(built, known, "and each endpoint");
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
    wrong.extend(let_in_as_a_stranger(&scene));
    for (was, is) in before.iter().zip(&scene.everything()) {
        assert_eq!(was, is, "something happened");
    }
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
    for door in DOORS.iter().filter(|door| !matches!(door.2, Who::Anyone(_))) {
        let answer = scene.ask(door, cookies);
        expect(&mut wrong, status(&answer) == 401, who, door.0, &answer);
    }
    for (page, _) in pages() {
        let answer = scene.get(&page, cookies);
        let sent_away = answer.status == 302 && answer.header("location").starts_with("/sign-in");
        expect(&mut wrong, sent_away, who, &page, &answer);
    }
    for (_, endpoint) in ENDPOINTS {
        let answer = scene.ask(&(endpoint, &[], Who::Own), cookies);
        expect(&mut wrong, answer.status == 415, who, endpoint, &answer);
    }
    wrong
}

fn let_in_with_a_stale_step_up(scene: &Scene<'_>) -> Vec<String> {
    let (who, mut wrong) = ("a stale step-up", Vec::new());
    let asks = |door: &&table::Door| matches!(door.2, Who::OwnConfirmed | Who::TeamConfirmed);
    for door in DOORS.iter().filter(asks) {
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

fn let_in_as_a_stranger(scene: &Scene<'_>) -> Vec<String> {
    let (who, mut wrong) = ("a stranger", Vec::new());
    for door in DOORS.iter().filter(|door| matches!(door.2, Who::Team | Who::TeamConfirmed)) {
        let answer = scene.ask(door, &scene.stranger);
        expect(&mut wrong, status(&answer) == 404, who, door.0, &answer);
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
    for door in DOORS {
        for who in [&Cookies::new(), &scene.ended] {
            let Who::Anyone(expected) = door.2 else { continue };
            let answer = scene.ask(door, who);
            expect(&mut wrong, status(&answer) == expected, "everybody", door.0, &answer);
        }
    }
    wrong
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
