//! Everything about a person.

use super::{at, files, points, serving, token};
use crate::{http::owner, program::Home, superuser::Superuser, visitor::Visitor};
use domain::failpoint::{Point, Work};

/// The end of an archive, before a comment that ours have none of.
const END: &[u8] = b"PK\x05\x06";

#[test]
pub(super) fn a_killed_export_of_a_person_leaves_nothing() {
    let home = Home::new();
    let mut program = serving(&home, &[]);
    let cookies = owner(&program).0.cookies;
    program.stop();
    for point in points(Work::PersonExport) {
        let mut program = serving(&home, &[at(point)]);
        let ada = Visitor { cookies: cookies.clone(), ..Visitor::new(&program) };
        let answer = ada.ask_at_risk("/do/account/export", &[]);
        if point != Point::PersonLinked {
            let cut = fetched(&ada, &String::from_utf8_lossy(&answer));
            assert!(!is_whole(&cut), "{point:?}");
        }
        program.dies();

        let mut program = serving(&home, &[]);
        let mut ada = Visitor { cookies: cookies.clone(), ..Visitor::new(&program) };
        let answer = ada.ask("/do/account/export", &[]);
        assert!(is_whole(&fetched(&ada, &answer.body)), "{point:?}");
        program.stop();
    }
    assert_eq!(files(&home, "exports").len(), 0, "it lies nowhere");
    let mut program = serving(&home, &[]);
    let recorded = "select count(*)::text from audit_event where action = 'person.export'";
    let links = 2 * points(Work::PersonExport).count();
    assert_eq!(Superuser::of(&home).one(recorded), links.to_string(), "each link is recorded");
    program.stop();
}

fn fetched(ada: &Visitor<'_>, answer: &str) -> Vec<u8> {
    ada.fetch(&format!("/account/data/{}/my-data.zip", token(answer)))
}

fn is_whole(archive: &[u8]) -> bool {
    archive.len() > 22 && archive[archive.len() - 22..].starts_with(END)
}
