//! What searches are kept.

use super::own;
use crate::{Cx, Result};
use model::{
    Permission, SearchId,
    audit::{SavedSearch, Whose},
};

/// One's own and, for who sees the whole log, the team's; each by name.
///
/// # Errors
/// When the caller is not in the team.
pub async fn list(cx: &Cx) -> Result<Vec<SavedSearch>> {
    let person = own(cx)?;
    let mut view = cx.view(Permission::TeamView).await?;
    let rows = sqlx::query!(
        r#"select id as "id!", name as "name!", search as "search!", own as "own!" from (
               select id, name, search, true as own from own_search
               where team_id = $1 and person_id = $2
               union all
               select id, name, search, false from team_search where team_id = $1) s
           order by own desc, lower(name), id"#,
        cx.seat()?.id.0,
        person
    )
    .fetch_all(view.sql())
    .await?;
    let whose = |own| if own { Whose::Me } else { Whose::Team };
    let saved =
        |(id, name, line, own)| SavedSearch { id: SearchId(id), whose: whose(own), name, line };
    Ok(rows.into_iter().map(|it| saved((it.id, it.name, it.search, it.own))).collect())
}
