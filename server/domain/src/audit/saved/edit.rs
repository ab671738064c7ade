//! Giving a saved search another name or another line.

use super::{OWN, event, of_team, own, read, refused, whose};
use crate::{Cx, Error, Result};
use model::{
    AuditAction, Permission, SearchId,
    audit::{EditSearch, Whose},
};

/// Changes a saved search; says its name.
///
/// # Errors
/// As [`super::save`]; [`Error::NotFound`] for another person's or team's, as for none.
pub async fn edit(cx: &Cx, id: SearchId, form: &EditSearch) -> Result<String> {
    let whose = whose(&form.whose)?;
    let (name, line) = read(&form.name, &form.search)?;
    match whose {
        Whose::Me => ones_own(cx, id, (&name, &line)).await?,
        Whose::Team => the_teams(cx, id, (&name, &line)).await?,
    }
    Ok(name)
}

async fn ones_own(cx: &Cx, id: SearchId, (name, line): (&str, &str)) -> Result<()> {
    let person = own(cx)?;
    let mut change = cx.change(Permission::TeamView).await?;
    let done = sqlx::query!(
        "update own_search set name = $4, search = $5
         where team_id = $1 and person_id = $2 and id = $3",
        cx.seat()?.id.0,
        person,
        id.0,
        name,
        line
    )
    .execute(change.sql())
    .await
    .map_err(refused)?;
    if done.rows_affected() == 0 {
        return Err(Error::NotFound);
    }
    change.commit_unaudited(OWN).await
}

async fn the_teams(cx: &Cx, id: SearchId, (name, line): (&str, &str)) -> Result<()> {
    let mut change = of_team(cx).await?;
    let team = cx.seat()?.id.0;
    let before = sqlx::query!(
        "select name, search from team_search where team_id = $1 and id = $2",
        team,
        id.0
    )
    .fetch_optional(change.sql())
    .await?
    .ok_or(Error::NotFound)?;
    sqlx::query!(
        "update team_search set name = $3, search = $4 where team_id = $1 and id = $2",
        team,
        id.0,
        name,
        line
    )
    .execute(change.sql())
    .await
    .map_err(refused)?;
    let event = event(AuditAction::SearchUpdate, id, name)
        .with("before", serde_json::json!({ "name": before.name, "search": before.search }))
        .with("after", serde_json::json!({ "name": name, "search": line }));
    change.commit(event).await?;
    Ok(())
}
