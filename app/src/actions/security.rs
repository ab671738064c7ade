//! Doors to what proves who somebody is: step-up, factors, password, sessions.

use leptos::prelude::*;
use model::{
    Failure, Next,
    account::{self, PasskeyAnswer},
    factor::{self, FirstCode, OnePasskey, Security},
    passkey::Ceremony,
    reveal::TotpOffer,
    session::{OneDevice, OneSession, Sessions},
};

/// Step-up by password and second factor.
#[server(prefix = "/do", endpoint = "confirm/password")]
pub async fn confirm(form: account::Confirm) -> Result<Next, Failure> {
    use crate::{actions::resume, server};
    let next = form.next.clone();
    let session = server::told(domain::account::confirm(&server::cx()?, form).await)?;
    server::start_session(&session);
    Ok(resume(&next))
}

/// What the browser is asked for a step-up by passkey.
#[server(prefix = "/do", endpoint = "confirm/passkey-options")]
pub async fn confirm_passkey_options() -> Result<Ceremony, Failure> {
    use crate::server;
    server::told(domain::account::begin_passkey_confirm(&server::cx()?).await)
}

/// Step-up by passkey.
#[server(prefix = "/do", endpoint = "confirm/passkey")]
pub async fn confirm_by_passkey(form: PasskeyAnswer) -> Result<Next, Failure> {
    use crate::{actions::resume, server};
    let next = form.next.clone();
    let session = server::told(domain::account::confirm_by_passkey(&server::cx()?, form).await)?;
    server::start_session(&session);
    Ok(resume(&next))
}

/// Everything that proves who the viewer is.
#[server(prefix = "/do", endpoint = "security/load")]
pub async fn load_security() -> Result<Security, Failure> {
    use crate::server;
    server::told(domain::account::security(&server::cx()?).await)
}

/// Sets another password.
#[server(prefix = "/do", endpoint = "password/change")]
pub async fn change_password(form: factor::ChangePassword) -> Result<Next, Failure> {
    use crate::server;
    let session = server::told(domain::account::change_password(&server::cx()?, form).await)?;
    server::start_session(&session);
    let said = "Your password was changed. All other sessions have ended.";
    Ok(Next::say("/account/security", said))
}

/// Offers a secret to an authenticator app.
#[server(prefix = "/do", endpoint = "totp/begin")]
pub async fn begin_totp() -> Result<Next, Failure> {
    use crate::server;
    server::told(domain::account::begin_totp(&server::cx()?).await)?;
    Ok(Next::go("/account/two-step"))
}

/// The secret on offer; none when there is none.
#[server(prefix = "/do", endpoint = "totp/offer")]
pub async fn load_totp() -> Result<Option<TotpOffer>, Failure> {
    use crate::server;
    server::told(domain::account::totp_offer(&server::cx()?).await)
}

/// Turns the offer into a factor.
#[server(prefix = "/do", endpoint = "totp/confirm")]
pub async fn confirm_totp(form: FirstCode) -> Result<Next, Failure> {
    use crate::server;
    let (session, next) = server::told(domain::account::confirm_totp(&server::cx()?, form).await)?;
    server::start_session(&session);
    Ok(next)
}

/// Stops asking for codes from the app.
#[server(prefix = "/do", endpoint = "totp/remove")]
pub async fn remove_totp() -> Result<Next, Failure> {
    use crate::server;
    server::told(domain::account::remove_totp(&server::cx()?).await)?;
    Ok(Next::say("/account/security", "The authenticator app was removed."))
}

/// Makes a new set of recovery codes.
#[server(prefix = "/do", endpoint = "recovery/renew")]
pub async fn renew_recovery_codes() -> Result<Next, Failure> {
    use crate::server;
    let codes = domain::account::renew_recovery_codes(&server::cx()?).await;
    server::told(codes).map(Next::RevealCodes)
}

/// What the browser is asked for a new passkey.
#[server(prefix = "/do", endpoint = "passkey/options")]
pub async fn passkey_options() -> Result<Ceremony, Failure> {
    use crate::server;
    server::told(domain::account::begin_registration(&server::cx()?).await)
}

/// Keeps a new passkey.
#[server(prefix = "/do", endpoint = "passkey/add")]
pub async fn add_passkey(form: PasskeyAnswer) -> Result<Next, Failure> {
    use crate::server;
    let (session, next) = server::told(domain::account::add_passkey(&server::cx()?, form).await)?;
    server::start_session(&session);
    Ok(next)
}

/// Gives a passkey another name.
#[server(prefix = "/do", endpoint = "passkey/rename")]
pub async fn rename_passkey(form: OnePasskey) -> Result<Next, Failure> {
    use crate::server;
    server::told(domain::account::rename_passkey(&server::cx()?, form).await)?;
    Ok(Next::say("/account/security", "The passkey has its new name."))
}

/// Removes a passkey.
#[server(prefix = "/do", endpoint = "passkey/remove")]
pub async fn remove_passkey(form: OnePasskey) -> Result<Next, Failure> {
    use crate::server;
    server::told(domain::account::remove_passkey(&server::cx()?, form).await)?;
    Ok(Next::say("/account/security", "The passkey was removed."))
}

/// Where the viewer is signed in.
#[server(prefix = "/do", endpoint = "session/list")]
pub async fn load_sessions() -> Result<Sessions, Failure> {
    use crate::server;
    server::told(domain::account::sessions(&server::cx()?).await)
}

/// Ends one session.
#[server(prefix = "/do", endpoint = "session/end")]
pub async fn end_session(form: OneSession) -> Result<Next, Failure> {
    use crate::server;
    server::told(domain::account::end_session(&server::cx()?, &form.session).await)?;
    Ok(Next::say("/account/sessions", "The session was ended. Its next click is refused."))
}

/// Ends every session but this one.
#[server(prefix = "/do", endpoint = "session/end-others")]
pub async fn end_other_sessions() -> Result<Next, Failure> {
    use crate::server;
    let ended = server::told(domain::account::end_other_sessions(&server::cx()?).await)?;
    let said = match ended {
        0 => "There was no other session. No browser is remembered any more.".to_owned(),
        1 => "One other session was ended. No browser is remembered any more.".to_owned(),
        n => format!("{n} other sessions were ended. No browser is remembered any more."),
    };
    Ok(Next::say("/account/sessions", said))
}

/// Asks a remembered browser for the second factor again.
#[server(prefix = "/do", endpoint = "device/forget")]
pub async fn forget_device(form: OneDevice) -> Result<Next, Failure> {
    use crate::server;
    server::told(domain::account::forget_device(&server::cx()?, &form.device).await)?;
    Ok(Next::say("/account/sessions", "The browser was forgotten."))
}
