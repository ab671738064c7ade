//! Where a debug build can be told to die, as if it were killed there: tests then see what is left, and what the
//! next start makes of it.
//!
//! `DIE_AT=delete.key` names the point. The feature `failpoints` is what makes that work; without it
//! [`reach`] does nothing, and a release build cannot have it.
//!
//! **To add a point**: a row in the table, and `reach` where it is. The tests in `server/tests/it/killed` go
//! through all of them.

#[cfg(all(feature = "failpoints", not(debug_assertions)))]
compile_error!("`failpoints` is for debug builds: nobody may tell a released program where to die");

/// The work in which a point is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Work {
    /// An export of everything that is a team's.
    TeamExport,
    /// An export of everything about a person.
    PersonExport,
    Import,
    /// The deletion of a team.
    Deletion,
    /// A rotation of the master key.
    Rotation,
}

macro_rules! points {
    ($($point:ident = $work:ident $name:literal, $after:literal;)*) => {
        /// A point at which the program can be told to die.
        #[derive(Debug, Clone, Copy, PartialEq, Eq)]
        pub enum Point {
            $(#[doc = $after] $point,)*
        }

        impl Point {
            /// All of them; those of one work in the order in which it comes to them.
            pub const ALL: &[Self] = &[$(Self::$point,)*];

            /// As `DIE_AT` names it.
            pub const fn name(self) -> &'static str {
                match self { $(Self::$point => $name,)* }
            }

            pub const fn work(self) -> Work {
                match self { $(Self::$point => Work::$work,)* }
            }
        }
    };
}

points! {
    ExportBegun = TeamExport "export.begun", "The file is open, and nothing is in it.";
    ExportLog = TeamExport "export.log", "The audit log is written.";
    ExportPacked = TeamExport "export.packed", "All is packed, and the file not finished.";
    ExportStored = TeamExport "export.stored", "The file is there, and its row says that it is written.";
    ExportReady = TeamExport "export.ready", "The row says that it is there, and a letter waits.";
    PersonLinked = PersonExport "person.linked", "The link is recorded, and nobody has it.";
    PersonBegun = PersonExport "person.begun", "Some files are sent.";
    PersonPacked = PersonExport "person.packed", "All is sent but the end.";
    ImportChecked = Import "import.checked", "Every byte was looked at.";
    ImportKey = Import "import.key", "The team has a data key, and no row.";
    ImportRows = Import "import.rows", "Rows of the first kind are written.";
    ImportKept = Import "import.kept", "Everything is written, and not committed.";
    ImportDone = Import "import.done", "The team is there.";
    DeleteSigned = Deletion "delete.signed", "The end of its ledger is signed, and not that it begins.";
    DeleteBegun = Deletion "delete.begun", "It has begun.";
    DeleteKey = Deletion "delete.key", "The data key is destroyed, and that is not written down.";
    DeleteAccess = Deletion "delete.access", "Rows of the first table are gone.";
    DeleteFiles = Deletion "delete.files", "The files are gone, and that is not written down.";
    DeleteRows = Deletion "delete.rows", "Some records are gone.";
    DeleteCertified = Deletion "delete.certified", "The certificate is signed, and the team still there.";
    DeleteDone = Deletion "delete.done", "The team is gone.";
    RotateBegun = Rotation "rotate.begun", "The next master key is in its file.";
    RotateRecorded = Rotation "rotate.recorded", "It is recorded.";
    RotateWrapping = Rotation "rotate.wrapping", "One data key is wrapped by the next one.";
    RotateWrapped = Rotation "rotate.wrapped", "All of them are.";
    RotateSynced = Rotation "rotate.synced", "They are on the disk.";
    RotateReplaced = Rotation "rotate.replaced", "The next master key is in force.";
    RotateForgetting = Rotation "rotate.forgetting", "One file of the one before is gone.";
}

/// Dies here, if this is the point that was named.
#[cfg(feature = "failpoints")]
pub fn reach(point: Point) {
    use rustix::process::{Signal, getpid, kill_process};
    if std::env::var("DIE_AT").is_ok_and(|name| name == point.name()) {
        kill_process(getpid(), Signal::KILL).expect("a process may kill itself");
    }
}

/// Goes on.
#[cfg(not(feature = "failpoints"))]
pub const fn reach(_: Point) {}
