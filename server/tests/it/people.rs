//! People and what they do, as islands ask for it.

use crate::{
    http::PASSWORD,
    mailbox,
    program::{Home, Program},
    visitor::{Answer, Visitor},
};
use serde_json::Value;
use totp_rs::{Builder, Secret};

/// What somebody keeps at home.
pub(crate) struct Kept {
    /// The secret in the authenticator app, as it is typed.
    pub(crate) secret: String,
    pub(crate) codes: Vec<String>,
}

/// Sets up an authenticator app.
pub(crate) fn with_app(ada: &mut Visitor<'_>) -> Kept {
    ada.ask("/do/totp/begin", &[]);
    let offer = json(&ada.ask("/do/totp/offer", &[]));
    let secret = offer["secret"].as_str().expect("a secret").replace(' ', "");
    let app = Builder::new()
        .with_secret(Secret::try_from_base32(&secret).expect("base 32"))
        .with_skew(0)
        .with_account_name("x".to_owned())
        .with_issuer(Some("x"))
        .build()
        .expect("an app");
    let now = std::time::SystemTime::UNIX_EPOCH.elapsed().expect("after 1970").as_secs();
    let code = app.generate(now).to_string();
    let made = json(&ada.ask("/do/totp/confirm", &[("form[code]", &code)]));
    let codes = made["RevealCodes"]["codes"].as_array().unwrap_or_else(|| panic!("{made}"));
    let codes = codes.iter().map(|code| code.as_str().expect("a code").to_owned()).collect();
    Kept { secret, codes }
}

/// The password was right, and the second step waits.
pub(crate) fn half_way(program: &Program) -> Visitor<'_> {
    let mut browser = Visitor::new(program);
    let form = [("form[email]", "ada@example.com"), ("form[password]", PASSWORD)];
    browser.ask("/do/account/sign-in", &form);
    assert!(browser.cookies.contains_key("__Host-probity_step"), "{:?}", browser.cookies);
    browser
}

/// Signed in with a recovery code, in a browser that is remembered.
pub(crate) fn through<'a>(program: &'a Program, code: &str) -> Visitor<'a> {
    let mut browser = half_way(program);
    browser.ask("/do/sign-in/code", &[("form[code]", code), ("form[remember]", "yes")]);
    assert!(browser.cookies.contains_key("__Host-probity"), "{:?}", browser.cookies);
    browser
}

/// Where the stranger reads her mail.
pub(crate) const STRANGER: &str = "mal@example.com";

/// Somebody with an account of her own.
pub(crate) fn stranger<'a>(home: &Home, program: &'a Program) -> Visitor<'a> {
    let mut mallory = Visitor::new(program);
    let (email, password) = (STRANGER, "a sentence of hers");
    let form = [("form[name]", "Mal"), ("form[email]", email), ("form[password]", password)];
    let asked = mallory.ask("/do/account/sign-up", &form);
    assert_eq!(asked.status, 200, "{}", asked.body);
    let token = mailbox::token(home, email, "/sign-up/confirm/");
    let form = [("form[token]", token.as_str()), ("form[password]", password)];
    let done = mallory.ask("/do/account/confirm", &form);
    assert!(mallory.cookies.contains_key("__Host-probity"), "{}", done.body);
    mallory
}

/// What a server function answered.
pub(crate) fn json(answer: &Answer) -> Value {
    serde_json::from_str(&answer.body).unwrap_or_else(|_| panic!("no JSON: {}", answer.body))
}
