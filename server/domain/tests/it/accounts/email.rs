//! Another address: confirmed at the new one, announced at the old one.

use crate::{
    post::link,
    support::{PASSWORD, World, said},
};
use domain::{Cx, Error, account};
use model::{Typed, account::ByLink, factor::ChangeEmail};
use secrecy::ExposeSecret;
use time::Duration;

const OLD: &str = "ada@example.com";
const NEW: &str = "ada@new.example";

impl World {
    /// The token that arrives at the new address.
    async fn asked(&self, person: &Cx, email: &str) -> String {
        self.letters().await;
        account::ask_email(person, ChangeEmail { email: email.to_owned() }).await.unwrap();
        let letter = self.letters().await.pop().unwrap();
        assert_eq!(letter.to, email);
        link(&letter)
    }

    async fn confirm_email(&self, token: &str) -> domain::Result<String> {
        account::confirm_email(&self.anyone(), ByLink { token: Typed::new(token) }).await
    }
}

#[tokio::test]
async fn nothing_changes_until_the_new_mailbox_answers_and_the_old_one_is_told() {
    let world = World::new().await;
    let ada = world.person("Ada").await;
    let token = world.asked(&ada, NEW).await;
    assert!(world.sign_in(OLD, PASSWORD).await.is_ok());
    assert!(world.sign_in(NEW, PASSWORD).await.is_err());
    assert_eq!(world.confirm_email(&token).await.unwrap(), NEW);
    assert!(world.sign_in(NEW, PASSWORD).await.is_ok());
    assert!(world.sign_in(OLD, PASSWORD).await.is_err());
    let told = world.letters().await;
    let old = told.iter().find(|letter| letter.to == OLD).expect("the old address is told");
    let text = old.text.expose_secret();
    assert!(text.contains("a\u{2026}@new.example") && !text.contains(NEW), "{text}");
    assert!(matches!(world.confirm_email(&token).await, Err(Error::NotFound)), "once");
}

#[tokio::test]
async fn of_two_at_once_one_wins_and_a_newer_link_ends_with_it() {
    let world = World::new().await;
    let ada = world.person("Ada").await;
    let token = world.asked(&ada, NEW).await;
    let newer = world.asked(&ada, "ada@third.example").await;
    let (one, other) = tokio::join!(world.confirm_email(&token), world.confirm_email(&token));
    assert!(one.is_ok() != other.is_ok());
    assert!(matches!(world.confirm_email(&newer).await, Err(Error::NotFound)));
}

#[tokio::test]
async fn a_link_lasts_a_day() {
    let world = World::new().await;
    let ada = world.person("Ada").await;
    let token = world.asked(&ada, NEW).await;
    world.clock.advance(Duration::hours(24));
    assert!(matches!(world.confirm_email(&token).await, Err(Error::NotFound)));
}

#[tokio::test]
async fn an_address_that_has_an_account_is_told_there_and_the_answer_is_the_same() {
    let world = World::new().await;
    let ada = world.person("Ada").await;
    world.person("Luc").await;
    world.letters().await;
    let form = ChangeEmail { email: "Luc@example.com".to_owned() };
    account::ask_email(&ada, form).await.unwrap();
    let letters = world.letters().await;
    assert_eq!(letters.len(), 1);
    assert!(!letters[0].text.expose_secret().contains("/email/"), "no link to take it over");
}

#[tokio::test]
async fn an_address_taken_meanwhile_is_refused_and_nothing_changes() {
    let world = World::new().await;
    let ada = world.person("Ada").await;
    let token = world.asked(&ada, "luc@example.com").await;
    world.person("Luc").await;
    let said = said(world.confirm_email(&token).await);
    assert!(said.contains("account"), "{said}");
    assert!(world.sign_in(OLD, PASSWORD).await.is_ok());
}
