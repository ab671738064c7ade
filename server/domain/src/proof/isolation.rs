//! The isolation attack: one team tries to reach another's rows by every way that there is.

use super::{
    catalogue, functions, references,
    scratch::Scratch,
    structure,
    tables::{self, Attack},
};
use crate::{
    Db, Result,
    ports::{Clock, Random},
};

/// What the attack saw, tried and got.
#[derive(Debug, Clone, Default)]
pub struct Isolation {
    pub tables: usize,
    pub views: usize,
    /// That a request may call.
    pub functions: usize,
    /// Foreign keys.
    pub references: usize,
    /// Unique ones.
    pub indexes: usize,
    /// Tables in which the other team was seen to have rows. The rest are written by background
    /// tasks, hold nothing of a team, or show nothing to anybody; they are attacked all the same.
    pub seeded: usize,
    /// Statements run to reach the other team.
    pub tries: usize,
    /// What [`super::known`] excuses, and was seen to need it.
    pub excused: Vec<String>,
    /// What got through, a sentence each. Empty: the teams are isolated.
    pub leaks: Vec<String>,
}

impl Isolation {
    /// Notes what got through, once.
    pub(super) fn leak(&mut self, sentence: String) {
        if !self.leaks.contains(&sentence) {
            self.leaks.push(sentence);
        }
    }
}

/// Attacks one synthetic team from another, as the role that serves requests, and undoes it all.
/// Needs one connection.
///
/// # Errors
/// When the database does not answer, or does not let the teams be made; then nothing was proven.
pub async fn isolation(db: &Db, clock: &dyn Clock, random: &dyn Random) -> Result<Isolation> {
    let mut world = Scratch::open(db, clock, random).await?;
    let attacked = attack(&mut world).await;
    let closed = world.close().await;
    let found = attacked?;
    closed?;
    Ok(found)
}

async fn attack(world: &mut Scratch<'_>) -> Result<Isolation> {
    let mut found = Isolation::default();
    structure::check(world.sql(), &mut found).await?;
    match enter(world, &mut found).await {
        // What was found says more than that something is too broken to be tried.
        Err(error) if !found.leaks.is_empty() => {
            found.leak(format!("the rest could not be tried: {error}"));
            Ok(found)
        }
        ended => ended.map(|()| found),
    }
}

async fn enter(world: &mut Scratch<'_>, found: &mut Isolation) -> Result<()> {
    let relations = catalogue::relations(world.sql()).await?;
    let called = catalogue::functions(world.sql()).await?;
    found.views = relations.iter().filter(|relation| relation.view).count();
    found.tables = relations.len() - found.views;
    found.functions = called.len();
    let ours = world.team().await?;
    // What nobody else is there to lose, in our team and in none.
    let alone = tables::reach(world, &ours.owner, Some(ours.id), &relations).await?;
    let outside = tables::reach(world, &ours.owner, None, &relations).await?;
    let theirs = world.team().await?;
    tables::seed(world, &theirs, &relations, found).await?;
    let together = tables::reach(world, &ours.owner, Some(ours.id), &relations).await?;
    tables::compare(&alone, &together, found);
    let inside = tables::reach(world, &ours.owner, Some(theirs.id), &relations).await?;
    tables::compare(&outside, &inside, found);
    let mut attack = Attack { world, ours: &ours, theirs: &theirs, found };
    for relation in &relations {
        attack.relation(relation).await?;
    }
    references::point(&mut attack, &relations).await?;
    for team in [ours.id, theirs.id] {
        functions::call(&mut attack, &relations, &called, team).await?;
    }
    Ok(())
}
