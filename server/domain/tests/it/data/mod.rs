//! All of a team in one file: what is in it, and what is not.

mod exporting;
mod importing;
mod personal;

use crate::{
    permissions::new_key,
    rules::{form, programs::made},
    support::{World, run},
};
use domain::{Cx, data::export, invitation, key, rule, security, team};
use futures::TryStreamExt;
use model::{
    DataExportId, Role,
    audit::{ExportState, SaveSearch, Whose},
    data::{Bundle, DataExportRow, MANIFEST, StartDataExport},
    invitation::Invite,
    key::{NewKey, RotateKey},
    ledger::{Hash, Signed},
    rule::RuleForm,
    security::SetDomains,
};
use sha2::{Digest, Sha256};
use std::{
    collections::BTreeMap,
    io::{Cursor, Read},
    time::Duration,
};

/// The files of an archive.
pub(crate) type Files = BTreeMap<String, Vec<u8>>;

/// With hashes of keys, or without.
pub(crate) fn asked(hashes: &str) -> StartDataExport {
    StartDataExport { team: String::new(), hashes: hashes.to_owned() }
}

pub(crate) async fn row(cx: &Cx, id: DataExportId) -> DataExportRow {
    export::find(cx, id, "").await.unwrap().unwrap().row
}

/// How it ends.
pub(crate) async fn ended(cx: &Cx, id: DataExportId) -> DataExportRow {
    for _ in 0..1000 {
        let row = row(cx, id).await;
        if !row.state.is_open() {
            return row;
        }
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
    panic!("an export that does not end");
}

/// The archive of an export that is made now.
pub(crate) async fn archive(cx: &Cx, hashes: &str) -> Vec<u8> {
    let id = export::start(cx, &asked(hashes)).await.unwrap();
    let row = ended(cx, id).await;
    assert_eq!((row.state, row.failed.as_str()), (ExportState::Ready, ""));
    assert_eq!(row.done, row.total);
    let link = export::link(cx, id).await.unwrap();
    let (length, parts) = export::open(cx, id, &link.token, &row.name).await.unwrap();
    let file = parts.try_collect::<Vec<_>>().await.unwrap().concat();
    assert_eq!((length, row.bytes), (file.len() as u64, file.len() as i64));
    assert_eq!(row.sha256, Hash(Sha256::digest(&file).into()).to_string());
    file
}

pub(crate) fn unpacked(archive: &[u8]) -> Files {
    let mut zip = zip::ZipArchive::new(Cursor::new(archive)).unwrap();
    let mut files = Files::new();
    for at in 0..zip.len() {
        let mut file = zip.by_index(at).unwrap();
        let mut bytes = Vec::new();
        file.read_to_end(&mut bytes).unwrap();
        files.insert(file.name().to_owned(), bytes);
    }
    files
}

/// What its manifest says, which is signed.
pub(crate) fn bundle(files: &Files) -> Bundle {
    let signed: Signed<Bundle> = serde_json::from_slice(&files[MANIFEST]).unwrap();
    signed.open().unwrap()
}

/// A team with something of everything.
pub(crate) async fn furnished(world: &World) -> Cx {
    let team = world.team(&world.person("Ada Lind").await, "Halden & Søn").await;
    world.member(&team, Role::Admin).await;
    let half = world.role(&team, "Half", "team.view audit.export").await;
    world.holder(&team, &half).await;
    let invite = Invite {
        emails: "new@example.com".to_owned(),
        role: "viewer".to_owned(),
        message: "Come in".to_owned(),
        ..Invite::default()
    };
    invitation::send(&team, invite).await.unwrap();
    let form_of = |name: &str| NewKey { name: name.to_owned(), ..new_key() };
    let rotated = key::create(&team, form_of("=cmd|' /C calc'!A0")).await.unwrap();
    let rotate = RotateKey { overlap: "24".to_owned(), ..RotateKey::default() };
    key::rotate(&team, rotated.id, &rotate).await.unwrap();
    let off = key::create(&team, form_of("off")).await.unwrap();
    key::disable(&team, off.id).await.unwrap();
    let program = made(&team).await;
    let ruled = RuleForm { program: program.to_string(), ..form("red shoes") };
    rule::create(&team, &ruled).await.unwrap();
    rule::create(&team, &form("@SUM(1+1)")).await.unwrap();
    let search = SaveSearch {
        team: String::new(),
        name: "Keys".to_owned(),
        search: "category:keys".to_owned(),
        whose: Whose::Team.name().to_owned(),
    };
    domain::audit::saved::save(&team, &search).await.unwrap();
    let domains = SetDomains { domains: "example.com".to_owned(), ..SetDomains::default() };
    security::set_domains(&team, domains).await.unwrap();
    used(world, &team).await;
    team
}

/// Usage, as the tasks that count would write it, and a stream with a secret.
async fn used(world: &World, cx: &Cx) {
    let id = team::card(cx).unwrap().id.0;
    let mut owner = world.superuser().await;
    for sql in [
        "insert into key_usage (team_id, key_id, hour, code, country, calls)
         select team_id, id, '2026-11-20T07:00Z', 'VALID', 'NO', 7 from api_key",
        "insert into key_quota (team_id, key_id, month, taken)
         select team_id, id, '2026-11-01', 7 from api_key",
        "insert into key_seen (team_id, key_id, last_at, last_ip)
         select team_id, id, '2026-11-20T07:30Z', '198.51.100.7' from api_key",
        "insert into key_address (team_id, key_id, day, address, calls, refused, last_at)
         select team_id, id, '2026-11-20', '198.51.100.7', 7, 1, '2026-11-20T07:30Z' from api_key",
    ] {
        run(&mut owner, &format!("{sql} where team_id = '{id}' on conflict do nothing")).await;
    }
    run(&mut owner, "alter table audit_stream disable trigger user").await;
    run(
        &mut owner,
        &format!(
            "insert into audit_stream (team_id, id, name, kind, shown, sealed, secret, person_id,
                                       made_at, start_at, started_at, next_try, state)
             values ('{id}', gen_random_uuid(), 'SIEM', 'https', 'siem.example.com',
                     'sealed-canary', 'stream-secret-canary', '{}', now(), 0, now(), now(), 'paused')",
            cx.person().unwrap().0
        ),
    )
    .await;
    run(&mut owner, "alter table audit_stream enable trigger user").await;
}
