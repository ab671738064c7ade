//! Letters before a key ends, and when most of its quota is used, to those who can do something
//! about it. The database says who was not told yet, and that they are now.

use crate::{
    Cx, Deps, Result,
    mail::{self, KeyEnd, Letter, MailOwner, To},
    policy::Actor,
    task::Task,
};
use model::KeyId;
use sqlx::PgConnection;
use time::OffsetDateTime;
use uuid::Uuid;

/// Writes 14, 3 and 1 days before a key ends: to each person one letter about all keys of a team.
/// The end of an overlap was chosen by whoever rotated the key, and is not told.
///
/// # Errors
/// When the database or the keyring does not answer. What was told stands, and the rest is told
/// with the next run.
pub async fn remind_ends(deps: &Deps) -> Result<()> {
    remind(deps, Task::KeyRemind, |rows| vec![ending(rows)]).await
}

/// Writes at 80 and 100 percent of a key's quota, a letter about each.
///
/// # Errors
/// As [`remind_ends`].
pub async fn remind_quotas(deps: &Deps) -> Result<()> {
    remind(deps, Task::QuotaRemind, |rows| rows.iter().map(used).collect()).await
}

/// Writes `letters` to each person of each team about whom there is something to tell.
async fn remind(deps: &Deps, task: Task, letters: fn(&[Row]) -> Vec<Letter>) -> Result<()> {
    let cx = Cx::system(deps);
    loop {
        let mut change = cx.change_as(task, Actor::default()).await?;
        let rows = take(change.sql(), cx.now()).await?;
        if rows.is_empty() {
            return Ok(());
        }
        let same = |a: &Row, b: &Row| (a.team_id, a.person_id) == (b.team_id, b.person_id);
        for rows in rows.chunk_by(same) {
            let Row { name, email, person_id, .. } = &rows[0];
            let owner = MailOwner::Person(*person_id);
            let to = To { email: email.clone(), name: name.clone(), owner };
            for letter in letters(rows) {
                mail::post(&mut change, &to, letter).await?;
            }
        }
        change.commit_unaudited("a reminder changes nothing").await?;
    }
}

/// Something to tell somebody of a key.
struct Row {
    team_id: Uuid,
    team: String,
    slug: String,
    person_id: Uuid,
    name: String,
    email: String,
    key_id: Uuid,
    key: String,
    start: String,
    /// Days, or percent.
    mark: i32,
    /// When it ends, or the month of its quota.
    ends_at: OffsetDateTime,
    last_at: Option<OffsetDateTime>,
    quota: Option<i64>,
}

impl Row {
    /// The key, as its team knows it.
    fn key(&self) -> String {
        format!("{} ({}…)", self.key, self.start)
    }
}

fn ending(rows: &[Row]) -> Letter {
    let end = |row: &Row| KeyEnd { key: row.key(), at: row.ends_at, last_used_at: row.last_at };
    let Row { team, slug, .. } = &rows[0];
    Letter::KeysEnd { team: team.clone(), slug: slug.clone(), keys: rows.iter().map(end).collect() }
}

fn used(row: &Row) -> Letter {
    Letter::QuotaUsed {
        team: row.team.clone(),
        key: row.key(),
        page: format!("/t/{}/keys/{}", row.slug, KeyId(row.key_id)),
        quota: row.quota.unwrap_or_default(),
        percent: row.mark,
    }
}

async fn take(sql: &mut PgConnection, now: OffsetDateTime) -> Result<Vec<Row>> {
    let rows = sqlx::query_as!(
        Row,
        r#"select team_id as "team_id!", team as "team!", slug as "slug!",
                  person_id as "person_id!", name as "name!", email as "email!",
                  key_id as "key_id!", key as "key!", start as "start!", mark as "mark!",
                  ends_at as "ends_at!", last_at, quota
           from app.take_notices($1)"#,
        now
    )
    .fetch_all(sql)
    .await?;
    Ok(rows)
}
