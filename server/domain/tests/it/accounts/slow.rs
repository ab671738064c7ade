//! Guesses are slowed, and owners are not.

use super::scene::answered;
use crate::support::{PASSWORD, World, said};
use domain::{Error, account};
use time::Duration;

const ADA: &str = "ada@example.com";
const WRONG: &str = "wrong wrong wrong";

impl World {
    /// Guesses at an account from ever new addresses, until it waits.
    async fn besiege(&self, email: &str) {
        for _ in 0..6 {
            assert!(self.tried(None, email, WRONG).await.is_err());
        }
    }

    async fn waits(&self, email: &str, password: &str) -> bool {
        matches!(self.tried(None, email, password).await, Err(Error::TooMany { .. }))
    }
}

#[tokio::test]
async fn five_tries_are_free_then_each_waits_twice_as_long_at_most_a_quarter_of_an_hour() {
    let world = World::new().await;
    world.person("Ada").await;
    for _ in 0..5 {
        assert!(!world.waits(ADA, WRONG).await);
    }
    for seconds in [30, 60, 120, 240, 480, 900, 900] {
        assert!(!world.waits(ADA, WRONG).await, "it may be tried after the wait");
        let told = said(world.tried(None, ADA, PASSWORD).await);
        let wait = match seconds {
            30 => "30 seconds".to_owned(),
            60 => "1 minute".to_owned(),
            more => format!("{} minutes", more / 60),
        };
        assert_eq!(told, format!("Too many tries. Wait {wait} and try again."));
        world.clock.advance(Duration::seconds(seconds) - Duration::seconds(1));
        assert!(world.waits(ADA, PASSWORD).await, "a second too early");
        world.clock.advance(Duration::seconds(1));
    }
    world.tried(None, ADA, PASSWORD).await.unwrap();
    assert!(!world.waits(ADA, WRONG).await, "the right password begins the curve anew");
}

#[tokio::test]
async fn an_address_without_an_account_is_slowed_in_the_same_words() {
    let world = World::new().await;
    world.person("Ada").await;
    world.besiege(ADA).await;
    world.besiege("nobody@example.com").await;
    let known = said(world.tried(None, ADA, WRONG).await);
    assert_eq!(said(world.tried(None, "nobody@example.com", WRONG).await), known);
}

#[tokio::test]
async fn a_known_browser_and_a_passkey_get_in_while_strangers_wait() {
    let world = World::new().await;
    let (_, mut device) = world.with_passkey("Ada").await;
    let step = world.first_step(ADA).await;
    let visitor = world.visitor(None, Some(&step));
    let asked = account::begin_passkey(&visitor).await.unwrap();
    let session = account::by_passkey(&visitor, answered(&mut device, &asked)).await.unwrap();
    let browser = session.device.expect("a browser that was not known");

    world.besiege(ADA).await;
    assert!(world.waits(ADA, PASSWORD).await);
    assert!(world.tried(Some(&browser), ADA, PASSWORD).await.is_ok());
    let stranger = world.anyone();
    let asked = account::begin_passkey(&stranger).await.unwrap();
    account::by_passkey(&stranger, answered(&mut device, &asked)).await.unwrap();

    world.person("Luc").await;
    world.besiege("luc@example.com").await;
    let borrowed = world.tried(Some(&browser), "luc@example.com", PASSWORD).await;
    assert!(matches!(borrowed, Err(Error::TooMany { .. })), "known for one person only");
}

#[tokio::test]
async fn a_known_browser_has_a_curve_of_its_own() {
    let world = World::new().await;
    world.person("Ada").await;
    let session = crate::support::entered(world.tried(None, ADA, PASSWORD).await.unwrap());
    let browser = session.device.expect("a browser that was not known");
    for _ in 0..6 {
        assert!(world.tried(Some(&browser), ADA, WRONG).await.is_err());
    }
    let waits = world.tried(Some(&browser), ADA, PASSWORD).await;
    assert!(matches!(waits, Err(Error::TooMany { .. })), "a stolen browser guesses no faster");
    assert!(!world.waits(ADA, PASSWORD).await, "and its guesses do not lock others out");
}

#[tokio::test]
async fn wrong_codes_count_like_wrong_passwords_and_a_right_one_forgives() {
    let world = World::new().await;
    let (_, app) = world.with_app("Ada").await;
    let step = world.first_step(ADA).await;
    for _ in 0..4 {
        assert!(world.second_step(&step, "000000").await.is_err());
    }
    let right = app.code(&world, 0);
    world.second_step(&step, &right).await.unwrap();
    let step = world.first_step(ADA).await;
    for _ in 0..5 {
        assert!(world.second_step(&step, "000000").await.is_err());
    }
    assert!(world.waits(ADA, PASSWORD).await, "who knows the password guesses codes no faster");
}

#[tokio::test]
async fn the_owner_is_told_once_that_somebody_guesses() {
    let world = World::new().await;
    let ada = world.person("Ada").await;
    let team = world.team(&ada, "Halden").await;
    world.besiege(ADA).await;
    assert!(world.waits(ADA, WRONG).await && world.waits(ADA, WRONG).await);
    let letters = world.letters().await;
    let subjects: Vec<&str> = letters.iter().map(|letter| letter.subject.as_str()).collect();
    assert_eq!(subjects.len(), 1, "{subjects:?}");
    let log = domain::audit::list(&team, model::page::Around::default()).await.unwrap();
    let blocked = log.page.rows.iter().filter(|event| event.action == "session.block").count();
    assert_eq!(blocked, 1, "and the team sees the burst, once");
}

#[tokio::test]
async fn one_address_cannot_guess_at_many_accounts_and_ipv6_counts_by_network() {
    let world = World::new().await;
    world.person("Ada").await;
    let form = |n: u32| model::account::SignIn {
        email: format!("guess{n}@example.com"),
        password: model::Typed::new(WRONG),
        next: String::new(),
    };
    let mut refused = None;
    for n in 0..100 {
        let from = world.from(&format!("2001:db8:1:2::{n:x}"));
        if matches!(account::sign_in(&from, form(n)).await, Err(Error::TooMany { .. })) {
            refused = Some(n);
            break;
        }
    }
    assert!(refused.is_some_and(|n| n > 10), "{refused:?}");
    let neighbour = world.from("2001:db8:1:3::1");
    let other = account::sign_in(&neighbour, form(200)).await;
    assert!(!matches!(other, Err(Error::TooMany { .. })), "another network");
}
