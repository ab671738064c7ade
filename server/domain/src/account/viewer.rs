//! Who is looking: what every page needs to know of the signed-in person.

use crate::{Cx, Error, Result};
use model::{PersonId, Role, TeamId, account::Viewer, team::TeamCard};
use sqlx::PgConnection;

/// The signed-in person and their teams, or none when nobody is signed in.
///
/// # Errors
/// When the database does not answer.
pub async fn viewer(cx: &Cx) -> Result<Option<Viewer>> {
    let Some(person) = cx.person() else { return Ok(None) };
    let mut view = cx.view_self().await?;
    let who = sqlx::query!("select name, email from person where id = $1", person.0)
        .fetch_optional(view.sql())
        .await?;
    let Some(who) = who else { return Ok(None) };
    let teams = teams(view.sql(), person).await?;
    Ok(Some(Viewer { id: person, name: who.name, email: who.email, teams }))
}

async fn teams(sql: &mut PgConnection, person: PersonId) -> Result<Vec<TeamCard>> {
    let rows = sqlx::query!(
        "select t.id, t.slug, t.name, m.role
         from member m join team t on t.id = m.team_id
         where m.person_id = $1
         order by lower(t.name), t.id",
        person.0
    )
    .fetch_all(sql)
    .await?;
    rows.into_iter()
        .map(|row| {
            let role = Role::from_name(&row.role).ok_or(Error::Inconsistent("an unknown role"))?;
            Ok(TeamCard { id: TeamId(row.id), slug: row.slug, name: row.name, role })
        })
        .collect()
}
