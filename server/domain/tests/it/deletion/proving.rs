//! A ledger that went with its team was not cut, in this program, in others, and for whoever checks files.

use super::{ask, delete, id};
use crate::{
    permissions::new_key,
    support::{World, run},
};
use domain::{audit, key, ports::Clock};
use model::{
    deletion::Stage,
    ledger::{Evidence, LedgerId, Verifier},
};
use std::path::PathBuf;
use time::Duration;

struct Folder(PathBuf);

impl Drop for Folder {
    fn drop(&mut self) {
        drop(std::fs::remove_dir_all(&self.0));
    }
}

#[tokio::test]
async fn a_deleted_ledger_is_not_cut_and_one_that_somebody_removed_is() {
    let name = format!("probity-deleted-{}", uuid::Uuid::new_v4());
    let folder = Folder(std::env::temp_dir().join(name));
    let world = World::new().await;
    let ada = world.team(&world.person("Ada").await, "Halden").await;
    let other = world.team(&world.person("Ole").await, "Nordlys").await;
    key::create(&ada, new_key()).await.unwrap();
    let (program, elsewhere) =
        (world.proving(&folder.0).await, world.proving(&folder.0.join("elsewhere")).await);
    for deps in [&program, &elsewhere] {
        world.clock.advance(Duration::hours(13));
        audit::prove_and_keep(deps).await.unwrap();
    }
    let (ada, other) = (world.again(&ada, &ada).await, world.again(&other, &other).await);
    ask(&ada).await.unwrap();
    world.clock.advance(Duration::days(7));
    while domain::team::delete_step(&program, id(&ada)).await.unwrap().is_some() {}
    let broken = async || audit::broken(program.job(), world.clock.now()).await.unwrap();
    let later = world.proving(&folder.0).await;
    for deps in [&program, &elsewhere, &later] {
        world.clock.advance(Duration::hours(13));
        audit::prove_and_keep(deps).await.unwrap();
        assert_eq!(broken().await, []);
    }
    // What was kept outside says so to whoever holds it against a file.
    let mut kept = String::new();
    for file in std::fs::read_dir(&folder.0).unwrap() {
        let path = file.unwrap().path();
        if path.extension().is_some_and(|end| end == "jsonl") {
            kept += &std::fs::read_to_string(path).unwrap();
        }
    }
    let ledger = format!("\"{}\"", LedgerId::Team(id(&ada)));
    let lines: Vec<&str> = kept.lines().filter(|line| line.contains(&ledger)).collect();
    assert!(lines.iter().any(|line| line.contains("probity.deletion.v1")), "{lines:?}");
    let mut evidence = Evidence::new(None);
    evidence.read(&lines.join("\n"));
    assert_eq!(evidence.faults(), []);
    let report = Verifier::new(evidence).finish();
    assert!(report.notes.iter().any(|note| note.contains("its team was deleted")), "{report:?}");

    // A line that the owner of the database makes up does not count.
    run(
        &mut world.superuser().await,
        &format!(
            "set session_replication_role = replica;
             alter table audit_event disable trigger audit_event_is_final;
             delete from ledger_head where ledger = '{0}'; delete from audit_event where ledger = '{0}';
             insert into deletion (team_id, link_hash, asked_at, confirmed_at, begun_at, statement)
             select '{0}', sha256('x'), now(), now(), now(), statement from deletion",
            id(&other).0
        ),
    )
    .await;
    world.clock.advance(Duration::hours(13));
    audit::prove(&program).await.unwrap();
    assert_eq!(broken().await.len(), 1);
}

#[tokio::test]
async fn what_others_write_in_the_meantime_goes_too() {
    let world = World::new().await;
    let ada = world.team(&world.person("Ada").await, "Halden").await;
    ask(&ada).await.unwrap();
    world.clock.advance(Duration::days(7));
    for _ in 0..5 {
        domain::team::delete_step(&world.deps, id(&ada)).await.unwrap();
    }
    // A task that saw the team before.
    run(
        &mut world.superuser().await,
        &format!(
            "insert into audit_block (team_id, block, first_at, last_at, terms)
             values ('{0}', 0, now(), now(), '{{1}}');
             insert into usage_batch values ('{0}', gen_random_uuid(), now())",
            id(&ada).0
        ),
    )
    .await;
    delete(&world, id(&ada)).await;
    let left = "select count(*) from audit_block";
    let left: i64 = sqlx::query_scalar(left).fetch_one(&mut world.superuser().await).await.unwrap();
    assert_eq!(left, 0);
    // Afterwards there is no ledger to begin.
    let orphan = crate::support::refusal(
        &mut world.superuser().await,
        &format!(
            "insert into ledger_head values ('team', '{}', 0, sha256('x'), pg_current_xact_id())",
            id(&ada).0
        ),
    )
    .await;
    assert_eq!(orphan, "there is no such team");
}

#[tokio::test]
async fn nothing_is_said_of_an_end_that_was_not_committed_and_nothing_goes_before_it_is_said() {
    let name = format!("probity-deleted-{}", uuid::Uuid::new_v4());
    let folder = Folder(std::env::temp_dir().join(name));
    let world = World::new().await;
    let ada = world.team(&world.person("Ada").await, "Halden").await;
    let program = world.proving(&folder.0).await;
    ask(&ada).await.unwrap();
    world.clock.advance(Duration::days(7));
    let said = || {
        let files = std::fs::read_dir(&folder.0).unwrap().map(|file| file.unwrap().path());
        let texts = files.filter_map(|path| std::fs::read_to_string(path).ok());
        texts.filter(|text| text.contains("probity.deletion.v1")).count()
    };
    let mut superuser = world.superuser().await;
    run(
        &mut superuser,
        "create function fails() returns trigger language plpgsql as $$ begin raise 'no'; end $$;
         create constraint trigger fails after insert on deletion deferrable initially deferred
         for each row execute function fails()",
    )
    .await;
    let step = async || domain::team::delete_step(&program, id(&ada)).await;
    assert!(step().await.is_err(), "it is not committed");
    assert_eq!(said(), 0);
    run(&mut superuser, "drop trigger fails on deletion").await;
    assert_eq!(step().await.unwrap(), Some(Stage::Begun));
    let owner = domain::crypto::Owner::Team(id(&ada));
    program.keyring().key_of(owner).await.unwrap();
    assert!(world.another_keyring().find(owner).await.unwrap().is_some());
    // Where it cannot be said, nothing goes.
    let away = folder.0.with_extension("away");
    std::fs::rename(&folder.0, &away).unwrap();
    std::fs::write(&folder.0, "").unwrap();
    assert!(step().await.is_err());
    assert!(world.another_keyring().find(owner).await.unwrap().is_some());
    std::fs::remove_file(&folder.0).unwrap();
    std::fs::rename(&away, &folder.0).unwrap();
    assert_eq!(step().await.unwrap(), Some(Stage::Key));
    assert!(said() > 0);
}
