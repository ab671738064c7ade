//! An export becomes a team elsewhere, all of it or nothing; and whatever was done to it is told.

use super::{Files, archive, bundle, furnished, unpacked};
use crate::{
    permissions::new_key,
    rules::programs::replaced,
    support::{World, run, said},
};
use domain::{
    Cx, Deps, Error,
    data::import::{self, Import, Imported},
    invitation, key, program, rule, team,
};
use ed25519_dalek::{Signer as _, SigningKey};
use model::{
    Typed,
    data::{Bundle, Entry, KINDS, MANIFEST},
    key::VerifyCode,
    ledger::{Hash, PublicKey, Signed},
    rule::TryRules,
};
use sha2::{Digest, Sha256};
use sqlx::AssertSqlSafe;
use std::{
    io::{Cursor, Write},
    path::PathBuf,
};
use zip::{ZipWriter, write::SimpleFileOptions};

/// A file that is there as long as this is.
struct OnDisk(PathBuf);

impl OnDisk {
    fn of(bytes: &[u8]) -> Self {
        let path = std::env::temp_dir().join(format!("{}.zip", uuid::Uuid::now_v7().simple()));
        std::fs::write(&path, bytes).unwrap();
        Self(path)
    }
}

impl Drop for OnDisk {
    fn drop(&mut self) {
        std::fs::remove_file(&self.0).unwrap();
    }
}

fn zipped<'a>(files: impl IntoIterator<Item = (&'a str, &'a [u8])>) -> Vec<u8> {
    let mut zip = ZipWriter::new(Cursor::new(Vec::new()));
    for (name, bytes) in files {
        zip.start_file(name, SimpleFileOptions::default()).unwrap();
        zip.write_all(bytes).unwrap();
    }
    zip.finish().unwrap().into_inner()
}

fn zipped_all(files: &Files) -> Vec<u8> {
    zipped(files.iter().map(|(name, bytes)| (name.as_str(), bytes.as_slice())))
}

/// These files under a list that is right about them, signed by whoever has a key.
fn signed(mut files: Files, key: &SigningKey) -> Files {
    let mut bundle: Bundle = bundle(&files);
    files.remove(MANIFEST);
    let entry = |(name, bytes): (&String, &Vec<u8>)| Entry {
        name: name.clone(),
        rows: name
            .ends_with("l")
            .then(|| bytes.iter().filter(|byte| **byte == b'\n').count() as u64),
        bytes: bytes.len() as u64,
        sha256: Hash(Sha256::digest(bytes).into()),
    };
    bundle.files = files.iter().map(entry).collect();
    sign(&mut files, &bundle, key);
    files
}

fn sign(files: &mut Files, bundle: &Bundle, key: &SigningKey) {
    let public = PublicKey(key.verifying_key().to_bytes());
    let list = Signed::new(bundle, public, |text| key.sign(text).to_bytes());
    files.insert(MANIFEST.to_owned(), list.line().into_bytes());
}

fn mallory() -> SigningKey {
    SigningKey::from_bytes(&[7; 32])
}

/// People of the export, who have accounts here as well.
async fn same_people(world: &World, files: &Files) {
    for line in String::from_utf8(files["members.jsonl"].clone()).unwrap().lines() {
        let row: serde_json::Value = serde_json::from_str(line).unwrap();
        let name = row["name"].as_str().unwrap().to_owned();
        world.person(&name).await;
    }
}

async fn public(deps: &Deps) -> PublicKey {
    deps.keyring().signer().await.unwrap().public()
}

async fn imported(world: &World, bytes: &[u8], key: Option<PublicKey>) -> domain::Result<Imported> {
    let file = OnDisk::of(bytes);
    let owner = "ada.lind@example.com".to_owned();
    import::import(&world.deps, &file.0, &Import { owner, name: None, key }).await
}

/// The owner in the team that came to be.
async fn inside(world: &World, made: &Imported) -> Cx {
    let ada = world.sign_in("ada.lind@example.com", crate::support::PASSWORD).await.unwrap();
    ada.in_team(&made.slug).await.unwrap()
}

/// What differs for good: people and the team have other ids here.
async fn translated(files: &Files, there: &World, here: &World) -> Files {
    let ids = "select lower(email), id::text from person union all select slug, id::text from team";
    let mut pairs = Vec::new();
    let all = |world| async move {
        let mut conn = World::superuser(world).await;
        sqlx::query_as::<_, (String, String)>(AssertSqlSafe(ids))
            .fetch_all(&mut conn)
            .await
            .unwrap()
    };
    let now = all(here).await;
    for (name, old) in all(there).await {
        if let Some((_, new)) = now.iter().find(|(known, _)| *known == name) {
            pairs.push((old, new.clone()));
        }
    }
    let put = |text: String| pairs.iter().fold(text, |text, (old, new)| text.replace(old, new));
    let text = |bytes: &Vec<u8>| put(String::from_utf8(bytes.clone()).unwrap()).into_bytes();
    files.iter().map(|(name, bytes)| (name.clone(), text(bytes))).collect()
}

#[tokio::test]
async fn export_import_export_is_the_same_file_for_file() {
    let (there, here) = (World::new().await, World::new().await);
    let team = furnished(&there).await;
    let bytes = archive(&team, "yes").await;
    let first = unpacked(&bytes);
    same_people(&here, &first).await;
    let made = imported(&here, &bytes, Some(public(&there.deps).await)).await.unwrap();
    assert!(made.checked.log.is_proven());
    assert_eq!((made.name.as_str(), made.dead_keys, made.members), ("Halden & Søn", 0, 3));
    let again = inside(&here, &made).await;
    let second = unpacked(&archive(&again, "yes").await);
    let expected = translated(&first, &there, &here).await;
    for kind in KINDS {
        for end in ["jsonl", "csv"] {
            let name = format!("{}.{end}", kind.name);
            let (was, is) = (&expected[&name], &second[&name]);
            match kind.is_restored {
                true => {
                    assert_eq!(String::from_utf8_lossy(was), String::from_utf8_lossy(is), "{name}")
                }
                false if end == "jsonl" => {
                    assert_eq!(
                        first[&name],
                        second[&format!("former/{name}")],
                        "{name} as it came"
                    );
                }
                false => {}
            }
        }
        let schema = format!("schema/{}.json", kind.name);
        assert_eq!(first[&schema], second[&schema]);
    }
    for name in [MANIFEST, "audit.jsonl.manifest.json"] {
        assert_eq!(first[name], second[&format!("former/{name}")], "{name} as it came");
    }
    // And once more: what was kept is kept again.
    let third = World::new().await;
    same_people(&third, &second).await;
    let bytes = archive(&again, "yes").await;
    let made = imported(&third, &bytes, Some(public(&here.deps).await)).await.unwrap();
    let last = unpacked(&archive(&inside(&third, &made).await, "no").await);
    assert_eq!(first["audit.jsonl"], last["former/former/audit.jsonl"]);
}

#[tokio::test]
async fn keys_work_again_where_their_hashes_came_along_and_are_off_where_not() {
    let there = World::new().await;
    let team = furnished(&there).await;
    let secret = key::create(&team, new_key()).await.unwrap().secret;
    for (hashes, code) in [("yes", VerifyCode::Valid), ("no", VerifyCode::NotFound)] {
        let here = World::new().await;
        let bytes = archive(&team, hashes).await;
        same_people(&here, &unpacked(&bytes)).await;
        let made = imported(&here, &bytes, Some(public(&there.deps).await)).await.unwrap();
        let (cx, secret, ask) = (here.anyone(), Typed::new(&secret), key::Ask::default());
        let verdict = key::verify(&cx, &secret, &ask).await.unwrap();
        assert_eq!(verdict.code, code, "{hashes}");
        assert_eq!(made.dead_keys, if hashes == "yes" { 0 } else { 3 });
        let mut owner = here.superuser().await;
        let off: i64 =
            sqlx::query_scalar("select count(*) from api_key where disabled_at is not null")
                .fetch_one(&mut owner)
                .await
                .unwrap();
        assert_eq!(off, if hashes == "yes" { 1 } else { 3 });
        assert_eq!(made.programs, ["Nordly"]);
        let missing = sqlx::query_scalar("select bool_and(key_missing) from affiliate_program");
        let missing: bool = missing.fetch_one(&mut owner).await.unwrap();
        assert!(missing, "pages say so");
    }
}

#[tokio::test]
async fn who_has_no_account_here_is_invited_and_the_owner_is_who_the_operator_names() {
    let (there, here) = (World::new().await, World::new().await);
    let team = furnished(&there).await;
    let bytes = archive(&team, "no").await;
    here.person("Ada Lind").await;
    let made = imported(&here, &bytes, Some(public(&there.deps).await)).await.unwrap();
    assert_eq!((made.members, made.invited), (1, 3), "two members, and who was invited before");
    let ada = inside(&here, &made).await;
    let invitations = invitation::list(&ada).await.unwrap();
    assert_eq!(invitations.rows.len(), 3);
    for row in &invitations.rows {
        invitation::resend(&ada, row.id).await.unwrap();
    }
    let file = OnDisk::of(&bytes);
    let key = Some(public(&there.deps).await);
    for owner in ["nobody@example.com", "new", ""] {
        let wanted = Import { owner: owner.to_owned(), name: None, key };
        let refused = import::import(&here.deps, &file.0, &wanted).await;
        assert!(matches!(refused, Err(Error::Invalid(_))), "{owner}");
    }
    // Its keys are here now: two teams with the same ones would be counted as one.
    let again = said(imported(&here, &bytes, key).await);
    assert!(again.starts_with("Keys of this team are on this Probity already"), "{again}");
}

#[tokio::test]
async fn only_what_is_signed_by_whom_the_operator_names_is_taken() {
    let (there, here) = (World::new().await, World::new().await);
    let team = furnished(&there).await;
    let bytes = archive(&team, "no").await;
    here.person("Ada Lind").await;
    let before = rows(&here).await;
    let key = public(&there.deps).await;
    let unknown = said(imported(&here, &bytes, None).await);
    assert!(unknown.contains(&format!("add --key {key}")), "{unknown}");
    let other = said(imported(&here, &bytes, Some(public(&here.deps).await)).await);
    assert!(other.contains(&format!("It is signed with another key: {key}")), "{other}");
    // Mallory signs a file that is right in itself.
    let forged = zipped_all(&signed(unpacked(&bytes), &mallory()));
    let forged = said(imported(&here, &forged, Some(key)).await);
    assert!(forged.contains("It is signed with another key"), "{forged}");
    assert_eq!(rows(&here).await, before, "and nothing was written");
}

#[tokio::test]
async fn rules_of_a_program_lead_nowhere_until_somebody_sets_its_key() {
    let (there, here) = (World::new().await, World::new().await);
    let team = furnished(&there).await;
    let tried = || TryRules { message: "my red shoes".into(), ..TryRules::default() };
    assert_eq!(rule::try_out(&team, tried()).await.unwrap().len(), 1);
    let bytes = archive(&team, "no").await;
    here.person("Ada Lind").await;
    let made = imported(&here, &bytes, Some(public(&there.deps).await)).await.unwrap();
    let ada = inside(&here, &made).await;
    assert_eq!(rule::try_out(&ada, tried()).await.unwrap().len(), 0);
    let program = program::list(&ada).await.unwrap()[0].id;
    replaced(&ada, program, "ada-22").await.unwrap();
    assert_eq!(rule::try_out(&ada, tried()).await.unwrap().len(), 1);
}

/// How many rows there are of teams, and of what is theirs.
async fn rows(world: &World) -> i64 {
    sqlx::query_scalar(
        "select (select count(*) from team) + (select count(*) from member)
             + (select count(*) from api_key) + (select count(*) from audit_event)
             + (select count(*) from former_file)",
    )
    .fetch_one(&mut world.superuser().await)
    .await
    .unwrap()
}

/// What is said of a file that something was done to.
async fn told(world: &World, bytes: &[u8]) -> String {
    let key = Some(PublicKey(mallory().verifying_key().to_bytes()));
    match imported(world, bytes, key).await {
        Err(Error::Conflict(said)) => said,
        other => panic!("{other:?}"),
    }
}

#[tokio::test]
async fn whatever_was_done_to_a_file_is_told_and_nothing_is_written() {
    let (there, here) = (World::new().await, World::new().await);
    let team = furnished(&there).await;
    here.person("Ada Lind").await;
    let good = signed(unpacked(&archive(&team, "no").await), &mallory());
    let whole = zipped_all(&good);
    let before = rows(&here).await;

    let cut = "This is no zip archive, or its end is missing. Fetch the export again.";
    assert_eq!(told(&here, &whole[..whole.len() - 200]).await, cut);
    assert_eq!(told(&here, b"").await, cut);
    assert_eq!(told(&here, b"PK\x03\x04 and so on").await, cut);
    assert_eq!(
        told(&here, &zipped([("x", b"y".as_slice())])).await,
        "It has no manifest.json that can be read. It is no export of a team."
    );

    // One bit, in what is packed.
    let at = whole.windows(10).position(|bytes| bytes == b"keys.jsonl").unwrap() + 60;
    let mut flipped = whole.clone();
    flipped[at] ^= 1;
    assert!(
        told(&here, &flipped).await.starts_with("keys.jsonl is not the file that was signed for")
    );

    // Lines in another order, and one that is missing.
    for (name, change) in [
        ("rules.jsonl", (|lines| lines.reverse()) as fn(&mut Vec<&str>)),
        ("usage.jsonl", |lines| lines.truncate(1)),
    ] {
        let mut files = good.clone();
        let text = String::from_utf8(files[name].clone()).unwrap();
        let mut lines: Vec<&str> = text.lines().collect();
        change(&mut lines);
        files.insert(name.to_owned(), (lines.join("\n") + "\n").into_bytes());
        let said = told(&here, &zipped_all(&files)).await;
        assert_eq!(said, format!("{name} is not the file that was signed for: it was altered."));
    }

    // A file more, one less, one out of its folder, and a list that was altered.
    let mut more = good.clone();
    more.insert("extra.txt".to_owned(), b"x".to_vec());
    assert_eq!(
        told(&here, &zipped_all(&more)).await,
        "extra.txt is in it, and nobody signed for it."
    );
    let mut less = good.clone();
    less.remove("roles.csv");
    let said = told(&here, &zipped_all(&less)).await;
    assert_eq!(said, "roles.csv is missing in it. Fetch the export again.");
    for slip in ["../../etc/passwd", "/etc/passwd", "a/../b", "c:\\x"] {
        let mut files = good.clone();
        files.insert(slip.to_owned(), b"x".to_vec());
        let said = told(&here, &zipped_all(&signed(files, &mallory()))).await;
        assert!(said.ends_with("is no name of a file of ours."), "{slip}: {said}");
    }
    let mut list = good.clone();
    let text = String::from_utf8(list[MANIFEST].clone()).unwrap();
    list.insert(MANIFEST.to_owned(), text.replacen("Halden", "Malden", 1).into_bytes());
    let said = told(&here, &zipped_all(&list)).await;
    assert_eq!(said, "Its manifest.json was altered: the signature does not fit it.");
    let mut newer = bundle(&good);
    newer.schema = 2;
    let mut files = good.clone();
    sign(&mut files, &newer, &mallory());
    let said = told(&here, &zipped_all(&files)).await;
    assert!(
        said.starts_with("Its files have version 2, and this Probity reads version 1."),
        "{said}"
    );

    assert_eq!(rows(&here).await, before);
}

#[tokio::test]
async fn what_unpacks_to_more_than_was_signed_for_is_not_unpacked() {
    let (there, here) = (World::new().await, World::new().await);
    let team = furnished(&there).await;
    here.person("Ada Lind").await;
    let good = signed(unpacked(&archive(&team, "no").await), &mallory());
    let before = rows(&here).await;
    // A gigabyte of nothing, in some kilobytes.
    let mut zip = ZipWriter::new(Cursor::new(Vec::new()));
    for (name, bytes) in &good {
        zip.start_file(name, SimpleFileOptions::default()).unwrap();
        match name.as_str() {
            "usage.jsonl" => {
                let nothing = vec![0; 1 << 20];
                (0..1024).for_each(|_| zip.write_all(&nothing).unwrap());
            }
            _ => zip.write_all(bytes).unwrap(),
        }
    }
    let bomb = zip.finish().unwrap().into_inner();
    let began = std::time::Instant::now();
    let said = told(&here, &bomb).await;
    assert!(said.contains("usage.jsonl"), "{said}");
    assert!(began.elapsed().as_secs() < 5);
    // Nor when the list says so: more than there can be, and a line that does not end.
    let mut huge = bundle(&good);
    huge.files[0].bytes = u64::MAX;
    let mut files = good.clone();
    sign(&mut files, &huge, &mallory());
    let said = told(&here, &zipped_all(&files)).await;
    assert_eq!(said, "It unpacks to more than a tebibyte. It is no export of ours.");
    let mut endless = good.clone();
    endless.insert("usage.jsonl".to_owned(), vec![b' '; 3 << 20]);
    let said = told(&here, &zipped_all(&signed(endless, &mallory()))).await;
    assert_eq!(said, "Line 1 of usage.jsonl is no such row. It does not end.");
    assert_eq!(rows(&here).await, before);
}

#[tokio::test]
async fn rows_that_cannot_be_leave_nothing_also_not_a_key() {
    let (there, here) = (World::new().await, World::new().await);
    let team = furnished(&there).await;
    here.person("Ada Lind").await;
    let good = unpacked(&archive(&team, "no").await);
    let before = rows(&here).await;
    let id = "\"key_id\":\"00000000-0000-0000-0000-000000000007\"";
    let usage = String::from_utf8(good["usage.jsonl"].clone()).unwrap();
    let (front, back) = usage.split_once("\"key_id\":").unwrap();
    let wrong = format!("{front}{id}{}", &back[38..]);
    for (name, text, expected) in [
        (
            "usage.jsonl",
            wrong,
            "usage.jsonl holds a row that cannot be: the database says key_usage_",
        ),
        (
            "usage.jsonl",
            usage.replacen("\"calls\":7", "\"calls\":\"7\"", 1),
            "Line 1 of usage.jsonl",
        ),
        ("usage.jsonl", usage.replacen("\"calls\":7", "\"x\":7", 1), "Line 1 of usage.jsonl"),
        (
            "keys.jsonl",
            "not JSON\n".to_owned(),
            "Line 1 of keys.jsonl is no such row. It is no JSON",
        ),
    ] {
        let mut files = good.clone();
        files.insert(name.to_owned(), text.into_bytes());
        let said = told(&here, &zipped_all(&signed(files, &mallory()))).await;
        assert!(said.starts_with(expected), "{said}");
        assert_eq!(rows(&here).await, before);
    }
}

#[tokio::test]
async fn an_import_puts_rows_into_the_team_that_it_makes_and_into_no_other() {
    let world = World::new().await;
    let ada = world.team(&world.person("Ada").await, "Halden").await;
    let id = team::card(&ada).unwrap().id;
    let mut raw = world.raw("probity_job", id, &ada).await;
    run(&mut raw, "select set_config('app.task', 'team.import', false)").await;
    for sql in [
        "insert into member (team_id, person_id, role, joined_at)
         values (app.team(), gen_random_uuid(), 'owner', now())",
        "insert into team_search (team_id, id, name, search)
         values (app.team(), gen_random_uuid(), 'x', 'x')",
        "insert into former_file (team_id, name, part, sealed) values (app.team(), 'x', 0, 'x')",
    ] {
        let refused = crate::support::refusal(&mut raw, sql).await;
        assert!(refused.starts_with("new row violates row-level security policy"), "{refused}");
    }
}
