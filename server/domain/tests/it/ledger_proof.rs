//! The walk of ledgers, against somebody who owns the database and has switched its triggers off.

use crate::{
    permissions::new_key,
    rules::form,
    support::{World, refusal, run, try_run},
};
use domain::{
    Cx, Deps, audit, key,
    ports::{Clock, Witness},
    rule,
};
use futures::future::BoxFuture;
use model::{
    audit::{Flaw, LedgerMark, MarkState},
    ledger::{Checkpoint, Evidence, LedgerId, Signed},
    page::Around,
};
use std::{
    path::{Path, PathBuf},
    sync::{
        Arc, Mutex,
        atomic::{AtomicBool, Ordering},
    },
};
use time::{Duration, OffsetDateTime};

/// A folder that goes with its test.
struct Folder(PathBuf);

impl Folder {
    fn new() -> Self {
        Self(std::env::temp_dir().join(format!("probity-proof-{}", uuid::Uuid::new_v4())))
    }

    fn files(&self) -> Vec<PathBuf> {
        let files = std::fs::read_dir(&self.0).unwrap().map(|file| file.unwrap().path());
        let is_kept = |file: &PathBuf| file.extension().is_some_and(|end| end == "jsonl");
        let mut files: Vec<_> = files.filter(is_kept).collect();
        files.sort();
        files
    }

    /// Every checkpoint that is kept in it, the oldest first.
    fn kept(&self) -> Vec<Checkpoint> {
        let files = self.files().into_iter();
        let text: String = files.map(|file| std::fs::read_to_string(file).unwrap()).collect();
        let open = |line| serde_json::from_str::<Signed<Checkpoint>>(line).unwrap().open().unwrap();
        text.lines().map(open).collect()
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        drop(std::fs::remove_dir_all(&self.0));
    }
}

async fn mark(team: &Cx) -> LedgerMark {
    audit::list(team, Around::default()).await.unwrap().mark
}

/// A team with so many keys, and a program that proves and keeps.
async fn furnished(keys: usize, folder: &Path) -> (World, Cx, Deps) {
    let world = World::new().await;
    let team = world.team(&world.person("Ada").await, "Halden").await;
    for _ in 0..keys {
        key::create(&team, new_key()).await.unwrap();
    }
    let program = world.proving(folder).await;
    (world, team, program)
}

/// What the owner of a database can do to the records of the one team: chain them anew from record 2 on,
/// which says something else.
const REBUILD: &str = "
    update audit_event set record = replace(convert_from(record, 'UTF8'), 'key', 'kez')::bytea
    where kind = 'team' and seq = 2;
    do $$ declare before bytea; row record; begin
        for row in select * from audit_event where kind = 'team' order by seq loop
            before := coalesce(before, row.previous_hash);
            update audit_event set previous_hash = before,
                hash = app.chain_hash(before, row.seq, row.record, row.sealed)
            where kind = 'team' and seq = row.seq
            returning hash into before;
        end loop;
        update ledger_head set hash = before where kind = 'team';
    end $$";

const CUT: &str = "
    delete from audit_event where kind = 'team' and seq >= 4;
    update ledger_head h set seq = 3, hash = e.hash
    from audit_event e where e.kind = 'team' and e.seq = 3 and h.kind = 'team'";

#[tokio::test]
async fn what_is_whole_is_proven_signed_and_kept() {
    let folder = Folder::new();
    let (world, team, program) = furnished(3, &folder.0).await;
    assert_eq!(mark(&team).await.state, MarkState::Unknown);
    audit::prove(&program).await.unwrap();
    let found = mark(&team).await;
    assert_eq!((found.state, found.proven_to, found.head), (MarkState::Proven, 4, 4));
    let own = audit::own(&team, Around::default()).await.unwrap().mark;
    assert_eq!(own.state, MarkState::Proven);

    let kept = folder.kept();
    assert!(kept.iter().any(|kept| kept.seq == 4 && kept.count == 4), "{kept:?}");
    assert_eq!(kept.len(), 2, "of the team and of Ada: {kept:?}");

    // What is new is proven at the next walk, and kept within ten minutes, behind the rest.
    key::create(&team, new_key()).await.unwrap();
    let found = mark(&team).await;
    assert_eq!((found.state, found.proven_to, found.head), (MarkState::Proven, 4, 5));
    audit::prove(&program).await.unwrap();
    assert_eq!(mark(&team).await.proven_to, 5);
    assert_eq!(folder.kept().len(), 2);
    world.clock.advance(Duration::minutes(10));
    audit::prove(&program).await.unwrap();
    assert_eq!(folder.kept().last().unwrap().seq, 5);
    // A day later the new file begins with all of them.
    world.clock.advance(Duration::DAY);
    audit::prove_and_keep(&program).await.unwrap();
    let kept = folder.kept();
    assert_eq!(kept.len(), 3 + 2, "{kept:?}");
}

#[tokio::test]
async fn whatever_the_owner_of_the_database_does_is_found_by_a_program_that_knows_only_the_files() {
    let attacks = [
        (
            "update audit_event set record = record || ' '::bytea where kind = 'team' and seq = 3",
            3,
            Flaw::Altered,
        ),
        ("delete from audit_event where kind = 'team' and seq = 3", 3, Flaw::Missing),
        ("delete from audit_event where kind = 'team' and seq = 5", 5, Flaw::Missing),
        (CUT, 4, Flaw::Cut),
        (REBUILD, 5, Flaw::Rebuilt),
        ("update ledger_head set hash = sha256('x') where kind = 'team'", 5, Flaw::Altered),
        (
            "delete from audit_event where kind = 'team'; delete from ledger_head where kind = 'team'",
            1,
            Flaw::Cut,
        ),
    ];
    for (attack, seq, flaw) in attacks {
        let folder = Folder::new();
        let (world, team, program) = furnished(4, &folder.0).await;
        audit::prove(&program).await.unwrap();
        let mut owner = world.superuser().await;
        run(&mut owner, "alter table audit_event disable trigger all").await;
        run(&mut owner, "alter table audit_event drop constraint audit_event_kind_ledger_fkey")
            .await;
        run(&mut owner, attack).await;
        // They also take away what the database knew to be proven, and the program has begun anew.
        run(&mut owner, "delete from ledger_proof").await;
        let program = world.proving(&folder.0).await;
        audit::prove(&program).await.unwrap();
        let said: (i64, String) =
            sqlx::query_as("select flaw_at, flaw from ledger_proof where kind = 'team'")
                .fetch_one(&mut owner)
                .await
                .unwrap();
        assert_eq!(said, (seq, flaw.name().to_owned()), "{attack}");
        if !attack.contains("delete from ledger_head") {
            let found = mark(&team).await;
            assert_eq!(
                (found.state, found.flaw),
                (MarkState::Broken, Some((seq, flaw))),
                "{attack}"
            );
        }
        assert!(
            folder.kept().iter().all(|kept| kept.seq != 3),
            "nothing that is broken is signed for"
        );
        // It does not heal: also not when more is written behind it.
        if !attack.contains("ledger_head") {
            key::create(&team, new_key()).await.unwrap();
            audit::prove(&program).await.unwrap();
            assert_eq!(mark(&team).await.flaw, Some((seq, flaw)), "{attack}");
        }
    }
}

#[tokio::test]
async fn a_ledger_that_was_cut_and_grew_again_is_still_broken() {
    let folder = Folder::new();
    let (world, team, program) = furnished(4, &folder.0).await;
    audit::prove(&program).await.unwrap();
    let mut owner = world.superuser().await;
    run(&mut owner, "alter table audit_event disable trigger all").await;
    run(&mut owner, CUT).await;
    for _ in 0..3 {
        key::create(&team, new_key()).await.unwrap();
    }
    audit::prove(&program).await.unwrap();
    assert_eq!(mark(&team).await.flaw, Some((5, Flaw::Rebuilt)));
}

#[tokio::test]
async fn what_the_database_says_without_our_signature_is_not_believed() {
    let folder = Folder::new();
    let (world, team, program) = furnished(2, &folder.0).await;
    audit::prove(&program).await.unwrap();
    let mut owner = world.superuser().await;
    for forgery in [
        r#"update ledger_proof set checkpoint = replace(checkpoint, '"seq":3', '"seq":9'), seq = 9"#,
        // Of another ledger, which reaches further.
        "update ledger_proof set checkpoint = (select checkpoint from ledger_proof where kind = 'person')",
        "update ledger_proof set checkpoint = null",
    ] {
        run(&mut owner, "create table backup as select * from ledger_proof").await;
        assert!(try_run(&mut owner, forgery).await.unwrap() > 0);
        let found = mark(&team).await;
        assert_eq!((found.state, found.proven_to), (MarkState::Unknown, 0), "{forgery}");
        run(&mut owner, "delete from ledger_proof; insert into ledger_proof select * from backup; drop table backup").await;
    }
    assert_eq!(mark(&team).await.state, MarkState::Proven);
    // Signed, by somebody else.
    let other = World::new().await.deps.keyring().signer().await.unwrap();
    let of_team = folder.kept().into_iter().find(|kept| kept.seq == 3).unwrap();
    let forged = other.sign(&of_team).line();
    run(
        &mut owner,
        &format!("update ledger_proof set checkpoint = '{forged}' where kind = 'team'"),
    )
    .await;
    assert_eq!(mark(&team).await.state, MarkState::Unknown);
    // Nor what somebody wrote into the files: it is passed over, and the walk goes on.
    let further = other.sign(&Checkpoint { seq: 99, ..of_team }).line();
    std::fs::write(&folder.files()[0], format!("{further}\nrubbish\n")).unwrap();
    let program = world.proving(&folder.0).await;
    rule::create(&team, &form("shoes")).await.unwrap();
    audit::prove(&program).await.unwrap();
    assert_eq!(mark(&team).await.state, MarkState::Proven);
}

#[tokio::test]
async fn a_mark_goes_stale_when_nothing_walks_any_more() {
    let folder = Folder::new();
    let (world, team, program) = furnished(2, &folder.0).await;
    audit::prove(&program).await.unwrap();
    world.clock.advance(Duration::hours(20));
    assert_eq!(mark(&team).await.state, MarkState::Proven, "nothing happened since");
    rule::create(&team, &form("shoes")).await.unwrap();
    assert_eq!(mark(&team).await.state, MarkState::Proven, "it happened just now");
    world.clock.advance(Duration::minutes(16));
    assert_eq!(mark(&team).await.state, MarkState::Stale);
    audit::prove(&program).await.unwrap();
    assert_eq!(mark(&team).await.state, MarkState::Proven);
    world.clock.advance(Duration::hours(26));
    assert_eq!(mark(&team).await.state, MarkState::Stale);
}

#[tokio::test]
async fn two_programs_that_prove_at_once_agree() {
    let folder = Folder::new();
    let (world, team, one) = furnished(3, &folder.0).await;
    let two = world.proving(&folder.0).await;
    for _ in 0..5 {
        let (a, b, _) = tokio::join!(
            audit::prove_and_keep(&one),
            audit::prove_and_keep(&two),
            key::create(&team, new_key())
        );
        a.unwrap();
        b.unwrap();
        assert_eq!(mark(&team).await.flaw, None);
    }
    audit::prove(&two).await.unwrap();
    let found = mark(&team).await;
    assert_eq!((found.state, found.proven_to), (MarkState::Proven, 9));
    let mut evidence = Evidence::new(None);
    for kept in folder.files() {
        evidence.read(&std::fs::read_to_string(kept).unwrap());
    }
    assert_eq!(evidence.faults(), []);
}

#[tokio::test]
async fn who_is_slow_does_not_call_cut_what_another_program_proved_meanwhile() {
    let folder = Folder::new();
    let (world, team, slow) = furnished(3, &folder.0).await;
    let quick = world.proving(&folder.0).await;
    let id = domain::team::card(&team).unwrap().id;
    audit::prove(&slow).await.unwrap();
    key::create(&team, new_key()).await.unwrap();

    // The slow one is kept at another ledger, which it does first.
    let mut superuser = world.superuser().await;
    let first = "update ledger_proof set checked_at = '2000-01-01' where kind <> 'team'";
    run(&mut superuser, first).await;
    run(&mut superuser, "begin").await;
    run(&mut superuser, first).await;
    let walk = tokio::spawn(async move { audit::prove(&slow).await });
    let mut watcher = world.superuser().await;
    let waits = "select exists (select from pg_stat_activity
                 where datname = current_database() and wait_event_type = 'Lock')";
    while !sqlx::query_scalar::<_, bool>(waits).fetch_one(&mut watcher).await.unwrap() {
        tokio::task::yield_now().await;
    }
    key::create(&team, new_key()).await.unwrap();
    let whole = audit::accept_ledger(&quick, LedgerId::Team(id), "to have it walked").await;
    assert!(whole.unwrap_err().to_string().contains("whole"));
    assert_eq!(mark(&team).await.proven_to, 6);
    run(&mut superuser, "rollback").await;

    walk.await.unwrap().unwrap();
    let found = mark(&team).await;
    assert_eq!((found.flaw, found.proven_to), (None, 6));
}

#[tokio::test]
async fn only_the_walk_writes_what_was_proven_and_sees_one_ledger_at_a_time() {
    let folder = Folder::new();
    let (world, team, program) = furnished(2, &folder.0).await;
    audit::prove(&program).await.unwrap();
    let id = domain::team::card(&team).unwrap().id;
    let mut app = world.raw("probity_app", id, &team).await;
    for sql in ["update ledger_proof set flaw = null", "delete from ledger_proof"] {
        assert!(refusal(&mut app, sql).await.contains("permission denied"), "{sql}");
    }
    let mut job = world.raw("probity_job", id, &team).await;
    let count = "select count(*) from audit_event";
    run(
        &mut job,
        "select set_config('app.task', 'audit.prove', false), set_config('app.team', '', false)",
    )
    .await;
    let seen: i64 = sqlx::query_scalar(count).fetch_one(&mut job).await.unwrap();
    let own: i64 = sqlx::query_scalar("select count(*) from audit_event where kind <> 'team'")
        .fetch_one(&mut job)
        .await
        .unwrap();
    assert_eq!(seen, own, "no team's records without the team");
    run(&mut job, "select set_config('app.task', 'mail.send', false)").await;
    assert_eq!(try_run(&mut job, "update ledger_proof set flaw = null").await.unwrap(), 0);
}

#[tokio::test]
async fn an_operator_accepts_a_ledger_that_was_cut_and_nothing_else() {
    let folder = Folder::new();
    let (world, team, program) = furnished(6, &folder.0).await;
    let id = LedgerId::Team(domain::team::card(&team).unwrap().id);
    let accept = async |deps: &Deps, why: &str| audit::accept_ledger(deps, id, why).await;
    audit::prove(&program).await.unwrap();
    let whole = accept(&program, "no reason at all").await.unwrap_err();
    assert!(whole.to_string().contains("whole"), "{whole}");

    let mut owner = world.superuser().await;
    run(&mut owner, "alter table audit_event disable trigger all").await;
    run(&mut owner, CUT).await;
    world.clock.advance(Duration::minutes(20));
    audit::prove(&program).await.unwrap();
    assert_eq!(mark(&team).await.flaw, Some((4, Flaw::Cut)));
    let broken = audit::broken(program.job(), world.clock.now()).await.unwrap();
    assert_eq!(broken, [audit::Broken { ledger: id, seq: 4, flaw: Flaw::Cut }]);
    assert!(matches!(accept(&program, " ").await, Err(domain::Error::Invalid(_))));
    let accepted = accept(&program, "restored from Tuesday").await.unwrap();
    assert_eq!((accepted.reaches, accepted.signed_to), (3, 7));
    let found = mark(&team).await;
    assert_eq!((found.state, found.proven_to, found.flaw), (MarkState::Proven, 4, None));
    let row = &audit::list(&team, Around::default()).await.unwrap().page.rows[0];
    assert_eq!((row.action.as_str(), row.actor.as_str()), ("ledger.accept", "Probity"));
    assert!(
        row.detail.contains("restored from Tuesday") && row.detail.contains("\"signed_to\": 7")
    );

    // It grows over what was signed for; another program, and one that knows the files alone, agree.
    world.clock.advance(Duration::minutes(20));
    let team = world.again(&team, &team).await;
    for _ in 0..5 {
        key::create(&team, new_key()).await.unwrap();
    }
    for _ in 0..2 {
        let fresh = world.proving(&folder.0).await;
        run(&mut owner, "delete from ledger_proof").await;
        audit::prove(&fresh).await.unwrap();
        assert_eq!(mark(&team).await.state, MarkState::Proven);
        run(&mut owner, "delete from ledger_acceptance").await;
    }
    // Whoever kept the files and checks an export later learns of it.
    let text: String =
        folder.files().iter().map(|file| std::fs::read_to_string(file).unwrap()).collect();
    let mut evidence = Evidence::new(None);
    evidence.read(&text);
    assert_eq!(evidence.faults(), []);

    // What does not fit in itself stays broken.
    run(&mut owner, "update audit_event set record = 'x' where kind = 'team' and seq = 2").await;
    world.clock.advance(Duration::hours(13));
    audit::prove(&program).await.unwrap();
    let refused = accept(&program, "whatever").await.unwrap_err();
    assert!(refused.to_string().contains("Record 2"), "{refused}");
}

/// An old word of the operator's, put back by somebody who owns the database, takes nothing away from what
/// was signed since.
#[tokio::test]
async fn an_acceptance_counts_for_what_was_before_it_only() {
    let folder = Folder::new();
    let (world, team, program) = furnished(6, &folder.0).await;
    let id = LedgerId::Team(domain::team::card(&team).unwrap().id);
    audit::prove(&program).await.unwrap();
    let mut owner = world.superuser().await;
    run(&mut owner, "alter table audit_event disable trigger all").await;
    run(&mut owner, CUT).await;
    world.clock.advance(Duration::minutes(20));
    audit::accept_ledger(&program, id, "restored").await.unwrap();
    world.clock.advance(Duration::minutes(20));
    let team = world.again(&team, &team).await;
    for _ in 0..5 {
        key::create(&team, new_key()).await.unwrap();
    }
    audit::prove(&program).await.unwrap();
    run(&mut owner, CUT).await;
    for forgery in [
        "select 1",
        "delete from ledger_proof",
        "update ledger_acceptance set statement = replace(statement, '2026', '2027')",
    ] {
        run(&mut owner, forgery).await;
        audit::prove(&program).await.unwrap();
        assert_eq!(mark(&team).await.flaw, Some((4, Flaw::Cut)), "{forgery}");
    }
}

/// Somebody who keeps what they are told, and does not answer for a while.
#[derive(Default)]
struct Keeper {
    told: Mutex<Vec<String>>,
    is_away: AtomicBool,
}

impl Witness for Keeper {
    fn name(&self) -> &str {
        "keeper"
    }

    fn tell<'a>(
        &'a self,
        _at: OffsetDateTime,
        lines: &'a str,
    ) -> BoxFuture<'a, Result<(), String>> {
        Box::pin(async move {
            if self.is_away.load(Ordering::Relaxed) {
                return Err("away".to_owned());
            }
            self.told.lock().unwrap().push(lines.to_owned());
            Ok(())
        })
    }
}

#[tokio::test]
async fn a_witness_is_told_each_hour_what_is_new_and_misses_nothing() {
    let folder = Folder::new();
    let (world, team, _) = furnished(2, &folder.0).await;
    let keeper = Arc::new(Keeper::default());
    let program = world.telling(&folder.0, vec![Arc::clone(&keeper) as _]).await;
    let told = || std::mem::take(&mut *keeper.told.lock().unwrap());
    let reaches = |told: &[String]| -> Vec<i64> {
        let open = |line| serde_json::from_str::<Signed<Checkpoint>>(line).unwrap().open().unwrap();
        let of_team = |known: &Checkpoint| matches!(known.ledger, LedgerId::Team(_));
        told.iter().flat_map(|text| text.lines()).map(open).filter(of_team).map(|c| c.seq).collect()
    };
    audit::prove(&program).await.unwrap();
    let first = told();
    assert_eq!((first.len(), reaches(&first)), (1, vec![3]));
    assert_eq!(first[0].lines().count(), 2, "the team's and Ada's");
    // Not before the hour is over, and then what is new.
    key::create(&team, new_key()).await.unwrap();
    audit::prove(&program).await.unwrap();
    assert_eq!(told(), [""; 0]);
    world.clock.advance(Duration::hours(1));
    keeper.is_away.store(true, Ordering::Relaxed);
    audit::prove(&program).await.unwrap();
    keeper.is_away.store(false, Ordering::Relaxed);
    audit::prove(&program).await.unwrap();
    assert_eq!(told(), [""; 0], "not at once again");
    world.clock.advance(Duration::minutes(5));
    audit::prove(&program).await.unwrap();
    assert_eq!(reaches(&told()), [4], "what could not be told is owed");
    // A program that begins does not know who was told what.
    let fresh = world.telling(&folder.0, vec![Arc::clone(&keeper) as _]).await;
    audit::prove(&fresh).await.unwrap();
    assert_eq!(reaches(&told()).len(), 1);
}
