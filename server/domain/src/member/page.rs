//! Which members a page shows.

use crate::Result;
use model::{
    PersonId, RoleRef,
    member::{MemberOrder, MemberQuery},
    page::PageSize,
};
use sqlx::PgConnection;
use uuid::Uuid;

/// Members on one page, unless more or fewer are asked for.
const PAGE: PageSize = PageSize::usual(25);
/// Characters of a search that are looked at.
const SEARCH: usize = 120;

/// What is asked for, with what makes no sense left out.
pub(super) struct Asked {
    text: String,
    role: Option<RoleRef>,
    two_step: Option<bool>,
    order: MemberOrder,
    before: Option<Uuid>,
    after: Option<Uuid>,
    pub(super) size: PageSize,
}

impl Asked {
    pub(super) fn of(query: &MemberQuery) -> Self {
        let cursor = |text: &Option<String>| {
            text.as_deref()?.parse::<PersonId>().ok().map(|person| person.0)
        };
        Self {
            text: crate::text::sought(&query.q, SEARCH),
            role: query.role.parse().ok(),
            two_step: match query.two_step.as_str() {
                "on" => Some(true),
                "off" => Some(false),
                _ => None,
            },
            order: MemberOrder::from_name(&query.sort).unwrap_or_default(),
            before: cursor(&query.before),
            after: cursor(&query.after),
            size: query.size.unwrap_or(PAGE),
        }
    }

    /// Whether the page begins at a cursor, and whether it ends at one.
    pub(super) const fn around(&self) -> (bool, bool) {
        (self.before.is_some(), self.after.is_some())
    }
}

/// One more than the page shows, nearest to the cursor first.
pub(super) async fn people(sql: &mut PgConnection, asked: &Asked) -> Result<Vec<Uuid>> {
    // Names go up, times go down: the latest first.
    let ascending = (asked.order == MemberOrder::Name) != asked.after.is_some();
    let people = sqlx::query_scalar!(
        r#"select person as "person!"
           from app.members_listed($1, $2, $3, $4, $5, $6, $7, $8) person"#,
        asked.role.map_or("", RoleRef::name),
        asked.role.and_then(RoleRef::custom).map(|role| role.0),
        asked.text,
        asked.two_step,
        asked.order.name(),
        asked.before.or(asked.after),
        ascending,
        i32::from(asked.size.and_next())
    )
    .fetch_all(sql)
    .await?;
    Ok(people)
}
