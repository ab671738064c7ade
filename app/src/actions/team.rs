//! Doors to teams.

use leptos::prelude::*;
use model::{
    Failure, Next,
    team::{NewTeam, Overview, Settings, UpdateTeam},
};

/// Makes a team that the caller owns.
#[server(prefix = "/do", endpoint = "team/create")]
pub async fn create_team(form: NewTeam) -> Result<Next, Failure> {
    use crate::server;
    let team = server::told(domain::team::create(&server::cx()?, form).await)?;
    Ok(Next::say(team.path(""), format!("Team {} was made.", team.name)))
}

/// The team in numbers.
#[server(prefix = "/do", endpoint = "team/overview")]
pub async fn load_overview(team: String) -> Result<Overview, Failure> {
    use crate::server;
    server::told(domain::team::overview(&server::in_team(&team).await?).await)
}

/// What the team is called, where it is found, and how it looks.
#[server(prefix = "/do", endpoint = "team/settings")]
pub async fn load_settings(team: String) -> Result<Settings, Failure> {
    use crate::server;
    server::told(domain::team::settings(&server::in_team(&team).await?).await)
}

/// Changes that.
#[server(prefix = "/do", endpoint = "team/update")]
pub async fn save_settings(form: UpdateTeam) -> Result<Next, Failure> {
    use crate::server;
    let cx = server::in_team(&form.team).await?;
    let slug = server::told(domain::team::update(&cx, form).await)?;
    Ok(Next::say(format!("/t/{slug}/settings"), "The settings are saved."))
}
