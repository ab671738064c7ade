//! Who has an account.

use crate::{Cx, Deps, Result, event::rfc3339, policy::Actor, task::Task};
use model::PersonId;
use serde::Serialize;

/// Most people that one look shows.
const MOST: i64 = 500;

/// A person as the operator's list shows them.
#[derive(Debug, Serialize)]
pub struct PersonRow {
    pub id: PersonId,
    pub email: String,
    pub name: String,
    /// Whether sign-in asks for more than a password.
    pub two_step: bool,
    pub locked: bool,
    pub teams: i64,
    /// RFC 3339, UTC; none when they are signed in nowhere.
    pub last_seen_at: Option<String>,
}

/// People whose address or name holds `text`, by address; at most 500.
///
/// # Errors
/// When the database does not answer.
pub async fn list(deps: &Deps, text: &str) -> Result<Vec<PersonRow>> {
    let mut change = Cx::system(deps).change_as(Task::Operator, Actor::default()).await?;
    let rows = sqlx::query!(
        r#"select p.id, p.email, p.name, p.locked_at is not null as "locked!",
                  app.has_second_factor(p.id) as "two_step!", seen.teams as "teams!",
                  seen.last_seen_at
           from person p, app.seen_of(p.id) seen
           where p.deleted_at is null
               and (strpos(lower(p.email), lower($1)) > 0 or strpos(lower(p.name), lower($1)) > 0)
           order by lower(p.email) limit $2"#,
        text,
        MOST
    )
    .fetch_all(change.sql())
    .await?;
    change.commit_unaudited("looking changes nothing").await?;
    let rows = rows.into_iter().map(|row| PersonRow {
        id: PersonId(row.id),
        email: row.email,
        name: row.name,
        two_step: row.two_step,
        locked: row.locked,
        teams: row.teams,
        last_seen_at: row.last_seen_at.map(rfc3339),
    });
    Ok(rows.collect())
}
