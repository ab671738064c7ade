//! A team that is made of an export.

use super::{at, exported, files, halves, points, serving};
use crate::{
    http::owner,
    program::{Home, wait_for},
    superuser::Superuser,
};
use domain::failpoint::{Point, Work};
use rustix::process::Signal;
use std::{fs, os::unix::process::ExitStatusExt};

/// What imports write into.
const COUNTS: &str = "
    select concat_ws(' ', (select count(*) from team), (select count(*) from member),
        (select count(*) from former_file), (select count(*) from ledger_head where kind = 'team'),
        (select count(*) from audit_event where action = 'team.import'))";

#[test]
pub(super) fn a_killed_import_leaves_a_whole_team_or_nothing() {
    let home = Home::new();
    let mut program = serving(&home, &[]);
    let (mut ada, _) = owner(&program);
    let path = home.folder.join("export.zip");
    fs::write(&path, exported(&mut ada, &home)).expect("a file");
    let import = ["import", path.to_str().expect("a path"), "--owner", "ada@example.com"];
    let superuser = Superuser::of(&home);
    let mut teams = keys(&home);
    for point in points(Work::Import) {
        let before = superuser.one(COUNTS);
        let died = home.run(&import, &[at(point)]);
        let log = String::from_utf8_lossy(&died.stderr);
        assert_eq!(died.status.signal(), Some(Signal::KILL.as_raw()), "{point:?}: {log}");
        wait_for("its connection to end", || {
            let held = "select count(*)::text from pg_locks where locktype = 'advisory'";
            (superuser.one(held) == "0").then_some(())
        });
        let is_made = point == Point::ImportDone;
        assert_eq!(superuser.one(COUNTS) != before, is_made, "{point:?}");

        let done = home.run(&import, &[]);
        let log = String::from_utf8_lossy(&done.stderr);
        assert!(done.status.success(), "{point:?}: {log}");
        teams += 1 + usize::from(is_made);
        assert_eq!(keys(&home), teams, "{point:?}: a key for each team, and no other");
        assert_eq!(files(&home, "keyring/newborn").len(), 0, "{point:?}");
        assert_eq!(halves(&home), 0, "{point:?}");
    }
    let made = points(Work::Import).count() + 1;
    // Each of them is what one is that nobody killed: its rows, its log, and its key.
    let alike = superuser.one(
        "select count(distinct (m.members, f.parts, h.seq))::text || ' ' || count(*) from team t
         join team_origin o on o.team_id = t.id
         join lateral (select count(*) as members from member where team_id = t.id) m on true
         join lateral (select count(*) as parts from former_file where team_id = t.id) f on true
         join ledger_head h on h.kind = 'team' and h.ledger = t.id",
    );
    assert_eq!(alike, format!("1 {made}"));
    let verified = home.run(&["keyring", "verify"], &[]);
    assert!(verified.status.success(), "{}", String::from_utf8_lossy(&verified.stdout));
    program.stop();
}

/// Data keys of teams, and the one that only shows that the master key is right.
fn keys(home: &Home) -> usize {
    let names = files(home, "keyring/keys").into_iter();
    names.filter(|path| path.display().to_string().contains("/team_")).count()
}
