//! The policy, for the page that sets it.

use super::sessions::hours_most;
use crate::{Cx, Result, event::rfc3339, zone};
use model::{
    Permission,
    security::{Lacking, SecurityPolicy, bounds},
};
use sqlx::PgConnection;

/// The team's security policy, and whom it concerns.
///
/// # Errors
/// [`crate::Error::Forbidden`] for anybody but an owner.
pub async fn load(cx: &Cx) -> Result<SecurityPolicy> {
    let mut view = cx.view(Permission::SecurityManage).await?;
    let team = cx.seat()?.id.0;
    let asked = sqlx::query!(
        "select mfa_required_from, session_seconds, key_days, key_live_mfa, key_networks,
                key_leak_off, audit_days, audit_hold
         from team_policy where team_id = $1",
        team
    )
    .fetch_optional(view.sql())
    .await?;
    let domains = sqlx::query_scalar!(
        "select domain from team_domain where team_id = $1 order by domain",
        team
    )
    .fetch_all(view.sql())
    .await?;
    let networks = sqlx::query_scalar!(
        "select network from team_network where team_id = $1 order by network",
        team
    )
    .fetch_all(view.sql())
    .await?;
    let lacking = lacking(view.sql()).await?;
    let from = asked.as_ref().and_then(|asked| asked.mfa_required_from);
    let zone = sqlx::query_scalar!("select time_zone from team where id = $1", team)
        .fetch_one(view.sql())
        .await?;
    let most = i64::try_from(hours_most(cx)).unwrap_or(i64::MAX);
    Ok(SecurityPolicy {
        required_day: from.map(|at| zone::local(at, &zone).date().to_string()).unwrap_or_default(),
        required_from: from.map(rfc3339),
        zone,
        lacking,
        domains,
        networks,
        your_ip: cx.ip().map(|ip| ip.to_string()).unwrap_or_default(),
        session_hours: asked
            .as_ref()
            .and_then(|asked| asked.session_seconds)
            .map(|s| i64::from(s) / 3600),
        session_hours_most: most,
        key_days: asked.as_ref().and_then(|asked| asked.key_days).map(i64::from),
        key_live_mfa: asked.as_ref().is_some_and(|asked| asked.key_live_mfa),
        key_networks: asked.as_ref().is_some_and(|asked| asked.key_networks),
        key_leak_off: asked.as_ref().is_some_and(|asked| asked.key_leak_off),
        audit_days: asked
            .as_ref()
            .map_or(bounds::AUDIT_DAYS_USUAL, |asked| asked.audit_days)
            .into(),
        audit_hold: asked.and_then(|asked| asked.audit_hold).unwrap_or_default(),
    })
}

async fn lacking(sql: &mut PgConnection) -> Result<Vec<Lacking>> {
    let people = sqlx::query_as!(
        Lacking,
        r#"select name as "name!", email as "email!" from app.members_lacking()"#
    )
    .fetch_all(sql)
    .await?;
    Ok(people)
}
