//! What a key must keep to.

use super::{begin, changed};
use crate::{Cx, Error, Result};
use model::{
    Permission,
    key::{Environment, bounds},
    security::SetKeys,
};
use sqlx::PgConnection;

/// Sets how many days a key of the team may last, whether live ones are made by people with a
/// second factor only, whether each names the networks it is used from, and whether one that is
/// found in public is switched off. All but the second hold for keys that exist, too, from now on.
///
/// # Errors
/// [`Error::Forbidden`] for anybody but an owner; [`Error::Unconfirmed`] without step-up; a
/// sentence at `days`.
pub async fn set_keys(cx: &Cx, form: SetKeys) -> Result<()> {
    cx.require(Permission::SecurityManage)?;
    let most = bounds::DAYS_MOST;
    let days: Option<u16> = match form.days.trim() {
        "" => None,
        typed => {
            let days = typed.parse().ok().filter(|days| (1..=most).contains(days));
            let said = || format!("Enter whole days from 1 to {most}, or nothing.");
            Some(days.ok_or_else(|| Error::field("days", said()))?)
        }
    };
    let after = Rules {
        days: days.map(i32::from),
        live_mfa: form.live_mfa == "yes",
        networks: form.key_networks == "yes",
        leak_off: form.key_leak_off == "yes",
    };
    let mut change = begin(cx).await?;
    let team = cx.seat()?.id.0;
    let before = sqlx::query_as!(
        Rules,
        "select key_days as days, key_live_mfa as live_mfa, key_networks as networks,
                key_leak_off as leak_off
         from team_policy where team_id = $1 for update",
        team
    )
    .fetch_one(change.sql())
    .await?;
    sqlx::query!(
        "update team_policy set key_days = $1, key_live_mfa = $2, key_networks = $3,
                                key_leak_off = $4
         where team_id = $5",
        after.days,
        after.live_mfa,
        after.networks,
        after.leak_off,
        team
    )
    .execute(change.sql())
    .await?;
    change.commit(changed("keys", before.said(), after.said())).await?;
    crate::key::forget_team(cx.deps(), cx.seat()?.id);
    Ok(())
}

struct Rules {
    days: Option<i32>,
    live_mfa: bool,
    networks: bool,
    leak_off: bool,
}

impl Rules {
    /// As the record has them.
    fn said(&self) -> serde_json::Value {
        let Self { days, live_mfa, networks, leak_off } = self;
        serde_json::json!({
            "days": days, "live_mfa": live_mfa, "networks": networks, "leak_off": leak_off
        })
    }
}

/// What a team's rules look at in a new key.
pub(crate) struct Kind {
    pub(crate) environment: Environment,
    /// That it lasts; none for no end.
    pub(crate) days: Option<u16>,
    /// Whether it may be used from anywhere.
    pub(crate) is_open: bool,
}

/// Why the team does not let the one who acts make a key of this kind; the policies repeat it.
pub(crate) async fn refuse_key(sql: &mut PgConnection, cx: &Cx, key: &Kind) -> Result<()> {
    let asked = sqlx::query!(
        "select key_days, key_live_mfa, key_networks from team_policy where team_id = $1",
        cx.seat()?.id.0
    )
    .fetch_optional(sql)
    .await?;
    let Some(asked) = asked else { return Ok(()) };
    let too_long = |most: &i32| key.days.is_none_or(|days| i32::from(days) > *most);
    if let Some(most) = asked.key_days.filter(too_long) {
        let said = format!("The team’s keys last at most {most} days. Enter fewer.");
        return Err(Error::field("days", said));
    }
    let has_factor = cx.viewer().is_some_and(|viewer| viewer.second_factor);
    if asked.key_live_mfa && key.environment == Environment::Live && !has_factor {
        return Err(Error::field(
            "environment",
            "The team’s live keys are made by people with two-step sign-in. Set it up first.",
        ));
    }
    if asked.key_networks && key.is_open {
        return Err(open());
    }
    Ok(())
}

/// Why the team does not let a key be used from these networks; verify sees to it, too.
pub(crate) async fn refuse_open_key(sql: &mut PgConnection, cx: &Cx, networks: &str) -> Result<()> {
    let asked = sqlx::query_scalar!(
        "select key_networks from team_policy where team_id = $1",
        cx.seat()?.id.0
    )
    .fetch_optional(sql)
    .await?;
    if networks.is_empty() && asked.unwrap_or_default() { Err(open()) } else { Ok(()) }
}

fn open() -> Error {
    let said = "The team’s keys name the networks that they are used from. Enter one or more.";
    Error::field("networks", said)
}
