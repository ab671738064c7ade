//! Somebody with an authenticator app, and the two steps in which they sign in.

use crate::{
    authenticator::Authenticator,
    support::{ADDRESS, PASSWORD, World},
};
use domain::{
    Cx, Origin, Result,
    account::{self, NewSession, SignedIn},
    ports::Clock,
};
use model::{
    Next, Typed,
    account::{PasskeyAnswer, SecondStep, SignIn},
    factor::FirstCode,
    passkey::Ceremony,
};
use secrecy::SecretString;

/// The app on a phone, and the paper with the recovery codes.
pub(crate) struct App {
    totp: totp_rs::Totp,
    pub(crate) recovery: Vec<String>,
}

impl App {
    /// The code that the app shows, so many steps of half a minute from now.
    pub(crate) fn code(&self, world: &World, steps: i64) -> String {
        let at = world.clock.now().unix_timestamp() + 30 * steps;
        self.totp.generate(u64::try_from(at).unwrap()).to_string()
    }
}

impl World {
    /// Somebody whose app was set up a minute ago, so that no code of now was used.
    pub(crate) async fn with_app(&self, name: &str) -> (Cx, App) {
        let person = self.person(name).await;
        self.set_up_app(&person).await
    }

    /// The same for somebody who is there, and confirmed.
    pub(crate) async fn set_up_app(&self, person: &Cx) -> (Cx, App) {
        account::begin_totp(person).await.unwrap();
        let offer = account::totp_offer(person).await.unwrap().unwrap();
        let secret = totp_rs::Secret::try_from_base32(offer.secret.replace(' ', "")).unwrap();
        let totp = totp_rs::Builder::new()
            .with_secret(secret)
            .with_skew(0)
            .with_account_name("x".to_owned())
            .with_issuer(Some("x"))
            .build()
            .unwrap();
        let mut app = App { totp, recovery: Vec::new() };
        let form = FirstCode { code: Typed::new(app.code(self, 0)) };
        let (session, next) = account::confirm_totp(person, form).await.unwrap();
        let Next::RevealCodes(made) = next else {
            panic!("no recovery codes came with the first factor");
        };
        app.recovery = made.codes;
        let person = self.anyone().with_session(&session.token).await.unwrap();
        self.clock.advance(time::Duration::minutes(1));
        (person, app)
    }

    /// A request that shows these cookies.
    pub(crate) fn visitor(&self, device: Option<&SecretString>, step: Option<&SecretString>) -> Cx {
        let request = domain::ports::new_request_id(&*self.clock, &*self.random);
        let (device, step) = (device.cloned(), step.cloned());
        let ip = Some("10.200.0.1".parse().unwrap());
        let agent = "Test/1".to_owned();
        Cx::anyone(&self.deps, Origin { ip, agent, device, step, ..Origin::of(request) })
    }

    /// What a browser with this cookie is answered to a password.
    pub(crate) async fn tried(
        &self,
        device: Option<&SecretString>,
        email: &str,
        password: &str,
    ) -> Result<SignedIn> {
        let form =
            SignIn { email: email.to_owned(), password: Typed::new(password), next: String::new() };
        let from = match device {
            Some(_) => self.visitor(device, None),
            None => self.anyone(),
        };
        account::sign_in(&from, form).await
    }

    /// The first of two steps, with the right password.
    pub(crate) async fn first_step(&self, email: &str) -> SecretString {
        match self.tried(None, email, PASSWORD).await.unwrap() {
            SignedIn::SecondStep(step) => step.token,
            SignedIn::Session(_) => panic!("no second factor was asked for"),
        }
    }

    /// The request that goes on in a session that was just started or renewed.
    pub(crate) async fn in_session(&self, session: &NewSession) -> Cx {
        let cx = self.anyone().with_session(&session.token).await.unwrap();
        assert!(cx.is_signed_in());
        cx
    }

    /// Somebody who has just set up a passkey, and the device that holds it.
    pub(crate) async fn with_passkey(&self, name: &str) -> (Cx, Authenticator) {
        let person = self.person(name).await;
        self.add_passkey(&person, "Laptop").await
    }

    pub(crate) async fn add_passkey(&self, person: &Cx, name: &str) -> (Cx, Authenticator) {
        let mut device = Authenticator::at(ADDRESS);
        let asked = account::begin_registration(person).await.unwrap();
        let response = Typed::new(device.create(&asked.options));
        let form = PasskeyAnswer {
            ceremony: asked.id,
            response,
            name: name.to_owned(),
            ..PasskeyAnswer::default()
        };
        let (session, _) = account::add_passkey(person, form).await.unwrap();
        (self.in_session(&session).await, device)
    }

    pub(crate) async fn second_step(&self, step: &SecretString, code: &str) -> Result<NewSession> {
        let form = SecondStep { code: Typed::new(code), ..SecondStep::default() };
        account::by_code(&self.visitor(None, Some(step)), form).await
    }
}

/// What the browser sends when the device has answered.
pub(crate) fn answered(device: &mut Authenticator, asked: &Ceremony) -> PasskeyAnswer {
    PasskeyAnswer {
        ceremony: asked.id.clone(),
        response: Typed::new(device.get(&asked.options)),
        ..PasskeyAnswer::default()
    }
}
