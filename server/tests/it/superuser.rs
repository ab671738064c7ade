//! The database of a running program, seen past every rule.

use crate::program::Home;
use sqlx::{AssertSqlSafe, Connection, PgConnection, Row};
use tokio::runtime::{Builder, Runtime};

/// Every row of a table as JSON, without what only says that somebody looked, or that mail left.
const ROWS: &str = "select coalesce(string_agg(row, E'\n' order by row), '') from (
    select (to_jsonb(t) - '{last_seen_at,sent_at,tries,next_at,sealed,last_error}'::text[])::text
    from only \"TABLE\" t) as rows (row)";

pub(crate) struct Superuser {
    runtime: Runtime,
    url: String,
}

impl Superuser {
    pub(crate) fn of(home: &Home) -> Self {
        Self::of_database(home, "probity")
    }

    /// Of another database beside it.
    pub(crate) fn of_database(home: &Home, name: &str) -> Self {
        let runtime = Builder::new_current_thread().enable_all().build().expect("a runtime");
        let socket = home.folder.join("socket");
        let url = format!("postgres://postgres@localhost/{name}?host={}", socket.display());
        Self { runtime, url }
    }

    pub(crate) fn run(&self, sql: &str) {
        self.with(async |conn| {
            sqlx::raw_sql(AssertSqlSafe(sql)).execute(conn).await.expect(sql);
        });
    }

    /// The one text that a query gives.
    pub(crate) fn one(&self, sql: &str) -> String {
        self.with(async |conn| {
            sqlx::raw_sql(AssertSqlSafe(sql)).fetch_one(conn).await.expect(sql).get(0)
        })
    }

    /// The content of every table but that of the limits, which count whoever knocks, and what the walk of
    /// the ledgers found meanwhile.
    pub(crate) fn everything(&self) -> Vec<String> {
        let tables = self.one(
            "select string_agg(relname, ',' order by relname) from pg_class
             where relkind in ('r', 'p') and relnamespace = 'public'::regnamespace
                 and relname not in ('ledger_proof', 'limit_bucket')",
        );
        let content = |table| format!("{table}: {}", self.one(&ROWS.replace("TABLE", table)));
        tables.split(',').map(content).collect()
    }

    fn with<T>(&self, work: impl AsyncFnOnce(&mut PgConnection) -> T) -> T {
        self.runtime.block_on(async {
            let mut conn = PgConnection::connect(&self.url).await.expect("it answers");
            work(&mut conn).await
        })
    }
}
