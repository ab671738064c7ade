//! Recovery codes: ten that each sign in once, for the day when the phone is gone.

use super::mailbox;
use crate::{
    Cx, Result,
    change::Change,
    crypto::recovery,
    event::{Event, Ledger},
    mail::{self, Letter},
};
use model::{AuditAction, reveal::RevealedCodes};

/// Makes a new set; the old one is worth nothing from then on.
///
/// # Errors
/// [`Error::Unconfirmed`](crate::Error::Unconfirmed) without step-up.
pub async fn renew(cx: &Cx) -> Result<RevealedCodes> {
    cx.require_confirmed()?;
    let mut change = cx.change_self(None).await?;
    let codes = replace(&mut change).await?;
    let to = mailbox::own(&mut change).await?;
    mail::post(&mut change, &to, Letter::RecoveryCodesRenewed).await?;
    change.commit_in_teams(made()).await?;
    Ok(RevealedCodes { codes, after: String::new() })
}

/// A set for somebody who has none yet, with their first factor.
pub(super) async fn first_set(change: &mut Change) -> Result<Option<Vec<String>>> {
    let person = change.person()?;
    let there = sqlx::query_scalar!(
        r#"select exists (select from recovery_code where person_id = $1) as "there!""#,
        person
    )
    .fetch_one(change.sql())
    .await?;
    if there {
        return Ok(None);
    }
    let codes = replace(change).await?;
    change.record(made()).await?;
    Ok(Some(codes))
}

/// Removes them all, with the last factor.
pub(super) async fn discard(change: &mut Change) -> Result<()> {
    let person = change.person()?;
    sqlx::query!("delete from recovery_code where person_id = $1", person)
        .execute(change.sql())
        .await?;
    Ok(())
}

/// Spends a code of the person of `change`, and tells them: true for exactly one caller.
pub(super) async fn spend(change: &mut Change, typed: &str) -> Result<bool> {
    let Some(code) = recovery::read(typed) else { return Ok(false) };
    let cx = change.cx().clone();
    let person = change.person()?;
    let hash = recovery::hash(person, &code);
    let spent = sqlx::query!(
        "update recovery_code set used_at = $1
         where person_id = $2 and code_hash = $3 and used_at is null",
        cx.now(),
        person,
        hash.as_slice()
    )
    .execute(change.sql())
    .await?;
    if spent.rows_affected() == 0 {
        return Ok(false);
    }
    let left = left(change).await?;
    let to = mailbox::own(change).await?;
    mail::post(change, &to, Letter::RecoveryCodeUsed { left: left.try_into().unwrap_or_default() })
        .await?;
    let event = Event::new(Ledger::Person, AuditAction::RecoveryUse).with("left", left);
    change.record_in_teams(&event).await?;
    change.record(event).await?;
    Ok(true)
}

async fn left(change: &mut Change) -> Result<i64> {
    let person = change.person()?;
    let left = sqlx::query_scalar!(
        r#"select count(*) as "left!" from recovery_code
           where person_id = $1 and used_at is null"#,
        person
    )
    .fetch_one(change.sql())
    .await?;
    Ok(left)
}

async fn replace(change: &mut Change) -> Result<Vec<String>> {
    discard(change).await?;
    let cx = change.cx().clone();
    let person = change.person()?;
    let codes = recovery::new_codes(cx.deps().random());
    let hashes: Vec<Vec<u8>> =
        codes.iter().map(|code| recovery::hash(person, &code.replace('-', "")).to_vec()).collect();
    sqlx::query!(
        "insert into recovery_code (person_id, code_hash, made_at)
         select $1, hash, $2 from unnest($3::bytea[]) as made (hash)",
        person,
        cx.now(),
        &hashes
    )
    .execute(change.sql())
    .await?;
    Ok(codes)
}

fn made() -> Event {
    let codes = i64::try_from(model::factor::bounds::RECOVERY_CODES).unwrap_or_default();
    Event::new(Ledger::Person, AuditAction::RecoveryRenew).with("codes", codes)
}
