//! Everything of a team.

use super::{TEAM, at, exported, fetched, files, halves, newest, points, serving};
use crate::{
    http::owner,
    mailbox::letters,
    people::json,
    program::{Home, wait_for},
    superuser::Superuser,
    visitor::Visitor,
};
use domain::failpoint::{Point, Work};
use std::fs;

const STATE: &str = "select state from team_export order by made_at desc limit 1";

#[test]
pub(super) fn a_killed_export_leaves_no_half_and_the_next_one_is_whole() {
    let home = Home::new();
    let mut program = serving(&home, &[]);
    let cookies = owner(&program).0.cookies;
    program.stop();
    for point in points(Work::TeamExport) {
        let mut program = serving(&home, &[at(point)]);
        let ada = Visitor { cookies: cookies.clone(), ..Visitor::new(&program) };
        ada.ask_at_risk("/do/data/start-export", &[("form[team]", TEAM), ("form[hashes]", "no")]);
        program.dies();

        let mut program = serving(&home, &[]);
        let mut ada = Visitor { cookies: cookies.clone(), ..Visitor::new(&program) };
        assert_eq!(halves(&home), 0, "{point:?}");
        let (id, state) = (newest(&home), Superuser::of(&home).one(STATE));
        let file = if point == Point::ExportReady {
            assert_eq!(state, "ready", "{point:?}");
            let asked = [("team", TEAM), ("export", id.as_str()), ("query[link]", "")];
            let row = json(&ada.ask("/do/data/export", &asked))["row"].clone();
            fetched(&mut ada, &id, row["name"].as_str().expect("a name"))
        } else {
            assert_eq!(state, "running", "{point:?}");
            let one = [("form[team]", TEAM), ("form[export]", id.as_str())];
            assert_eq!(ada.ask("/do/data/cancel-export", &one).status, 200, "{point:?}");
            exported(&mut ada, &home)
        };
        assert_is_whole(&home, point, &file);
        program.stop();
    }
    let ended = points(Work::TeamExport).count();
    assert_eq!(files(&home, "exports").len(), ended, "one for each that came to its end");
    let superuser = Superuser::of(&home);
    let mut program = serving(&home, &[]);
    wait_for("letters to leave", || {
        let left = superuser.one("select count(*)::text from mail where sent_at is null");
        (left == "0").then_some(())
    });
    let told = letters(&home).iter().filter(|letter| letter.contains(READY)).count();
    assert_eq!(told, ended, "one letter for each");
    program.stop();
}

const READY: &str = "Subject: Your export is ready";

fn assert_is_whole(home: &Home, point: Point, file: &[u8]) {
    let path = home.folder.join("export.zip");
    fs::write(&path, file).expect("a file");
    let checked = home.run(&["import", "--check", path.to_str().expect("a path")], &[]);
    let log = String::from_utf8_lossy(&checked.stderr);
    assert!(checked.status.success(), "{point:?}: {log}");
}
