//! Exports of the log, and the check of their files, which knows nothing but the files.

use crate::{
    permissions::new_key,
    support::{World, run},
};
use domain::{Cx, Error, audit, audit::export, crypto::Owner, key, member};
use futures::{StreamExt, TryStreamExt};
use model::{
    ExportId, Role,
    audit::{AuditQuery, ExportRow, ExportState, StartExport},
    ledger::{Evidence, Fault, Report, Verifier},
};
use object_store::{ObjectStore, ObjectStoreExt, PutPayload};
use std::time::Duration;

pub(crate) fn asked(format: &str, search: &str) -> StartExport {
    StartExport { team: String::new(), search: search.to_owned(), format: format.to_owned() }
}

async fn row(cx: &Cx, id: ExportId) -> ExportRow {
    export::find(cx, id, "").await.unwrap().unwrap().row
}

/// How it ends.
async fn ended(cx: &Cx, id: ExportId) -> ExportRow {
    for _ in 0..500 {
        let row = row(cx, id).await;
        if !row.state.is_open() {
            return row;
        }
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
    panic!("an export that does not end");
}

/// The two files of an export.
pub(crate) async fn files(cx: &Cx, id: ExportId) -> (Vec<u8>, String) {
    let row = ended(cx, id).await;
    assert_eq!((row.state, row.failed.as_str()), (ExportState::Ready, ""));
    let link = export::link(cx, id).await.unwrap();
    let mut files = Vec::new();
    for name in [row.name.clone(), row.manifest_name()] {
        let (length, parts) = export::open(cx, id, &link.token, &name).await.unwrap();
        let file = parts.try_collect::<Vec<_>>().await.unwrap().concat();
        assert_eq!(length, file.len() as u64);
        files.push(file);
    }
    let manifest = String::from_utf8(files.pop().unwrap()).unwrap();
    (files.pop().unwrap(), manifest)
}

pub(crate) fn report(file: &[u8], manifest: &str) -> Report {
    let mut evidence = Evidence::new(None);
    evidence.read(manifest);
    let mut verifier = Verifier::new(evidence);
    verifier.read(file);
    verifier.finish()
}

async fn furnished(keys: usize) -> (World, Cx) {
    let world = World::new().await;
    let team = world.team(&world.person("Ada Lind").await, "Halden").await;
    for _ in 0..keys {
        key::create(&team, new_key()).await.unwrap();
    }
    (world, team)
}

#[tokio::test]
async fn an_export_is_proven_by_its_files_in_both_forms() {
    let (_world, team) = furnished(5).await;
    for format in ["jsonl", "csv"] {
        let id = export::start(&team, &asked(format, "")).await.unwrap();
        let (file, manifest) = files(&team, id).await;
        let found = report(&file, &manifest);
        assert_eq!(found.faults, [], "{format}");
        assert!(found.is_proven());
        assert_eq!((found.of.as_str(), found.first), ("Halden", Some(1)));
        assert_eq!(found.checkpoints_met, 1, "the last record was signed for as well");
        let text = String::from_utf8(file).unwrap();
        assert!(text.contains("Ada Lind") && text.contains("Test/1"), "{text}");
        assert!(text.contains("audit.export"), "it is in its own file");

        // One byte is enough.
        let tampered = text.replacen("Test/1", "Test/2", 1);
        assert_eq!(report(tampered.as_bytes(), &manifest).faults, [Fault::OtherFile]);
        let tampered = text.replacen("key.create", "key.revoke", 1);
        assert_ne!(report(tampered.as_bytes(), &manifest).faults, []);
    }
}

#[tokio::test]
async fn a_search_is_exported_as_the_page_finds_it() {
    let (_world, team) = furnished(5).await;
    let id = export::start(&team, &asked("jsonl", "action:key.*")).await.unwrap();
    let (file, manifest) = files(&team, id).await;
    let found = report(&file, &manifest);
    assert!(found.is_proven(), "{found:?}");
    let query = AuditQuery { q: "action:key.*".to_owned(), ..AuditQuery::default() };
    let shown = audit::search(&team, query).await.unwrap().page.rows.len();
    assert_eq!(found.rows, shown as u64);
    assert_eq!(found.search, "action:key.*");
    let row = row(&team, id).await;
    assert_eq!((row.rows, row.bytes), (5, file.len() as i64));
    assert_eq!((row.done_to, row.up_to), (7, 7));

    let wrong = export::start(&team, &asked("xml", "actor:")).await;
    let Err(Error::Invalid(errors)) = wrong else { panic!("{wrong:?}") };
    assert_eq!(
        errors.iter().map(|error| error.field.as_str()).collect::<Vec<_>>(),
        ["search", "format"]
    );
    assert_eq!(export::list(&team).await.unwrap().rows.len(), 1);
}

#[tokio::test]
async fn a_ledger_that_was_tampered_with_is_exported_and_its_check_says_where() {
    let (world, team) = furnished(5).await;
    audit::prove(&world.deps).await.unwrap();
    let mut owner = world.superuser().await;
    run(&mut owner, "alter table audit_event disable trigger all").await;
    run(
        &mut owner,
        "update audit_event set record = '\\x00ff', sealed = null where kind = 'team' and seq = 3",
    )
    .await;
    for format in ["jsonl", "csv"] {
        let id = export::start(&team, &asked(format, "")).await.unwrap();
        let (file, manifest) = files(&team, id).await;
        assert_eq!(report(&file, &manifest).faults, [Fault::Altered { seq: 3 }], "{format}");
    }
    run(&mut owner, "delete from audit_event where kind = 'team' and seq = 3").await;
    let id = export::start(&team, &asked("jsonl", "")).await.unwrap();
    let (file, manifest) = files(&team, id).await;
    assert_eq!(report(&file, &manifest).faults, [Fault::Missing { from: 3, to: 3 }]);
}

#[tokio::test]
async fn only_who_holds_it_exports_and_a_link_is_of_one_export_and_ten_minutes() {
    let (world, team) = furnished(1).await;
    let admin = world.member(&team, Role::Admin).await;
    let id = export::start(&admin, &asked("csv", "")).await.unwrap();
    let row = ended(&team, id).await;
    assert_eq!(row.state, ExportState::Ready);
    for role in [Role::Member, Role::Viewer] {
        let cx = world.member(&team, role).await;
        assert!(matches!(export::start(&cx, &asked("csv", "")).await, Err(Error::Forbidden(_))));
        assert!(matches!(export::list(&cx).await, Err(Error::Forbidden(_))));
        assert!(matches!(export::find(&cx, id, "").await, Err(Error::Forbidden(_))));
        assert!(matches!(export::link(&cx, id).await, Err(Error::Forbidden(_))));
        assert!(matches!(export::cancel(&cx, id).await, Err(Error::Forbidden(_))));
        let link = export::link(&team, id).await.unwrap();
        let opened = export::open(&cx, id, &link.token, &row.name).await;
        assert!(matches!(opened.err(), Some(Error::Forbidden(_))));
    }
    // Who may export and not see the whole log is given no way around that.
    let half = world.role(&team, "Half", "team.view audit.export").await;
    let half = world.holder(&team, &half).await;
    assert!(export::list(&half).await.is_ok());
    assert!(matches!(export::start(&half, &asked("csv", "")).await, Err(Error::Forbidden(_))));
    let stranger = world.team(&world.person("Mallory").await, "Mal").await;
    let link = export::link(&team, id).await.unwrap();
    assert!(matches!(export::link(&stranger, id).await, Err(Error::NotFound)));
    assert!(matches!(
        export::open(&stranger, id, &link.token, &row.name).await.err(),
        Some(Error::Conflict(_))
    ));
    assert_eq!(export::find(&stranger, id, "").await.unwrap(), None);
    assert!(matches!(export::cancel(&stranger, id).await, Err(Error::NotFound)));

    let other = export::start(&team, &asked("csv", "")).await.unwrap();
    ended(&team, other).await;
    let of_other = export::link(&team, other).await.unwrap();
    for token in ["", "00", &of_other.token, &link.token.replace(&link.token[60..62], "zz")] {
        let opened = export::open(&team, id, token, &row.name).await;
        assert!(matches!(opened.err(), Some(Error::Conflict(_))), "{token}");
    }
    for name in ["../x", "master.key", ""] {
        let opened = export::open(&team, id, &link.token, name).await;
        assert!(matches!(opened.err(), Some(Error::NotFound)), "{name}");
    }
    assert!(export::open(&team, id, &link.token, &row.name).await.is_ok());
    let taken = AuditQuery { q: "action:audit.download".to_owned(), ..AuditQuery::default() };
    assert_eq!(audit::search(&team, taken).await.unwrap().page.rows.len(), 4);
    world.clock.advance(time::Duration::minutes(10));
    let opened = export::open(&team, id, &link.token, &row.name).await;
    assert!(matches!(opened.err(), Some(Error::Conflict(_))), "ten minutes are over");
    assert!(matches!(export::link(&team, id).await, Err(Error::Unconfirmed { .. })));
}

#[tokio::test]
async fn three_are_under_way_at_most_and_whoever_cancels_one_leaves_no_file() {
    let (world, team) = furnished(1).await;
    // Nobody's turn comes.
    let held = world.deps.hold_exports().await;
    let mut ids = Vec::new();
    for _ in 0..3 {
        ids.push(export::start(&team, &asked("jsonl", "")).await.unwrap());
    }
    let fourth = export::start(&team, &asked("jsonl", "")).await;
    assert!(matches!(fourth, Err(Error::Conflict(_))), "{fourth:?}");
    assert!(matches!(export::link(&team, ids[0]).await, Err(Error::Conflict(_))));
    export::cancel(&team, ids[0]).await.unwrap();
    assert!(matches!(export::cancel(&team, ids[0]).await, Err(Error::Conflict(_))));
    let told = AuditQuery { q: "action:audit.cancel".to_owned(), ..AuditQuery::default() };
    assert_eq!(audit::search(&team, told).await.unwrap().page.rows.len(), 1);
    drop(held);
    assert_eq!(ended(&team, ids[1]).await.state, ExportState::Ready);
    assert_eq!(ended(&team, ids[2]).await.state, ExportState::Ready);
    assert_eq!(row(&team, ids[0]).await.state, ExportState::Cancelled);
    assert_eq!(stored(&world).await.len(), 4, "two files for each that was not cancelled");
}

async fn stored(world: &World) -> Vec<object_store::path::Path> {
    world.exports.list(None).map(|file| file.unwrap().location).collect().await
}

#[tokio::test]
async fn who_may_no_longer_see_the_log_gets_no_half_of_it() {
    let (world, team) = furnished(3).await;
    let admin = world.member(&team, Role::Admin).await;
    let held = world.deps.hold_exports().await;
    let id = export::start(&admin, &asked("jsonl", "")).await.unwrap();
    member::change_role(&team, admin.person().unwrap(), Role::Viewer).await.unwrap();
    drop(held);
    let row = ended(&team, id).await;
    assert_eq!(row.state, ExportState::Failed);
    assert_eq!(row.failed, "Who asked for it may not export the log any more.");
    assert_eq!(stored(&world).await, []);
}

#[tokio::test]
async fn what_lies_in_the_store_tells_nothing_and_cannot_be_exchanged() {
    let (world, team) = furnished(50).await;
    for _ in 0..5 {
        world.clock.advance(time::Duration::minutes(1));
        for _ in 0..10 {
            key::create(&team, new_key()).await.unwrap();
        }
    }
    let id = export::start(&team, &asked("jsonl", "")).await.unwrap();
    let (file, _) = files(&team, id).await;
    assert!(file.len() > 1 << 16, "of several parts");
    let row = row(&team, id).await;
    let link = export::link(&team, id).await.unwrap();
    let path =
        stored(&world).await.into_iter().find(|path| path.as_ref().ends_with(".jsonl")).unwrap();
    let whole = world.exports.get(&path).await.unwrap().bytes().await.unwrap();
    let text = String::from_utf8_lossy(&whole);
    assert!(!text.contains("key.create") && !text.contains("Test/1"));

    // The length before a part and the part.
    let first = 4 + u32::from_be_bytes(whole[..4].try_into().unwrap()) as usize;
    let attacks: [Vec<u8>; 4] = [
        whole[first..].to_vec(),
        whole[..first].to_vec(),
        [&whole[first..], &whole[..first]].concat(),
        [&whole[..40], &[whole[40] ^ 1], &whole[41..]].concat(),
    ];
    for attack in attacks {
        world.exports.put(&path, PutPayload::from(attack)).await.unwrap();
        let (_, parts) = export::open(&team, id, &link.token, &row.name).await.unwrap();
        assert!(parts.try_collect::<Vec<_>>().await.is_err());
    }
    world.exports.put(&path, PutPayload::from(whole)).await.unwrap();
    world.deps.keyring().destroy(Owner::Team(domain::team::card(&team).unwrap().id)).await.unwrap();
    assert!(
        export::open(&team, id, &link.token, &row.name).await.is_err(),
        "erased with the team's key"
    );
}

#[tokio::test]
async fn of_one_whose_program_died_behind_its_end_no_file_is_left() {
    let (world, team) = furnished(1).await;
    let id = export::start(&team, &asked("jsonl", "")).await.unwrap();
    assert_eq!(ended(&team, id).await.state, ExportState::Ready);
    let died = "update audit_export set state = 'running'";
    run(&mut world.superuser().await, died).await;
    world.clock.advance(time::Duration::minutes(6));
    export::sweep(&world.deps).await.unwrap();
    assert_eq!(row(&team, id).await.state, ExportState::Failed);
    assert_eq!(stored(&world).await, []);
}

#[tokio::test]
async fn a_day_later_it_is_gone_and_what_nobody_writes_has_failed() {
    let (world, team) = furnished(1).await;
    let held = world.deps.hold_exports().await;
    let waiting = export::start(&team, &asked("jsonl", "")).await.unwrap();
    world.clock.advance(time::Duration::minutes(6));
    export::sweep(&world.deps).await.unwrap();
    let found = row(&team, waiting).await;
    assert_eq!(found.state, ExportState::Failed);
    assert_eq!(found.failed, "Probity was stopped while it was written. Start it again.");
    drop(held);
    let id = export::start(&team, &asked("jsonl", "")).await.unwrap();
    assert_eq!(ended(&team, id).await.state, ExportState::Ready);
    assert_eq!(row(&team, waiting).await.state, ExportState::Failed, "nor does it come back");
    assert_eq!(stored(&world).await.len(), 2);
    let mut owner = world.superuser().await;
    run(&mut owner, "update audit_export set made_at = made_at - interval '1 year'").await;
    export::sweep(&world.deps).await.unwrap();
    assert_eq!(export::list(&team).await.unwrap().rows, []);
    assert_eq!(stored(&world).await, []);
}
