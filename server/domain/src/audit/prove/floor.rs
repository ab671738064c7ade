//! Where the walk of a ledger begins: at its first record, or behind those that were removed because they
//! were old.

use super::walk::At;
use crate::Result;
use model::ledger::{LedgerId, PublicKey, Signed, Trim, genesis};
use sqlx::PgConnection;

/// The beginning of a ledger.
#[derive(Debug, Clone, Copy)]
pub(super) struct Begin {
    pub(super) ledger: LedgerId,
    /// Behind this.
    pub(super) at: At,
}

/// The beginning of a ledger. What the database says was removed is believed when it is signed.
pub(super) async fn of(sql: &mut PgConnection, ledger: LedgerId, ours: PublicKey) -> Result<Begin> {
    let trim = statement(sql, ledger, ours).await?.and_then(|signed| signed.open().ok());
    let at = match trim {
        Some(trim) => At { seq: trim.seq, hash: trim.hash },
        None => At { seq: 0, hash: genesis(ledger) },
    };
    Ok(Begin { ledger, at })
}

/// What was signed about records that were removed.
pub(in super::super) async fn statement(
    sql: &mut PgConnection,
    ledger: LedgerId,
    ours: PublicKey,
) -> Result<Option<Signed<Trim>>> {
    let LedgerId::Team(team) = ledger else { return Ok(None) };
    let line = sqlx::query_scalar!("select statement from ledger_floor where team_id = $1", team.0)
        .fetch_optional(sql)
        .await?;
    let signed = line.and_then(|line| serde_json::from_str::<Signed<Trim>>(&line).ok());
    let signed = signed.filter(|signed| signed.key() == ours);
    Ok(signed.filter(|signed| signed.open().is_ok_and(|trim| trim.ledger == ledger)))
}
