//! Records that are too old, and the proof of those that stay.

use crate::{
    audit_export::{asked, files, report},
    support::{World, refusal, run},
};
use domain::{Cx, Deps, audit, key, security};
use model::{
    Permissions, Role, Typed,
    audit::{AuditQuery, Flaw, LedgerMark, MarkState, Outcome, OwnEvent},
    key::NewKey,
    ledger::{Hash, LedgerId, Trim},
    page::Around,
    security::SetRetention,
};
use std::path::PathBuf;
use time::Duration;

fn event(number: usize) -> OwnEvent {
    let text = |text: &str| text.to_owned();
    OwnEvent {
        action: text("invoice.paid"),
        by: (text(""), text("")),
        target: (text("invoice"), format!("inv_{number}"), format!("word{number}word")),
        outcome: Outcome::Ok,
        happened_at: None,
        detail: text("{}"),
    }
}

/// Logged by a key of the team's, so many at once.
async fn log(world: &World, secret: &Typed, many: usize) {
    let Ok(cx) = key::admit(world.anyone(), secret).await.unwrap() else { panic!("let in") };
    let events: Vec<_> = (0..many).map(event).collect();
    audit::log(&cx, &events, true).await.unwrap();
}

struct Scene {
    world: World,
    ada: Cx,
    program: Deps,
    folder: PathBuf,
}

impl Drop for Scene {
    fn drop(&mut self) {
        drop(std::fs::remove_dir_all(&self.folder));
    }
}

/// A team with 300 records of 500 days ago, 300 of 200 days ago, and some of today.
async fn furnished() -> Scene {
    let world = World::new().await;
    world.clock.advance(-Duration::days(500));
    let ada = world.team(&world.person("Ada").await, "Halden").await;
    let secret = key(&ada).await;
    log(&world, &secret, 300).await;
    world.clock.advance(Duration::days(300));
    let ada = world.again(&ada, &ada).await;
    log(&world, &key(&ada).await, 300).await;
    world.clock.advance(Duration::days(200));
    let ada = world.again(&ada, &ada).await;
    let folder = std::env::temp_dir().join(format!("probity-retain-{}", uuid::Uuid::new_v4()));
    let program = world.proving(&folder).await;
    audit::index_all(&program).await.unwrap();
    Scene { world, ada, program, folder }
}

async fn key(team: &Cx) -> Typed {
    let asked = NewKey {
        name: "app".into(),
        ticked: Permissions::named("audit.record").into(),
        ..crate::permissions::new_key()
    };
    Typed::new(&key::create(team, asked).await.unwrap().secret)
}

impl Scene {
    async fn mark(&self) -> LedgerMark {
        audit::list(&self.ada, Around::default()).await.unwrap().mark
    }

    async fn oldest(&self) -> i64 {
        sqlx::query_scalar("select min(seq) from audit_event where kind = 'team'")
            .fetch_one(&mut self.world.superuser().await)
            .await
            .unwrap()
    }

    async fn found(&self, q: &str) -> usize {
        let query = AuditQuery { q: q.to_owned(), ..AuditQuery::default() };
        audit::search(&self.ada, query).await.unwrap().page.rows.len()
    }

    async fn retain(&self) {
        audit::retain(&self.program).await.unwrap();
    }
}

#[tokio::test]
async fn old_records_go_and_the_rest_still_verifies() {
    let scene = furnished().await;
    assert_eq!((scene.oldest().await, scene.found("word7word").await), (1, 2));
    scene.retain().await;
    // Whole blocks of 64 that are older than 400 days.
    assert_eq!((scene.oldest().await, scene.found("word7word").await), (257, 1));
    audit::prove(&scene.program).await.unwrap();
    let mark = scene.mark().await;
    assert_eq!((mark.state, mark.removed_to, mark.flaw), (MarkState::Proven, 256, None));
    let query = AuditQuery { q: "action:audit.trim".to_owned(), ..AuditQuery::default() };
    let row = &audit::search(&scene.ada, query).await.unwrap().page.rows[0];
    assert_eq!((row.actor.as_str(), row.target.as_str()), ("Probity", "up to record 256"));
    // An export begins there, is proven by its files, and says what went.
    let id = audit::export::start(&scene.ada, &asked("jsonl", "")).await.unwrap();
    let (file, manifest) = files(&scene.ada, id).await;
    let found = report(&file, &manifest);
    assert_eq!((found.is_proven(), found.first), (true, Some(257)), "{found:?}");
    assert!(found.notes.concat().contains("Records up to 256 were removed"), "{found:?}");
    // What went is kept, signed, outside the database; and a program that knows only that goes on.
    let fresh = scene.world.proving(&scene.folder).await;
    audit::prove(&fresh).await.unwrap();
    assert_eq!(scene.mark().await.state, MarkState::Proven);
    // Again the same day: nothing.
    scene.retain().await;
    assert_eq!(scene.oldest().await, 257);
}

#[tokio::test]
async fn a_team_says_how_long_and_a_legal_hold_keeps_all() {
    let scene = furnished().await;
    let set = async |days: &str, hold: &str| {
        let (team, days, hold) = (String::new(), days.to_owned(), hold.to_owned());
        security::set_retention(&scene.ada, SetRetention { team, days, hold }).await
    };
    for wrong in ["29", "3651", "", "x"] {
        assert!(matches!(set(wrong, "").await, Err(domain::Error::Invalid(_))), "{wrong}");
    }
    set("3650", "").await.unwrap();
    scene.retain().await;
    assert_eq!(scene.oldest().await, 1);
    set("100", "a case before the court").await.unwrap();
    scene.retain().await;
    assert_eq!(scene.oldest().await, 1);
    set("100", "").await.unwrap();
    scene.retain().await;
    assert_eq!(scene.oldest().await, 577, "of 300 and 300 and a few, 9 blocks");
    let admin = scene.world.member(&scene.ada, Role::Admin).await;
    let (days, hold) = ("30".to_owned(), String::new());
    let form = SetRetention { team: String::new(), days, hold };
    assert!(matches!(
        security::set_retention(&admin, form).await,
        Err(domain::Error::Forbidden(_))
    ));
}

/// Whatever the program asks for, the database removes nothing that is not old, and nobody else removes.
#[tokio::test]
async fn the_database_keeps_what_is_not_old_enough() {
    let scene = furnished().await;
    let team = domain::team::card(&scene.ada).unwrap().id;
    let as_job = async |task: &str| {
        let mut raw = scene.world.raw("probity_job", team, &scene.ada).await;
        run(&mut raw, &format!("select set_config('app.task', '{task}', false)")).await;
        raw
    };
    let refused = async |task: &str, sql: &str| refusal(&mut as_job(task).await, sql).await;
    let young = "these records are not old enough";
    for block in [4, 5, 9, 40, -1] {
        let sql = format!("select app.raise_floor({block}, 'x')");
        assert_eq!(refused("audit.retain", &sql).await, young, "{block}");
    }
    let only = "records are removed by their task only";
    assert_eq!(refused("audit.sweep", "select app.raise_floor(0, 'x')").await, only);
    assert_eq!(refused("audit.sweep", "select app.remove_records(9)").await, only);
    let mut operator = scene.world.superuser().await;
    let hold = "alter table team_policy disable trigger all;
        insert into team_policy (team_id, audit_hold) select id, 'a case' from team";
    run(&mut operator, hold).await;
    let held = "nothing of this ledger may be removed";
    assert_eq!(refused("audit.retain", "select app.raise_floor(0, 'x')").await, held);
    run(&mut operator, "delete from team_policy").await;
    // Without its record neither.
    let unrecorded = "begin; select app.raise_floor(0, 'x'); commit";
    assert!(refused("audit.retain", unrecorded).await.contains("without its audit event"));
    let direct = "delete from audit_event where seq = 1";
    assert_eq!(refusal(&mut operator, direct).await, "records of a ledger cannot be altered");
}

#[tokio::test]
async fn a_floor_that_is_not_signed_hides_nothing() {
    let scene = furnished().await;
    audit::prove(&scene.program).await.unwrap();
    let mut operator = scene.world.superuser().await;
    // Signed, by somebody else: it says what the database holds.
    let hash: Vec<u8> =
        sqlx::query_scalar("select hash from audit_event where kind = 'team' and seq = 100")
            .fetch_one(&mut operator)
            .await
            .unwrap();
    let ledger = LedgerId::Team(domain::team::card(&scene.ada).unwrap().id);
    let (hash, at) = (Hash::of(&hash).unwrap(), "2026-11-22T08:00:00Z".to_owned());
    let trim = Trim { ledger, seq: 100, hash, days: 400, at };
    let other = World::new().await.deps.keyring().signer().await.unwrap();
    let forged = other.sign(&trim).line();
    run(
        &mut operator,
        &format!(
            "alter table ledger_floor disable trigger all;
             insert into ledger_floor select id, 100, '{forged}', now() from team;
             delete from audit_event where kind = 'team' and seq <= 100"
        ),
    )
    .await;
    scene.world.clock.advance(Duration::hours(13));
    audit::prove(&scene.program).await.unwrap();
    let mark = scene.mark().await;
    assert_eq!((mark.state, mark.flaw), (MarkState::Broken, Some((1, Flaw::Missing))));
    // And what is broken keeps what it has.
    scene.retain().await;
    assert_eq!(scene.oldest().await, 101);
}

#[tokio::test]
async fn a_signed_floor_hides_no_more_than_it_says() {
    let scene = furnished().await;
    scene.retain().await;
    let mut operator = scene.world.superuser().await;
    run(
        &mut operator,
        "alter table ledger_floor disable trigger all;
         update ledger_floor set seq = 300;
         delete from audit_event where kind = 'team' and seq <= 300",
    )
    .await;
    audit::prove(&scene.program).await.unwrap();
    assert_eq!(scene.mark().await.flaw, Some((257, Flaw::Missing)));
}
