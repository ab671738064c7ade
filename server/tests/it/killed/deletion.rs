//! A team whose days are over: killed at one point after the other, until nothing is left of it.

use super::{TEAM, at, exported, files, halves, points, serving};
use crate::{
    http::owner,
    mailbox::letters,
    program::{Home, wait_for},
    superuser::Superuser,
    visitor::{Cookies, Visitor},
};
use domain::failpoint::{Point, Work};
use std::fs;

/// Due at once.
const NO_DAYS: (&str, &str) = ("PROBITY_TEAM_DELETION_DAYS", "0");
const ASK: &[(&str, &str)] = &[("form[team]", TEAM), ("form[name]", "Halden Freight")];
const DELETED: &str = "Subject: Your team was deleted";

#[test]
pub(super) fn a_deletion_that_is_killed_at_every_point_comes_to_its_end() {
    let home = Home::new();
    let mut program = serving(&home, &[]);
    let cookies = furnished(&program, &home);
    let records =
        Superuser::of(&home).one("select count(*)::text from audit_event where kind = 'team'");
    program.stop();
    for point in points(Work::Deletion) {
        let mut program = serving(&home, &[at(point), NO_DAYS]);
        assert_eq!(halves(&home), 0, "before {point:?}");
        assert_no_lie(&home, point);
        if point == Point::DeleteSigned {
            let ada = Visitor { cookies: cookies.clone(), ..Visitor::new(&program) };
            ada.ask_at_risk("/do/deletion/ask", ASK);
        }
        program.dies();
    }
    let mut program = serving(&home, &[NO_DAYS]);
    let letter = wait_for("the letter about the end", || {
        letters(&home).into_iter().find(|letter| letter.contains(DELETED))
    });
    let superuser = Superuser::of(&home);
    let left = "select concat_ws(' ', (select count(*) from team), (select count(*) from api_key),
        (select count(*) from audit_event where kind = 'team'), (select count(*) from member))";
    assert_eq!(superuser.one(left), "0 0 0 0");
    let recorded = "select count(*)::text from audit_event
                    where kind = 'instance' and action = 'team.delete'";
    assert_eq!(superuser.one(recorded), "1", "it is recorded once");
    assert_eq!((files(&home, "exports").len(), halves(&home)), (0, 0));
    wait_for("letters to leave", || {
        let left = superuser.one("select count(*)::text from mail where sent_at is null");
        (left == "0").then_some(())
    });
    let told = letters(&home).iter().filter(|letter| letter.contains(DELETED)).count();
    assert_eq!(told, 1, "one letter");

    // The certificate counts each row and each file once, however often it was begun again. The records are
    // those of before, that it was asked for, and that it began.
    let line = superuser.one("select certificate from deletion");
    let recorded = 2 + records.parse::<u32>().expect("a number");
    for said in [
        "\"api_key\",\"rows\":1".to_owned(),
        "\"team_export\",\"rows\":1".to_owned(),
        format!("\"audit_event\",\"rows\":{recorded}"),
        "\"files\":1".to_owned(),
    ] {
        assert!(line.contains(&said), "{said} in {line}");
    }
    let path = home.folder.join("letter.txt");
    fs::write(&path, letter).expect("a file");
    let checked = home.run(&["certificate", "verify", path.to_str().expect("a path")], &[]);
    assert!(checked.status.success(), "{}", String::from_utf8_lossy(&checked.stdout));
    program.stop();
}

/// A team with a key, records and a file.
fn furnished(program: &crate::program::Program, home: &Home) -> Cookies {
    let (mut ada, _) = owner(program);
    let key = [
        ("form[team]", TEAM),
        ("form[name]", "billing"),
        ("form[environment]", "live"),
        ("form[days]", "90"),
    ];
    assert!(ada.ask("/do/key/create", &key).body.contains("pby_live_"));
    exported(&mut ada, home);
    ada.cookies
}

/// Nothing is said that is not so yet.
fn assert_no_lie(home: &Home, point: Point) {
    let superuser = Superuser::of(home);
    let lies = superuser.one(
        "select count(*)::text from deletion d where
             (d.certificate is not null or d.done_at is not null)
             and exists (select from team t where t.id = d.team_id)
         or d.access_at is not null
             and exists (select from api_key k where k.team_id = d.team_id)
         or d.rows_at is not null
             and exists (select from team_export x where x.team_id = d.team_id)",
    );
    assert_eq!(lies, "0", "before {point:?}");
}
