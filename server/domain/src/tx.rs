//! The only way to the database: a pool that nobody else can reach, and transactions in which
//! the database knows who acts.

use crate::{Error, Result, policy};
use sqlx::{
    Connection, Executor, PgConnection, PgPool, Postgres, Row, Transaction,
    postgres::{PgConnectOptions, PgPoolOptions},
};
use std::time::Duration;
use time::OffsetDateTime;

/// How long an operation waits for a free connection before it answers "not now".
const PATIENCE: Duration = Duration::from_secs(2);
/// What `app.hold_session` and `app.hold_key` raise.
const SESSION_ENDED: &str = "PB004";

/// A pool of connections of one login role.
#[derive(Debug, Clone)]
pub struct Db {
    pool: PgPool,
}

impl Db {
    /// Opens up to `size` connections, after making sure that this role is bound by row-level
    /// security.
    ///
    /// # Errors
    /// [`Error::UnsafeRole`] when it is not; a database error when it does not answer.
    pub async fn connect(options: PgConnectOptions, size: u32) -> Result<Self> {
        // A plan with all the policies in it takes longer to make than to run: each statement is
        // planned once for each connection.
        let options = options.options([("plan_cache_mode", "force_generic_plan")]);
        let mut one = PgConnection::connect_with(&options).await?;
        refuse_unsafe_role(&mut one).await?;
        one.close().await?;
        let pool = PgPoolOptions::new()
            .max_connections(size)
            .acquire_timeout(PATIENCE)
            .test_before_acquire(false)
            .max_lifetime(Duration::from_secs(30 * 60))
            .connect_with(options)
            .await?;
        Ok(Self { pool })
    }

    /// Whether the database answers and lacks no migration.
    ///
    /// # Errors
    /// When it does not answer, or is older than this program.
    pub async fn ready(&self) -> Result<()> {
        let mut conn = self.pool.acquire().await?;
        match crate::schema::pending(&mut conn).await? {
            0 => Ok(()),
            _ => Err(Error::Inconsistent("the database lacks migrations: run probity migrate")),
        }
    }

    /// Closes all connections, after their work is done.
    pub async fn close(&self) {
        self.pool.close().await;
    }

    /// For the lookups of migration 0006 only: a connection that acts as nobody, to which
    /// row-level security shows no row.
    pub(crate) fn nobody(&self) -> &PgPool {
        &self.pool
    }

    /// For a connection beside the others, which is kept.
    pub(crate) fn alone(&self) -> PgPool {
        let options = (*self.pool.connect_options()).clone();
        PgPoolOptions::new()
            .max_connections(1)
            .max_lifetime(None)
            .idle_timeout(None)
            .connect_lazy_with(options)
    }

    /// A transaction in which the database knows who acts.
    ///
    /// It begins in a task of its own. A request that ends while sqlx is at BEGIN would otherwise
    /// leave a transaction open, with somebody's team in its settings, to whoever is next; so it
    /// is begun in full, and then rolled back because nobody holds it.
    pub(crate) async fn open(
        &self,
        access: Access,
        actor: policy::Actor,
        at: OffsetDateTime,
    ) -> Result<Transaction<'static, Postgres>> {
        let begin = policy::open(access, &actor, at);
        let hold = policy::hold(access, &actor);
        let pool = self.pool.clone();
        let begun = tokio::spawn(async move {
            let mut transaction = pool.begin_with(begin).await?;
            // Apart from BEGIN: sqlx rolls back what it knows to have begun, and nothing else.
            if let Some(hold) = hold {
                transaction.execute(hold).await?;
            }
            Ok::<_, sqlx::Error>(transaction)
        });
        let begun = begun.await;
        match begun.map_err(|_| Error::Inconsistent("a transaction's begin was lost"))? {
            Ok(transaction) => Ok(transaction),
            Err(error) => match Error::from(error) {
                ended if ended.is_code(SESSION_ENDED) => Err(Error::Unauthenticated),
                other => Err(other),
            },
        }
    }
}

/// What a transaction is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Access {
    Read,
    /// To read, all of it as it is at one moment.
    Still,
    Write,
    /// To write, and to alter the session that it is made in.
    Alone,
}

/// A superuser passes every policy, an owner may switch them off: with either, no promise of
/// ours would hold, so there is no service.
async fn refuse_unsafe_role(conn: &mut PgConnection) -> Result<()> {
    let row = sqlx::query(
        "select current_user::text, rolsuper, rolbypassrls, \
         exists (select from pg_class c join pg_namespace n on n.oid = c.relnamespace \
                 where n.nspname = 'public' and pg_has_role(current_user, c.relowner, 'member')) \
         from pg_roles where rolname = current_user",
    )
    .fetch_one(conn)
    .await?;
    let name: String = row.get(0);
    let why = if row.get(1) {
        "is a superuser"
    } else if row.get(2) {
        "has BYPASSRLS"
    } else if row.get(3) {
        "owns tables, or may act as their owner"
    } else {
        return Ok(());
    };
    Err(Error::UnsafeRole(format!(
        "The database role {name} {why}, so row-level security would not bind it. \
         Connect as probity_app (for jobs: probity_job), which `probity migrate` makes."
    )))
}
