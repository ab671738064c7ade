//! A team's security policy: what it asks of its members beside a role. Owners set it, confirmed.
//!
//! Whoever does not keep to it stays a member and reaches nothing of the team: the guard in
//! `cx.rs` refuses with [`Error::Barred`](crate::Error), and `app.may` says no in the database.

mod domains;
mod factor;
mod keys;
mod load;
mod networks;
mod remind;
mod retention;
mod sessions;

pub use domains::set_domains;
pub use factor::require_factor;
pub use keys::set_keys;
pub use load::load;
pub use networks::set_networks;
pub use remind::remind;
pub use retention::set_retention;
pub use sessions::set_sessions;

pub(crate) use keys::{Kind as KeyKind, refuse_key, refuse_open_key};
pub(crate) use networks::parse as parse_networks;

use crate::{
    Cx, Result,
    change::Change,
    event::{Event, Ledger},
};
use model::{AuditAction, Permission};

/// What the database raises for an address that the team does not take.
pub(crate) const OTHER_ADDRESS: &str = "PB008";

/// A change of the policy, in which the team has a row of it.
async fn begin(cx: &Cx) -> Result<Change> {
    let mut change = cx.change_confirmed(Permission::SecurityManage).await?;
    sqlx::query!(
        "insert into team_policy (team_id) values ($1) on conflict do nothing",
        cx.seat()?.id.0
    )
    .execute(change.sql())
    .await?;
    Ok(change)
}

/// What was changed, from what to what.
fn changed(
    what: &'static str,
    before: impl Into<serde_json::Value>,
    after: impl Into<serde_json::Value>,
) -> Event {
    Event::new(Ledger::Team, AuditAction::SecurityPolicy)
        .on("policy", what, what)
        .with("before", before)
        .with("after", after)
}

/// Words between lines, spaces and commas, each once and sorted.
fn words(typed: &str) -> std::collections::BTreeSet<String> {
    let words = typed.split(|c: char| c.is_whitespace() || matches!(c, ',' | ';'));
    words.filter(|word| !word.is_empty()).map(str::to_lowercase).collect()
}
