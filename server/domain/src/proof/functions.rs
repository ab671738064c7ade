//! The attack on functions: each is called with what names another team, and neither tells nor
//! alters anything of it.

use super::{
    catalogue::{Function, Relation},
    known::TELLERS,
    rows::indexed,
    scratch::{IP, Team},
    tables::Attack,
};
use crate::{Error, Result};
use sqlx::{AssertSqlSafe, Row, postgres::PgDatabaseError};
use uuid::Uuid;

/// Calls of one function at most: enough for all values of its first two arguments together.
const CALLS: usize = 64;
/// The same where the settings name the other team already, so that arguments matter less.
const CALLS_INSIDE: usize = 12;

/// Calls every function in all ways that there are values for, as the owner of our team, with
/// `team` in the settings.
pub(super) async fn call(
    attack: &mut Attack<'_, '_>,
    relations: &[Relation],
    functions: &[Function],
    team: Uuid,
) -> Result<()> {
    let rows = rows(relations, attack.theirs);
    let before = digest(attack, &rows).await?;
    let mut canaries = canaries(attack.theirs);
    canaries.retain(|canary| *canary != team.to_string()); // handed in by the settings
    let most = if team == attack.ours.id { CALLS } else { CALLS_INSIDE };
    attack.world.act_as(&attack.ours.owner, Some(team)).await?;
    for function in functions {
        let Some(calls) = calls(attack, function) else {
            let said = "nothing here knows how to call it, so it was not tried";
            attack.found.leak(format!("function {}: {said}", function.name));
            continue;
        };
        for call in calls.iter().take(most + 1) {
            attack.found.tries += 1;
            attack.world.save().await?;
            let answer = attack.answer(call).await?;
            let altered = answer.is_ok() && digest(attack, &rows).await? != before;
            attack.world.restore().await?;
            let (Ok(said) | Err(said)) = answer;
            // What was handed in may come back.
            let told = |canary: &String| said.contains(canary) && !call.contains(canary);
            let told = canaries.iter().any(told);
            if judge(attack, function, told, altered) {
                break;
            }
        }
    }
    Ok(())
}

/// Remembers what a call did wrong, if it did; further calls would say the same.
fn judge(attack: &mut Attack<'_, '_>, function: &Function, told: bool, altered: bool) -> bool {
    let name = &function.name;
    let excused = TELLERS.iter().any(|(teller, _)| teller == name);
    if altered {
        attack.found.leak(format!("function {name}: it alters rows of another team"));
    } else if told && !excused {
        attack.found.leak(format!("function {name}: it tells what is another team's"));
    } else if told && !attack.found.excused.contains(name) {
        attack.found.excused.push(name.clone());
    }
    altered || (told && !excused)
}

impl Attack<'_, '_> {
    /// All that a call answers, as text; or all that its failure says.
    async fn answer(&mut self, call: &str) -> Result<std::result::Result<String, String>> {
        let answered = sqlx::raw_sql(AssertSqlSafe(call)).fetch_all(self.world.sql()).await;
        match answered {
            Ok(rows) => {
                let texts =
                    rows.iter().map(|row| row.try_get(0).ok().flatten().unwrap_or_default());
                Ok(Ok(texts.collect::<Vec<String>>().join("\n")))
            }
            Err(sqlx::Error::Database(error)) => {
                let detail = error.downcast_ref::<PgDatabaseError>().detail().unwrap_or_default();
                Ok(Err(format!("{} {detail}", error.message())))
            }
            Err(error) => Err(Error::from(error)),
        }
    }
}

/// What only the other team knows; in bytes, too.
fn canaries(team: &Team) -> Vec<String> {
    let hex = team.canary.bytes().map(|byte| format!("{byte:02x}")).collect();
    let mut canaries = vec![team.canary.clone(), hex, team.slug.clone(), team.owner.email.clone()];
    canaries.extend(team.ids.iter().map(ToString::to_string));
    canaries
}

/// A digest of all rows that the other team's owner sees as theirs.
fn rows(relations: &[Relation], team: &Team) -> String {
    let digest = |table: &Relation| {
        let theirs = indexed(table, team)?;
        let open = table.columns.iter().filter(|column| column.select);
        let columns: Vec<&str> = open.map(|column| column.name.as_str()).collect();
        let (name, row) = (&table.name, format!("row({})::text", columns.join(", ")));
        Some(format!(
            "(select md5(string_agg({row}, '' order by {row})) from {name} where {theirs})"
        ))
    };
    let tables = relations.iter().filter(|relation| !relation.view);
    let digests: Vec<String> = tables.filter_map(digest).collect();
    format!("select concat_ws(' ', {})", digests.join(", "))
}

async fn digest(attack: &mut Attack<'_, '_>, rows: &str) -> Result<String> {
    attack.world.act_as(&attack.theirs.owner, Some(attack.theirs.id)).await?;
    Ok(sqlx::query_scalar(AssertSqlSafe(rows)).fetch_one(attack.world.sql()).await?)
}

/// Statements that call it with every value for every argument; none where a type is unknown.
fn calls(attack: &Attack<'_, '_>, function: &Function) -> Option<Vec<String>> {
    let values: Option<Vec<Vec<String>>> =
        function.takes.iter().map(|kind| values(attack, kind)).collect();
    let values = values?;
    let all: usize = values.iter().map(Vec::len).product();
    let wide =
        function.takes.iter().zip(&values).map(|(kind, values)| wide(kind, values)).collect();
    let picked = (0..all.min(CALLS)).map(|number| {
        let mut rest = number;
        let pick = |(place, values): (usize, &Vec<String>)| {
            // Each argument begins at another value, so that those beyond the limit differ.
            let value = &values[(rest + place) % values.len()];
            rest /= values.len();
            value.clone()
        };
        values.iter().enumerate().map(pick).collect()
    });
    let calls = std::iter::once(wide).chain(picked).map(|arguments: Vec<String>| {
        let call = format!("{}({})", function.call, arguments.join(", "));
        match function.sort.as_str() {
            "p" => format!("call {call}"),
            _ => format!("select r::text from {call} r"),
        }
    });
    matches!(function.sort.as_str(), "f" | "p").then(|| calls.collect())
}

/// What narrows nothing, for a function that searches: no word, no choice, many of them.
fn wide(kind: &str, values: &[String]) -> String {
    match kind {
        "text" | "character varying" => "''::text".to_owned(),
        "uuid" | "boolean" => format!("null::{kind}"),
        "smallint" | "integer" | "bigint" | "numeric" => format!("100::{kind}"),
        _ => values[0].clone(),
    }
}

/// What is worth handing over as an argument of this type.
fn values(attack: &Attack<'_, '_>, kind: &str) -> Option<Vec<String>> {
    let (ours, theirs) = (attack.ours, attack.theirs);
    if let Some(element) = kind.strip_suffix("[]") {
        let all = values(attack, element)?;
        return Some(vec![format!("array[{}]::{kind}", all.join(", "))]);
    }
    let values = match kind {
        "uuid" => {
            let mut ids = vec![theirs.id, theirs.owner.id, ours.id];
            ids.extend(&theirs.rows);
            ids.iter().map(|id| format!("'{id}'::uuid")).collect()
        }
        "text" | "character varying" => {
            let (slug, email) = (theirs.slug.as_str(), theirs.owner.email.as_str());
            let words = [slug, email, IP, "team", "person"];
            words.map(|word| format!("'{word}'::text")).into()
        }
        "bytea" => {
            let actor = format!("{{\"kind\":\"person\",\"id\":\"{}\"}}", ours.owner.id);
            let record = format!("convert_to('{{\"actor\":{actor}}}', 'UTF8')");
            vec![format!("sha256('{}')", ours.canary), record]
        }
        "boolean" => vec!["true".to_owned(), "false".to_owned()],
        "smallint" | "integer" | "bigint" | "numeric" => vec![format!("1::{kind}")],
        "interval" => vec!["interval '1 day'".to_owned()],
        "timestamp with time zone" => vec!["app.at()".to_owned()],
        "jsonb" | "json" => vec![format!("'{{\"team_id\":\"{}\"}}'::{kind}", theirs.id)],
        _ => return None,
    };
    Some(values)
}
