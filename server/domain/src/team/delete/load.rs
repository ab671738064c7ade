//! What the page about a team's deletion shows, and the one about a team that is no more.

use super::{HELD, files, held::Held, times::Times};
use crate::{Cx, Error, Result, crypto::token, event::rfc3339};
use model::{
    Permission, TeamId, Typed,
    deletion::{Asked, DeletionCard, DeletionPage, HeldRows, Waits},
};
use sqlx::PgConnection;
use std::collections::HashMap;

/// What the team holds, all of which would go, and how far its deletion is.
///
/// # Errors
/// [`Error::Forbidden`] without `team.delete`.
pub async fn load(cx: &Cx) -> Result<DeletionPage> {
    let mut view = cx.view(Permission::TeamDelete).await?;
    let (team, me) = (cx.seat()?.id, cx.person().ok_or(Error::Unauthenticated)?);
    let tables = contents(view.sql()).await?;
    let owners: i64 = sqlx::query_scalar!(
        r#"select count(*) as "owners!" from member where team_id = $1 and role = 'owner'"#,
        team.0
    )
    .fetch_one(view.sql())
    .await?;
    let found = sqlx::query!(
        r#"select d.asked_by, p.name as "by?", d.asked_at, d.due_at, c.name as "confirmed_by?",
                  exists (select from member m where m.team_id = d.team_id
                          and m.person_id = d.asked_by and m.role = 'owner') as "stands!"
           from team_deletion d left join person p on p.id = d.asked_by
           left join person c on c.id = d.confirmed_by
           where d.team_id = $1"#,
        team.0
    )
    .fetch_optional(view.sql())
    .await?;
    drop(view);
    let is_owner = cx.seat()?.role.is_owner();
    let asked = found.map(|row| Asked {
        by: row.by.unwrap_or_default(),
        at: rfc3339(row.asked_at),
        waits: match row.due_at {
            Some(due) => {
                Waits::Days { due: rfc3339(due), by: row.confirmed_by.unwrap_or_default() }
            }
            None if !row.stands => Waits::Void,
            None if is_owner && (row.asked_by != me.0 || owners == 1) => Waits::You,
            None => Waits::OtherOwner,
        },
    });
    let found = files::count(cx.deps(), team).await?;
    let (files, bytes) = (found.number, found.bytes);
    let days = cx.deps().deletion_days();
    Ok(DeletionPage { asked, is_owner, owners, days, tables, files, bytes })
}

/// Counts of every table with rows of the team, in our order and words.
async fn contents(sql: &mut PgConnection) -> Result<Vec<HeldRows>> {
    let rows = sqlx::query!(r#"select name as "name!", rows as "rows!" from app.team_contents()"#)
        .fetch_all(sql)
        .await?;
    let mut counts: HashMap<String, i64> =
        rows.into_iter().map(|row| (row.name, row.rows)).collect();
    let mut take = |held: &Held| {
        let rows = counts.remove(held.table);
        let rows = rows.ok_or(Error::Inconsistent("a table of teams was not counted"))?;
        Ok(HeldRows { table: held.table.to_owned(), title: held.title.to_owned(), rows })
    };
    let held: Result<Vec<HeldRows>> = HELD.iter().map(&mut take).collect();
    match counts.is_empty() {
        true => held,
        false => Err(Error::Inconsistent("a table of teams has no name in HELD")),
    }
}

/// The deletion that a link from a letter leads to.
///
/// # Errors
/// [`Error::NotFound`] for a link that leads nowhere.
pub async fn card(cx: &Cx, link: &Typed) -> Result<DeletionCard> {
    let hash = token::hash_typed(link);
    let row = sqlx::query!(
        r#"select team_id as "team_id!", asked_at as "asked_at!", confirmed_at as "confirmed_at!",
                  begun_at, key_at, access_at, files_at, rows_at, done_at, certificate
           from app.deletion_of($1)"#,
        hash.as_slice()
    )
    .fetch_optional(cx.deps().app().nobody())
    .await?
    .ok_or(Error::NotFound)?;
    let times = Times {
        asked_at: row.asked_at,
        confirmed_at: row.confirmed_at,
        begun_at: row.begun_at,
        key_at: row.key_at,
        access_at: row.access_at,
        files_at: row.files_at,
        rows_at: row.rows_at,
        done_at: row.done_at,
    };
    Ok(DeletionCard {
        team: TeamId(row.team_id),
        stages: times.rows(),
        certificate: row.certificate,
    })
}

/// How far the deletion of a team is that nobody gets into any more, for its owners.
///
/// # Errors
/// [`Error::NotFound`] for everybody else, and when it is not being deleted.
pub async fn stages(cx: &Cx, slug: &str) -> Result<DeletionCard> {
    let viewer = cx.viewer().ok_or(Error::Unauthenticated)?;
    let team = viewer.teams.iter().find(|team| team.slug == slug).ok_or(Error::NotFound)?.id;
    let mut view = cx.view_self().await?;
    let times = sqlx::query_as!(
        Times,
        r#"select asked_at as "asked_at!", confirmed_at as "confirmed_at!", begun_at, key_at, access_at,
                  files_at, rows_at, done_at
           from app.deletion_stages($1)"#,
        team.0
    )
    .fetch_optional(view.sql())
    .await?
    .ok_or(Error::NotFound)?;
    Ok(DeletionCard { team, stages: times.rows(), certificate: None })
}
