//! The isolation attack: one team tries to reach another's rows by every way that there is.

use super::{
    catalogue, functions,
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
    /// Functions that told what [`super::known::TELLERS`] excuses.
    pub excused: Vec<String>,
    /// What got through, a sentence each. Empty: the teams are isolated.
    pub leaks: Vec<String>,
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
    let relations = catalogue::relations(world.sql()).await?;
    let called = catalogue::functions(world.sql()).await?;
    found.views = relations.iter().filter(|relation| relation.view).count();
    found.tables = relations.len() - found.views;
    found.functions = called.len();
    let ours = world.team().await?;
    // How far blind statements reach while there is nobody else: no further afterwards.
    let alone = tables::reach(world, &ours, &relations, &mut found).await?;
    let theirs = world.team().await?;
    tables::seed(world, &theirs, &relations, &mut found).await?;
    let together = tables::reach(world, &ours, &relations, &mut found).await?;
    tables::compare(&alone, &together, &mut found);
    let mut attack = Attack { world, ours: &ours, theirs: &theirs, found: &mut found };
    for relation in &relations {
        attack.relation(relation).await?;
    }
    functions::call(&mut attack, &relations, &called).await?;
    Ok(found)
}
