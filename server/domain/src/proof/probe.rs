//! The self-probe: each role × permission, tried by synthetic people.
//!
//! For every cell it asks the program's own check, with a place in the team as a request would be
//! given it, and then the database past that check: `app.may`, and every statement of [`trials`].

use super::{
    scratch::{IP, Outcome, Person, Scratch},
    stage::Stage,
    trials,
};
use crate::{
    Cx, Deps, Error, Result,
    seat::{self, Comes},
};
use model::{
    HeldRole, Permission, PersonId, RoleRef,
    proof::{CellProof, Verdict},
};

/// Characters of a complaint that are kept.
const SAID: usize = 1000;

/// A role, tried.
#[derive(Debug, Clone)]
pub struct Column {
    pub role: RoleRef,
    pub cells: Vec<CellProof>,
}

/// Tries every permission as somebody of each of these roles, in a world that leaves no trace.
///
/// # Errors
/// When the database does not answer, or a synthetic team cannot be made in it.
pub async fn probe(deps: &Deps, roles: &[HeldRole]) -> Result<Vec<Column>> {
    let mut world = Scratch::open(deps.app(), deps.clock(), deps.random()).await?;
    let columns = try_all(deps, &mut world, roles).await;
    world.close().await?;
    columns
}

async fn try_all(deps: &Deps, world: &mut Scratch<'_>, roles: &[HeldRole]) -> Result<Vec<Column>> {
    let mut stage = Stage::set(world).await?;
    let mut columns = Vec::with_capacity(roles.len());
    for role in roles {
        // A role of a team's own is made for its column and goes with it: ten are the most.
        world.save().await?;
        let cells = column(deps, world, &mut stage, role).await?;
        world.restore().await?;
        columns.push(Column { role: role.which(), cells });
    }
    Ok(columns)
}

/// Every permission, tried by somebody who holds the role.
async fn column(
    deps: &Deps,
    world: &mut Scratch<'_>,
    stage: &mut Stage,
    role: &HeldRole,
) -> Result<Vec<CellProof>> {
    let Some(person) = stage.holder(world, role).await? else {
        return Ok(Permission::ALL.iter().map(|it| untried(*it, role.holds(*it))).collect());
    };
    let program = program(deps, world, stage, &person).await?;
    let mut cells = Vec::with_capacity(Permission::ALL.len());
    for permission in Permission::ALL {
        let held = role.holds(*permission);
        let guard = program.asked(*permission).is_ok();
        let tried = database(world, stage, role, *permission).await?;
        cells.push(tried.cell(*permission, held, guard));
    }
    Ok(cells)
}

/// For a role that the database lets nobody be given.
fn untried(permission: Permission, held: bool) -> CellProof {
    let said = "nobody could be given the role".to_owned();
    let (guard, database) = (Verdict::Failed, Verdict::Failed);
    CellProof { permission, held, guard, database, tries: 0, said }
}

/// A request of theirs in the team, as the program would serve it.
async fn program(
    deps: &Deps,
    world: &mut Scratch<'_>,
    stage: &Stage,
    person: &Person,
) -> Result<Cx> {
    let comes = Comes {
        person: person.id,
        slug: stage.slug(),
        ip: IP.parse().ok(),
        since: Some(world.at()),
        at: world.at(),
    };
    let seat = seat::find(world.sql(), comes).await?.ok_or(Error::NotFound)?;
    Ok(Cx::system(deps).proven(PersonId(person.id)).seated(seat))
}

/// What the database said, statement by statement.
#[derive(Default)]
struct Tried {
    yes: i32,
    no: i32,
    failed: i32,
    /// Who said what.
    said: Vec<(String, Verdict)>,
}

async fn database(
    world: &mut Scratch<'_>,
    stage: &Stage,
    role: &HeldRole,
    permission: Permission,
) -> Result<Tried> {
    let mut tried = Tried::default();
    let may: bool = sqlx::query_scalar("select app.may($1)")
        .bind(permission.name())
        .fetch_one(world.sql())
        .await?;
    tried.heard("app.may".to_owned(), Verdict::from(may));
    for trial in trials::of(permission).iter().filter(|trial| trial.fits(role, permission)) {
        let outcome = world.attempt(&stage.put_into(trial.sql)).await?;
        let (table, command) = trial.on;
        let (verdict, more) = match outcome {
            // A row that was put in may be one of a kind and there already: what counts is that
            // the policy let it pass.
            Outcome::Rows(_) if command == "insert" => (Verdict::Yes, String::new()),
            Outcome::Rows(rows) if rows > 0 => (Verdict::Yes, String::new()),
            _ if stage.lacks(table) => (Verdict::Failed, " (nothing to try it on)".to_owned()),
            Outcome::Rows(_) => (Verdict::No, String::new()),
            Outcome::Refused => (Verdict::No, String::new()),
            Outcome::Stopped(by) => (Verdict::Failed, format!(" ({by})")),
        };
        tried.heard(format!("{command} {table}{more}"), verdict);
    }
    Ok(tried)
}

impl Tried {
    fn heard(&mut self, what: String, verdict: Verdict) {
        match verdict {
            Verdict::Yes => self.yes += 1,
            Verdict::No => self.no += 1,
            Verdict::Partly | Verdict::Failed => self.failed += 1,
        }
        self.said.push((what, verdict));
    }

    fn verdict(&self) -> Verdict {
        match (self.yes, self.no, self.failed) {
            (_, _, 1..) => Verdict::Failed,
            (_, 0, _) => Verdict::Yes,
            (0, _, _) => Verdict::No,
            _ => Verdict::Partly,
        }
    }

    fn cell(self, permission: Permission, held: bool, guard: bool) -> CellProof {
        let database = self.verdict();
        let tries = self.yes + self.no + self.failed;
        let wrong = self.said.into_iter().filter(|(_, verdict)| !verdict.is(held));
        let wrong: Vec<String> =
            wrong.map(|(what, verdict)| format!("{what}: {}", verdict.name())).collect();
        let said = wrong.join("; ").chars().take(SAID).collect();
        CellProof { permission, held, guard: guard.into(), database, tries, said }
    }
}
