//! What stands in a folder after a crash, and what does not.

use super::*;
use domain::audit::stream::Destination;
use model::{StreamId, TeamId};
use std::{fs, os::unix::fs::PermissionsExt};
use time::{OffsetDateTime, macros::datetime};
use uuid::Uuid;

const MONDAY: OffsetDateTime = datetime!(2026-11-23 23:59 UTC);
const TUESDAY: OffsetDateTime = datetime!(2026-11-24 00:01 UTC);

fn line(seq: i64, at: OffsetDateTime) -> Line {
    Line { seq, at, text: format!("{{\"seq\":{seq},\"record\":{{}}}}") }
}

struct Home(PathBuf);

impl Home {
    fn new() -> Self {
        Self(std::env::temp_dir().join(format!("probity-folder-{}", Uuid::now_v7().simple())))
    }

    fn below(&self) -> PathBuf {
        let (team, stream) = (TeamId(Uuid::nil()), StreamId(Uuid::nil()));
        self.0.join(team.to_string()).join(stream.to_string())
    }

    async fn append(&self, lines: Vec<Line>) -> Result<Carried, NotCarried> {
        let content = if lines.is_empty() { Content::Test } else { Content::Records(lines) };
        let parcel = Parcel {
            team: TeamId(Uuid::nil()),
            stream: StreamId(Uuid::nil()),
            to: Destination::Folder,
            keys: Vec::new(),
            at: TUESDAY,
            content,
        };
        Folder(self.0.clone()).append(&parcel).await
    }

    /// The numbers in a day's file, all of whose lines are whole.
    fn numbers(&self, name: &str) -> Vec<i64> {
        let text = fs::read_to_string(self.below().join(name)).unwrap();
        assert!(text.ends_with('\n'));
        text.lines().map(|line| serde_json::from_str::<Numbered>(line).unwrap().seq).collect()
    }
}

impl Drop for Home {
    fn drop(&mut self) {
        let _ = fs::remove_dir_all(&self.0);
    }
}

#[tokio::test]
async fn records_stand_in_the_file_of_their_day_which_is_its_owners_alone() {
    let home = Home::new();
    home.append(vec![line(1, MONDAY), line(2, MONDAY), line(3, TUESDAY)]).await.unwrap();
    home.append(vec![line(4, TUESDAY)]).await.unwrap();
    assert_eq!(home.numbers("2026-11-23.jsonl"), [1, 2]);
    assert_eq!(home.numbers("2026-11-24.jsonl"), [3, 4]);
    let mode = |path: PathBuf| fs::metadata(path).unwrap().permissions().mode() & 0o777;
    assert_eq!(mode(home.below()), 0o700);
    assert_eq!(mode(home.below().join("2026-11-24.jsonl")), 0o600);
    home.append(Vec::new()).await.unwrap();
    let test = fs::read_to_string(home.below().join("test.json")).unwrap();
    assert_eq!(test, "{\"type\":\"audit.test\",\"timestamp\":\"2026-11-24T00:01:00Z\"}\n");
}

#[tokio::test]
async fn what_was_written_and_not_noted_is_written_over() {
    let home = Home::new();
    let file = home.below().join("2026-11-23.jsonl");
    home.append((1..=3).map(|seq| line(seq, MONDAY)).collect()).await.unwrap();
    let noted = fs::read(&file).unwrap().len();
    let batch = || (4..=6).map(|seq| line(seq, MONDAY)).collect::<Vec<_>>();
    home.append(batch()).await.unwrap();
    let whole = fs::read(&file).unwrap();
    // Wherever the power failed.
    for cut in noted..=whole.len() {
        fs::write(&file, &whole[..cut]).unwrap();
        home.append(batch()).await.unwrap();
        assert_eq!(fs::read(&file).unwrap(), whole, "cut at {cut}");
    }
}

#[tokio::test]
async fn what_was_taken_in_stays_also_when_a_stream_begins_again() {
    let home = Home::new();
    home.append((1..=6).map(|seq| line(seq, MONDAY)).collect()).await.unwrap();
    home.append(vec![line(2, MONDAY), line(3, MONDAY)]).await.unwrap();
    assert_eq!(home.numbers("2026-11-23.jsonl"), [1, 2, 3, 4, 5, 6, 2, 3]);
    // Lines longer than what is looked at in one go.
    let long = |seq| Line {
        text: format!("{{\"seq\":{seq},\"x\":\"{}\"}}", "x".repeat(3 << 20)),
        ..line(seq, TUESDAY)
    };
    home.append(vec![long(7)]).await.unwrap();
    home.append(vec![long(8)]).await.unwrap();
    home.append(vec![long(8)]).await.unwrap();
    assert_eq!(home.numbers("2026-11-24.jsonl"), [7, 8]);
}

#[tokio::test]
async fn a_link_in_the_place_of_a_file_is_not_followed() {
    let home = Home::new();
    fs::create_dir_all(home.below()).unwrap();
    let elsewhere = home.0.join("elsewhere");
    fs::write(&elsewhere, "kept").unwrap();
    std::os::unix::fs::symlink(&elsewhere, home.below().join("2026-11-23.jsonl")).unwrap();
    let refused = home.append(vec![line(1, MONDAY)]).await.unwrap_err();
    assert!(refused.said.starts_with("The folder cannot be written."), "{}", refused.said);
    assert_eq!(fs::read_to_string(elsewhere).unwrap(), "kept");
}
