//! Reading all that a matcher is made of, with the affiliate keys opened.

use super::matcher::{MatchProgram, MatchRule, Source};
use crate::{
    Cx, Deps, Error, Result, change::Change, crypto::Owner, policy::Actor, program, task::Task,
};
use model::{RuleId, TeamId, rule::Matching};
use secrecy::{ExposeSecret, SecretString};
use uuid::Uuid;

/// The rules of a team, and the number that they have as long as nobody changes them; none when it
/// is `known` already.
pub(super) async fn newer(
    deps: &Deps,
    team: TeamId,
    known: Option<i64>,
) -> Result<Option<(i64, Source)>> {
    let about = Actor { team: Some(team.0), ..Actor::default() };
    let mut change = Cx::system(deps).change_as(Task::RuleMatch, about).await?;
    // First: what is read after it may be newer than its number, and is then read again.
    let version = version(&mut change, team).await?;
    if known == Some(version) {
        return Ok(None);
    }
    let zone = sqlx::query_scalar!("select time_zone from team where id = $1", team.0)
        .fetch_one(change.sql())
        .await?;
    let sealed = programs(&mut change, team).await?;
    let mut rules = rules(&mut change, team, &sealed).await?;
    drop(change);
    let programs = opened(deps, team, sealed).await?;
    // An import brings programs in without their keys: until one is set, they lead nowhere.
    let has_key = |at: usize| !programs[at].key.expose_secret().is_empty();
    rules.retain(|rule| rule.program.is_none_or(has_key));
    Ok(Some((version, Source { rules, programs, zone })))
}

async fn version(change: &mut Change, team: TeamId) -> Result<i64> {
    let version = sqlx::query_scalar!("select version from rule_state where team_id = $1", team.0)
        .fetch_optional(change.sql())
        .await?;
    Ok(version.unwrap_or_default())
}

/// A program as it is kept.
struct Sealed {
    id: Uuid,
    name: String,
    sealed: Vec<u8>,
}

async fn programs(change: &mut Change, team: TeamId) -> Result<Vec<Sealed>> {
    let programs = sqlx::query_as!(
        Sealed,
        "select id, name, sealed from affiliate_program where team_id = $1 order by id",
        team.0
    )
    .fetch_all(change.sql())
    .await?;
    Ok(programs)
}

async fn opened(deps: &Deps, team: TeamId, sealed: Vec<Sealed>) -> Result<Vec<MatchProgram>> {
    if sealed.is_empty() {
        return Ok(Vec::new());
    }
    let key = deps.keyring().find(Owner::Team(team)).await?;
    let key = key.ok_or(Error::Seal("the data key of the team is gone"))?;
    let open = |program: Sealed| {
        let tag = key.open(&program::place(program.id), &program.sealed)?;
        let tag = std::str::from_utf8(&tag).map_err(|_| Error::Seal("a key that is no text"))?;
        Ok(MatchProgram { name: program.name.into(), key: SecretString::from(tag) })
    };
    sealed.into_iter().map(open).collect()
}

/// Those that are switched on; their days may come and go while they are remembered.
async fn rules(change: &mut Change, team: TeamId, programs: &[Sealed]) -> Result<Vec<MatchRule>> {
    let rows = sqlx::query!(
        "select id, keyword, folded, matching, language, url, program_id, priority, starts, ends
         from keyword_rule where team_id = $1 and enabled",
        team.0
    )
    .fetch_all(change.sql())
    .await?;
    let rules = rows.into_iter().map(|row| {
        // A program that was added while this was read is in the next version.
        let program = row.program_id.map(|id| programs.binary_search_by(|it| it.id.cmp(&id)));
        let program = program.transpose();
        let program = program.map_err(|_| Error::Busy("rules that change while they are read"))?;
        Ok(MatchRule {
            id: RuleId(row.id),
            keyword: row.keyword.into(),
            folded: row.folded.into(),
            matching: Matching::from_name(&row.matching)
                .ok_or(Error::Inconsistent("an unknown way of matching"))?,
            language: row.language.into(),
            url: row.url.into(),
            program,
            priority: row.priority,
            starts: row.starts,
            ends: row.ends,
        })
    });
    rules.collect()
}
