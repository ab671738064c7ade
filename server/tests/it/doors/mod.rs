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
    let nobodies = [
        ("nobody", Cookies::new()),
        ("a half-done sign-in", scene.half_way.clone()),
        ("an ended session", scene.ended.clone()),
    ];
    for (who, cookies) in &nobodies {
        for door in DOORS.iter().filter(|door| !matches!(door.2, Who::Anyone(_))) {
            let answer = scene.ask(door, cookies);
            assert_eq!(status(&answer), 401, "{who} at {}: {}", door.0, answer.body);
        }
        for (page, needed) in pages() {
            let answer = scene.get(&page, cookies);
            let elsewhere = answer.header("location");
            assert!(elsewhere.starts_with("/sign-in?next="), "{who} at {page}: {needed:?}");
            assert_eq!(answer.status, 302, "{who} at {page}");
        }
        for (_, endpoint) in ENDPOINTS {
            let answer = scene.ask(&(endpoint, &[], Who::Own), cookies);
            assert_eq!(answer.status, 415, "{who} at {endpoint}: a cookie and a form are no key");
        }
    }
    for door in DOORS.iter().filter(|door| matches!(door.2, Who::OwnConfirmed | Who::TeamConfirmed))
    {
        let answer = scene.ask(door, &scene.stale);
        let told: Result<Failure, _> = serde_json::from_str(&answer.body);
        let waits = matches!(told, Ok(Failure::Unconfirmed { .. }));
        assert!(waits, "a stale step-up at {}: {} {}", door.0, answer.status, answer.body);
    }
    for page in CONFIRMED_PAGES {
        let answer = scene.get(page, &scene.stale);
        assert!(answer.header("location").starts_with("/account/confirm?"), "{page}");
    }
    for door in DOORS.iter().filter(|door| matches!(door.2, Who::Team | Who::TeamConfirmed)) {
        let answer = scene.ask(door, &scene.stranger);
        assert_eq!(status(&answer), 404, "a stranger at {}: {}", door.0, answer.body);
    }
    for (page, _) in pages().filter(|(_, place)| *place == Place::Team) {
        let answer = scene.get(&page, &scene.stranger);
        assert_eq!(answer.status, 404, "a stranger at {page}");
    }
    let after = scene.everything();
    for (was, is) in before.iter().zip(&after) {
        assert_eq!(was, is, "something happened");
    }
    // Now what is open to everybody, which may have effects of its own.
    for (who, cookies) in nobodies.iter().filter(|(who, _)| !who.contains("half-done")) {
        for door in DOORS {
            if let Who::Anyone(expected) = door.2 {
                let answer = scene.ask(door, cookies);
                assert_eq!(status(&answer), expected, "{who} at {}: {}", door.0, answer.body);
            }
        }
    }
    for page in ["/account/security", &format!("/t/{}", table::TEAM)] {
        assert_eq!(scene.get(page, &scene.stale).status, 200, "Ada is signed in all the while");
    }
    drop(scene);
    program.stop();
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
