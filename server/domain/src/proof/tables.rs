//! The attack on tables and views: select, insert, update and delete what is another team's.

use super::{
    catalogue::{Column, Relation},
    isolation::Isolation,
    scratch::{Outcome, Scratch, Team},
};
use crate::Result;
use std::fmt::Write;
use uuid::Uuid;

/// Somebody of one team, and what they want to reach.
pub(super) struct Attack<'a, 'w> {
    pub(super) world: &'a mut Scratch<'w>,
    pub(super) ours: &'a Team,
    pub(super) theirs: &'a Team,
    pub(super) found: &'a mut Isolation,
}

/// How many rows the policies of a command let through to somebody who names none.
#[derive(Debug)]
pub(super) struct Reach {
    /// What is said if it is too many.
    what: String,
    outcome: Outcome,
}

impl Attack<'_, '_> {
    /// Tries everything on one table or view, as the owner of our team.
    pub(super) async fn relation(&mut self, relation: &Relation) -> Result<()> {
        self.world.act_as(&self.ours.owner, Some(self.ours.id)).await?;
        let name = &relation.name;
        let rows = format!("{} or {}", theirs(relation, self.theirs), others(relation, self.ours));
        let select = format!("select from {name} where {rows}");
        self.refuses(relation, "select", &select).await?;
        let update = format!("update {name} set {} where {rows}", itself(relation));
        self.refuses(relation, "update", &update).await?;
        self.refuses(relation, "delete", &format!("delete from {name} where {rows}")).await?;
        for (whose, person) in [("team", &self.ours.owner), ("person", &self.theirs.owner)] {
            if relation.columns.iter().any(|column| column.whose == whose) {
                let insert = insert(self.world, relation, self.theirs.id, person.id);
                self.refuses(relation, "insert", &insert).await?;
            }
        }
        for column in relation.columns.iter().filter(|column| is_owner(column)) {
            let to = if column.whose == "team" { self.theirs.id } else { self.theirs.owner.id };
            let give = format!("update {name} set {} = '{to}'", column.name);
            self.refuses(relation, "moving a row", &give).await?;
        }
        Ok(())
    }

    /// A privilege or policy refuses it, or it finds no row. Anything else has come too far: a
    /// constraint, for one, is looked at after the policies have let a row in.
    async fn refuses(&mut self, relation: &Relation, verb: &str, statement: &str) -> Result<()> {
        self.found.tries += 1;
        let got = match self.world.attempt(statement).await? {
            Outcome::Refused | Outcome::Rows(0) => return Ok(()),
            Outcome::Rows(rows) => format!("reached {rows} row(s) of another team"),
            Outcome::Stopped(by) => format!("passed the policies and was stopped only by: {by}"),
        };
        self.found.leak(format!("{} {}: {verb} {got}", sort(relation), relation.name));
        Ok(())
    }
}

/// Counts what the owner of our team could update and delete without reading anything, since a
/// condition on a column would ask the policies for select, too.
pub(super) async fn reach(
    world: &mut Scratch<'_>,
    ours: &Team,
    relations: &[Relation],
    found: &mut Isolation,
) -> Result<Vec<Reach>> {
    let mut reached = Vec::new();
    world.act_as(&ours.owner, Some(ours.id)).await?;
    for relation in relations {
        for (verb, counting) in blind(relation) {
            found.tries += 1;
            let outcome = world.attempt(&counting).await?;
            let what = format!("{} {}: {verb}", sort(relation), relation.name);
            reached.push(Reach { what, outcome });
        }
    }
    Ok(reached)
}

/// What reaches further than before reaches the team that came in between.
pub(super) fn compare(alone: &[Reach], together: &[Reach], found: &mut Isolation) {
    for (before, after) in alone.iter().zip(together) {
        if before.outcome != after.outcome {
            let (what, before, after) = (&after.what, &before.outcome, &after.outcome);
            found.leak(format!(
                "{what} without a condition reached another team: {after}, and {before} while \
                 there was none"
            ));
        }
    }
}

/// Statements that touch nothing and return a row for each that they could have touched. Policies
/// are asked before a function of ours is, so it sees what they let through.
fn blind(relation: &Relation) -> Vec<(&'static str, String)> {
    let count = "set_config('scratch.rows', \
                 (current_setting('scratch.rows')::integer + 1)::text, true) is null";
    let counting = |statement: String| {
        format!(
            "set local scratch.rows = 0; {statement} where {count};
             select from generate_series(1, current_setting('scratch.rows')::integer)"
        )
    };
    let mut statements = Vec::new();
    if let Some(column) = relation.columns.iter().find(|column| column.update) {
        let set = format!("update {} set {} = {}", relation.name, column.name, value(column));
        statements.push(("update", counting(set)));
    }
    if relation.delete {
        statements.push(("delete", counting(format!("delete from {}", relation.name))));
    }
    statements
}

/// Counts the tables in which the other team has rows. Into one that nobody seeds it inserts what
/// comes to mind, if it may.
pub(super) async fn seed(
    world: &mut Scratch<'_>,
    team: &Team,
    relations: &[Relation],
    found: &mut Isolation,
) -> Result<()> {
    world.act_as(&team.owner, Some(team.id)).await?;
    for relation in relations.iter().filter(|relation| !relation.view) {
        let select = format!("select from {} where {}", relation.name, theirs(relation, team));
        let mut seen = world.attempt(&select).await?;
        if !matches!(seen, Outcome::Rows(1..)) {
            let insert = insert(world, relation, team.id, team.owner.id);
            if matches!(world.attempt(&insert).await?, Outcome::Rows(1..)) {
                world.run(&insert).await?;
                seen = world.attempt(&select).await?;
            }
        }
        found.seeded += usize::from(matches!(seen, Outcome::Rows(1..)));
    }
    Ok(())
}

/// The condition under which a row is this team's: something in it is theirs alone. It uses
/// columns that may be read, or all, to be refused.
fn theirs(relation: &Relation, team: &Team) -> String {
    let ids = list(&team.ids);
    let open = relation.columns.iter().any(|column| column.select);
    let mut condition = String::from("false");
    for Column { name, kind, .. } in relation.columns.iter().filter(|it| it.select || !open) {
        match kind.as_str() {
            "uuid" => write!(condition, " or {name} in ({ids})"),
            "text" | "character varying" => {
                write!(condition, " or strpos({name}, '{}') > 0", team.canary)
            }
            _ => write!(condition, " or ({name} is null and false)"),
        }
        .expect("a String takes any text");
    }
    condition
}

/// The condition under which a row belongs to anybody but this team, which reaches teams outside
/// of the scratch world.
fn others(relation: &Relation, team: &Team) -> String {
    let ids = list(&team.ids);
    let owners = relation.columns.iter().filter(|column| column.select && is_owner(column));
    let conditions: Vec<_> =
        owners.map(|column| format!("{} not in ({ids})", column.name)).collect();
    if conditions.is_empty() { "false".to_owned() } else { conditions.join(" or ") }
}

/// The condition of the same rows as [`theirs`] by the one column that has an index.
pub(super) fn indexed(relation: &Relation, team: &Team) -> Option<String> {
    let readable = || relation.columns.iter().filter(|it| it.select && it.kind == "uuid");
    let column =
        readable().find(|it| it.key).or_else(|| readable().find(|it| !it.whose.is_empty()))?;
    Some(format!("{} in ({})", column.name, list(&team.ids)))
}

fn list(ids: &[Uuid]) -> String {
    let ids: Vec<String> = ids.iter().map(|id| format!("'{id}'")).collect();
    ids.join(", ")
}

/// Everything that may be altered, as it is.
fn itself(relation: &Relation) -> String {
    let open = relation.columns.iter().any(|column| column.update);
    let altered = relation.columns.iter().filter(|column| column.update || !open);
    let set: Vec<String> = altered
        .map(|column| match column.select {
            true => format!("{0} = {0}", column.name),
            false => format!("{} = {}", column.name, value(column)),
        })
        .collect();
    set.join(", ")
}

/// An insert for this team and person. The policies are asked before any constraint is, so that
/// the rest may be whatever its type allows.
fn insert(world: &Scratch<'_>, relation: &Relation, team: Uuid, person: Uuid) -> String {
    let open = relation.columns.iter().any(|column| column.insert);
    let columns = relation.columns.iter().filter(|column| column.insert || !open);
    let (names, values): (Vec<&str>, Vec<String>) = columns
        .map(|column| {
            let value = match (column.whose.as_str(), column.kind.as_str()) {
                ("team", _) => format!("'{team}'"),
                ("person", _) => format!("'{person}'"),
                (_, "uuid") => format!("'{}'", world.new_id()),
                _ => value(column),
            };
            (column.name.as_str(), value)
        })
        .unzip();
    let (names, values) = (names.join(", "), values.join(", "));
    format!("insert into {} ({names}) values ({values})", relation.name)
}

/// Whatever its type allows.
fn value(column: &Column) -> String {
    match column.kind.as_str() {
        "text" | "character varying" => "'x'".to_owned(),
        "bytea" => format!("'\\x{}'::bytea", "07".repeat(32)),
        "boolean" => "false".to_owned(),
        "smallint" | "integer" | "bigint" => "1".to_owned(),
        "timestamp with time zone" => "now()".to_owned(),
        kind => format!("null::{kind}"),
    }
}

/// Whether it says whose a row is: a row is moved by altering it.
fn is_owner(column: &Column) -> bool {
    column.whose == "team" || (column.whose == "person" && column.key)
}

const fn sort(relation: &Relation) -> &'static str {
    if relation.view { "view" } else { "table" }
}
