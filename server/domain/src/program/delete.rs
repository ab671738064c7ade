//! Deleting a program.

use crate::{
    Cx, Error, Result,
    event::{Event, Ledger},
    member,
};
use model::{AuditAction, Permission, ProgramId};

/// Deletes a program that no rule names; says its name.
///
/// # Errors
/// [`Error::Forbidden`] without `rules.edit`; [`Error::NotFound`] for another team's program, as for
/// none; [`Error::Conflict`] while rules name it.
pub async fn delete(cx: &Cx, id: ProgramId) -> Result<String> {
    let mut change = cx.change(Permission::RulesEdit).await?;
    member::hold(change.sql(), cx).await?;
    let programs = super::all(change.sql(), cx).await?;
    let program = programs.into_iter().find(|it| it.id == id).ok_or(Error::NotFound)?;
    if program.rules > 0 {
        let said = match program.rules {
            1 => "One rule names this program. Change or delete it first.".to_owned(),
            many => format!("{many} rules name this program. Change or delete them first."),
        };
        return Err(Error::Conflict(said));
    }
    let team = cx.seat()?.id;
    sqlx::query!("delete from affiliate_program where team_id = $1 and id = $2", team.0, id.0)
        .execute(change.sql())
        .await?;
    let event = Event::new(Ledger::Team, AuditAction::ProgramDelete);
    change.commit(event.on("program", id, &program.name)).await?;
    crate::rule::forget(cx.deps(), team);
    Ok(program.name)
}
