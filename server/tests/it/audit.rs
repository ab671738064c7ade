//! Exports through the browser's doors, and their check by the command line, which has only the files.

use crate::{
    http::owner,
    people::json,
    program::{Home, wait_for},
    superuser::Superuser,
    visitor::Visitor,
};
use std::{
    fs,
    path::{Path, PathBuf},
    process::Output,
};

const TEAM: &str = "halden-freight";

/// Says how the check of these files ends, and what it prints.
fn verify(home: &Home, arguments: &[&str]) -> (Option<i32>, String) {
    let said: Output = home.run(&[&["audit", "verify"], arguments].concat(), &[]);
    let text = [said.stdout, said.stderr].map(|text| String::from_utf8(text).expect("words"));
    (said.status.code(), text.concat())
}

/// Exports the whole log; the two files, written to the folder.
fn exported(ada: &mut Visitor<'_>, format: &str, folder: &Path) -> [PathBuf; 2] {
    let sent = [("form[team]", TEAM), ("form[search]", ""), ("form[format]", format)];
    let begun = ada.ask("/do/audit/start-export", &sent);
    assert_eq!(begun.status, 200, "{}", begun.body);
    let list = json(&ada.ask("/do/audit/exports", &[("team", TEAM)]));
    let id = list["rows"][0]["id"].as_str().expect("an id").to_owned();
    let asked = [("team", TEAM), ("export", id.as_str()), ("query[link]", "")];
    let row = wait_for("an export", || {
        let row = json(&ada.ask("/do/audit/export", &asked))["row"].clone();
        (row["state"] == "ready").then_some(row)
    });
    let linked = ada.ask("/do/audit/link-export", &[("form[team]", TEAM), ("form[export]", &id)]);
    let to = json(&linked)["Go"]["to"].as_str().expect("a path").to_owned();
    let token = to.split_once("?link=").expect("a link").1.split('#').next().expect("a token");
    let name = row["name"].as_str().expect("a name").to_owned();
    [name.clone(), format!("{name}.manifest.json")].map(|name| {
        let answer = ada.get(&format!("/t/{TEAM}/audit/exports/{id}/{token}/{name}"));
        assert_eq!(answer.status, 200, "{}", answer.body);
        let said = answer.header("content-disposition");
        assert_eq!(said, format!("attachment; filename=\"{name}\""));
        let path = folder.join(name);
        fs::write(&path, &answer.body).expect("a file");
        path
    })
}

fn checkpoints(home: &Home) -> Vec<PathBuf> {
    let folder = home.folder.join("checkpoints");
    let files = fs::read_dir(folder).expect("a folder").map(|file| file.expect("a file").path());
    files.filter(|file| file.extension().is_some_and(|end| end == "jsonl")).collect()
}

#[test]
fn an_export_is_checked_by_anybody_and_what_was_kept_outside_finds_a_rebuilt_ledger() {
    let home = Home::new();
    let mut program = home.serve();
    program.wait_until_ready();
    let (mut ada, _) = owner(&program);
    let folder = home.folder.join("downloads");
    fs::create_dir(&folder).expect("a folder");
    for format in ["jsonl", "csv"] {
        let files = exported(&mut ada, format, &folder);
        let [file, manifest] = files.each_ref().map(|file| file.to_str().expect("a path"));
        let (code, said) = verify(&home, &[manifest, file]);
        assert_eq!(code, Some(0), "{said}");
        assert!(
            said.contains("of Halden Freight") && said.contains("Proven: nothing was"),
            "{said}"
        );
        assert!(said.contains("which anybody could have made"), "{said}");
        let (code, said) = verify(&home, &[file]);
        assert_eq!(code, Some(1), "{said}");
        assert!(said.contains("there is no manifest"), "{said}");

        let text = fs::read_to_string(file).expect("a file");
        let other = folder.join("tampered");
        fs::write(&other, text.replace("team.create", "team.update")).expect("a file");
        let (code, said) = verify(&home, &[other.to_str().expect("a path"), manifest]);
        assert_eq!(code, Some(1), "{said}");
        assert!(said.contains("Record 1 was altered"), "{said}");
    }
    let cookies = ada.cookies.clone();
    program.stop();

    // The key is the program's own, and nobody else's.
    let key = home.run(&["audit", "key"], &[]);
    let key = String::from_utf8(key.stdout).expect("words").trim().to_owned();
    let mut files =
        fs::read_dir(&folder).expect("a folder").map(|file| file.expect("a file").path());
    let manifest =
        files.find(|file| file.to_str().is_some_and(|name| name.ends_with(".csv.manifest.json")));
    let manifest = manifest.expect("a manifest").to_str().expect("a path").to_owned();
    let file = manifest.trim_end_matches(".manifest.json");
    let (code, said) = verify(&home, &["--key", &key, file, &manifest]);
    assert_eq!(code, Some(0), "{said}");
    assert!(said.contains("the key that you trust"), "{said}");
    let (code, said) = verify(&home, &["--key", &"ab".repeat(32), file, &manifest]);
    assert_eq!(code, Some(1), "{said}");
    assert!(said.contains("with another key"), "{said}");

    // What was kept when the program ended knows how far the ledger reached.
    let kept = checkpoints(&home);
    assert_eq!(kept.len(), 1);
    let (code, said) = verify(&home, &[file, &manifest, kept[0].to_str().expect("a path")]);
    assert_eq!(code, Some(0), "{said}");

    // Whoever owns the database writes the history anew, also what it says was proven.
    let mut program = home.serve();
    program.wait_until_ready();
    let superuser = Superuser::of(&home);
    superuser.run(REBUILD);
    let mut ada = Visitor { cookies, ..Visitor::new(&program) };
    let [file, manifest] = exported(&mut ada, "jsonl", &folder);
    let [file, manifest] = [&file, &manifest].map(|file| file.to_str().expect("a path"));
    let (code, said) = verify(&home, &[file, manifest, kept[0].to_str().expect("a path")]);
    assert_eq!(code, Some(1), "{said}");
    assert!(said.contains("The chain was rebuilt"), "{said}");
    wait_for("the walk to find it", || {
        let page = ada.get(&format!("/t/{TEAM}/audit"));
        page.body.contains("the chain was rebuilt").then_some(())
    });
    assert!(program.log.text().contains("The audit log was tampered with"), "and the log says so");
    program.stop();
}

const REBUILD: &str = "
    alter table audit_event disable trigger all;
    update audit_event set record = replace(convert_from(record, 'UTF8'), 'team', 'teem')::bytea
    where kind = 'team' and seq = 1;
    do $$ declare before bytea; row record; begin
        for row in select * from audit_event where kind = 'team' order by seq loop
            before := coalesce(before, row.previous_hash);
            update audit_event set previous_hash = before,
                hash = app.chain_hash(before, row.seq, row.record, row.sealed)
            where kind = 'team' and seq = row.seq
            returning hash into before;
        end loop;
        update ledger_head set hash = before where kind = 'team';
    end $$;
    delete from ledger_proof";

#[test]
fn a_check_without_the_right_files_says_what_is_missing() {
    let home = Home::new();
    let (code, said) = verify(&home, &["no-such-file"]);
    assert_eq!(code, Some(1), "{said}");
    assert!(said.contains("no-such-file cannot be read"), "{said}");
    let file = home.folder.with_extension("rows");
    fs::write(&file, "{\"title\":\"probity.manifest.v1\"}").expect("a file");
    let (code, said) = verify(&home, &[file.to_str().expect("a path")]);
    assert_eq!(code, Some(1), "{said}");
    assert!(said.contains("None of these is a file of records"), "{said}");
    fs::write(&file, "rubbish\n").expect("a file");
    let (code, said) = verify(&home, &[file.to_str().expect("a path")]);
    assert_eq!(code, Some(1), "{said}");
    assert!(said.contains("Line 1 is no record"), "{said}");
    fs::remove_file(&file).expect("it was there");
    assert!(!home.folder.exists(), "a check makes nothing");
}

/// A page that follows the log asks every two seconds: whoever left it open is signed out all the same.
#[test]
fn following_the_log_keeps_no_session_that_nobody_uses() {
    let home = Home::new();
    let mut program = home.serve();
    program.wait_until_ready();
    let (mut ada, _) = owner(&program);
    let superuser = Superuser::of(&home);
    superuser.run("update session set last_seen_at = last_seen_at - interval '10 minutes'");
    let seen = || superuser.one("select max(last_seen_at)::text from session");
    let at_first = seen();
    let told = json(&ada.ask("/do/audit/tail", &[("team", TEAM), ("query[after]", "0")]));
    assert!(told["rows"].as_str().expect("rows").contains("team.create"), "{told}");
    let last = told["after"].to_string();
    let told = json(&ada.ask("/do/audit/tail", &[("team", TEAM), ("query[after]", &last)]));
    assert_eq!(told["count"], 0, "{told}");
    assert_eq!(seen(), at_first);
    assert_eq!(ada.ask("/do/audit/list", &[("team", TEAM), ("query[q]", "")]).status, 200);
    assert_ne!(seen(), at_first, "whoever looks is there");
    program.stop();
}
