//! What is to be said of a team at a glance.

use crate::{Cx, Result};
use model::{
    Permission,
    team::{KeyCounts, Overview, TeamCard},
};
use sqlx::PgConnection;
use uuid::Uuid;

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
    let keys = match cx.require(Permission::KeysView) {
        Ok(()) => Some(keys(view.sql(), cx, team).await?),
        Err(_) => None,
    };
    let row = sqlx::query!(
        r#"select (select count(*) from member where team_id = $1) as "members!",
                  coalesce((select seq from ledger_head
                            where kind = 'team' and ledger = $1), 0) as "records!""#,
        team
    )
    .fetch_one(view.sql())
    .await?;
    Ok(Overview { keys, members: row.members, records: row.records })
}

async fn keys(sql: &mut PgConnection, cx: &Cx, team: Uuid) -> Result<KeyCounts> {
    let counts = sqlx::query_as!(
        KeyCounts,
        r#"select count(*) as "all!",
                  count(*) filter (where revoked_at is null
                      and (expires_at is null or expires_at > $2)) as "working!"
           from api_key where team_id = $1"#,
        team,
        cx.now()
    )
    .fetch_one(sql)
    .await?;
    Ok(counts)
}
