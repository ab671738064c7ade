use super::*;
use crate::key::usage::Call;
use model::key::VerifyCode;
use time::macros::datetime;

fn note(key: u128) -> [u8; LENGTH] {
    Note::of(&Call {
        team: Uuid::from_u128(1),
        key: Uuid::from_u128(key),
        code: VerifyCode::Valid,
        ip: None,
        country: None,
        at: datetime!(2026-11-22 08:00 UTC),
    })
    .0
}

fn folder() -> PathBuf {
    let name = Uuid::from_bytes(random().unwrap());
    std::env::temp_dir().join(format!("probity-journal-{name}"))
}

fn calls(batches: &[Batch]) -> i64 {
    let keys = batches
        .iter()
        .flat_map(|batch| batch.counts.0.values().flat_map(std::collections::HashMap::values));
    keys.flat_map(|key| &key.calls).map(|(_, calls)| calls).sum()
}

#[test]
fn what_was_written_is_taken_once_and_what_comes_after_is_of_the_next_batch() {
    let folder = folder();
    let journal = Journal::open(&folder).unwrap();
    assert!(journal.take().is_empty());
    assert!((0..1000).all(|n| journal.write(&[note(n % 7)])));
    let first = journal.take();
    assert_eq!((first.len(), calls(&first)), (1, 1000));
    assert!(journal.write(&[note(1)]));
    let second = journal.take();
    assert_eq!(calls(&second), 1);
    assert_ne!(first[0].id, second[0].id);
    assert!(journal.take().is_empty());
    fs::remove_dir_all(folder).unwrap();
}

#[test]
fn what_a_killed_program_left_is_found_under_the_same_number_and_a_living_ones_is_not() {
    let folder = folder();
    let killed = Journal::open(&folder).unwrap();
    assert!((0..10).all(|n| killed.write(&[note(n)])));
    let id = killed.current.read().unwrap().id;
    let living = Journal::open(&folder).unwrap();
    assert!(living.take().is_empty(), "it is locked");
    // The end of a program unlocks its files, torn notes and all.
    killed.current.read().unwrap().file.write_all_at(&[1, 2, 3], 640).unwrap();
    drop(killed);
    let next = Journal::open(&folder).unwrap();
    let found = next.take();
    assert_eq!((calls(&found), found[0].id), (10, id));
    fs::remove_dir_all(folder).unwrap();
}

#[test]
fn many_write_at_once_and_nothing_is_lost() {
    let folder = folder();
    let journal = Journal::open(&folder).unwrap();
    let mut taken = Vec::new();
    std::thread::scope(|scope| {
        for _ in 0..4 {
            scope.spawn(|| (0..2_000).for_each(|n| assert!(journal.write(&[note(n)]))));
        }
        while calls(&taken) < 4_000 {
            taken.extend(journal.take());
        }
    });
    taken.extend(journal.take());
    assert_eq!(calls(&taken), 8_000);
    fs::remove_dir_all(folder).unwrap();
}
