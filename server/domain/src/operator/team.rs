//! One act of the operator on a team: which, why, and its record in every ledger that it concerns.

use super::act::read_reason;
use crate::{
    Cx, Deps, Error, Result,
    change::Change,
    event::{Event, Ledger},
    mail::{self, Letter, MailOwner, To},
    policy::Actor,
    task::Task,
};
use model::{AuditAction, TeamId};
use uuid::Uuid;

/// An act under way.
pub(crate) struct TeamAct {
    pub(crate) change: Change,
    pub(crate) id: Uuid,
    pub(crate) name: String,
    pub(crate) slug: String,
    reason: String,
}

impl TeamAct {
    /// Opens the change, if there is such a team and a reason.
    ///
    /// # Errors
    /// [`Error::NotFound`] for an unknown team; a sentence at `reason`.
    pub(crate) async fn begin(deps: &Deps, slug: &str, reason: &str) -> Result<Self> {
        let (reason, slug) = (read_reason(reason)?, slug.trim().to_owned());
        let cx = Cx::system(deps);
        let (id, name) = find(&cx, &slug).await?.ok_or(Error::NotFound)?;
        let about = Actor { team: Some(id), ..Actor::default() };
        let change = cx.change_as(Task::Operator, about).await?;
        Ok(Self { change, id, name, slug, reason })
    }

    /// Writes to every owner; says how many they are.
    pub(crate) async fn tell_owners(&mut self, letter: impl Fn() -> Letter) -> Result<usize> {
        let owners = owners(&mut self.change, self.id).await?;
        for owner in &owners {
            mail::post(&mut self.change, owner, letter()).await?;
        }
        Ok(owners.len())
    }

    /// Records it with its reason and what else there is to say, and commits.
    pub(crate) async fn done(
        mut self,
        action: AuditAction,
        more: impl FnOnce(Event) -> Event,
    ) -> Result<()> {
        let event = Event::new(Ledger::Team, action)
            .on("team", TeamId(self.id), &self.name)
            .with("reason", self.reason.as_str());
        let event = more(event);
        self.change.record(event.clone().moved_to(Ledger::Instance)).await?;
        self.change.commit(event).await.map(drop)
    }
}

async fn find(cx: &Cx, slug: &str) -> Result<Option<(Uuid, String)>> {
    let mut change = cx.change_as(Task::Operator, Actor::default()).await?;
    let found = sqlx::query!("select id, name from team where slug = $1", slug)
        .fetch_optional(change.sql())
        .await?;
    change.commit_unaudited("looking changes nothing").await?;
    Ok(found.map(|row| (row.id, row.name)))
}

async fn owners(change: &mut Change, team: Uuid) -> Result<Vec<To>> {
    let rows = sqlx::query!(
        "select p.id, p.name, p.email from member m join person p on p.id = m.person_id
         where m.team_id = $1 and m.role = 'owner' order by p.id",
        team
    )
    .fetch_all(change.sql())
    .await?;
    let to = |(id, name, email)| To { email, name, owner: MailOwner::Person(id) };
    Ok(rows.into_iter().map(|row| to((row.id, row.name, row.email))).collect())
}
