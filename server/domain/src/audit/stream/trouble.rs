//! Letters about streams that have failed for an hour, to those who can do something about it.

use crate::{
    Cx, Result,
    mail::{self, Letter, MailOwner, To},
    policy::Actor,
    task::Task,
};
use model::StreamId;

/// Writes them, once for each time that a stream fails.
pub(super) async fn tell(cx: &Cx) -> Result<()> {
    let mut change = cx.change_as(Task::AuditStream, Actor::default()).await?;
    let rows = sqlx::query!(
        r#"select team as "team!", slug as "slug!", stream_id as "stream_id!", stream as "stream!",
                  since as "since!", person_id as "person_id!", name as "name!", email as "email!"
           from app.take_stream_troubles($1)"#,
        cx.now()
    )
    .fetch_all(change.sql())
    .await?;
    for row in rows {
        let owner = MailOwner::Person(row.person_id);
        let to = To { email: row.email, name: row.name, owner };
        let page = format!("/t/{}/audit/streams/{}", row.slug, StreamId(row.stream_id));
        let letter =
            Letter::StreamFails { team: row.team, stream: row.stream, since: row.since, page };
        mail::post(&mut change, &to, letter).await?;
    }
    change.commit_unaudited("a reminder changes nothing").await
}
