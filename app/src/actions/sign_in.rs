//! Doors to signing in: password, second step, passkey, and a new password by mail.

use leptos::prelude::*;
use model::{
    Failure, Next,
    account::{self as form, LinkCard, StepChoices},
    passkey::Ceremony,
};

/// Takes a password: to a session, or to the second step.
#[server(prefix = "/do", endpoint = "account/sign-in")]
pub async fn sign_in(form: form::SignIn) -> Result<Next, Failure> {
    use crate::{
        actions::{ours, with_next},
        server,
    };
    use domain::account::SignedIn;
    let next = ours(&form.next);
    match server::told(domain::account::sign_in(&server::cx()?, form).await)? {
        SignedIn::Session(session) => {
            server::start_session(&session);
            Ok(Next::go(next))
        }
        SignedIn::SecondStep(step) => {
            server::start_step(&step);
            Ok(Next::go(with_next("/sign-in/code", &next)))
        }
    }
}

/// Takes the second step with a code from an app or a recovery code.
#[server(prefix = "/do", endpoint = "sign-in/code")]
pub async fn sign_in_by_code(form: form::SecondStep) -> Result<Next, Failure> {
    use crate::{actions::ours, server};
    let next = ours(&form.next);
    let session = server::told(domain::account::by_code(&server::cx()?, form).await)?;
    server::start_session(&session);
    Ok(Next::go(next))
}

/// What the browser is asked for a sign-in by passkey.
#[server(prefix = "/do", endpoint = "sign-in/passkey-options")]
pub async fn sign_in_passkey_options() -> Result<Ceremony, Failure> {
    use crate::server;
    server::told(domain::account::begin_passkey(&server::cx()?).await)
}

/// Signs in with a passkey, alone or as the second step.
#[server(prefix = "/do", endpoint = "sign-in/passkey")]
pub async fn sign_in_by_passkey(form: form::PasskeyAnswer) -> Result<Next, Failure> {
    use crate::{actions::ours, server};
    let next = ours(&form.next);
    let session = server::told(domain::account::by_passkey(&server::cx()?, form).await)?;
    server::start_session(&session);
    Ok(Next::go(next))
}

/// Leaves the second step untaken.
#[server(prefix = "/do", endpoint = "sign-in/abandon")]
pub async fn abandon_sign_in() -> Result<Next, Failure> {
    use crate::server;
    server::told(domain::account::abandon_step(&server::cx()?).await)?;
    server::end_step();
    Ok(Next::go("/sign-in"))
}

/// What the second step can be taken with; none when there is none to take.
#[server(prefix = "/do", endpoint = "sign-in/choices")]
pub async fn load_step() -> Result<Option<StepChoices>, Failure> {
    use crate::server;
    server::told(domain::account::step_choices(&server::cx()?).await)
}

/// Why browsers offer no passkeys at this address; none when they do.
#[server(prefix = "/do", endpoint = "sign-in/passkey-hindrance")]
pub async fn load_hindrance() -> Result<Option<String>, Failure> {
    use crate::server;
    Ok(server::cx()?.deps().passkeys().hindrance().map(str::to_owned))
}

/// Mails a link to a new password, if the address has an account.
#[server(prefix = "/do", endpoint = "password/forgot")]
pub async fn forgot_password(form: form::Forgot) -> Result<Next, Failure> {
    use crate::server;
    server::told(domain::account::forgot(&server::cx()?, form).await)?;
    Ok(Next::go("/forgot/sent"))
}

/// Whom a link to a new password concerns.
#[server(prefix = "/do", endpoint = "password/reset-card")]
pub async fn load_reset(token: model::Typed) -> Result<LinkCard, Failure> {
    use crate::server;
    let found = domain::account::reset_card(&server::cx()?, &token).await;
    server::told(found)?.ok_or(Failure::NotFound)
}

/// Sets a new password by a link.
#[server(prefix = "/do", endpoint = "password/reset")]
pub async fn reset_password(form: form::Reset) -> Result<Next, Failure> {
    use crate::server;
    server::told(domain::account::reset(&server::cx()?, form).await)?;
    server::end_session();
    Ok(Next::say("/sign-in", "Your password was set. Sign in with it."))
}
