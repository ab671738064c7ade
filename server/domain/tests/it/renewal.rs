//! Other versions of data keys: everything new is sealed under them, what was before is sealed anew, and nothing
//! is lost on the way.

use crate::{
    keys::acting::caller,
    rules::programs::nordly,
    streams::to_siem,
    support::{World, refusal, run, said, try_run},
};
use domain::{
    Cx, Deps, account,
    audit::{self, stream},
    crypto::{DataKey, Owner, Place},
    invitation, key, operator, program,
    renewal::{self, Asked, RESTS, Renewals, SEALED},
    team,
};
use model::{
    Permissions, TeamId, account::Forgot, audit::Origin, deletion::AskDeletion, invitation::Invite,
    key::NewKey, page::Around,
};
use sqlx::{AssertSqlSafe, PgConnection};
use std::{collections::BTreeMap, sync::Arc};
use time::Duration;
use uuid::Uuid;

const REASON: &str = "an old backup was found";

/// Columns of bytes that are not sealed: hashes, public keys and the chain.
const OPEN: &[&str] = &[
    "api_answer.named",
    "api_answer.request",
    "api_key.previous_hash",
    "api_key.secret_hash",
    "audit_event.hash",
    "audit_event.previous_hash",
    "audit_event.record",
    "ceremony.bound_to",
    "challenge.id_hash",
    "deletion.link_hash",
    "device.token_hash",
    "instance.set_up_hash",
    "invitation.copied_hash",
    "invitation.mailed_hash",
    "ledger_head.hash",
    "limit_bucket.subject",
    "link.token_hash",
    "passkey.credential_id",
    "recovery_code.code_hash",
    "session.id_hash",
    "sign_in_curve.subject",
    "sign_up.token_hash",
    "team_deletion.link_hash",
    "team_export.sum",
];

#[tokio::test]
async fn no_sealed_column_is_forgotten() {
    let world = World::new().await;
    let columns: Vec<String> = sqlx::query_scalar(
        "select table_name || '.' || column_name from information_schema.columns
         where table_schema = 'public' and data_type = 'bytea' and table_name <> '_sqlx_migrations'
         order by 1",
    )
    .fetch_all(&mut world.superuser().await)
    .await
    .unwrap();
    // Records keep their seal.
    let known = SEALED.iter().map(|sealed| sealed.name).chain(OPEN.iter().copied());
    let mut known: Vec<_> = known.chain(["audit_event.sealed"]).collect();
    known.sort_unstable();
    assert_eq!(columns, known);
}

fn id(team: &Cx) -> TeamId {
    team::card(team).unwrap().id
}

/// A team and a person with something in every sealed column.
async fn furnished() -> (World, Cx) {
    let world = World::new().await;
    let (ada, _) = world.with_app("Ada").await;
    let ada = world.team(&ada, "Halden").await;
    account::begin_totp(&ada).await.unwrap();
    program::create(&ada, &nordly()).await.unwrap();
    let made = stream::create(&ada, &to_siem()).await.unwrap();
    stream::rotate(&ada, made.id).await.unwrap();
    let may = Permissions::named("keys.view keys.manage audit.record");
    let asked = NewKey { ticked: may.into(), ..crate::permissions::new_key() };
    let made = key::create(&ada, asked).await.unwrap();
    let acts = caller(&world, &made.secret).await.once("order-17", &[b"a"]);
    domain::once(&acts, key::create(&acts, crate::permissions::new_key())).await.unwrap();
    // A letter to nobody who is known, and one to somebody who is.
    let form =
        Invite { emails: "ben@example.com".into(), role: "viewer".into(), ..Invite::default() };
    invitation::send(&ada, form).await.unwrap();
    let form = Forgot { email: "ada@example.com".into() };
    account::forgot(&world.anyone(), form).await.unwrap();
    let key = world.deps.keyring().key_of(Owner::Team(id(&ada))).await.unwrap();
    let place = Place { table: "former_file", column: "sealed", row: id(&ada).0 };
    let mut superuser = world.superuser().await;
    run(&mut superuser, "alter table former_file disable trigger former_file_is_audited").await;
    for (name, size) in [("a", 3_900_000), ("b", 3_900_000), ("c", 3_900_000), ("d", 7)] {
        let sealed = key.seal(&*world.random, &place, &vec![7; size]).unwrap();
        sqlx::query("insert into former_file (team_id, name, part, sealed) values ($1, $2, 0, $3)")
            .bind(id(&ada).0)
            .bind(name)
            .bind(sealed)
            .execute(&mut superuser)
            .await
            .unwrap();
    }
    run(&mut superuser, "alter table former_file enable always trigger former_file_is_audited")
        .await;
    (world, ada)
}

/// How many values of each sealed column are sealed under this version.
async fn under(conn: &mut PgConnection, version: Uuid) -> BTreeMap<&'static str, i64> {
    let mut all = BTreeMap::new();
    for sealed in SEALED.iter().map(|sealed| sealed.name).chain(["audit_event.sealed"]) {
        let (table, column) = sealed.split_once('.').unwrap();
        let count = format!(
            "select count(*) from {table} where substring({column} from 2 for 16) = uuid_send($1)"
        );
        let count = sqlx::query_scalar(AssertSqlSafe(count)).bind(version);
        let count: i64 = count.fetch_one(&mut *conn).await.unwrap();
        if count > 0 {
            all.insert(sealed, count);
        }
    }
    all
}

async fn renew(deps: &Deps, asked: Asked) {
    renewal::ask(deps, &asked, REASON).await.unwrap();
    renewal::begin_all(deps, |_| {}).await.unwrap();
}

async fn version(world: &World, owner: Owner) -> Uuid {
    world.another_keyring().find(owner).await.unwrap().unwrap().id()
}

/// Until nothing is left that is due now.
async fn run_all(deps: &Deps) -> Renewals {
    for _ in 0..20 {
        renewal::renew_due(deps).await.unwrap();
    }
    renewal::load(deps).await.unwrap()
}

fn records(there: &mut BTreeMap<&'static str, i64>) -> i64 {
    there.remove("audit_event.sealed").unwrap_or(0)
}

#[tokio::test]
async fn everything_is_sealed_anew_and_opens_as_before() {
    let (world, ada) = furnished().await;
    let mut superuser = world.superuser().await;
    let person = Owner::Person(ada.person().unwrap());
    let owners = [Owner::Team(id(&ada)), person, Owner::Instance];
    let mut before = Vec::new();
    let mut columns = BTreeMap::new();
    for owner in owners {
        let version = version(&world, owner).await;
        let mut there = under(&mut superuser, version).await;
        records(&mut there);
        before.push((owner, version));
        columns.extend(there);
    }
    assert_eq!(columns.len(), SEALED.len(), "there is something of each: {columns:?}");

    renew(&world.deps, Asked::Everybody).await;
    let all = run_all(&world.deps).await;
    assert_eq!((all.under_way, all.waiting, all.remaining, all.stuck), (0, 3, 0, 0), "{all:?}");
    for (owner, old) in &before {
        let mut left = under(&mut superuser, *old).await;
        records(&mut left);
        assert_eq!(left, BTreeMap::new(), "{owner}");
        assert_ne!(version(&world, *owner).await, *old);
    }

    // Two days later the versions before are destroyed, as far as no record is under them.
    world.clock.advance(RESTS);
    let all = run_all(&world.deps).await;
    assert_eq!((all.waiting, all.kept, all.done), (2, 2, 1), "{all:?}");
    let kept = async |owner| {
        let key = world.another_keyring().find(owner).await.unwrap().unwrap();
        key.earlier().count()
    };
    assert_eq!(kept(Owner::Instance).await, 0);
    assert_eq!((kept(owners[0]).await, kept(person).await), (1, 1), "records");

    // What was sealed is used as before.
    let list = audit::list(&ada, Around::default()).await.unwrap();
    assert!(list.page.rows.iter().all(|row| row.origin != Origin::Altered));
    let letters = world.letters().await;
    assert!(
        letters.iter().any(|letter| letter.to == "ben@example.com"),
        "under the instance's key"
    );
    assert!(letters.iter().any(|letter| letter.to == "ada@example.com"), "under a person's key");
    stream::deliver(&world.deps).await.unwrap();
    assert!(!world.carrier.arrived().is_empty(), "where it goes and what it is signed with opens");
    let browsers = account::sessions(&ada).await.unwrap();
    assert!(browsers.sessions.iter().all(|session| !session.ip.is_empty()));
}

#[tokio::test]
async fn another_program_seals_and_opens_with_the_new_version_at_once() {
    let (world, ada) = furnished().await;
    let owner = Owner::Team(id(&ada));
    let other = world.another_program().await;
    let old = other.keyring().key_of(owner).await.unwrap();
    renew(&world.deps, Asked::Team("halden".into())).await;
    let place = Place { table: "t", column: "c", row: Uuid::nil() };
    let sealed = other.keyring().key_of(owner).await.unwrap();
    let sealed = sealed.seal(&*world.random, &place, b"x").unwrap();
    assert!(old.open(&place, &sealed).is_err(), "under a version that it had not read");
    let here = world.deps.keyring().opener(owner, &sealed).await.unwrap().unwrap();
    assert_eq!(*here.open(&place, &sealed).unwrap(), b"x");
}

/// A value under the version before, as somebody writes it who had begun before.
fn late(
    world: &World,
    key: &Arc<DataKey>,
    table: &'static str,
    column: &'static str,
    row: Uuid,
) -> Vec<u8> {
    key.seal(&*world.random, &Place { table, column, row }, b"late").unwrap()
}

#[tokio::test]
async fn what_somebody_writes_meanwhile_is_not_lost() {
    let (world, ada) = furnished().await;
    let old = world.deps.keyring().key_of(Owner::Team(id(&ada))).await.unwrap();
    renew(&world.deps, Asked::Team("halden".into())).await;
    let mut superuser = world.superuser().await;
    let (program, sealed): (Uuid, Vec<u8>) =
        sqlx::query_as("select id, sealed from affiliate_program")
            .fetch_one(&mut superuser)
            .await
            .unwrap();
    // It was opened, and before it is put back another one is written.
    let newer = late(&world, &old, "affiliate_program", "sealed", program);
    run(
        &mut superuser,
        "alter table affiliate_program disable trigger affiliate_program_is_audited",
    )
    .await;
    sqlx::query("update affiliate_program set sealed = $1")
        .bind(&newer)
        .execute(&mut superuser)
        .await
        .unwrap();
    let mut job = as_task(&world, "keyring.renew").await;
    let put = "select app.reseal('team', $1, 'affiliate_program.sealed', $2, $3, $4)";
    let put = sqlx::query_scalar::<_, bool>(put).bind(id(&ada).0).bind(program.to_string());
    assert!(!put.bind(&sealed).bind(b"stale".as_slice()).fetch_one(&mut job).await.unwrap());
    let there: Vec<u8> = sqlx::query_scalar("select sealed from affiliate_program")
        .fetch_one(&mut superuser)
        .await
        .unwrap();
    assert_eq!(there, newer);
    // The task finds that one, too, and only then is nothing left.
    let all = run_all(&world.deps).await;
    assert_eq!((all.under_way, all.remaining), (0, 0));
    let left = under(&mut superuser, old.id()).await;
    assert_eq!(left.keys().collect::<Vec<_>>(), [&"audit_event.sealed"]);

    // Even what was written after that keeps its version, and is sealed anew.
    let newer = late(&world, &old, "affiliate_program", "sealed", program);
    sqlx::query("update affiliate_program set sealed = $1")
        .bind(&newer)
        .execute(&mut superuser)
        .await
        .unwrap();
    world.clock.advance(RESTS);
    run_all(&world.deps).await;
    let key = world.another_keyring().find(Owner::Team(id(&ada))).await.unwrap().unwrap();
    let there: Vec<u8> = sqlx::query_scalar("select sealed from affiliate_program")
        .fetch_one(&mut superuser)
        .await
        .unwrap();
    assert_ne!(there, newer);
    let place = Place { table: "affiliate_program", column: "sealed", row: program };
    assert_eq!(*key.open(&place, &there).unwrap(), b"late");
}

/// A bare connection as this task.
async fn as_task(world: &World, task: &str) -> PgConnection {
    use sqlx::Connection;
    let mut job = PgConnection::connect_with(&world.options("probity_job")).await.unwrap();
    run(&mut job, &format!("select set_config('app.task', '{task}', false)")).await;
    job
}

#[tokio::test]
async fn only_the_task_reads_and_puts_back_and_it_changes_nothing_else() {
    let (world, ada) = furnished().await;
    let team = id(&ada);
    let calls = [
        format!("select * from app.sealed_before('team', '{}', '{}', 0, 9)", team.0, Uuid::nil()),
        format!("select app.sealed_left('team', '{}', '{}')", team.0, Uuid::nil()),
        format!("select app.sealed_under('team', '{}', '{}')", team.0, Uuid::nil()),
        format!("select app.reseal('team', '{}', 'api_answer.sealed', '', '', '')", team.0),
    ];
    let mut app = world.raw("probity_app", team, &ada).await;
    run(&mut app, "select set_config('app.task', 'keyring.renew', false)").await;
    let mut other = as_task(&world, "mail.send").await;
    for call in &calls {
        assert!(refusal(&mut app, call).await.starts_with("permission denied"), "{call}");
        let said = refusal(&mut other, call).await;
        assert_eq!(said, "only the task that renews data keys does this", "{call}");
    }
    // What differs in more than sealed values wants its record, also from this task.
    let mut superuser = world.superuser().await;
    run(
        &mut superuser,
        "grant update on affiliate_program to probity_job;
         create policy t on affiliate_program to probity_job using (true)",
    )
    .await;
    let mut job = as_task(&world, "keyring.renew").await;
    let said = refusal(&mut job, "update affiliate_program set name = 'other'").await;
    assert_eq!(said, "a change to affiliate_program without its audit event");
    try_run(&mut job, "update affiliate_program set sealed = 'x'").await.unwrap();
    assert!(
        refusal(&mut other, "update affiliate_program set sealed = 'y'")
            .await
            .contains("without its audit event")
    );
}

#[tokio::test]
async fn two_programs_and_one_that_is_cut_off_come_to_the_same() {
    let (world, ada) = furnished().await;
    let other = world.another_program().await;
    // Asked for, and cut off before the keyring heard of it: the task does that.
    renewal::ask(&world.deps, &Asked::Everybody, REASON).await.unwrap();
    // A run that is dropped in the middle.
    for millis in [1, 5, 20, 60] {
        let run = renewal::renew_due(&world.deps);
        drop(tokio::time::timeout(std::time::Duration::from_millis(millis), run).await);
    }
    let both = tokio::join!(renewal::renew_due(&world.deps), renewal::renew_due(&other));
    both.0.unwrap();
    both.1.unwrap();
    let all = run_all(&other).await;
    assert_eq!((all.under_way, all.waiting, all.remaining, all.stuck), (0, 3, 0, 0), "{all:?}");
    let key = world.another_keyring().find(Owner::Team(id(&ada))).await.unwrap().unwrap();
    assert_eq!(key.earlier().count(), 1, "one version was made");
    assert!(stream::deliver(&other).await.is_ok() && !world.carrier.arrived().is_empty());
}

#[tokio::test]
async fn a_value_that_does_not_open_stays_with_its_version_and_holds_up_no_other() {
    let (world, ada) = furnished().await;
    let old = version(&world, Owner::Team(id(&ada))).await;
    let mut superuser = world.superuser().await;
    run(
        &mut superuser,
        "alter table affiliate_program disable trigger affiliate_program_is_audited",
    )
    .await;
    run(
        &mut superuser,
        "update affiliate_program set sealed = overlay(sealed placing 'x' from 40)",
    )
    .await;
    renew(&world.deps, Asked::Team("halden".into())).await;
    let all = run_all(&world.deps).await;
    assert_eq!((all.under_way, all.remaining, all.stuck), (0, 0, 1), "{all:?}");
    let left = under(&mut superuser, old).await;
    assert_eq!(left.get("affiliate_program.sealed"), Some(&1));
    assert_eq!(left.len(), 2, "and records: {left:?}");
    // Also where no record is left.
    run(&mut superuser, "alter table audit_event disable trigger all; delete from audit_event")
        .await;
    world.clock.advance(RESTS + Duration::days(8));
    run_all(&world.deps).await;
    let key = world.another_keyring().find(Owner::Team(id(&ada))).await.unwrap().unwrap();
    assert_eq!(key.earlier().collect::<Vec<_>>(), [old]);
}

#[tokio::test]
async fn a_version_goes_when_its_last_record_does() {
    let (world, ada) = furnished().await;
    let old = version(&world, Owner::Team(id(&ada))).await;
    renew(&world.deps, Asked::Team("halden".into())).await;
    run_all(&world.deps).await;
    world.clock.advance(RESTS);
    let all = run_all(&world.deps).await;
    assert_eq!((all.waiting, all.kept), (1, 1));
    let mut superuser = world.superuser().await;
    let records = "alter table audit_event disable trigger all;
        delete from audit_event where kind = 'team' and actor_kind = 'key'";
    run(&mut superuser, records).await;
    world.clock.advance(Duration::days(8));
    let all = run_all(&world.deps).await;
    assert_eq!((all.waiting, all.kept, all.done), (0, 0, 1));
    let key = world.another_keyring().find(Owner::Team(id(&ada))).await.unwrap().unwrap();
    assert!(key.id() != old && key.earlier().next().is_none());
}

#[tokio::test]
async fn it_is_asked_for_with_a_reason_recorded_and_not_twice_at_once() {
    let (world, ada) = furnished().await;
    let ask = async |asked| renewal::ask(&world.deps, &asked, REASON).await;
    let halden = || Asked::Team("halden".into());
    let without = said(renewal::ask(&world.deps, &halden(), "").await);
    assert!(without.contains("reason"), "{without}");
    assert!(matches!(ask(Asked::Team("other".into())).await, Err(domain::Error::NotFound)));
    assert_eq!(ask(halden()).await.unwrap(), 1);
    let again = said(ask(halden()).await);
    assert_eq!(again, "This data key is being renewed already: see `probity keyring status`.");
    assert_eq!(ask(Asked::Person(operator::Whom("ada@example.com".into()))).await.unwrap(), 1);
    assert_eq!(ask(Asked::Everybody).await.unwrap(), 1, "but for those two");
    let list = audit::list(&ada, Around::default()).await.unwrap();
    let told = list.page.rows.iter().filter(|row| row.action == "keyring.renew").count();
    assert_eq!(told, 2, "in the team's log: of itself, and of somebody in it");

    // It can be stopped, and goes on.
    renewal::begin_all(&world.deps, |_| {}).await.unwrap();
    assert_eq!(renewal::stop(&world.deps).await.unwrap(), 3);
    let all = run_all(&world.deps).await;
    assert_eq!((all.under_way, all.stopped, all.resealed), (3, 3, 0));
    assert_eq!(renewal::go_on(&world.deps).await.unwrap(), 3);
    let all = run_all(&world.deps).await;
    assert_eq!((all.under_way, all.stopped), (0, 0));
    ask(halden()).await.unwrap();
}

#[tokio::test]
async fn the_key_of_a_deleted_team_is_not_made_again_by_a_renewal() {
    let (world, ada) = furnished().await;
    let owner = Owner::Team(id(&ada));
    renewal::ask(&world.deps, &Asked::Team("halden".into()), REASON).await.unwrap();
    world.deps.keyring().destroy_for_good(owner).await.unwrap();
    renewal::begin_all(&world.deps, |_| {}).await.unwrap();
    assert!(world.another_keyring().find(owner).await.unwrap().is_none());
    assert!(world.another_keyring().key_of(owner).await.is_err());
    assert_eq!(run_all(&world.deps).await.under_way, 0, "nothing is left to be done");
}

#[tokio::test]
async fn addresses_are_found_before_while_and_after_blocks_are_made_anew() {
    let world = World::new().await;
    let ada = crate::audit_index::furnished(&world).await;
    audit::index_all(&world.deps).await.unwrap();
    let owner = Owner::Team(id(&ada));
    let looked = async || {
        let mut found = Vec::new();
        for q in ["ip:198.51.100.2", "ip:2001:db8::/32", "country:NO"] {
            found.push(crate::audit_index::found(&ada, q).await);
        }
        found
    };
    let mut superuser = world.superuser().await;
    let before = looked().await;
    assert!(before.iter().all(|found| !found.is_empty()));
    renew(&world.deps, Asked::Team("halden".into())).await;
    assert_eq!(looked().await, before, "blocks are of the version before");
    // Half of them are made anew.
    let anew = "select count(*) from audit_block where key_id = $1";
    renewal::renew_due(&world.deps).await.unwrap();
    run(&mut superuser, "update audit_block set key_id = null where block % 2 = 0").await;
    assert_eq!(looked().await, before);
    world.clock.advance(RESTS);
    run_all(&world.deps).await;
    let key = world.another_keyring().find(owner).await.unwrap().unwrap();
    let made: i64 =
        sqlx::query_scalar(anew).bind(key.id()).fetch_one(&mut superuser).await.unwrap();
    let all: i64 = sqlx::query_scalar("select count(*) from audit_block")
        .fetch_one(&mut superuser)
        .await
        .unwrap();
    assert_eq!((made, all > 30), (all, true));
}

#[tokio::test]
async fn the_link_of_a_deletion_outlives_a_renewal_of_the_instance() {
    let (world, ada) = furnished().await;
    let name = team::card(&ada).unwrap().name.clone();
    let form = AskDeletion { team: String::new(), name };
    team::ask_deletion(&ada, &form).await.unwrap();
    world.clock.advance(Duration::days(7));
    team::delete_step(&world.deps, id(&ada)).await.unwrap();
    let link: Vec<u8> = sqlx::query_scalar("select link_hash from deletion")
        .fetch_one(&mut world.superuser().await)
        .await
        .unwrap();
    let old = version(&world, Owner::Instance).await;
    renew(&world.deps, Asked::Instance).await;
    world.clock.advance(RESTS);
    run_all(&world.deps).await;
    let key = world.another_keyring().find(Owner::Instance).await.unwrap().unwrap();
    assert_eq!(key.earlier().collect::<Vec<_>>(), [old], "while a deletion goes on");
    team::delete_due(&world.deps).await.unwrap();
    let letters = world.letters().await;
    let letter = letters.iter().find(|letter| letter.subject.contains("was deleted")).unwrap();
    let token = crate::post::link(letter);
    assert_eq!(domain::crypto::token::hash(&token.into()).as_slice(), link);
    world.clock.advance(Duration::days(8));
    run_all(&world.deps).await;
    let key = world.another_keyring().find(Owner::Instance).await.unwrap().unwrap();
    assert_eq!(key.earlier().count(), 0);
}
