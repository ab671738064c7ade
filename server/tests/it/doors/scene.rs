//! Ada, who owns a team, in every state that a browser of hers can be in; and a stranger.

use super::table::{DEVICE, Door, KEY, NEW_KEY, SESSION};
use crate::{
    http::{PASSWORD, owner},
    mailbox,
    program::{Home, Program},
    superuser::Superuser,
    visitor::{Answer, Cookies, Visitor},
};
use serde_json::Value;
use totp_rs::{Builder, Secret};

/// Confirmed ten minutes ago and longer.
const LONG_AGO: &str = "update session set confirmed_at = confirmed_at - interval '11 minutes'
                        where person_id in (select person_id from totp)";

pub(super) struct Scene<'a> {
    pub(super) program: &'a Program,
    /// The password was right, the second factor is awaited.
    pub(super) half_way: Cookies,
    /// Signed out, with the cookie kept.
    pub(super) ended: Cookies,
    /// Signed in, and the step-up is over.
    pub(super) stale: Cookies,
    /// Somebody with an account of her own, confirmed.
    pub(super) stranger: Cookies,
    superuser: Superuser,
    /// What stands for [`KEY`], [`SESSION`] and [`DEVICE`].
    ids: [(&'static str, String); 3],
}

impl<'a> Scene<'a> {
    pub(super) fn set(home: &Home, program: &'a Program) -> Self {
        let (mut ada, _) = owner(program);
        let codes = with_app(&mut ada);
        let made = ada.ask("/do/key/create", NEW_KEY);
        assert!(made.body.contains("pby_live_"), "{}", made.body);

        let mut leaves = through(program, &codes[0]);
        let ended = leaves.cookies.clone();
        assert_eq!(leaves.ask("/do/account/sign-out", &[]).status, 200);
        let mut stays = through(program, &codes[1]);
        let sessions = json(&stays.ask("/do/session/list", &[]));
        let id_in = |list: &str, is_this: bool| {
            let rows = sessions[list].as_array().expect("a list");
            let row = rows.iter().find(|row| row["is_this"] == is_this).expect("such a row");
            row["id"].as_str().expect("an id").to_owned()
        };
        let superuser = Superuser::of(home);
        let key = superuser.one("select 'key_' || replace(id::text, '-', '') from api_key");
        superuser.run(LONG_AGO);
        Self {
            program,
            half_way: half_way(program).cookies,
            ended,
            stale: stays.cookies,
            stranger: stranger(home, program),
            superuser,
            ids: [
                (KEY, key),
                (SESSION, id_in("sessions", false)),
                (DEVICE, id_in("devices", true)),
            ],
        }
    }

    /// Who is not signed in, for all that their browser shows.
    pub(super) fn nobodies(&self) -> [(&'static str, &Cookies); 3] {
        const NONE: &Cookies = &Cookies::new();
        [
            ("nobody", NONE),
            ("a half-done sign-in", &self.half_way),
            ("an ended session", &self.ended),
        ]
    }

    /// Asks at a door as an island would.
    pub(super) fn ask(&self, (path, fields, _): &Door, cookies: &Cookies) -> Answer {
        let put = |value: &'static str| {
            let found = self.ids.iter().find(|(name, _)| *name == value);
            found.map_or(value, |(_, id)| id.as_str())
        };
        let fields: Vec<(&str, &str)> =
            fields.iter().map(|(name, value)| (*name, put(value))).collect();
        self.browser(cookies).ask(path, &fields)
    }

    pub(super) fn get(&self, path: &str, cookies: &Cookies) -> Answer {
        self.browser(cookies).get(path)
    }

    /// The content of every table, but for what only says that somebody looked.
    pub(super) fn everything(&self) -> Vec<String> {
        self.superuser.everything()
    }

    fn browser(&self, cookies: &Cookies) -> Visitor<'a> {
        Visitor { cookies: cookies.clone(), ..Visitor::new(self.program) }
    }
}

/// Sets up an authenticator app; gives the recovery codes.
fn with_app(ada: &mut Visitor<'_>) -> Vec<String> {
    ada.ask("/do/totp/begin", &[]);
    let offer = json(&ada.ask("/do/totp/offer", &[]));
    let secret = offer["secret"].as_str().expect("a secret").replace(' ', "");
    let app = Builder::new()
        .with_secret(Secret::try_from_base32(secret).expect("base 32"))
        .with_skew(0)
        .with_account_name("x".to_owned())
        .with_issuer(Some("x"))
        .build()
        .expect("an app");
    let now = std::time::SystemTime::UNIX_EPOCH.elapsed().expect("after 1970").as_secs();
    let code = app.generate(now).to_string();
    let made = json(&ada.ask("/do/totp/confirm", &[("form[code]", &code)]));
    let codes = made["RevealCodes"]["codes"].as_array().unwrap_or_else(|| panic!("{made}"));
    codes.iter().map(|code| code.as_str().expect("a code").to_owned()).collect()
}

fn half_way(program: &Program) -> Visitor<'_> {
    let mut browser = Visitor::new(program);
    let form = [("form[email]", "ada@example.com"), ("form[password]", PASSWORD)];
    browser.ask("/do/account/sign-in", &form);
    assert!(browser.cookies.contains_key("__Host-probity_step"), "{:?}", browser.cookies);
    browser
}

/// Signed in with a recovery code, in a browser that is remembered.
fn through<'a>(program: &'a Program, code: &str) -> Visitor<'a> {
    let mut browser = half_way(program);
    browser.ask("/do/sign-in/code", &[("form[code]", code), ("form[remember]", "yes")]);
    assert!(browser.cookies.contains_key("__Host-probity"), "{:?}", browser.cookies);
    browser
}

fn stranger(home: &Home, program: &Program) -> Cookies {
    let mut mallory = Visitor::new(program);
    let (email, password) = ("mal@example.com", "a sentence of hers");
    let form = [("form[name]", "Mal"), ("form[email]", email), ("form[password]", password)];
    let asked = mallory.ask("/do/account/sign-up", &form);
    assert_eq!(asked.status, 200, "{}", asked.body);
    let token = mailbox::token(home, email, "/sign-up/confirm/");
    let form = [("form[token]", token.as_str()), ("form[password]", password)];
    let done = mallory.ask("/do/account/confirm", &form);
    assert!(mallory.cookies.contains_key("__Host-probity"), "{}", done.body);
    mallory.cookies
}

fn json(answer: &Answer) -> Value {
    serde_json::from_str(&answer.body).unwrap_or_else(|_| panic!("no JSON: {}", answer.body))
}
