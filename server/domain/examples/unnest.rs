//! How many records one client writes in a second with UNNEST and nothing around it: what logging events is
//! compared with. `unnest <database> <records at once> <times>`; for `./dev bench`, which makes the table
//! `raw_event` before. The records are those that were logged last.

use sqlx::{Connection, PgConnection, Row, postgres::PgRow};
use std::{
    env,
    io::{Write, stdout},
    time::Instant,
};
use time::OffsetDateTime;
use uuid::Uuid;

const INSERT: &str = "insert into raw_event select * from unnest(
    $1::text[], $2::uuid[], $3::bigint[], $4::bytea[], $5::bytea[], $6::bytea[], $7::bytea[], $8::uuid[],
    $9::timestamptz[], $10::text[], $11::uuid[], $12::text[], $13::text[], $14::text[], $15::text[])";

const READ: &str =
    "select kind, ledger, seq, record, sealed, previous_hash, hash, id, at, actor_kind, actor_id,
    action, target_kind, target_id, outcome
    from audit_event where action = 'app.order.shipped' order by seq desc limit $1";

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), sqlx::Error> {
    let given: Vec<String> = env::args().skip(1).collect();
    let [database, most, times] = &given[..] else { panic!("unnest <database> <records> <times>") };
    let (most, times) = (number(most), number(times));
    let mut sql = PgConnection::connect(database).await?;
    let rows = sqlx::query(READ).bind(most * times).fetch_all(&mut sql).await?;
    let began = Instant::now();
    for rows in rows.chunks(usize::try_from(most).expect("a few")) {
        insert(&mut sql, rows).await?;
    }
    let rate = rows.len() as f64 / began.elapsed().as_secs_f64();
    writeln!(stdout(), "{rate:.2}").expect("somebody reads");
    Ok(())
}

fn number(text: &str) -> i64 {
    text.parse().expect("a number")
}

async fn insert(sql: &mut PgConnection, rows: &[PgRow]) -> Result<(), sqlx::Error> {
    sqlx::query(INSERT)
        .bind(column::<String>(rows, 0))
        .bind(column::<Uuid>(rows, 1))
        .bind(column::<i64>(rows, 2))
        .bind(column::<Vec<u8>>(rows, 3))
        .bind(column::<Option<Vec<u8>>>(rows, 4))
        .bind(column::<Vec<u8>>(rows, 5))
        .bind(column::<Vec<u8>>(rows, 6))
        .bind(column::<Uuid>(rows, 7))
        .bind(column::<OffsetDateTime>(rows, 8))
        .bind(column::<String>(rows, 9))
        .bind(column::<Option<Uuid>>(rows, 10))
        .bind(column::<String>(rows, 11))
        .bind(column::<String>(rows, 12))
        .bind(column::<String>(rows, 13))
        .bind(column::<String>(rows, 14))
        .execute(sql)
        .await?;
    Ok(())
}

fn column<'r, T: sqlx::Decode<'r, sqlx::Postgres> + sqlx::Type<sqlx::Postgres>>(
    rows: &'r [PgRow],
    at: usize,
) -> Vec<T> {
    rows.iter().map(|row| row.get(at)).collect()
}
