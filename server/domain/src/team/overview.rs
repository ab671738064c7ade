//! What is to be said of a team at a glance.

use crate::{Cx, Result};
use model::{
    Permission,
    team::{Overview, TeamCard},
};

/// The team of this request, as the switcher shows it.
///
/// # Errors
/// [`crate::Error::NotFound`] outside a team.
pub fn card(cx: &Cx) -> Result<TeamCard> {
    cx.seat().cloned()
}

/// The team in numbers.
///
/// # Errors
/// When the caller may not see the team.
pub async fn overview(cx: &Cx) -> Result<Overview> {
    let mut view = cx.view(Permission::TeamView).await?;
    let team = cx.seat()?.id.0;
    let row = sqlx::query_as!(
        Overview,
        r#"select
             (select count(*) from api_key where team_id = $1 and revoked_at is null
                 and (expires_at is null or expires_at > $2)) as "keys_working!",
             (select count(*) from api_key where team_id = $1) as "keys!",
             (select count(*) from api_key where team_id = $1
                 and first_used_at is not null) as "keys_used!",
             (select count(*) from member where team_id = $1) as "members!",
             coalesce((select seq from ledger_head
                 where kind = 'team' and ledger = $1), 0) as "records!""#,
        team,
        cx.now()
    )
    .fetch_one(view.sql())
    .await?;
    Ok(row)
}
