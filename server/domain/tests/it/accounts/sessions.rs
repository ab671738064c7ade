//! Sessions: seen, ended, and never again.

use crate::support::{PASSWORD, World, run, try_run};
use domain::{Cx, Error, account};
use model::{Typed, factor::ChangePassword, session::Profile};
use std::time::Duration as Wait;
use time::Duration;

const ADA: &str = "ada@example.com";

/// Whether this request, which began before, is refused now.
async fn is_refused(cx: &Cx) -> bool {
    let form = Profile {
        name: "Ada Changed".to_owned(),
        time_zone: "UTC".to_owned(),
        date_style: "british".to_owned(),
    };
    match account::update_profile(cx, form).await {
        Ok(()) => false,
        Err(Error::Unauthenticated) => true,
        Err(other) => panic!("{other:?}"),
    }
}

#[tokio::test]
async fn the_list_shows_this_one_first_and_one_is_ended_alone() {
    let world = World::new().await;
    let ada = world.person("Ada").await;
    world.clock.advance(Duration::minutes(1));
    let phone = world.sign_in(ADA, PASSWORD).await.unwrap();
    let tablet = world.sign_in(ADA, PASSWORD).await.unwrap();
    let listed = account::sessions(&phone).await.unwrap().sessions;
    assert_eq!(listed.len(), 3);
    assert!(listed[0].is_this && !listed[1].is_this && !listed[2].is_this);
    assert_eq!(listed[0].place, "this network");
    assert!(listed[0].ip.starts_with("10."), "{}", listed[0].ip);
    let this = account::sessions(&tablet).await.unwrap().sessions.remove(0);
    account::end_session(&phone, &this.id).await.unwrap();
    assert!(is_refused(&tablet).await, "a request that began before it was ended");
    assert!(!is_refused(&ada).await && !is_refused(&phone).await);
}

#[tokio::test]
async fn all_others_end_and_this_one_stays() {
    let world = World::new().await;
    let ada = world.person("Ada").await;
    let phone = world.sign_in(ADA, PASSWORD).await.unwrap();
    assert_eq!(account::end_other_sessions(&phone).await.unwrap(), 1);
    assert!(is_refused(&ada).await);
    assert!(!is_refused(&phone).await);
}

#[tokio::test]
async fn a_new_password_ends_all_others_and_renews_this_one() {
    let world = World::new().await;
    let ada = world.person("Ada").await;
    let phone = world.sign_in(ADA, PASSWORD).await.unwrap();
    world.letters().await;
    let form = ChangePassword { password: Typed::new("quite another sentence") };
    let renewed = account::change_password(&ada, form).await.unwrap();
    assert!(is_refused(&phone).await);
    assert!(is_refused(&ada).await, "the old token");
    assert!(!is_refused(&world.in_session(&renewed).await).await);
    let letters = world.letters().await;
    assert!(letters[0].subject.contains("password"), "{}", letters[0].subject);
}

#[tokio::test]
async fn somebody_elses_session_is_not_found() {
    let world = World::new().await;
    let ada = world.person("Ada").await;
    let luc = world.person("Luc").await;
    let id = account::sessions(&ada).await.unwrap().sessions.remove(0).id;
    assert!(matches!(account::end_session(&luc, &id).await, Err(Error::NotFound)));
    assert!(!is_refused(&ada).await);
}

/// A change under way keeps its session until it is done; whoever ends the session waits for it,
/// and what comes later is refused. So nothing is ever done in a session that has ended.
#[tokio::test]
async fn who_ends_a_session_waits_for_what_is_under_way_in_it() {
    let world = World::new().await;
    let ada = world.person("Ada").await;
    let team = world.team(&ada, "Halden").await;
    let id = domain::team::card(&team).unwrap().id;
    let mut under_way = world.raw("probity_app", id, &ada).await;
    run(&mut under_way, "begin; select app.hold_session(false)").await;
    let phone = world.sign_in(ADA, PASSWORD).await.unwrap();
    let ended = tokio::spawn({
        let phone = phone.clone();
        async move { account::end_other_sessions(&phone).await }
    });
    tokio::time::sleep(Wait::from_millis(300)).await;
    assert!(!ended.is_finished(), "it waits");
    run(&mut under_way, "commit").await;
    assert_eq!(ended.await.unwrap().unwrap(), 1);
    let late = try_run(&mut under_way, "begin; select app.hold_session(false)").await;
    let said = late.unwrap_err().to_string();
    assert!(said.contains("the session has ended"), "{said}");
}

#[tokio::test]
async fn a_connection_that_met_an_ended_session_is_good_for_the_next_request() {
    let world = World::with(domain::Signup::Open, 1).await;
    let ada = world.person("Ada").await;
    let phone = world.sign_in(ADA, PASSWORD).await.unwrap();
    account::end_other_sessions(&phone).await.unwrap();
    for _ in 0..3 {
        assert!(is_refused(&ada).await);
        assert!(!is_refused(&phone).await, "the one connection there is");
    }
}
