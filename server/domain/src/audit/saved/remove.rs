//! Removing a saved search.

use super::{OWN, event, of_team, own, whose};
use crate::{Cx, Error, Result};
use model::{AuditAction, Permission, SearchId, audit::Whose};

/// Removes a saved search; says its name. `word`: a [`Whose`].
///
/// # Errors
/// [`Error::Forbidden`] for one of the team without `audit.view` and `team.update`;
/// [`Error::NotFound`] for another person's or team's, as for none.
pub async fn remove(cx: &Cx, id: SearchId, word: &str) -> Result<String> {
    match whose(word)? {
        Whose::Me => ones_own(cx, id).await,
        Whose::Team => the_teams(cx, id).await,
    }
}

async fn ones_own(cx: &Cx, id: SearchId) -> Result<String> {
    let person = own(cx)?;
    let mut change = cx.change(Permission::TeamView).await?;
    let name = sqlx::query_scalar!(
        "delete from own_search where team_id = $1 and person_id = $2 and id = $3 returning name",
        cx.seat()?.id.0,
        person,
        id.0
    )
    .fetch_optional(change.sql())
    .await?
    .ok_or(Error::NotFound)?;
    change.commit_unaudited(OWN).await?;
    Ok(name)
}

async fn the_teams(cx: &Cx, id: SearchId) -> Result<String> {
    let mut change = of_team(cx).await?;
    let gone = sqlx::query!(
        "delete from team_search where team_id = $1 and id = $2 returning name, search",
        cx.seat()?.id.0,
        id.0
    )
    .fetch_optional(change.sql())
    .await?
    .ok_or(Error::NotFound)?;
    let event = event(AuditAction::SearchRemove, id, &gone.name).with("search", gone.search);
    change.commit(event).await?;
    Ok(gone.name)
}
