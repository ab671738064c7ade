//! The attack on tables and views: select, insert, update and delete what is another team's.

use super::{
    catalogue::Relation,
    isolation::Isolation,
    rows::{copy, insert, itself, others, theirs, value},
    scratch::{Outcome, Person, Scratch, Team},
};
use crate::Result;
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
    /// Tries everything on one table or view, as the owner of our team: in it, and with the other
    /// team in the settings, as if a guard had let them into it.
    pub(super) async fn relation(&mut self, relation: &Relation) -> Result<()> {
        let name = &relation.name;
        let rows = format!("{} or {}", theirs(relation, self.theirs), others(relation, self.ours));
        let select = format!("select from {name} where {rows}");
        let update = format!("update {name} set {} where {rows}", itself(relation));
        let delete = format!("delete from {name} where {rows}");
        for team in [self.ours.id, self.theirs.id] {
            self.world.act_as(&self.ours.owner, Some(team)).await?;
            self.refuses(relation, "select", &select).await?;
            self.refuses(relation, "update", &update).await?;
            self.refuses(relation, "delete", &delete).await?;
            self.give(relation).await?;
        }
        Ok(())
    }

    /// Tries to make a row the other team's, a new one and our own.
    async fn give(&mut self, relation: &Relation) -> Result<()> {
        let (ours, theirs) = (self.ours.owner.id, self.theirs.owner.id);
        let team = Some(self.theirs.id);
        let mut owners = vec![("team", team, Some(ours)), ("person", team, Some(theirs))];
        // A row that may be of no team, or of nobody, can hide behind that.
        if relation.may_lack("team") && relation.has("person") {
            owners.push(("person", None, Some(theirs)));
        }
        if relation.may_lack("person") && relation.has("team") {
            owners.push(("team", team, None));
        }
        for (_, team, person) in owners.into_iter().filter(|(whose, ..)| relation.has(whose)) {
            let insert = insert(self.world, relation, team, person);
            self.refuses(relation, "insert", &insert).await?;
        }
        if let Some(copy) = copy(self.world, relation, self.theirs) {
            self.refuses(relation, "insert", &copy).await?;
        }
        for column in relation.columns.iter().filter(|column| column.is_owner()) {
            let to = if column.whose == "team" { self.theirs.id } else { self.theirs.owner.id };
            let give = format!("update {} set {} = '{to}'", relation.name, column.name);
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

/// Counts what somebody in this team could update and delete without reading anything, since a
/// condition on a column would ask the policies for select, too.
pub(super) async fn reach(
    world: &mut Scratch<'_>,
    person: &Person,
    team: Option<Uuid>,
    relations: &[Relation],
) -> Result<Vec<Reach>> {
    let mut reached = Vec::new();
    world.act_as(person, team).await?;
    for relation in relations {
        for (verb, counting) in blind(relation) {
            let outcome = world.attempt(&counting).await?;
            let what = format!("{} {}: {verb}", sort(relation), relation.name);
            reached.push(Reach { what, outcome });
        }
    }
    Ok(reached)
}

/// What reaches further than before reaches the team that came in between.
pub(super) fn compare(alone: &[Reach], together: &[Reach], found: &mut Isolation) {
    found.tries += together.len();
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

/// Statements that touch nothing and return a row for each that they could have touched: policies
/// are asked first, so that what counts sees the rows they let through. PostgreSQL keeps to that
/// order only for what reads a column or is not cheap, like a text search (cost 100).
fn blind(relation: &Relation) -> Vec<(&'static str, String)> {
    let count = "plainto_tsquery('simple', set_config('scratch.rows', \
                 (current_setting('scratch.rows')::integer + 1)::text, true)) is null";
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
            let insert = insert(world, relation, Some(team.id), Some(team.owner.id));
            if matches!(world.attempt(&insert).await?, Outcome::Rows(1..)) {
                world.run(&insert).await?;
                seen = world.attempt(&select).await?;
            }
        }
        found.seeded += usize::from(matches!(seen, Outcome::Rows(1..)));
    }
    Ok(())
}

const fn sort(relation: &Relation) -> &'static str {
    if relation.view { "view" } else { "table" }
}
