use super::*;
use crate::ports::SystemRandom;
use model::key::Environment;
use secrecy::ExposeSecret;
use std::time::{Duration, Instant};

fn key() -> String {
    token::new_key(&SystemRandom, Environment::Live).0.expose_secret().to_owned()
}

/// Starts and lines of what is found in pieces of this many bytes.
fn found_in(text: &[u8], piece: usize) -> Vec<(String, Vec<u64>)> {
    let mut finder = Finder::new(1_000);
    for piece in text.chunks(piece) {
        finder.read(piece).unwrap();
    }
    finder.keys().into_iter().map(|key| (key.start, key.lines)).collect()
}

fn found(text: impl AsRef<[u8]>) -> Vec<(String, Vec<u64>)> {
    found_in(text.as_ref(), usize::MAX)
}

#[test]
fn a_key_is_found_whatever_stands_around_it() {
    let key = key();
    let once = vec![(key[..17].to_owned(), vec![1])];
    let around = [
        ("", ""),
        ("\"", "\""),
        ("'", "';"),
        ("PROBITY_KEY=", ""),
        ("export KEY=\"", "\"  # ours"),
        ("{\"key\":\"", "\",\"n\":1}"),
        ("https://api.example.com/v1?key=", "&page=2"),
        ("https://u:", "@example.com/"),
        ("(", ")."),
        ("<b>", "</b>"),
        ("Authorization: Bearer ", "\r"),
        // A line break that JSON wrote as two characters.
        ("first\\n", "\\nlast"),
        // Run together with other letters and digits.
        ("x7", "Zz9"),
        ("_", "_"),
        ("pby_", ""),
        ("pby_live_", "pby_live_"),
        ("ключ ", " é"),
    ];
    for (before, after) in around {
        assert_eq!(found(format!("{before}{key}{after}")), once, "{before} … {after}");
    }
}

#[test]
fn the_same_key_is_one_and_each_of_its_lines_is_told_once() {
    let (one, other) = (key(), key());
    let text = format!("{one}\n\n{other} {one},{one}\r\n{one}{other}\n");
    let expected =
        vec![(one[..17].to_owned(), vec![1, 3, 4]), (other[..17].to_owned(), vec![3, 4])];
    assert_eq!(found(&text), expected);
    let often = format!("{one}\n").repeat(1_000);
    assert_eq!(found(often)[0].1, (1..=20).collect::<Vec<u64>>(), "the first lines are enough");
}

#[test]
fn pieces_of_any_size_say_the_same() {
    let (one, other) = (key(), key());
    let text = format!("a\nb {one}\n\n{other}{one}\nlast");
    let whole = found(&text);
    assert_eq!(whole.len(), 2);
    for piece in (1..140).chain([1_000]) {
        assert_eq!(found_in(text.as_bytes(), piece), whole, "in pieces of {piece}");
    }
}

#[test]
fn what_only_looks_like_a_key_is_none() {
    let key = key();
    let mut wrong = key.clone().into_bytes();
    wrong[30] = if wrong[30] == b'x' { b'y' } else { b'x' };
    assert_eq!(found(&wrong), []);
    for no in [&key[..57], &key.to_uppercase(), &key.replace("live", "prod"), "pby_live_", "pby_"] {
        assert_eq!(found(no), [], "{no}");
    }
    assert_eq!(found(key.replacen('_', "\n_", 1)), []);
}

#[test]
fn bytes_that_are_no_text_are_passed_over() {
    let key = key();
    let mut text = vec![0xff, 0xfe, b'\n', 0xc3];
    text.extend_from_slice(key.as_bytes());
    text.extend_from_slice(&[0x80, 0, b'p', b'b', b'y', b'_', 0xff]);
    assert_eq!(found(text), [(key[..17].to_owned(), vec![2])]);
}

#[test]
fn more_keys_than_are_looked_for_are_refused_in_words() {
    let (one, other) = (key(), key());
    let mut finder = Finder::new(1);
    finder.read(format!("{one} {one}").as_bytes()).unwrap();
    let refused = finder.read(other.as_bytes()).unwrap_err();
    let said = refused.failure(model::RequestId(uuid::Uuid::nil())).to_string();
    assert_eq!(said, "There are more than 1 different keys in it. Send it in parts.");
}

#[test]
fn no_text_takes_long() {
    let key = key();
    let size = 1 << 20;
    for part in ["pby_", "pby_live_", "p", "\n", &"a".repeat(61), &format!("{}x", &key[..57])] {
        let text = part.repeat(size / part.len());
        let began = Instant::now();
        assert_eq!(found_in(text.as_bytes(), 1 << 16), []);
        let took = began.elapsed();
        assert!(took < Duration::from_secs(5), "{part}: {took:?}");
    }
}
