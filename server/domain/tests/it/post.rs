//! The mailer of the tests: it keeps what it is given, or refuses, or never answers.

use crate::support::World;
use domain::{
    mail::{self, Mail, MailError},
    ports::Mailer,
};
use futures::future::BoxFuture;
use secrecy::ExposeSecret;
use std::sync::Mutex;

pub(crate) const PUBLIC_URL: &str = "https://probity.example.com";

#[derive(Default)]
pub(crate) struct TestPost {
    taken: Mutex<Vec<Mail>>,
    mood: Mutex<Mood>,
}

/// What it does with a letter.
#[derive(Clone, Default)]
pub(crate) enum Mood {
    #[default]
    Takes,
    Refuses(MailError),
    NeverAnswers,
}

impl TestPost {
    pub(crate) fn is_now(&self, mood: Mood) {
        *self.mood.lock().unwrap() = mood;
    }
}

impl Mailer for TestPost {
    fn send<'a>(&'a self, mail: &'a Mail) -> BoxFuture<'a, Result<(), MailError>> {
        Box::pin(async move {
            // A server takes a while: others may claim in the meantime.
            tokio::task::yield_now().await;
            let mood = self.mood.lock().unwrap().clone();
            match mood {
                Mood::Takes => self.taken.lock().unwrap().push(mail.clone()),
                Mood::Refuses(error) => return Err(error),
                Mood::NeverAnswers => std::future::pending().await,
            }
            Ok(())
        })
    }

    fn leaves(&self) -> bool {
        true
    }
}

impl World {
    /// Sends what is due, and gives what has arrived since the last time.
    pub(crate) async fn letters(&self) -> Vec<Mail> {
        mail::send_due(&self.deps).await.unwrap();
        self.arrived()
    }

    /// What has arrived since the last time.
    pub(crate) fn arrived(&self) -> Vec<Mail> {
        std::mem::take(&mut *self.post.taken.lock().unwrap())
    }
}

/// The token at the end of the link in a letter.
pub(crate) fn link(mail: &Mail) -> String {
    let text = mail.text.expose_secret();
    let link = text.lines().find(|line| line.starts_with(PUBLIC_URL)).expect("it has a link");
    link.rsplit('/').next().unwrap().to_owned()
}
