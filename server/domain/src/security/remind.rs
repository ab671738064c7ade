//! Reminding members of a second factor that their team will require.

use crate::{
    Cx, Deps, Result,
    mail::{self, Letter, MailOwner, To},
    policy::Actor,
    task::Task,
};

/// Writes to members without a second factor, a week and a day before their team requires one,
/// each time once. What was sent stands in the same transaction as the letter.
///
/// # Errors
/// When the database or the keyring does not answer.
pub async fn remind(deps: &Deps) -> Result<()> {
    let cx = Cx::system(deps);
    let mut change = cx.change_as(Task::MfaRemind, Actor::default()).await?;
    let due = sqlx::query!(
        r#"select team_id as "team!", team_name as "team_name!", person_id as "person!",
                  name as "name!", email as "email!", required_from as "required_from!",
                  days as "days!"
           from app.reminders_due($1)"#,
        cx.now()
    )
    .fetch_all(change.sql())
    .await?;
    for one in due {
        let done = sqlx::query!(
            "insert into mfa_reminder values ($1, $2, $3, $4) on conflict do nothing",
            one.team,
            one.person,
            one.required_from,
            one.days
        )
        .execute(change.sql())
        .await?;
        // Another process may have been first.
        if done.rows_affected() == 0 {
            continue;
        }
        let owner = MailOwner::Person(one.person);
        let to = To { email: one.email, name: one.name, owner };
        let letter = Letter::SecondFactorDue { team: one.team_name, from: one.required_from };
        mail::post(&mut change, &to, letter).await?;
    }
    change.commit_unaudited("a reminder changes nothing").await
}
