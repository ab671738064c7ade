//! Roles, migrations and policies: how a database becomes ours.

use crate::{Error, Result, policy};
use secrecy::{ExposeSecret, SecretString};
use sqlx::{AssertSqlSafe, Connection, PgConnection, migrate::Migrator};

static MIGRATIONS: Migrator = sqlx::migrate!("./migrations");
const POLICIES: &str = include_str!("../policies.sql");

/// What the two login roles sign in with.
#[derive(Debug, Clone)]
pub struct RolePasswords {
    pub app: SecretString,
    pub job: SecretString,
}

/// Makes the three roles and gives the database to the owner. Safe to run again; needs a
/// superuser, and nothing else here does.
///
/// # Errors
/// When a password holds anything but letters and digits, or the database refuses.
pub async fn bootstrap(conn: &mut PgConnection, passwords: &RolePasswords) -> Result<()> {
    sqlx::raw_sql(include_str!("roles.sql")).execute(&mut *conn).await?;
    for (role, password) in [("probity_app", &passwords.app), ("probity_job", &passwords.job)] {
        let password = password.expose_secret();
        if password.is_empty() || !password.bytes().all(|byte| byte.is_ascii_alphanumeric()) {
            return Err(Error::Inconsistent("a role's password must be letters and digits"));
        }
        let alter = format!("alter role {role} login password '{password}'");
        sqlx::raw_sql(AssertSqlSafe(alter)).execute(&mut *conn).await?;
    }
    Ok(())
}

/// Brings the schema up to date as `probity_owner`, and says how many migrations were new.
/// Two programs may do so at once: the second waits and finds nothing to do.
///
/// # Errors
/// When a migration fails: it then left nothing behind, and may be tried again.
pub async fn migrate(conn: &mut PgConnection) -> Result<usize> {
    sqlx::raw_sql("set role probity_owner").execute(&mut *conn).await?;
    let before = applied(conn).await?;
    MIGRATIONS.run_direct(None, &mut *conn, false).await?;
    let new = applied(conn).await? - before;
    apply_policies(conn).await?;
    sqlx::raw_sql("reset role").execute(&mut *conn).await?;
    Ok(new)
}

/// How many migrations this database still lacks; also true for the app role.
///
/// # Errors
/// When the database does not answer.
pub async fn pending(conn: &mut PgConnection) -> Result<usize> {
    let known = MIGRATIONS.iter().filter(|m| !m.migration_type.is_down_migration()).count();
    Ok(known.saturating_sub(applied(conn).await?))
}

/// Names this program's schema: two databases with the same digest are alike.
pub fn digest() -> String {
    let mut text = String::from(POLICIES);
    for migration in MIGRATIONS.iter() {
        text.push_str(&format!("{:02x?}", migration.checksum));
    }
    policy::digest(&text)
}

async fn applied(conn: &mut PgConnection) -> Result<usize> {
    let exists: bool =
        sqlx::query_scalar("select to_regclass('public._sqlx_migrations') is not null")
            .fetch_one(&mut *conn)
            .await?;
    if !exists {
        return Ok(0);
    }
    let count: i64 = sqlx::query_scalar("select count(*) from _sqlx_migrations where success")
        .fetch_one(conn)
        .await?;
    usize::try_from(count).map_err(|_| Error::Inconsistent("a negative count"))
}

/// Policies are replaced as a whole, in one transaction, only when they changed: replacing takes
/// a lock on every table.
async fn apply_policies(conn: &mut PgConnection) -> Result<()> {
    let digest = policy::digest(POLICIES);
    let mut transaction = conn.begin().await?;
    sqlx::raw_sql("select pg_advisory_xact_lock(8102011)").execute(&mut *transaction).await?;
    let current: Option<String> =
        sqlx::query_scalar("select obj_description('app'::regnamespace, 'pg_namespace')")
            .fetch_one(&mut *transaction)
            .await?;
    if current.as_deref() == Some(digest.as_str()) {
        return Ok(());
    }
    sqlx::raw_sql(POLICIES).execute(&mut *transaction).await?;
    let remember = format!("comment on schema app is '{digest}'");
    sqlx::raw_sql(AssertSqlSafe(remember)).execute(&mut *transaction).await?;
    sqlx::raw_sql("grant select on _sqlx_migrations to probity_app, probity_job")
        .execute(&mut *transaction)
        .await?;
    Ok(transaction.commit().await?)
}
