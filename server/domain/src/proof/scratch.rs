//! A scratch world: synthetic people and teams in one transaction that leaves no trace.
//!
//! Everybody in it is made by the statements that their own request would run, under row-level
//! security. It is never committed, so triggers that wait for the commit do not fire, and its rows
//! are new, so it holds no lock that anybody could wait for.

use super::seed;
use crate::{
    Db, Error, Result, policy,
    ports::{Clock, Random, new_id, random_256},
    tx::Access,
};
use model::{Role, RoleRef};
use sqlx::{AssertSqlSafe, PgConnection, Postgres, Transaction};
use std::fmt;
use time::OffsetDateTime;
use uuid::Uuid;

/// Where everybody in it comes from (RFC 5737: an address of nobody).
pub(super) const IP: &str = "192.0.2.1";
/// SQLSTATE of a missing privilege, and of a row that a policy does not let in.
const REFUSED: &str = "42501";

/// SQLSTATE of a statement that took too long, or that an operator ended.
const CANCELLED: &str = "57014";

/// A world that ends with its transaction.
pub(crate) struct Scratch<'a> {
    transaction: Transaction<'static, Postgres>,
    clock: &'a dyn Clock,
    random: &'a dyn Random,
    at: OffsetDateTime,
    /// Of everybody's address: the teams take no other.
    domain: String,
}

/// Somebody in it, with a session that was confirmed just now.
#[derive(Debug, Clone)]
pub(crate) struct Person {
    pub(crate) id: Uuid,
    pub(crate) email: String,
    session: [u8; 32],
}

/// A team in it, with at least one row in every table that requests may write for a team.
#[derive(Debug, Clone)]
pub(crate) struct Team {
    pub(crate) id: Uuid,
    pub(crate) slug: String,
    pub(crate) owner: Person,
    /// An admin, to whom the owner offers the team.
    pub(crate) colleague: Person,
    /// Stands in every text of the team that is no address: who reads it has read the team.
    pub(crate) canary: String,
    /// Of the team, its people and all its rows.
    pub(crate) ids: Vec<Uuid>,
    /// Those of its invitation, offer, key and the like.
    pub(crate) rows: Vec<Uuid>,
}

/// What came of a try.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Outcome {
    /// It went through and touched, or found, so many rows.
    Rows(u64),
    /// A privilege or a policy refused it.
    Refused,
    /// Something else stopped it; what PostgreSQL said.
    Stopped(String),
}

impl<'a> Scratch<'a> {
    /// An empty world, on one connection of a role that row-level security binds.
    pub(crate) async fn open(
        db: &Db,
        clock: &'a dyn Clock,
        random: &'a dyn Random,
    ) -> Result<Self> {
        let at = clock.now();
        let transaction = db.open(Access::Write, policy::Actor::default(), at).await?;
        let mut world = Self { transaction, clock, random, at, domain: String::new() };
        world.domain = format!("{}.invalid", world.new_word());
        // Nothing here waits for anybody; what does has reached a row that is not of this world.
        sqlx::query("select set_config('lock_timeout', '2s', true)").execute(world.sql()).await?;
        Ok(world)
    }

    /// Undoes everything.
    pub(crate) async fn close(self) -> Result<()> {
        Ok(self.transaction.rollback().await?)
    }

    /// Where the one who acts runs a statement.
    pub(crate) fn sql(&mut self) -> &mut PgConnection {
        &mut self.transaction
    }

    /// From now on this person acts, in this team.
    pub(crate) async fn act_as(&mut self, person: &Person, team: Option<Uuid>) -> Result<()> {
        sqlx::query(
            "select set_config('app.person', $1, true), set_config('app.team', $2, true),
                    set_config('app.session', encode($3, 'hex'), true),
                    set_config('app.ip', $4, true)",
        )
        .bind(person.id.to_string())
        .bind(team.map(|id| id.to_string()).unwrap_or_default())
        .bind(person.session.as_slice())
        .bind(IP)
        .execute(self.sql())
        .await?;
        Ok(())
    }

    /// Makes a person, who then acts.
    pub(crate) async fn person(&mut self, name: &str) -> Result<Person> {
        let email = format!("{}@{}", self.new_word(), self.domain);
        let person = Person { id: self.new_id(), email, session: self.new_hash() };
        self.act_as(&person, None).await?;
        sqlx::query("insert into person (id, email, name, created_at) values ($1, $2, $3, $4)")
            .bind(person.id)
            .bind(&person.email)
            .bind(name)
            .bind(self.at)
            .execute(self.sql())
            .await?;
        sqlx::query(
            "insert into session (id_hash, person_id, created_at, last_seen_at, idle_seconds,
                                  expires_at, first_proof, confirmed_at, confirmed_by)
             values ($1, $2, $3, $3, 3600, $3 + interval '1 hour', 'passkey', $3, 'recovery')",
        )
        .bind(person.session.as_slice())
        .bind(person.id)
        .bind(self.at)
        .execute(self.sql())
        .await?;
        Ok(person)
    }

    /// Makes a team of two with rows in every table, whose owner then acts.
    pub(crate) async fn team(&mut self) -> Result<Team> {
        let (canary, slug) = (self.new_word(), format!("scratch-{}", &self.new_word()[..24]));
        let (id, owner) = (self.new_id(), self.person(&canary).await?);
        self.act_as(&owner, Some(id)).await?;
        sqlx::query("select app.found_team($1, $2, $3, $4)")
            .bind(id)
            .bind(&slug)
            .bind(&canary)
            .bind(self.at)
            .execute(self.sql())
            .await?;
        let ids = vec![id, owner.id];
        let colleague = owner.clone();
        let mut team = Team { id, slug, owner, colleague, canary, ids, rows: Vec::new() };
        team.colleague = self.member(&mut team, Role::Admin).await?;
        seed::everything(self, &mut team).await?;
        Ok(team)
    }

    /// Makes a person whom the owner, who then acts, puts into the team.
    pub(crate) async fn member(
        &mut self,
        team: &mut Team,
        role: impl Into<RoleRef>,
    ) -> Result<Person> {
        let role = role.into();
        let person = self.person(&team.canary).await?;
        self.act_as(&team.owner, Some(team.id)).await?;
        sqlx::query(
            "insert into member (team_id, person_id, role, joined_at, added_by, custom_role)
             values ($1, $2, $3, $4, $5, $6)",
        )
        .bind(team.id)
        .bind(person.id)
        .bind(role.name())
        .bind(self.at)
        .bind(team.owner.id)
        .bind(role.custom().map(|role| role.0))
        .execute(self.sql())
        .await?;
        team.ids.push(person.id);
        Ok(person)
    }

    /// Tries a statement as whoever acts, and undoes it.
    pub(crate) async fn attempt(&mut self, statement: &str) -> Result<Outcome> {
        self.save().await?;
        let tried = sqlx::raw_sql(AssertSqlSafe(statement)).execute(self.sql()).await;
        self.restore().await?;
        Outcome::of(tried.map(|done| done.rows_affected()))
    }

    /// Remembers this moment, also who acts. Moments may lie within each other.
    pub(crate) async fn save(&mut self) -> Result<()> {
        self.run("savepoint scratch").await
    }

    /// Goes back to the moment remembered last.
    pub(crate) async fn restore(&mut self) -> Result<()> {
        self.run("rollback to savepoint scratch; release savepoint scratch").await
    }

    /// Forgets the moment remembered last: what was done since stays.
    pub(crate) async fn keep(&mut self) -> Result<()> {
        self.run("release savepoint scratch").await
    }

    /// Runs a statement as whoever acts, and keeps what it does.
    pub(crate) async fn run(&mut self, statement: &str) -> Result<()> {
        sqlx::raw_sql(AssertSqlSafe(statement)).execute(self.sql()).await?;
        Ok(())
    }

    pub(super) fn new_id(&self) -> Uuid {
        new_id(self.clock, self.random)
    }

    pub(super) fn new_hash(&self) -> [u8; 32] {
        *random_256(self.random)
    }

    pub(super) const fn at(&self) -> OffsetDateTime {
        self.at
    }

    pub(super) fn domain(&self) -> &str {
        &self.domain
    }

    /// Thirty-two digits that nobody else has.
    fn new_word(&self) -> String {
        let hash = self.new_hash();
        hash[..16].iter().map(|byte| format!("{byte:02x}")).collect()
    }
}

impl fmt::Display for Outcome {
    fn fmt(&self, to: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Rows(rows) => write!(to, "{rows} row(s)"),
            Self::Refused => write!(to, "refused"),
            Self::Stopped(by) => write!(to, "stopped by: {by}"),
        }
    }
}

impl Outcome {
    /// # Errors
    /// When nothing was found out: the database did not answer, or not in time.
    pub(crate) fn of(tried: std::result::Result<u64, sqlx::Error>) -> Result<Self> {
        match tried {
            Ok(rows) => Ok(Self::Rows(rows)),
            Err(sqlx::Error::Database(error)) if error.code().as_deref() == Some(REFUSED) => {
                Ok(Self::Refused)
            }
            Err(sqlx::Error::Database(error)) if error.code().as_deref() != Some(CANCELLED) => {
                Ok(Self::Stopped(error.message().to_owned()))
            }
            Err(error) => Err(Error::from(error)),
        }
    }
}
