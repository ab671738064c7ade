//! Doors to the deletion of a team.

use leptos::prelude::*;
use model::{
    Failure, Next, Typed,
    deletion::{self as form, DeletionCard, DeletionPage},
};

/// What deleting the team does, and how far it is.
#[server(prefix = "/do", endpoint = "deletion/load")]
pub async fn load_team_deletion(team: String) -> Result<DeletionPage, Failure> {
    use crate::server;
    server::told(domain::team::deletion(&server::in_team(&team).await?).await)
}

/// Asks for the deletion.
#[server(prefix = "/do", endpoint = "deletion/ask")]
pub async fn ask_deletion(form: form::AskDeletion) -> Result<Next, Failure> {
    use crate::server;
    let (cx, page) = (server::in_team(&form.team).await?, form::page(&form.team));
    let due = server::told(domain::team::ask_deletion(&cx, &form).await)?;
    Ok(Next::say(
        page,
        match due {
            Some(_) => "The days run. Until they are over, any owner can undo it.",
            None => "Asked for. Nothing happens until another owner confirms it.",
        },
    ))
}

/// Confirms what another owner asked for.
#[server(prefix = "/do", endpoint = "deletion/confirm")]
pub async fn confirm_deletion(form: form::ConfirmDeletion) -> Result<Next, Failure> {
    use crate::server;
    let (cx, page) = (server::in_team(&form.team).await?, form::page(&form.team));
    server::told(domain::team::confirm_deletion(&cx, &form).await)?;
    Ok(Next::say(page, "Confirmed. Until the days are over, any owner can undo it."))
}

/// Undoes it.
#[server(prefix = "/do", endpoint = "deletion/undo")]
pub async fn undo_deletion(form: form::UndoDeletion) -> Result<Next, Failure> {
    use crate::server;
    let (cx, page) = (server::in_team(&form.team).await?, form::page(&form.team));
    server::told(domain::team::undo_deletion(&cx).await)?;
    Ok(Next::say(page, "The team stays."))
}

/// How far the deletion of a team is that nobody gets into any more, for its owners.
#[server(prefix = "/do", endpoint = "deletion/stages")]
pub async fn load_deletion_stages(team: String) -> Result<DeletionCard, Failure> {
    use crate::server;
    server::told(domain::team::deletion_stages(&server::cx()?, &team).await)
}

/// What became of a team, for whoever has the link of its deletion.
#[server(prefix = "/do", endpoint = "deletion/card")]
pub async fn load_deletion_card(token: Typed) -> Result<DeletionCard, Failure> {
    use crate::server;
    server::told(domain::team::deletion_card(&server::cx()?, &token).await)
}
