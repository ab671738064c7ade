//! The access review: who could do what, and when.
//!
//! The database keeps a period for each membership and role by itself (`app.keep_period`), with
//! what the role held then; here it is only read. A period says what a role allowed: whether the
//! security policy kept somebody out at the time is in the log.

mod csv;
mod list;

pub use csv::csv;
pub use list::list;

use crate::{Cx, Error, Result, team, zone};
use model::{
    Permission,
    review::{ReviewQuery, ReviewRow},
};
use sqlx::PgConnection;
use time::{Date, OffsetDateTime, macros::format_description};
use uuid::Uuid;

/// A span of days on the team's clocks, and a permission.
struct Span {
    from: OffsetDateTime,
    /// The midnight that ends the last day.
    to: OffsetDateTime,
    first_day: String,
    last_day: String,
    permission: Option<Permission>,
    zone: String,
}

/// What is asked for: empty days are today.
async fn span(cx: &Cx, query: &ReviewQuery) -> Result<Span> {
    let zone = team::settings(cx).await?.zone;
    let day = format_description!("[year]-[month]-[day]");
    let today = zone::local(cx.now(), &zone).date();
    let read = |field: &str, text: &str, otherwise: Date| match text.trim() {
        "" => Ok(otherwise),
        typed => Date::parse(typed, &day).map_err(|_| wrong_day(field)),
    };
    let first = read("from", &query.from, today)?;
    let last = read("to", &query.to, if query.from.trim().is_empty() { today } else { first })?;
    if last < first {
        return Err(Error::field("to", "The last day is before the first. Swap them."));
    }
    let written = |date: Date| date.format(&day).map_err(|_| wrong_day("from"));
    let midnight =
        |date: Date| zone::midnight(&written(date)?, &zone).ok_or_else(|| wrong_day("from"));
    let permission = match query.permission.as_str() {
        "" => None,
        name => Some(
            Permission::from_name(name)
                .ok_or_else(|| Error::field("permission", "Choose one of the permissions."))?,
        ),
    };
    let next = last.next_day().ok_or_else(|| wrong_day("to"))?;
    let (from, to) = (midnight(first)?, midnight(next)?);
    let (first_day, last_day) = (written(first)?, written(last)?);
    Ok(Span { from, to, first_day, last_day, permission, zone })
}

fn wrong_day(field: &str) -> Error {
    Error::field(field, "Enter a day like 2026-12-01.")
}

/// The periods that touch the span, after a cursor.
async fn read(
    sql: &mut PgConnection,
    span: &Span,
    after: Option<Uuid>,
    most: i32,
) -> Result<Vec<Row>> {
    let rows = sqlx::query_as!(
        Row,
        r#"select id as "id!", person_id as "person!", name as "name!", email as "email!",
                  role as "role!", permissions as "permissions!", began_at as "began_at!", ended_at
           from app.access_between($1, $2, $3, $4, $5)"#,
        span.from,
        span.to,
        span.permission.map_or("", Permission::name),
        after,
        most
    )
    .fetch_all(sql)
    .await?;
    Ok(rows)
}

struct Row {
    id: Uuid,
    person: Uuid,
    name: String,
    email: String,
    role: String,
    permissions: String,
    began_at: OffsetDateTime,
    ended_at: Option<OffsetDateTime>,
}

impl Row {
    fn shown(self) -> ReviewRow {
        ReviewRow {
            person: model::PersonId(self.person),
            name: self.name,
            email: self.email,
            role: self.role,
            permissions: self.permissions,
            began_at: crate::event::rfc3339(self.began_at),
            ended_at: self.ended_at.map(crate::event::rfc3339),
        }
    }
}
