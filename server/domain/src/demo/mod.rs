//! A believable demo, made through the real operations with a clock that is set.
//!
//! Three teams, fourteen people, two roles of a team's own, open invitations, forty keys with
//! usage (one of them found in public), two hundred keyword rules, and sixty days of records.
//! Everything a visitor sees was written by the code that writes it in earnest.

mod cast;
mod clock;
mod keys;
mod people;
mod rules;

use crate::{
    Cx, Deps, Error, Origin, Result,
    account::{self, SignedIn},
    key,
    ports::new_request_id,
};
use cast::{GUESTS, KEYS, Key, PEOPLE, Part, ROLES};
use clock::{Dice, SetClock};
use model::{KeyId, PersonId, Typed, account::SignIn};
use secrecy::{ExposeSecret, SecretString};
use std::sync::Arc;
use time::Duration;

/// Days of history.
const DAYS: u32 = 60;

/// How to sign in to the demo.
pub struct DemoSignIn {
    /// The owner of the first team.
    pub email: String,
    /// Everybody's password here.
    pub password: SecretString,
    /// Everybody: address, and what they are where.
    pub people: Vec<(String, String)>,
}

/// Fills an empty instance; `progress` hears how many percent are done.
///
/// # Errors
/// [`Error::Conflict`] when there is anybody already: a demo never mixes with real people.
pub async fn fill(deps: &Deps, mut progress: impl FnMut(u32) + Send) -> Result<DemoSignIn> {
    let end = deps.clock().now();
    let clock = Arc::new(SetClock::new(end - Duration::days(DAYS.into())));
    let deps = deps.for_demo(Arc::clone(&clock) as _);
    let mut demo = Demo::begin(deps, clock).await?;
    for day in 0..DAYS {
        demo.day(day, end).await?;
        progress((day + 1) * 100 / DAYS);
    }
    Ok(demo.sign_in_details())
}

struct Demo {
    deps: Deps,
    clock: Arc<SetClock>,
    dice: Dice,
    password: SecretString,
    people: Vec<PersonId>,
    /// The browser that each of them uses.
    devices: Vec<Option<SecretString>>,
    /// Slugs of the teams, in the order of [`TEAMS`].
    slugs: Vec<String>,
    keys: Vec<DemoKey>,
}

struct DemoKey {
    id: KeyId,
    secret: Typed,
    row: &'static Key,
}

impl Demo {
    /// The first owner sets up, everybody else signs up, teams are made and joined.
    async fn begin(deps: Deps, clock: Arc<SetClock>) -> Result<Self> {
        let link = account::set_up_link(&deps).await?.ok_or_else(|| {
            Error::Conflict("There are people here already. The demo fills an empty one.".into())
        })?;
        let password = crate::crypto::token::new_token(deps.random()).expose_secret()[..20].into();
        let mut demo = Self {
            deps,
            clock,
            dice: Dice::new(),
            password,
            people: Vec::new(),
            devices: Vec::new(),
            slugs: Vec::new(),
            keys: Vec::new(),
        };
        demo.people(&link).await?;
        demo.teams().await?;
        Ok(demo)
    }

    /// One day: people come and go, are given roles and invited; keys are made, used and revoked.
    async fn day(&mut self, day: u32, end: time::OffsetDateTime) -> Result<()> {
        let begin = end - Duration::days((DAYS - day).into()) + Duration::minutes(90);
        self.clock.set(begin);
        for at in 0..PEOPLE.len() {
            if self.dice.of(20) < 19 {
                self.visit(at).await?;
            }
        }
        for row in ROLES.iter().filter(|row| row.made_on == day) {
            self.make_role(row).await?;
        }
        for guest in GUESTS.iter().filter(|guest| guest.invited_on == day) {
            self.invite(guest).await?;
        }
        for row in KEYS.iter().filter(|row| row.made_on == day) {
            self.make_key(row).await?;
        }
        if day == rules::BEGINS {
            self.make_rules().await?;
        }
        for at in 0..self.keys.len() {
            self.use_key(at, day).await?;
        }
        if day + 2 == DAYS {
            self.find_key().await?;
        }
        key::flush_usage(&self.deps).await
    }

    async fn visit(&mut self, at: usize) -> Result<()> {
        if self.dice.of(25) == 0 {
            let wrong = self.sign_in_form(at, Typed::new("not my password today"));
            account::sign_in(&self.request(at), wrong).await.err();
            self.clock.advance(Duration::seconds(9));
        }
        for _ in 0..=self.dice.of(2) {
            let cx = self.signed_in(at).await?;
            self.clock.advance(Duration::minutes(5 + i64::from(self.dice.of(20))));
            account::sign_out(&cx).await?;
        }
        Ok(())
    }

    async fn owner_of(&mut self, number: usize) -> Result<Cx> {
        let owner = PEOPLE
            .iter()
            .position(|part| part.owns(number))
            .ok_or(Error::Inconsistent("a demo team without an owner"))?;
        self.signed_in(owner).await?.in_team(&self.slugs[number]).await
    }

    async fn signed_in(&self, at: usize) -> Result<Cx> {
        let cx = self.request(at);
        let form = self.sign_in_form(at, self.typed());
        match account::sign_in(&cx, form).await? {
            SignedIn::Session(session) => cx.with_session(&session.token).await,
            SignedIn::SecondStep(_) => Err(Error::Inconsistent("the cast has passwords only")),
        }
    }

    fn sign_in_form(&self, at: usize, password: Typed) -> SignIn {
        SignIn { email: PEOPLE[at].email(), password, next: String::new() }
    }

    fn request(&self, at: usize) -> Cx {
        let origin = Origin {
            ip: PEOPLE[at].ip.parse().ok(),
            agent: PEOPLE[at].agent.to_owned(),
            device: self.devices.get(at).cloned().flatten(),
            ..Origin::of(new_request_id(&*self.clock, self.deps.random()))
        };
        Cx::anyone(&self.deps, origin)
    }

    fn typed(&self) -> Typed {
        Typed::new(self.password.expose_secret())
    }

    fn sign_in_details(self) -> DemoSignIn {
        DemoSignIn {
            email: PEOPLE[0].email(),
            password: self.password,
            people: PEOPLE.iter().map(|part: &Part| (part.email(), part.said())).collect(),
        }
    }
}
