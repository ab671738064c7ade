//! Adding a program.

use super::{read_key, refused, seal};
use crate::{
    Cx, Error, Result,
    event::{Event, Ledger},
    member, text,
};
use model::{
    AuditAction, Permission, ProgramId,
    rule::{NewProgram, RuleProgram, bounds},
};

/// Adds a program with its key, which is not shown again; says what it is called here.
///
/// # Errors
/// [`Error::Forbidden`] without `rules.edit`; [`Error::Unconfirmed`] without step-up;
/// [`Error::Invalid`] for wrong fields and a name that is taken; [`Error::Conflict`] for one too many.
pub async fn create(cx: &Cx, form: &NewProgram) -> Result<RuleProgram> {
    cx.require(Permission::RulesEdit)?;
    let mut check = text::Check::default();
    let name = check.field("name", text::name(&form.name, "the program", bounds::PROGRAM));
    let key = check.field("tag", read_key(&form.tag));
    check.done()?;
    let (name, key) = name.zip(key).ok_or(Error::Inconsistent("a checked form lacks a field"))?;
    let id = ProgramId(cx.new_id());
    // Before the transaction: nobody waits for a lock while the keyring is asked.
    let sealed = seal(cx, id, key).await?;
    let mut change = cx.change_confirmed(Permission::RulesEdit).await?;
    member::hold(change.sql(), cx).await?;
    sqlx::query!(
        "insert into affiliate_program (team_id, id, name, sealed, key_set_at, created_at)
         values ($1, $2, $3, $4, $5, $5)",
        cx.seat()?.id.0,
        id.0,
        name,
        sealed,
        cx.now()
    )
    .execute(change.sql())
    .await
    .map_err(refused)?;
    let event = Event::new(Ledger::Team, AuditAction::ProgramCreate).on("program", id, &name);
    let made = change.commit_answering(event, |_| RuleProgram { id, name }).await?;
    crate::rule::forget(cx.deps(), cx.seat()?.id);
    Ok(made)
}
