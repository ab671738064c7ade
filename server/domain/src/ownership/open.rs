//! The offer that is open now.

use crate::{Cx, Result, event::rfc3339};
use model::{PersonId, ownership::Offer};
use sqlx::PgConnection;

/// The open offer of the team, for its owners and for whoever it is made to.
pub(crate) async fn open(sql: &mut PgConnection, cx: &Cx) -> Result<Option<Offer>> {
    let found = sqlx::query!(
        r#"select o.offered_by, b.name as "by_name?", o.offered_to, t.name as "to_name?",
                  o.expires_at
           from ownership_offer o
           left join person b on b.id = o.offered_by
           left join person t on t.id = o.offered_to
           where o.team_id = $1 and o.ended_at is null and o.expires_at > $2"#,
        cx.seat()?.id.0,
        cx.now()
    )
    .fetch_optional(sql)
    .await?;
    Ok(found.map(|row| Offer {
        by: row.by_name.unwrap_or_default(),
        to: row.to_name.unwrap_or_default(),
        to_person: PersonId(row.offered_to),
        is_to_you: cx.person() == Some(PersonId(row.offered_to)),
        expires_at: rfc3339(row.expires_at),
    }))
}
