//! Passwords as they are chosen, through the operations that take one.

use crate::support::{PASSWORD, World, said};
use domain::{Cx, account, password};
use model::{
    Typed,
    account::{SetUp, SignUp},
};
use secrecy::ExposeSecret;

const OWN: &str = "Your own name, address or team, or the name of this program, is guessed at once. \
                   Use something else.";

#[tokio::test]
async fn an_account_is_not_made_with_a_password_of_the_persons_own_words() {
    let world = World::new().await;
    for password in ["Ada Lindqvist 1990", "lindqvist@mail.example", "probity.probity"] {
        let form = SignUp {
            name: "Ada Lindqvist".to_owned(),
            email: "lindqvist@mail.example".to_owned(),
            password: Typed::new(password),
        };
        assert_eq!(said(account::sign_up(&world.anyone(), form).await), OWN, "{password}");
    }
}

#[tokio::test]
async fn the_first_teams_name_is_no_password_either_and_the_link_stays_usable() {
    let world = World::new().await;
    let link = account::set_up_link(&world.deps).await.unwrap().unwrap();
    let form = |password| SetUp {
        token: Typed::new(link.expose_secret()),
        name: "Ada".to_owned(),
        email: "ada@example.com".to_owned(),
        password: Typed::new(password),
        team: "Halden Freight".to_owned(),
    };
    let refused = account::set_up(&world.anyone(), form("HaldenFreight2026")).await;
    assert_eq!(said(refused), OWN);
    account::set_up(&world.anyone(), form(PASSWORD)).await.unwrap();
}

#[tokio::test]
async fn the_meter_knows_who_is_signed_in_and_what_else_was_typed() {
    let world = World::new().await;
    let ada = world.person("Ada Lindqvist").await;
    let score = async |cx: Cx, about| {
        let typed = Typed::new("Lindqvist Halden 99");
        password::measure(&cx, typed, about).await.unwrap().score
    };
    assert_eq!(score(world.anyone(), "").await, 4);
    assert_eq!(score(world.anyone(), "Ada Lindqvist\n\nHalden").await, 0);
    assert_eq!(score(ada, "Halden").await, 0);
}

#[tokio::test]
async fn the_meter_answers_one_address_only_so_often() {
    let world = World::new().await;
    let look = async |ip| password::measure(&world.from(ip), Typed::new("x"), "").await;
    for _ in 0..120 {
        look("10.9.9.9").await.unwrap();
    }
    assert!(matches!(look("10.9.9.9").await, Err(domain::Error::TooMany { .. })));
    look("10.9.9.8").await.unwrap();
}
