//! How much was recorded, day by day.

use crate::{Cx, Result, zone};
use model::{Permission, audit::ActivityDay};
use time::{Duration, OffsetDateTime};

/// Days that are looked back.
const DAYS: i64 = 90;

/// Records of each of the last 90 days, the oldest first; nothing for whoever does not see them all.
///
/// Numbers have no gaps: how many records there were until a moment is the number of the last one before
/// it. So 90 days cost 91 looks into an index, however much happened. (A clock that was set back moves
/// records to a neighbouring day.)
///
/// # Errors
/// When the caller is not in the team.
pub async fn activity(cx: &Cx) -> Result<Vec<ActivityDay>> {
    let mut view = cx.view(Permission::TeamView).await?;
    if !cx.seat()?.role.holds(Permission::AuditView) {
        return Ok(Vec::new());
    }
    let zone = cx.viewer().map_or("UTC", |viewer| viewer.zone.as_str());
    let today = zone::local(cx.now(), zone).date();
    let days: Vec<String> =
        (0..DAYS).rev().map(|ago| (today - Duration::days(ago)).to_string()).collect();
    let begins = days.iter().filter_map(|day| zone::midnight(day, zone));
    let end = days.last().and_then(|day| zone::midnight_after(day, zone));
    let edges: Vec<OffsetDateTime> = begins.chain(end).collect();
    let reached = sqlx::query_scalar!(
        r#"select coalesce((
               select e.seq from audit_event e
               where e.kind = 'team' and e.ledger = $1 and e.at < b.at
               order by e.at desc, e.seq desc limit 1), f.seq, 0) as "seq!"
           from unnest($2::timestamptz[]) with ordinality b (at, number)
           left join ledger_floor f on f.team_id = $1
           order by b.number"#,
        cx.seat()?.id.0,
        &edges
    )
    .fetch_all(view.sql())
    .await?;
    let records = reached.windows(2).map(|edge| (edge[1] - edge[0]).max(0));
    Ok(days.into_iter().zip(records).map(|(day, records)| ActivityDay { day, records }).collect())
}
