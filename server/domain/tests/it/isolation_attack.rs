//! The attack that `probity doctor` runs: it finds nothing in our schema, leaves nothing behind,
//! and turns red on what somebody might do to the schema, with no test edited.

use crate::support::{World, run};
use domain::{
    Signup,
    proof::{Isolation, isolation, known},
};
use sqlx::AssertSqlSafe;
use std::collections::{BTreeMap, BTreeSet};

async fn attack(world: &World) -> Isolation {
    isolation(world.deps.app(), &*world.clock, &*world.random).await.unwrap()
}

/// The leaks after a superuser has done this to a database of its own.
async fn leaks_after(done: &str) -> Vec<String> {
    let world = World::new().await;
    run(&mut world.superuser().await, done).await;
    attack(&world).await.leaks
}

#[track_caller]
fn said(leaks: &[String], sentence: &str) {
    assert!(leaks.iter().any(|leak| leak.starts_with(sentence)), "{sentence}\nnot in {leaks:#?}");
}

#[tokio::test]
async fn no_way_leads_to_another_team() {
    let began = std::time::Instant::now();
    let found = attack(&World::new().await).await;
    eprintln!("{found:#?} {:?}", began.elapsed());
    assert_eq!(found.leaks, Vec::<String>::new());
    let tables = domain::policy::tables().count();
    assert_eq!(found.tables, tables);
    assert!(found.seeded >= 17, "{found:?}");
    assert!(found.functions >= 50 && found.references >= 25 && found.indexes >= 30, "{found:?}");
    assert!(found.tries >= 10 * tables + 5 * found.functions, "{found:?}");
}
