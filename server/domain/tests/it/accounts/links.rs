//! Links in mails: once, for a while, and never enough alone.

use crate::{
    post::link,
    support::{PASSWORD, World, said},
};
use domain::{Error, account};
use model::{
    Typed,
    account::{ConfirmSignUp, Forgot, Reset, SignUp},
};
use time::Duration;

const ADA: &str = "ada@example.com";
const NEW: &str = "quite another sentence";

impl World {
    pub(super) async fn forgotten(&self, email: &str) -> String {
        self.letters().await;
        account::forgot(&self.anyone(), Forgot { email: email.to_owned() }).await.unwrap();
        link(&self.letters().await.pop().unwrap())
    }

    pub(super) async fn reset(&self, token: &str, new: &str) -> domain::Result<()> {
        let form = Reset { token: Typed::new(token), password: Typed::new(new) };
        account::reset(&self.anyone(), form).await
    }
}

#[tokio::test]
async fn a_reset_link_works_once_even_for_two_at_once_and_ends_every_session_and_link() {
    let world = World::new().await;
    let ada = world.person("Ada").await;
    let older = world.forgotten(ADA).await;
    let token = world.forgotten(ADA).await;
    let (one, other) = tokio::join!(world.reset(&token, NEW), world.reset(&token, NEW));
    assert!(one.is_ok() != other.is_ok(), "exactly one of two");
    assert!(matches!(world.reset(&older, NEW).await, Err(Error::NotFound)));
    assert!(matches!(account::begin_totp(&ada).await, Err(Error::Unauthenticated)));
    world.sign_in(ADA, NEW).await.unwrap();
    assert!(world.sign_in(ADA, PASSWORD).await.is_err());
}

#[tokio::test]
async fn a_reset_link_lasts_half_an_hour() {
    let world = World::new().await;
    world.person("Ada").await;
    let token = world.forgotten(ADA).await;
    world.clock.advance(Duration::minutes(30));
    assert!(matches!(world.reset(&token, NEW).await, Err(Error::NotFound)));
}

#[tokio::test]
async fn an_address_without_an_account_gets_the_same_answer_and_no_mail() {
    let world = World::new().await;
    account::forgot(&world.anyone(), Forgot { email: ADA.to_owned() }).await.unwrap();
    assert!(world.letters().await.is_empty());
}

#[tokio::test]
async fn a_sign_up_needs_the_mailbox_and_the_password() {
    let world = World::new().await;
    let form =
        SignUp { name: "Ada".to_owned(), email: ADA.to_owned(), password: Typed::new(PASSWORD) };
    account::sign_up(&world.anyone(), form).await.unwrap();
    assert!(world.sign_in(ADA, PASSWORD).await.is_err(), "the password alone");
    let token = link(&world.letters().await.pop().unwrap());
    let confirm = async |password| {
        let form = ConfirmSignUp { token: Typed::new(&token), password: Typed::new(password) };
        account::confirm_sign_up(&world.anyone(), form).await
    };
    let refused = said(confirm(NEW).await);
    assert_eq!(refused, "This is not the password that was typed when the account was asked for.");
    confirm(PASSWORD).await.unwrap();
    assert!(matches!(confirm(PASSWORD).await, Err(Error::NotFound)));
}

#[tokio::test]
async fn a_sign_up_waits_for_a_day_and_no_longer() {
    let world = World::new().await;
    for (hours, is_good) in [(23, true), (24, false)] {
        let email = format!("after-{hours}@example.com");
        let password = Typed::new(PASSWORD);
        let form = SignUp { name: "Ada".to_owned(), email, password };
        account::sign_up(&world.anyone(), form).await.unwrap();
        let token = link(&world.letters().await.pop().unwrap());
        world.clock.advance(Duration::hours(hours));
        let form = ConfirmSignUp { token: Typed::new(&token), password: Typed::new(PASSWORD) };
        let confirmed = account::confirm_sign_up(&world.anyone(), form).await;
        assert_eq!(confirmed.is_ok(), is_good, "after {hours} hours");
    }
}
