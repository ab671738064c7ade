//! Doors to teams.

use leptos::prelude::*;
use model::{
    Failure, Next,
    team::{NewTeam, Overview},
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
