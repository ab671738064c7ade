//! "Remember this browser": for 30 days it stands for the second factor, and for nothing else.

use super::scene::App;
use crate::support::{PASSWORD, World, run};
use domain::{
    Cx, Error,
    account::{self, NewSession, SignedIn},
};
use model::{Typed, account::SecondStep};
use secrecy::SecretString;
use time::Duration;

const ADA: &str = "ada@example.com";
const PASSWORD_TOO: &str = "quite another sentence";

impl World {
    /// Signs in with a code, and asks that this browser be remembered.
    async fn remembered(&self, app: &App) -> (NewSession, SecretString) {
        let step = self.first_step(ADA).await;
        let code = Typed::new(app.code(self, 0));
        let form = SecondStep { code, remember: "yes".to_owned(), next: String::new() };
        let session = account::by_code(&self.visitor(None, Some(&step)), form).await.unwrap();
        let browser = session.device.clone().expect("a browser that was not known");
        (session, browser)
    }

    /// Whether a password alone lets this browser in.
    async fn lets_in(&self, browser: &SecretString) -> bool {
        let answer = self.tried(Some(browser), ADA, PASSWORD).await.unwrap();
        matches!(answer, SignedIn::Session(_))
    }

    async fn session_of(&self, browser: &SecretString) -> Cx {
        match self.tried(Some(browser), ADA, PASSWORD).await.unwrap() {
            SignedIn::Session(session) => self.in_session(&session).await,
            SignedIn::SecondStep(_) => panic!("it is not remembered"),
        }
    }
}

#[tokio::test]
async fn it_stands_for_the_second_factor_for_thirty_days() {
    let world = World::new().await;
    let (_, app) = world.with_app("Ada").await;
    let (_, browser) = world.remembered(&app).await;
    assert!(world.lets_in(&browser).await);
    world.clock.advance(Duration::days(30) - Duration::seconds(1));
    assert!(world.lets_in(&browser).await);
    world.clock.advance(Duration::seconds(1));
    assert!(!world.lets_in(&browser).await);
}

#[tokio::test]
async fn a_browser_that_was_only_used_is_not_remembered() {
    let world = World::new().await;
    let (_, app) = world.with_app("Ada").await;
    let step = world.first_step(ADA).await;
    let session = world.second_step(&step, &app.code(&world, 0)).await.unwrap();
    assert!(!world.lets_in(&session.device.expect("a new browser")).await);
}

#[tokio::test]
async fn it_is_no_step_up_and_cannot_remember_itself_anew() {
    let world = World::new().await;
    let (_, app) = world.with_app("Ada").await;
    let (_, browser) = world.remembered(&app).await;
    let session = world.session_of(&browser).await;
    let asks = account::begin_registration(&session).await;
    assert!(matches!(asks, Err(Error::Unconfirmed { .. })));
    let sessions = account::sessions(&session).await.unwrap();
    let this = sessions.sessions.iter().find(|row| row.is_this).unwrap();
    assert_eq!(this.proof, "password in a remembered browser");
}

#[tokio::test]
async fn it_is_forgotten_by_hand_and_when_all_sessions_end() {
    let world = World::new().await;
    let (_, app) = world.with_app("Ada").await;
    let (session, browser) = world.remembered(&app).await;
    let ada = world.in_session(&session).await;
    let listed = account::sessions(&ada).await.unwrap().devices;
    assert_eq!(listed.len(), 1);
    account::forget_device(&ada, &listed[0].id).await.unwrap();
    assert!(!world.lets_in(&browser).await);

    world.clock.advance(Duration::minutes(1));
    run(&mut world.superuser().await, "delete from sign_in_curve").await;
    let (session, browser) = world.remembered(&app).await;
    let ada = world.in_session(&session).await;
    assert!(world.lets_in(&browser).await);
    account::end_other_sessions(&ada).await.unwrap();
    assert!(!world.lets_in(&browser).await);
}

#[tokio::test]
async fn it_stands_for_one_person_only_and_no_other_can_forget_it() {
    let world = World::new().await;
    let (_, app) = world.with_app("Ada").await;
    let (session, browser) = world.remembered(&app).await;
    let ada = world.in_session(&session).await;
    let id = account::sessions(&ada).await.unwrap().devices.remove(0).id;
    let (luc, _) = world.with_app("Luc").await;
    assert!(matches!(account::forget_device(&luc, &id).await, Err(Error::NotFound)));
    let as_luc = world.tried(Some(&browser), "luc@example.com", PASSWORD).await.unwrap();
    assert!(matches!(as_luc, SignedIn::SecondStep(_)));
    assert!(world.lets_in(&browser).await);
}

#[tokio::test]
async fn a_new_browser_is_told_of_by_mail_and_a_known_one_is_not() {
    let world = World::new().await;
    let (_, app) = world.with_app("Ada").await;
    world.letters().await;
    let (_, browser) = world.remembered(&app).await;
    let letters = world.letters().await;
    assert_eq!(letters.len(), 1, "the sign-up was in another browser");
    world.session_of(&browser).await;
    assert!(world.letters().await.is_empty());
}

#[tokio::test]
async fn it_is_forgotten_when_the_password_is_reset() {
    let world = World::new().await;
    let (_, app) = world.with_app("Ada").await;
    let (_, browser) = world.remembered(&app).await;
    assert!(world.lets_in(&browser).await);
    let token = world.forgotten(ADA).await;
    world.reset(&token, PASSWORD_TOO).await.unwrap();
    let answer = world.tried(Some(&browser), ADA, PASSWORD_TOO).await.unwrap();
    assert!(matches!(answer, SignedIn::SecondStep(_)));
}
