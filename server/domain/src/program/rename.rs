//! Giving a program another name.

use super::refused;
use crate::{
    Cx, Error, Result,
    event::{Event, Ledger},
    member, text,
};
use model::{
    AuditAction, Permission, ProgramId,
    rule::{EditProgram, bounds},
};

/// Renames a program; says its name.
///
/// # Errors
/// As [`super::create`]; [`Error::NotFound`] for another team's program, as for none.
pub async fn rename(cx: &Cx, id: ProgramId, form: &EditProgram) -> Result<String> {
    cx.require(Permission::RulesEdit)?;
    let name = text::name(&form.name, "the program", bounds::PROGRAM);
    let name = name.map_err(|said| Error::field("name", said))?;
    let mut change = cx.change_confirmed(Permission::RulesEdit).await?;
    member::hold(change.sql(), cx).await?;
    let done = sqlx::query!(
        "update affiliate_program set name = $3 where team_id = $1 and id = $2",
        cx.seat()?.id.0,
        id.0,
        name
    )
    .execute(change.sql())
    .await
    .map_err(refused)?;
    if done.rows_affected() == 0 {
        return Err(Error::NotFound);
    }
    let event = Event::new(Ledger::Team, AuditAction::ProgramRename).on("program", id, &name);
    change.commit(event).await?;
    crate::rule::forget(cx.deps(), cx.seat()?.id);
    Ok(name)
}
