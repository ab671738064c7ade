//! Keeping a search.

use super::{OWN, event, of_team, own, read, refused, whose};
use crate::{Cx, Result};
use model::{
    AuditAction, Permission, SearchId,
    audit::{SaveSearch, SavedSearch, Whose},
};

/// Keeps a search under a name.
///
/// # Errors
/// [`crate::Error::Forbidden`] for one of the team without `audit.view` and `team.update`;
/// [`crate::Error::Invalid`] for a name that is taken and a line that is not understood;
/// [`crate::Error::Conflict`] for one too many.
pub async fn save(cx: &Cx, form: &SaveSearch) -> Result<SavedSearch> {
    let whose = whose(&form.whose)?;
    let (name, line) = read(&form.name, &form.search)?;
    let saved = SavedSearch { id: SearchId(cx.new_id()), whose, name, line };
    match whose {
        Whose::Me => for_oneself(cx, &saved).await?,
        Whose::Team => for_team(cx, &saved).await?,
    }
    Ok(saved)
}

async fn for_oneself(cx: &Cx, saved: &SavedSearch) -> Result<()> {
    let person = own(cx)?;
    let mut change = cx.change(Permission::TeamView).await?;
    sqlx::query!(
        "insert into own_search (team_id, person_id, id, name, search) values ($1, $2, $3, $4, $5)",
        cx.seat()?.id.0,
        person,
        saved.id.0,
        saved.name,
        saved.line
    )
    .execute(change.sql())
    .await
    .map_err(refused)?;
    change.commit_unaudited(OWN).await
}

async fn for_team(cx: &Cx, saved: &SavedSearch) -> Result<()> {
    let mut change = of_team(cx).await?;
    sqlx::query!(
        "insert into team_search (team_id, id, name, search) values ($1, $2, $3, $4)",
        cx.seat()?.id.0,
        saved.id.0,
        saved.name,
        saved.line
    )
    .execute(change.sql())
    .await
    .map_err(refused)?;
    let event = event(AuditAction::SearchSave, saved.id, &saved.name);
    change.commit(event.with("search", saved.line.as_str())).await?;
    Ok(())
}
