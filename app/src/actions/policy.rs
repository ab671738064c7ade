//! Doors to a team's security policy.

use leptos::prelude::*;
use model::{
    Failure, Next,
    security::{self as form, SecurityPolicy},
};

/// The policy, and whom it concerns.
#[server(prefix = "/do", endpoint = "policy/load")]
pub async fn load_policy(team: String) -> Result<SecurityPolicy, Failure> {
    use crate::server;
    server::told(domain::security::load(&server::in_team(&team).await?).await)
}

/// Requires a second factor from a day on, or no longer.
#[server(prefix = "/do", endpoint = "policy/factor")]
pub async fn require_factor(form: form::RequireFactor) -> Result<Next, Failure> {
    use crate::server;
    let (cx, page) = (server::in_team(&form.team).await?, format!("/t/{}/policy", form.team));
    let said = match form.day.trim() {
        "" => "Two-step sign-in is no longer required.".to_owned(),
        day => format!("Two-step sign-in is required from {day} on."),
    };
    server::told(domain::security::require_factor(&cx, form).await)?;
    Ok(Next::say(page, said))
}

/// Sets which addresses may come in.
#[server(prefix = "/do", endpoint = "policy/domains")]
pub async fn set_domains(form: form::SetDomains) -> Result<Next, Failure> {
    use crate::server;
    let (cx, page) = (server::in_team(&form.team).await?, format!("/t/{}/policy", form.team));
    server::told(domain::security::set_domains(&cx, form).await)?;
    Ok(Next::say(page, "The list of domains is set. Who is in the team stays in."))
}

/// Sets from which networks the team can be entered.
#[server(prefix = "/do", endpoint = "policy/networks")]
pub async fn set_networks(form: form::SetNetworks) -> Result<Next, Failure> {
    use crate::server;
    let (cx, page) = (server::in_team(&form.team).await?, format!("/t/{}/policy", form.team));
    server::told(domain::security::set_networks(&cx, form).await)?;
    Ok(Next::say(page, "The list of networks is set. It holds from everybody’s next click on."))
}

/// Sets how old a session may be.
#[server(prefix = "/do", endpoint = "policy/sessions")]
pub async fn set_sessions(form: form::SetSessions) -> Result<Next, Failure> {
    use crate::server;
    let (cx, page) = (server::in_team(&form.team).await?, format!("/t/{}/policy", form.team));
    server::told(domain::security::set_sessions(&cx, form).await)?;
    Ok(Next::say(page, "The age of sessions is set. It holds from everybody’s next click on."))
}

/// Sets what new keys must keep to.
#[server(prefix = "/do", endpoint = "policy/keys")]
pub async fn set_keys(form: form::SetKeys) -> Result<Next, Failure> {
    use crate::server;
    let (cx, page) = (server::in_team(&form.team).await?, format!("/t/{}/policy", form.team));
    server::told(domain::security::set_keys(&cx, form).await)?;
    Ok(Next::say(page, "The rules for keys are set. They hold for each new key."))
}

/// Sets how long records of the audit log are kept.
#[server(prefix = "/do", endpoint = "policy/retention")]
pub async fn set_retention(form: form::SetRetention) -> Result<Next, Failure> {
    use crate::server;
    let (cx, page) = (server::in_team(&form.team).await?, format!("/t/{}/policy", form.team));
    let said = match form.hold.trim() {
        "" => "Set. What is older goes within a day.",
        _ => "The legal hold stands. Nothing is removed until you lift it.",
    };
    server::told(domain::security::set_retention(&cx, form).await)?;
    Ok(Next::say(page, said))
}
