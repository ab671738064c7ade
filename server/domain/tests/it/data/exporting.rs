//! Exports of everything: what is in the archive, who gets it, and when it is gone.

use super::{Files, archive, asked, bundle, ended, furnished, row, unpacked};
use crate::{
    audit_export::report,
    permissions::new_key,
    support::{World, refusal, run},
};
use domain::{
    Cx, Error, account, audit,
    crypto::Owner,
    data::{self, export},
    key, member,
};
use futures::{StreamExt, TryStreamExt};
use model::{
    Role,
    audit::{AuditQuery, ExportState},
    data::{KINDS, LEFT_OUT, MANIFEST},
    ledger::Hash,
};
use object_store::{ObjectStore, ObjectStoreExt};
use secrecy::ExposeSecret;
use sha2::{Digest, Sha256};
use std::collections::BTreeSet;

fn text<'a>(files: &'a Files, name: &str) -> &'a str {
    std::str::from_utf8(&files[name]).unwrap()
}

async fn recorded(cx: &Cx, action: &str) -> usize {
    let query = AuditQuery { q: format!("action:{action}"), ..AuditQuery::default() };
    audit::search(cx, query).await.unwrap().page.rows.len()
}

#[tokio::test]
async fn every_file_is_as_the_signed_manifest_and_its_schema_say() {
    let world = World::new().await;
    let team = furnished(&world).await;
    let files = unpacked(&archive(&team, "no").await);
    let bundle = bundle(&files);
    assert_eq!((bundle.name.as_str(), bundle.has_hashes), ("Halden & Søn", false));
    let mut listed: BTreeSet<&str> = bundle.files.iter().map(|file| file.name.as_str()).collect();
    listed.insert(MANIFEST);
    let there: BTreeSet<&str> = files.keys().map(String::as_str).collect();
    assert_eq!(listed, there);
    for entry in &bundle.files {
        let file = &files[&entry.name];
        assert_eq!(entry.bytes, file.len() as u64, "{}", entry.name);
        assert_eq!(entry.sha256, Hash(Sha256::digest(file).into()), "{}", entry.name);
    }
    for kind in KINDS {
        let lines: Vec<&str> = text(&files, &format!("{}.jsonl", kind.name)).lines().collect();
        for line in &lines {
            kind.read(line).unwrap_or_else(|why| panic!("{} {why}: {line}", kind.name));
        }
        assert!(!lines.is_empty(), "{}: the test has none of them", kind.name);
        let rows = |end: &str| {
            let name = format!("{}.{end}", kind.name);
            bundle.files.iter().find(|file| file.name == name).unwrap().rows
        };
        assert_eq!(
            (rows("jsonl"), rows("csv")),
            (Some(lines.len() as u64), Some(lines.len() as u64))
        );
        assert_eq!(text(&files, &format!("schema/{}.json", kind.name)), kind.schema());
    }
    assert!(text(&files, "README.html").contains("Halden &amp; Søn"));
    let found = report(&files["audit.jsonl"], text(&files, "audit.jsonl.manifest.json"));
    assert!(found.is_proven(), "{found:?}");
    assert_eq!(report(&files["audit.csv"], "").faults.len(), 0);
    assert_eq!((found.first, found.checkpoints_met), (Some(1), 1));
}

#[tokio::test]
async fn no_cell_is_a_formula() {
    let world = World::new().await;
    let team = furnished(&world).await;
    let files = unpacked(&archive(&team, "no").await);
    assert!(text(&files, "keys.csv").contains("\"'=cmd|' /C calc'!A0\""));
    assert!(text(&files, "keys.jsonl").contains("\"=cmd|' /C calc'!A0\""));
    assert!(text(&files, "rules.csv").contains("\"'@SUM(1+1)\""));
    for (name, file) in files.iter().filter(|(name, _)| name.ends_with(".csv")) {
        let text = String::from_utf8(file.clone()).unwrap();
        for formula in ["\"=", "\"+", "\"-", "\"@"] {
            assert!(!text.contains(&format!(",{formula}")), "{name}: {formula}");
        }
    }
}

#[tokio::test]
async fn secrets_are_nowhere_in_it_and_hashes_only_where_they_were_chosen() {
    let world = World::new().await;
    let team = furnished(&world).await;
    let made = key::create(&team, new_key()).await.unwrap();
    let mut owner = world.superuser().await;
    let hash: String = sqlx::query_scalar(
        "select encode(secret_hash, 'hex') from api_key order by created_at desc, id desc limit 1",
    )
    .fetch_one(&mut owner)
    .await
    .unwrap();
    let others: Vec<String> = sqlx::query_scalar(
        "select password_hash from credential union select encode(id_hash, 'hex') from session
         union select encode(mailed_hash, 'hex') from invitation",
    )
    .fetch_all(&mut owner)
    .await
    .unwrap();
    let secret = made.secret.clone();
    let mut never = vec![secret, "ada-21".to_owned(), "stream-secret-canary".to_owned()];
    never.extend(["sealed-canary".to_owned(), hex("stream-secret-canary"), hex("ada-21")]);
    never.extend(others);
    for hashes in ["no", "yes"] {
        let files = unpacked(&archive(&team, hashes).await);
        for (name, file) in &files {
            let text = String::from_utf8_lossy(file);
            for secret in &never {
                assert!(!text.contains(secret.as_str()), "{secret} in {name}");
            }
            let may = hashes == "yes" && name.starts_with("keys.");
            assert_eq!(text.contains(&hash), may, "{hashes} {name}");
        }
    }
}

fn hex(text: &str) -> String {
    model::hex::hex(text.as_bytes())
}

#[tokio::test]
async fn hashes_are_read_by_an_export_that_was_asked_for_with_them_and_by_nobody_else() {
    let world = World::new().await;
    let team = furnished(&world).await;
    let held = world.deps.hold_exports().await;
    let id = export::start(&team, &asked("no")).await.unwrap();
    let mut owner = world.superuser().await;
    run(&mut owner, "update team_export set state = 'running'").await;
    let team_id = domain::team::card(&team).unwrap().id;
    let mut raw = world.raw("probity_app", team_id, &team).await;
    let asks = format!("select * from app.exported_hashes('{}')", id.0);
    let refused = "hashes leave with an export that was asked for with them";
    assert_eq!(refusal(&mut raw, &asks).await, refused, "without hashes");
    run(&mut owner, "update team_export set has_hashes = true").await;
    run(&mut raw, &asks).await;
    let admin = world.member(&team, Role::Admin).await;
    let mut other = world.raw("probity_app", team_id, &admin).await;
    assert_eq!(refusal(&mut other, &asks).await, refused, "an admin");
    run(&mut owner, "update team_export set state = 'ready'").await;
    assert_eq!(refusal(&mut raw, &asks).await, refused, "it has ended");
    drop(held);
}

#[tokio::test]
async fn only_who_sees_all_of_it_exports_it() {
    let world = World::new().await;
    let team = furnished(&world).await;
    for role in [Role::Admin, Role::Member, Role::Viewer] {
        let cx = world.member(&team, role).await;
        let id = export::start(&cx, &asked("no")).await;
        assert!(matches!(id, Err(Error::Forbidden(_))), "{role:?}");
        assert!(matches!(data::page(&cx).await, Err(Error::Forbidden(_))));
    }
    // Whoever holds the permission, and does not see everything, is given no way around that.
    let half = world.role(&team, "Half of it", "team.view data.export members.view").await;
    let half = world.holder(&team, &half).await;
    assert!(matches!(export::start(&half, &asked("no")).await, Err(Error::Forbidden(_))));
    assert!(data::page(&half).await.is_ok());
    world.clock.advance(time::Duration::minutes(11));
    assert!(matches!(export::start(&team, &asked("no")).await, Err(Error::Unconfirmed { .. })));
    assert_eq!(recorded(&team, "data.export").await, 0);
}

#[tokio::test]
async fn a_link_is_of_one_session_and_ten_minutes() {
    let world = World::new().await;
    let team = furnished(&world).await;
    let id = export::start(&team, &asked("no")).await.unwrap();
    let row = ended(&team, id).await;
    let link = export::link(&team, id).await.unwrap();
    assert!(export::open(&team, id, &link.token, &row.name).await.is_ok());
    assert_eq!(
        export::find(&team, id, &link.token).await.unwrap().unwrap().link,
        Some(link.clone())
    );
    // The same owner elsewhere.
    let elsewhere = world.again(&team, &team).await;
    let opened = export::open(&elsewhere, id, &link.token, &row.name).await;
    let Some(Error::Conflict(said)) = opened.err() else { panic!() };
    assert!(said.starts_with("This link does not work here"), "{said}");
    assert_eq!(export::find(&elsewhere, id, &link.token).await.unwrap().unwrap().link, None);
    for name in ["../x", "manifest.json", ""] {
        let opened = export::open(&team, id, &link.token, name).await;
        assert!(matches!(opened.err(), Some(Error::NotFound)), "{name}");
    }
    let stranger = world.team(&world.person("Mallory").await, "Mal").await;
    assert!(matches!(export::link(&stranger, id).await, Err(Error::NotFound)));
    assert!(export::open(&stranger, id, &link.token, &row.name).await.is_err());
    assert_eq!(export::find(&stranger, id, "").await.unwrap(), None);
    assert!(matches!(export::cancel(&stranger, id).await, Err(Error::NotFound)));
    assert_eq!(recorded(&team, "data.download").await, 1);
    world.clock.advance(time::Duration::minutes(10));
    let opened = export::open(&team, id, &link.token, &row.name).await;
    assert!(matches!(opened.err(), Some(Error::Conflict(_))), "ten minutes are over");
    assert!(matches!(export::link(&team, id).await, Err(Error::Unconfirmed { .. })));
}

#[tokio::test]
async fn one_is_under_way_at_most_and_whoever_cancels_it_leaves_no_file() {
    let world = World::new().await;
    let team = furnished(&world).await;
    let held = world.deps.hold_exports().await;
    let form = asked("no");
    let (one, two) = tokio::join!(export::start(&team, &form), export::start(&team, &form));
    assert_eq!(one.is_ok() as u8 + two.is_ok() as u8, 1, "of two at once");
    let id = one.or(two).unwrap();
    assert!(matches!(export::link(&team, id).await, Err(Error::Conflict(_))));
    export::cancel(&team, id).await.unwrap();
    assert!(matches!(export::cancel(&team, id).await, Err(Error::Conflict(_))));
    assert_eq!(recorded(&team, "data.cancel").await, 1);
    drop(held);
    let next = export::start(&team, &form).await.unwrap();
    assert_eq!(ended(&team, next).await.state, ExportState::Ready);
    assert_eq!(row(&team, id).await.state, ExportState::Cancelled);
    assert_eq!(stored(&world).await.len(), 1);
}

async fn stored(world: &World) -> Vec<object_store::path::Path> {
    world.exports.list(None).map(|file| file.unwrap().location).collect().await
}

#[tokio::test]
async fn who_may_no_longer_see_all_of_it_or_signs_out_gets_nothing() {
    let world = World::new().await;
    let team = furnished(&world).await;
    let second = world.member(&team, Role::Owner).await;
    let held = world.deps.hold_exports().await;
    let id = export::start(&second, &asked("no")).await.unwrap();
    member::change_role(&team, second.person().unwrap(), Role::Admin).await.unwrap();
    drop(held);
    let why = "Who asked for it may not export the team's data any more, or has signed out.";
    assert_eq!(
        (ended(&team, id).await.state, row(&team, id).await.failed),
        (ExportState::Failed, why.into())
    );
    let again = world.again(&team, &team).await;
    let held = world.deps.hold_exports().await;
    let id = export::start(&again, &asked("no")).await.unwrap();
    account::sign_out(&again).await.unwrap();
    drop(held);
    assert_eq!(ended(&team, id).await.failed, why);
    assert_eq!(stored(&world).await, []);
}

#[tokio::test]
async fn a_letter_tells_that_it_is_ready() {
    let world = World::new().await;
    let team = furnished(&world).await;
    let id = export::start(&team, &asked("no")).await.unwrap();
    ended(&team, id).await;
    let letters = world.letters().await;
    let letter = letters.iter().find(|letter| letter.subject == "Your export is ready").unwrap();
    assert_eq!(letter.to, "ada.lind@example.com");
    assert!(letter.text.expose_secret().contains(&format!("/data/{id}")));
}

#[tokio::test]
async fn what_lies_in_the_store_tells_nothing_and_goes_with_the_teams_key() {
    let world = World::new().await;
    let team = furnished(&world).await;
    let id = export::start(&team, &asked("no")).await.unwrap();
    let row = ended(&team, id).await;
    let path = stored(&world).await.remove(0);
    let whole = world.exports.get(&path).await.unwrap().bytes().await.unwrap();
    assert!(!String::from_utf8_lossy(&whole).contains("keys.jsonl"));
    let link = export::link(&team, id).await.unwrap();
    let (_, parts) = export::open(&team, id, &link.token, &row.name).await.unwrap();
    parts.try_collect::<Vec<_>>().await.unwrap();
    let owner = Owner::Team(domain::team::card(&team).unwrap().id);
    world.deps.keyring().destroy(owner).await.unwrap();
    assert!(export::open(&team, id, &link.token, &row.name).await.is_err());
}

#[tokio::test]
async fn of_one_whose_program_died_behind_its_end_no_file_is_left() {
    let world = World::new().await;
    let team = furnished(&world).await;
    let id = export::start(&team, &asked("no")).await.unwrap();
    assert_eq!(ended(&team, id).await.state, ExportState::Ready);
    let died = "update team_export set state = 'running', sum = null";
    run(&mut world.superuser().await, died).await;
    export::sweep(&world.deps).await.unwrap();
    assert_eq!(stored(&world).await.len(), 1, "somebody may still write it");
    world.clock.advance(time::Duration::minutes(6));
    export::sweep(&world.deps).await.unwrap();
    assert_eq!(row(&team, id).await.state, ExportState::Failed);
    assert_eq!(stored(&world).await, []);
}

#[tokio::test]
async fn a_day_later_it_is_destroyed_and_what_nobody_writes_has_failed() {
    let world = World::new().await;
    let team = furnished(&world).await;
    let held = world.deps.hold_exports().await;
    let waiting = export::start(&team, &asked("no")).await.unwrap();
    world.clock.advance(time::Duration::minutes(6));
    export::sweep(&world.deps).await.unwrap();
    let found = row(&team, waiting).await;
    assert_eq!(found.failed, "Probity was stopped while it was written. Start it again.");
    drop(held);
    let id = export::start(&team, &asked("no")).await.unwrap();
    assert_eq!(ended(&team, id).await.state, ExportState::Ready);
    assert_eq!(row(&team, waiting).await.state, ExportState::Failed, "nor does it come back");
    let link = export::link(&team, id).await.unwrap();
    let mut owner = world.superuser().await;
    run(&mut owner, "update team_export set made_at = made_at - interval '1 year'").await;
    // Also before anybody sweeps.
    let opened = export::open(&team, id, &link.token, &row(&team, id).await.name).await;
    assert!(matches!(opened.err(), Some(Error::NotFound)));
    export::sweep(&world.deps).await.unwrap();
    assert_eq!(data::page(&team).await.unwrap().exports, []);
    assert_eq!(stored(&world).await, []);
}

#[tokio::test]
async fn every_table_of_a_team_is_exported_or_has_a_reason_why_not() {
    let world = World::new().await;
    let mut owner = world.superuser().await;
    let tables: Vec<String> = sqlx::query_scalar(
        "select distinct c.relname::text from pg_attribute a join pg_class c on c.oid = a.attrelid
         where c.relnamespace = 'public'::regnamespace and c.relkind = 'r' and a.attname = 'team_id'
         order by 1",
    )
    .fetch_all(&mut owner)
    .await
    .unwrap();
    let exported = KINDS.iter().flat_map(|kind| kind.tables).copied();
    let known: BTreeSet<&str> = exported.chain(LEFT_OUT.iter().map(|(table, _)| *table)).collect();
    let forgotten: Vec<_> = tables.iter().filter(|table| !known.contains(table.as_str())).collect();
    assert!(forgotten.is_empty(), "{forgotten:?}");
}
