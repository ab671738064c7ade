//! The API explorer's test key. The browser of whoever explores keeps it, sealed: it opens for this
//! person, in this team, and nowhere else, and scripts never see it.

use crate::{
    Cx, Error, Result,
    crypto::{Owner, Place, hex, token, unhex},
    key::{self, Ask},
};
use model::{
    FieldError, Permission, Permissions, Typed,
    explorer::{KeepTestKey, MakeTestKey},
    key::{Environment, NewKey},
};
use secrecy::{ExposeSecret, SecretString};
use std::time::Duration;

/// What the key is called in the team's list.
const NAME: &str = "API explorer";
/// How long the browser keeps it; a key that was made here ends then, too.
const LASTS: Duration = Duration::from_secs(24 * 60 * 60);

/// A test key, sealed for the browser that keeps it.
#[derive(Debug)]
pub struct SealedKey {
    pub text: SecretString,
    pub lasts: Duration,
}

/// Makes a test key that ends after a day: it may look at what its maker may look at or, if that is
/// wanted, do what its maker may do.
///
/// # Errors
/// As [`key::create`]; [`Error::Forbidden`] without `explorer.use`.
pub async fn make_key(cx: &Cx, form: MakeTestKey) -> Result<SealedKey> {
    cx.require(Permission::ExplorerUse)?;
    let looks = |permission: &Permission| permission.name().ends_with(".view");
    let may: Permissions = match &*form.may {
        "look" => held(cx).filter(looks).collect(),
        "change" => held(cx).collect(),
        _ => return Err(Error::field("may", "Choose what the key may do.")),
    };
    let wanted = NewKey {
        team: form.team,
        name: NAME.to_owned(),
        environment: Environment::Test.name().to_owned(),
        days: "1".to_owned(),
        ticked: may.into(),
        ..NewKey::default()
    };
    let made = key::create(cx, wanted).await.map_err(of_the_whole)?;
    seal(cx, &made.secret).await
}

/// What the person holds of what keys may do.
fn held(cx: &Cx) -> impl Iterator<Item = Permission> {
    Permissions::for_keys().iter().filter(|permission| cx.require(*permission).is_ok())
}

/// What is wrong with a field that this form does not have is wrong with the form.
fn of_the_whole(error: Error) -> Error {
    match error {
        Error::Invalid(errors) => {
            let whole = |error: FieldError| FieldError::new("", error.message);
            Error::Invalid(errors.into_iter().map(whole).collect())
        }
        other => other,
    }
}

/// Seals a key that the person has, if it is a test key of this team that works.
///
/// # Errors
/// [`Error::Forbidden`] without `explorer.use`; [`Error::Invalid`] with what is wrong with the key.
pub async fn keep_key(cx: &Cx, form: &KeepTestKey) -> Result<SealedKey> {
    cx.require(Permission::ExplorerUse)?;
    let typed = Typed::new(form.token.expose().trim());
    let looks_only = Ask { ip: cx.ip(), cost: Some(0), ..Ask::default() };
    let verdict = key::verify(cx, &typed, &looks_only).await?;
    let code = verdict.code.name();
    let team = cx.seat()?.id;
    let said = match verdict.key.filter(|known| known.team == team) {
        None => "This is no key of this team. Copy the whole key, with its beginning.".to_owned(),
        Some(known) if known.environment != Environment::Test => {
            "This is a live key, and belongs into no browser. Take a test key.".to_owned()
        }
        Some(_) if code != "VALID" => {
            format!("This key does not work ({code}). Take one that does.")
        }
        Some(_) => return seal(cx, typed.expose()).await,
    };
    Err(Error::field("token", said))
}

/// The key that this browser keeps for the person in this team.
///
/// # Errors
/// [`Error::Forbidden`] without `explorer.use`; when the keyring does not answer.
pub async fn kept_key(cx: &Cx) -> Result<Option<Typed>> {
    cx.require(Permission::ExplorerUse)?;
    let Some(sealed) = &cx.origin().explorer else { return Ok(None) };
    let Some(sealed) = unhex(sealed.expose_secret()) else { return Ok(None) };
    let (owner, place) = home(cx)?;
    let Some(data_key) = cx.deps().keyring().find(owner).await? else { return Ok(None) };
    let opened = data_key.open(&place, &sealed).ok();
    Ok(opened.and_then(|key| Some(Typed::new(std::str::from_utf8(&key).ok()?))))
}

/// How it begins.
///
/// # Errors
/// As [`kept_key`].
pub async fn kept_start(cx: &Cx) -> Result<Option<String>> {
    let kept = kept_key(cx).await?;
    Ok(kept.and_then(|key| key.expose().get(..token::START).map(str::to_owned)))
}

async fn seal(cx: &Cx, key: &str) -> Result<SealedKey> {
    let (owner, place) = home(cx)?;
    let data_key = cx.deps().keyring().key_of(owner).await?;
    let sealed = data_key.seal(cx.deps().random(), &place, key.as_bytes())?;
    Ok(SealedKey { text: hex(&sealed).into(), lasts: LASTS })
}

/// Whose the sealed key is, and where it opens.
fn home(cx: &Cx) -> Result<(Owner, Place)> {
    let person = cx.person().ok_or(Error::Unauthenticated)?;
    let row = cx.seat()?.id.0;
    Ok((Owner::Person(person), Place { table: "cookie", column: "explorer", row }))
}
