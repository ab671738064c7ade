//! Another master key.

use super::{at, halves, points, serving};
use crate::{
    http::owner,
    keyring::{assert_opens, sealed},
    program::Home,
    superuser::Superuser,
};
use domain::{
    crypto::MasterKey,
    failpoint::{Point, Work},
};
use rustix::process::Signal;
use std::{fs, os::unix::process::ExitStatusExt};

#[test]
pub(super) fn a_rotation_that_is_killed_at_any_point_loses_nothing() {
    let home = Home::new();
    let mut program = serving(&home, &[]);
    let (mut ada, page) = owner(&program);
    let runtime = tokio::runtime::Runtime::new().expect("a runtime");
    let sealed = runtime.block_on(sealed(&home, 20));
    for point in points(Work::Rotation) {
        let before = master(&home);
        let died = home.run(&["keyring", "rotate"], &[at(point)]);
        let log = String::from_utf8_lossy(&died.stderr);
        // Of the last point: it comes to it when the key in force is the next one.
        assert_eq!(died.status.signal(), Some(Signal::KILL.as_raw()), "{point:?}: {log}");
        let is_over = matches!(point, Point::RotateReplaced | Point::RotateForgetting);
        assert_eq!(master(&home) != before, is_over, "{point:?}");
        runtime.block_on(assert_opens(&home, &sealed));
        assert_eq!(ada.get(&page).status, 200, "{point:?}: the program works on");
        assert_verified(&home, point);

        let rotated = home.run(&["keyring", "rotate"], &[]);
        let log = String::from_utf8_lossy(&rotated.stderr);
        assert!(rotated.status.success(), "{point:?}: {log}");
        assert_ne!(master(&home), before, "{point:?}");
        runtime.block_on(assert_opens(&home, &sealed));
        assert_verified(&home, point);
        assert_eq!(halves(&home), 0, "{point:?}");
        assert!(!home.folder.join("master.key.next").exists(), "{point:?}");
        let folders = fs::read_dir(home.folder.join("keyring")).expect("it is there").count();
        assert_eq!(folders, 1, "{point:?}: what the old one wrapped is gone");
        let recorded = format!(
            "select count(*)::text from audit_event
             where action = 'keyring.rotate' and target_id = '{}'",
            master(&home)
        );
        assert_ne!(Superuser::of(&home).one(&recorded), "0", "{point:?}: none without a record");
    }
    program.stop();
}

/// The name of the master key in force.
fn master(home: &Home) -> String {
    MasterKey::parse(&home.read("master.key").into()).expect("a master key").name()
}

fn assert_verified(home: &Home, point: Point) {
    let verified = home.run(&["keyring", "verify"], &[]);
    let said = String::from_utf8_lossy(&verified.stdout);
    assert!(said.contains("Every key opens."), "{point:?}: {said}");
}
