use super::{super::fold, *};
use model::{RuleId, rule::Matching};
use secrecy::SecretString;
use time::{
    OffsetDateTime,
    macros::{date, datetime},
};
use uuid::Uuid;

const NOON: OffsetDateTime = datetime!(2026-11-22 12:00 UTC);

fn rule(number: usize, matching: Matching, keyword: &str) -> MatchRule {
    MatchRule {
        id: RuleId(Uuid::from_u128(number as u128)),
        keyword: keyword.into(),
        folded: fold::fold(keyword).into(),
        matching,
        language: "".into(),
        url: "https://shop.example/?t={tag}&q={query}".into(),
        program: None,
        priority: 0,
        starts: None,
        ends: None,
    }
}

fn matcher(rules: Vec<MatchRule>) -> Matcher {
    let program = MatchProgram { name: "Nordly".into(), key: SecretString::from("ada-21") };
    let (programs, zone) = (vec![program], "Europe/Oslo".to_owned());
    Matcher::build(Source { rules, programs, zone }).unwrap()
}

fn sought(message: &str) -> Sought<'_> {
    Sought { message, language: "", limit: 50, at: NOON }
}

/// Keywords that are found, in their order.
fn found(matcher: &Matcher, message: &str) -> Vec<String> {
    let offers = matcher.offers(&sought(message), Tag::Filled);
    offers.into_iter().map(|offer| offer.keyword).collect()
}

fn finds(matching: Matching, keyword: &str, message: &str) -> bool {
    !found(&matcher(vec![rule(1, matching, keyword)]), message).is_empty()
}

#[test]
fn exact_is_the_whole_message_and_nothing_else() {
    let exact = |message| finds(Matching::Exact, "Running shoes", message);
    for same in ["running shoes", "  RUNNING\n shoes ", "ｒｕｎｎｉｎｇ shoes"] {
        assert!(exact(same), "{same}");
    }
    for other in ["running shoes!", "my running shoes", "running", ""] {
        assert!(!exact(other), "{other}");
    }
}

#[test]
fn a_phrase_stands_between_boundaries_of_words() {
    let phrase = |keyword, message| finds(Matching::Phrase, keyword, message);
    for (keyword, message) in [
        ("shoe", "A SHOE, please"),
        ("shoe", "shoe"),
        ("running shoe", "(running  shoe)"),
        ("Straße", "in der STRASSE."),
        ("fin", "the ﬁn of a fish"),
        ("abc", "x ＡＢＣ y"),
        ("café", "un CAFE\u{301} noir"),
        ("москва", "Где Москва?"),
        ("東京", "東京都に行く"),
        ("กา", "มีกาแฟ"),
        ("🎿", "let's go 🎿🎿!"),
        ("c++", "learn C++ now"),
        ("x-ray", "an x-ray machine"),
    ] {
        assert!(phrase(keyword, message), "{keyword} in {message}");
    }
    for (keyword, message) in [
        ("shoe", "shoes"),
        ("shoe", "horseshoe"),
        ("running shoe", "running a shoe"),
        ("cafe", "café"),
        ("cafe", "cafe\u{331} x"),
        ("i", "İ"),
        ("한국", "한국어"),
        ("москва", "москвабад"),
        ("1", "12"),
    ] {
        assert!(!phrase(keyword, message), "{keyword} in {message}");
    }
}

#[test]
fn a_prefix_is_how_words_begin() {
    let prefix = |keyword, message| finds(Matching::Prefix, keyword, message);
    assert!(prefix("shoe", "many shoes") && prefix("shoe", "shoe"));
    assert!(prefix("running sh", "my running shoes"));
    assert!(!prefix("shoe", "horseshoe") && !prefix("running sh", "running a shoe"));
}

#[test]
fn the_best_offer_comes_first_and_each_rule_once() {
    let mut rules = vec![
        rule(1, Matching::Phrase, "shoe"),
        rule(2, Matching::Phrase, "running shoe"),
        rule(3, Matching::Prefix, "run"),
        rule(4, Matching::Phrase, "shoe"),
    ];
    rules[2].priority = 5;
    let matcher = matcher(rules);
    let offers = matcher.offers(&sought("running shoe, shoe, run"), Tag::Filled);
    let ids: Vec<u128> = offers.iter().map(|offer| offer.rule.0.as_u128()).collect();
    assert_eq!(ids, [3, 2, 1, 4]);
    let few = Sought { limit: 2, ..sought("running shoe") };
    assert_eq!(matcher.offers(&few, Tag::Filled).len(), 2);
}

#[test]
fn days_are_the_teams_and_languages_those_asked_for() {
    let mut dated = rule(1, Matching::Phrase, "shoe");
    (dated.starts, dated.ends) = (Some(date!(2026 - 11 - 23)), Some(date!(2026 - 11 - 24)));
    let matcher = matcher(vec![dated]);
    let on = |at| !matcher.offers(&Sought { at, ..sought("shoe") }, Tag::Filled).is_empty();
    // Midnight of Oslo is an hour before.
    assert!(!on(datetime!(2026-11-22 22:59:59 UTC)) && on(datetime!(2026-11-22 23:00 UTC)));
    assert!(on(datetime!(2026-11-24 22:59:59 UTC)) && !on(datetime!(2026-11-24 23:00 UTC)));

    let german = MatchRule { language: "de".into(), ..rule(1, Matching::Phrase, "schuh") };
    let matcher = self::matcher(vec![german]);
    let asked = |language| {
        let sought = Sought { language, ..sought("schuh") };
        !matcher.offers(&sought, Tag::Filled).is_empty()
    };
    assert!(asked("de") && asked("") && !asked("en"));
}

#[test]
fn the_address_is_filled_in_and_the_key_only_for_who_may_have_it() {
    let named = MatchRule { program: Some(0), ..rule(1, Matching::Phrase, "shoe") };
    let matcher = matcher(vec![named]);
    let url = |tag| matcher.offers(&sought("a shoe&x=1 {tag}"), tag).remove(0).url;
    assert_eq!(url(Tag::Filled), "https://shop.example/?t=ada-21&q=a%20shoe%26x%3D1%20%7Btag%7D");
    assert_eq!(url(Tag::Kept), "https://shop.example/?t={tag}&q=a%20shoe%26x%3D1%20%7Btag%7D");
}

/// What the automaton must find, looked for at every place, one rule after the other.
fn naive(rules: &[MatchRule], message: &str) -> Vec<u128> {
    let text: Vec<char> = fold::fold(message).chars().collect();
    let begins = |at: usize| {
        let before = at.checked_sub(1).and_then(|at| text.get(at));
        fold::is_boundary(before.copied(), text.get(at).copied())
    };
    let is_there = |rule: &MatchRule| {
        let word: Vec<char> = rule.folded.chars().collect();
        let mut places = (0..=text.len()).filter(|at| text[*at..].starts_with(&word));
        match rule.matching {
            Matching::Exact => text == word,
            Matching::Phrase => places.any(|at| begins(at) && begins(at + word.len())),
            Matching::Prefix => places.any(begins),
        }
    };
    rules.iter().filter(|rule| is_there(rule)).map(|rule| rule.id.0.as_u128()).collect()
}

/// Dice that fall alike each time (a linear congruential generator, Numerical Recipes).
struct Dice(u32);

impl Dice {
    fn of(&mut self, sides: usize) -> usize {
        self.0 = self.0.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
        (self.0 >> 8) as usize % sides
    }

    fn text(&mut self, letters: &[char], most: usize) -> String {
        let length = 1 + self.of(most);
        (0..length).map(|_| letters[self.of(letters.len())]).collect()
    }
}

#[test]
fn it_finds_just_what_is_found_by_looking_at_every_place() {
    let alphabets = [
        "ab ",
        "ab1-. ",
        "sß ẞS",
        "iİıI ",
        "ﬁf i",
        "ａaＡ 　",
        "eé\u{301}\u{331} ",
        "🎿🧑\u{200d}💻a ",
        "яЯж ",
        "東京a ",
        "กาa\u{e49} ",
        "한국\u{1112}\u{1161} ",
        "ΣσςΊ\u{345} ",
    ];
    let mut dice = Dice(7);
    let mut hits = 0;
    for round in 0..3_000 {
        let letters: Vec<char> = alphabets[round % alphabets.len()].chars().collect();
        let mut rules: Vec<MatchRule> = Vec::new();
        for number in 0..1 + dice.of(8) {
            let matching = Matching::ALL[dice.of(3)];
            let rule = rule(number, matching, &dice.text(&letters, 4));
            if !rule.folded.is_empty() {
                rules.push(rule);
            }
        }
        let message = dice.text(&letters, 12);
        let expected = naive(&rules, &message);
        let offers = matcher(rules.clone()).offers(&sought(&message), Tag::Filled);
        let mut got: Vec<u128> = offers.iter().map(|offer| offer.rule.0.as_u128()).collect();
        got.sort_unstable();
        hits += got.len();
        assert_eq!(got, expected, "{message:?} in {rules:?}");
    }
    assert!(hits > 2_000, "{hits} is too few to tell");
}
