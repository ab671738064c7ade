//! How long guessing would take, by zxcvbn, in bounded time.

use super::{Least, common, is_one_character, is_too_long, own, too_long};
use model::{
    Typed,
    password::{Guess, Strength},
};
use zxcvbn::{Score, zxcvbn};

/// Characters that are looked at. The work grows with their square, and what is strong so far
/// does not become weak by more.
const LOOKED_AT: usize = 48;

/// Readings of one password with signs taken for letters. The work grows with each, and zxcvbn
/// itself knows no bound: twenty odd signs are several thousand readings, and seconds.
const MOST_READINGS: usize = 16;

/// The signs that zxcvbn takes for letters, by letter.
const DISGUISES: [&str; 12] =
    ["4@", "8", "({[<", "3", "69", "1!|", "1|7", "0", "$5", "+7", "%", "2"];

/// How strong a password that is being typed is, and how much is missing.
pub fn strength(typed: &Typed, least: Least, own_words: &[&str]) -> Strength {
    let password = typed.expose();
    if is_too_long(password) {
        return Strength { score: 0, words: too_long() };
    }
    let length = password.chars().count();
    let missing = least.characters().saturating_sub(length);
    let guess = guess(password, own_words);
    let words = match (guess, missing) {
        _ if length == 0 => String::new(),
        (guess, 0) => guess.words().to_owned(),
        (Guess::Good, missing) => more(missing),
        (guess, missing) => format!("{}; {}", guess.words(), more(missing)),
    };
    // What would be refused must not look finished.
    let most = if missing == 0 { Guess::Good } else { Guess::Years };
    Strength { score: guess.min(most).score(), words }
}

fn more(missing: usize) -> String {
    let plural = if missing == 1 { "" } else { "s" };
    format!("{missing} more character{plural} needed")
}

fn guess(password: &str, own_words: &[&str]) -> Guess {
    let known = is_one_character(password)
        || common::is_common(password)
        || own::is_made_of(password, own_words);
    if known { Guess::Common } else { effort(password, own_words).max(Guess::Hours) }
}

/// How long guessing takes who knows these words. One core makes some fifty hashes a second: a
/// million guesses are hours, a hundred million weeks.
pub(super) fn effort(password: &str, own_words: &[&str]) -> Guess {
    let parts = own::parts(own_words);
    let words: Vec<&str> = parts.iter().map(String::as_str).collect();
    match zxcvbn(&readable(password), &words).score() {
        Score::Two => Guess::Weeks,
        Score::Three => Guess::Years,
        Score::Four => Guess::Good,
        _ => Guess::Hours,
    }
}

/// The beginning of the password, with signs beyond [`MOST_READINGS`] made plain.
fn readable(password: &str) -> String {
    let mut kept = String::new();
    let plain = |c: char| {
        if kept.contains(c) || !DISGUISES.iter().any(|signs| signs.contains(c)) {
            return c;
        }
        kept.push(c);
        if readings(&kept) <= MOST_READINGS {
            return c;
        }
        kept.pop();
        '_'
    };
    password.chars().take(LOOKED_AT).map(plain).collect()
}

/// At most so many readings has a password with these signs: one sign for each letter, and a sign
/// of two letters counts for either.
fn readings(signs: &str) -> usize {
    let ways = |(letter, disguise): (usize, &&str)| -> usize {
        let earlier = |c: char| DISGUISES[..letter].iter().any(|signs| signs.contains(c));
        let ways = disguise.chars().filter(|c| signs.contains(*c));
        ways.map(|c| if earlier(c) { 2 } else { 1 }).sum::<usize>().max(1)
    };
    DISGUISES.iter().enumerate().map(ways).product()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn meter(text: &str) -> (u8, String) {
        let strength = strength(&Typed::new(text), Least::Alone, &["Ada Lindqvist"]);
        (strength.score, strength.words)
    }

    #[test]
    fn the_meter_says_how_soon_and_how_much_is_missing() {
        let says = |text, score, words: &str| assert_eq!(meter(text), (score, words.to_owned()));
        says("", 0, "");
        says("password", 0, "Common; 7 more characters needed");
        says("Ada Lindqvist 99", 0, "Common");
        says("d0gs", 1, "Guessable in hours; 11 more characters needed");
        says("qwertyuiopasdfgh", 1, "Guessable in hours");
        says("four quiet lam", 3, "1 more character needed");
        says("four quiet green lamps", 4, "Good");
        says(&"kx7Qw2pL".repeat(17), 0, "Use at most 128 characters.");
    }

    #[test]
    fn who_is_known_by_name_is_guessed_sooner() {
        let stranger = strength(&Typed::new("lindqvist7xk"), Least::Alone, &[]);
        let known = strength(&Typed::new("lindqvist7xk"), Least::Alone, &["Ada Lindqvist"]);
        assert!(known.score < stranger.score, "{known:?} {stranger:?}");
    }

    #[test]
    fn signs_for_letters_are_read_in_a_bounded_number_of_ways() {
        let all = "4@8({[<3691!|0$57+%2".repeat(5);
        assert!(readings(&all) > 1000);
        assert!(readings(&readable(&all)) <= MOST_READINGS);
        assert_eq!(readable(&all).chars().count(), LOOKED_AT);
        // Digits alone stay as they are: their order is what gives them away.
        assert_eq!(readable("1234567890"), "1234567890");
        assert_eq!(readable("p@$$w0rd!"), "p@$$w0rd!");
    }
}
