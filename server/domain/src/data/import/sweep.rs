//! Data keys of teams that did not come to be, because whoever imported them failed or died.

use crate::{Change, Cx, Deps, Result, crypto::Owner, policy::Actor, task::Task};
use model::TeamId;
use sqlx::PgConnection;

/// Says, as long as its transaction lasts, that somebody makes this team.
pub(super) async fn hold(sql: &mut PgConnection, team: TeamId) -> Result<()> {
    sqlx::query!(
        "select pg_advisory_xact_lock(hashtextextended('import ' || $1::text, 0))",
        team.0.to_string()
    )
    .execute(sql)
    .await?;
    Ok(())
}

/// Looks at every data key that was made for a team of which it is not known whether it came to be, and destroys
/// those of teams that are not there. Those that somebody makes now are left.
///
/// # Errors
/// When the database or the keyring does not answer; the next run does it.
pub async fn sweep(deps: &Deps) -> Result<()> {
    let cx = Cx::system(deps);
    for owner in deps.keyring().newborn().await? {
        let Owner::Team(team) = owner else { continue };
        let mut change = cx.change_as(Task::Operator, Actor::default()).await?;
        let is_over = sqlx::query_scalar!(
            r#"select pg_try_advisory_xact_lock(hashtextextended('import ' || $1::text, 0)) as "is_over!""#,
            team.0.to_string()
        );
        if is_over.fetch_one(change.sql()).await? {
            look(&mut change, team).await?;
        }
        change.commit_unaudited("looking changes nothing").await?;
    }
    Ok(())
}

/// The same of one team, when its transaction is over: where its end was lost, nobody knows before asking.
pub(super) async fn settle(cx: &Cx, team: TeamId) -> Result<()> {
    let mut change = cx.change_as(Task::Operator, Actor::default()).await?;
    hold(change.sql(), team).await?;
    look(&mut change, team).await?;
    change.commit_unaudited("looking changes nothing").await
}

/// In a statement of its own, behind the one that found the transaction over: each sees what was there when it
/// began.
async fn look(change: &mut Change, team: TeamId) -> Result<()> {
    let there = sqlx::query_scalar!(
        r#"select exists (select from team where id = $1) as "there!""#,
        team.0
    );
    let there = there.fetch_one(change.sql()).await?;
    let (keyring, owner) = (change.cx().deps().keyring().clone(), Owner::Team(team));
    match there {
        true => keyring.settle(owner).await,
        false => keyring.unmake(owner).await,
    }
}
