//! The place of a person in a team, as the database tells it.

use crate::{Result, account::session, event::rfc3339, role::Stored};
use model::{Crest, TeamId, team::TeamCard};
use sqlx::PgExecutor;
use std::net::IpAddr;
use time::OffsetDateTime;
use uuid::Uuid;

/// Whose place, and how they come.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Comes<'a> {
    pub(crate) person: Uuid,
    /// The team's.
    pub(crate) slug: &'a str,
    pub(crate) ip: Option<IpAddr>,
    /// When their session began.
    pub(crate) since: Option<OffsetDateTime>,
    pub(crate) at: OffsetDateTime,
}

/// Their place in the team; none when there is no such team or they are not in it.
pub(crate) async fn find(sql: impl PgExecutor<'_>, who: Comes<'_>) -> Result<Option<TeamCard>> {
    let row = sqlx::query!(
        r#"select team_id as "id!", slug as "slug!", name as "name!", role as "role!",
                  custom_role, role_title, role_permissions, crest, bar,
                  app.closing_of(team_id) as closing_at
           from app.seat($1, $2, $3, $4, $5)"#,
        who.person,
        who.slug,
        who.ip.map(|ip| ip.to_string()),
        who.since,
        who.at
    )
    .fetch_optional(sql)
    .await?;
    let Some(row) = row else { return Ok(None) };
    let role = Stored { role: row.role, custom: row.custom_role, title: row.role_title }
        .held(row.role_permissions.as_deref())?;
    let bar = session::bar(row.bar.as_deref())?;
    let crest = row.crest.as_deref().and_then(Crest::from_name).unwrap_or_default();
    let (id, slug, name) = (TeamId(row.id), row.slug, row.name);
    let closing = row.closing_at.map(rfc3339);
    Ok(Some(TeamCard { id, slug, name, role, crest, bar, closing }))
}
