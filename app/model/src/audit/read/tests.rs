use super::*;
use crate::audit::{AuditQuery, Day};

fn read(line: &str) -> Search {
    search(line).unwrap_or_else(|misread| panic!("{line}: {misread}"))
}

fn names(actions: &[AuditAction]) -> Vec<&'static str> {
    actions.iter().map(|action| action.name()).collect()
}

#[test]
fn nothing_is_looked_for_in_an_empty_line() {
    assert!(read("").is_all() && read("  \t ").is_all());
}

#[test]
fn actions_are_named_or_begin_alike_and_fields_narrow_each_other() {
    let wanted = |line: &str| names(&read(line).actions.unwrap_or_default());
    assert_eq!(wanted("action:key.create"), ["key.create"]);
    assert_eq!(wanted("action:KEY.Create action:key.revoke"), ["key.create", "key.revoke"]);
    assert!(wanted("action:key.*").contains(&"key.rotate"));
    assert!(wanted("action:key.* severity:warning") == ["key.leak"]);
    assert!(wanted("category:members action:key.*").is_empty(), "no action is both");
    assert_eq!(read("category:members action:key.*").actions, Some(Vec::new()));
    let not = read("-action:key.* -category:members");
    assert_eq!(not.actions, None);
    let ruled_out = names(&not.not_actions);
    assert!(ruled_out.contains(&"key.create") && ruled_out.contains(&"member.add"));
}

#[test]
fn actors_are_me_a_kind_an_id_or_a_name() {
    let id = format!("person_{}", "0".repeat(32));
    let line = format!("actor:me actor:system actor:{id} -actor:\"Ada Lovelace\"");
    let read = read(&line);
    let expected = [SoughtActor::Me, SoughtActor::Kind("system"), SoughtActor::Id(id)];
    assert_eq!(read.actors, expected);
    assert_eq!(read.not_actors, [SoughtActor::Name("Ada Lovelace".to_owned())]);
}

#[test]
fn where_from_is_an_address_a_network_or_a_country() {
    let read = read("ip:203.0.113.7 -ip:10.0.0.0/8 country:no -country:SE request:req_1");
    assert_eq!(read.nets, ["203.0.113.7".parse().unwrap()]);
    assert_eq!(read.not_nets, ["10.0.0.0/8".parse().unwrap()]);
    let codes = |of: &[Country]| of.iter().map(|one| one.code()).collect::<Vec<_>>();
    assert_eq!((codes(&read.countries), codes(&read.not_countries)), (vec!["NO"], vec!["SE"]));
    assert_eq!(read.requests, ["req_1"]);
}

#[test]
fn days_are_one_or_a_range() {
    let edges = |line: &str| {
        let read = read(line);
        let shown = |days: Vec<Day>| -> Vec<String> {
            days.into_iter()
                .map(|at| format!("{}{}", at.day, if at.next { "+" } else { "" }))
                .collect()
        };
        (shown(read.since).join(" "), shown(read.until).join(" "))
    };
    let both = |since: &str, until: &str| (since.to_owned(), until.to_owned());
    assert_eq!(edges("created:2026-02-28"), both("2026-02-28", "2026-02-28+"));
    assert_eq!(edges("created:>=2026-01-01"), both("2026-01-01", ""));
    assert_eq!(edges("created:>2026-01-01 created:<2026-03-01"), both("2026-01-01+", "2026-03-01"));
    assert_eq!(edges("created:<=2026-01-01"), both("", "2026-01-01+"));
    assert_eq!(edges("created:2024-02-29..2026-01-31"), both("2024-02-29", "2026-01-31+"));
}

#[test]
fn other_words_stand_in_the_record_as_they_are() {
    let read = read("Billing \"two words\" -\"not this\" \"action:x\" 10:30");
    assert_eq!(read.words, ["billing", "two words", "action:x", "10:30"]);
    assert_eq!(read.not_words, ["not this"]);
    assert_eq!(search("-").map(|search| search.words), Ok(vec!["-".to_owned()]));
}

#[test]
fn what_is_not_understood_is_named() {
    for (line, named, why) in [
        ("key actor:", "“actor:”", "nothing follows"),
        ("action:key.creat", "“action:key.creat”", "key.create"),
        ("action:nothing", "“action:nothing”", "no action begins so"),
        ("action:*x", "“action:*x”", "no action begins so"),
        ("outcome:bad", "“outcome:bad”", "ok, refused"),
        ("category:billings", "“category:billings”", "members, roles"),
        ("severity:", "“severity:”", "info, notice, warning"),
        ("from:1.2.3.4", "“from:1.2.3.4”", "action, actor"),
        ("ip:1.2.3.4/40", "“ip:1.2.3.4/40”", "203.0.113.0/24"),
        ("-ip:", "“-ip:”", "nothing follows"),
        ("country:Norway", "“country:Norway”", "two letters"),
        ("request:", "“request:”", "nothing follows"),
        ("created:2026-02-29", "“created:2026-02-29”", "2026-01-31"),
        ("created:yesterday", "“created:yesterday”", "2026-01-31"),
        ("created:2026-1-1", "“created:2026-1-1”", "2026-01-31"),
        ("-created:2026-01-01", "“-created:2026-01-01”", "leave out the minus"),
        ("outcome:ok outcome:refused", "“outcome:refused”", "two ways"),
        ("a\0b", "zero", "Leave it out"),
        ("\"\"", "“\"\"”", "between the quotes"),
    ] {
        let misread = search(line).expect_err(line);
        assert!(misread.contains(named) && misread.contains(why), "{line}: {misread}");
    }
    assert!(search(&"x".repeat(501)).is_err() && search(&"x ".repeat(21)).is_err());
    assert!(search(&"é".repeat(500)).is_ok());
}

/// Dice that fall alike each time (a linear congruential generator, Numerical Recipes).
#[test]
fn any_line_is_understood_or_gets_a_sentence() {
    let pieces = [
        "action:",
        "actor:",
        "created:",
        "category:",
        "outcome:ok",
        "-",
        "\"",
        " ",
        ":",
        "key.*",
        "é",
        "..",
        ">=",
        "2026-01-01",
        "*",
        "\u{1f3bf}",
        "\t",
        "severity:info",
        "ip:",
        "10.0.0.0/8",
        "country:",
        "no",
        "request:",
        "me",
        "person_",
    ];
    let mut dice = 7_u32;
    let mut roll = || {
        dice = dice.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
        (dice >> 8) as usize
    };
    for _ in 0..20_000 {
        let line: String = (0..1 + roll() % 9).map(|_| pieces[roll() % pieces.len()]).collect();
        if let Err(misread) = search(&line) {
            assert!(misread.ends_with('.') && misread.len() < 2_500, "{line}: {misread}");
        }
        let _any = (chosen(&line, "category"), replaced(&line, "category", "keys"));
    }
}

#[test]
fn a_choice_that_was_altered_takes_the_place_of_its_words_and_an_altered_line_stands() {
    let line = |q: &str, was: &str, category: &str, outcome: &str| {
        let query = AuditQuery {
            q: q.to_owned(),
            was: was.to_owned(),
            category: category.to_owned(),
            outcome: outcome.to_owned(),
            ..AuditQuery::default()
        };
        query.line()
    };
    assert_eq!(line("ada", "ada", "keys", ""), "ada category:keys");
    let said = "category:keys ada";
    assert_eq!(line(said, said, "keys", ""), said, "nothing was altered");
    assert_eq!(line(said, said, "", ""), "ada", "all categories");
    assert_eq!(line(said, said, "roles", "refused"), "ada category:roles outcome:refused");
    assert_eq!(line("category:data ada", said, "keys", ""), "category:data ada", "the line was");
    assert_eq!(chosen("category:keys category:data", "category"), "", "two are no choice");
    assert_eq!(chosen("-category:keys", "category"), "");
    assert_eq!(chosen("category:KEYS", "category"), "keys");
    let wrong = "category:key ada";
    assert_eq!(chosen(wrong, "category"), "", "cannot be chosen");
    assert_eq!(line("category:keys ada", wrong, "", ""), "category:keys ada", "nor un-chosen");
}

#[test]
fn what_is_written_beside_the_line_stands_in_it_and_comes_back() {
    let line = |q: &str, was: &str, actor: &str, ip: &str| {
        let [q, was, actor, ip] = [q, was, actor, ip].map(str::to_owned);
        AuditQuery { q, was, actor, ip, ..AuditQuery::default() }.line()
    };
    let written = line("shoes", "shoes", " Ada Lind ", "203.0.113.0/24");
    assert_eq!(written, "shoes actor:\"Ada Lind\" ip:203.0.113.0/24");
    let back = ["actor", "ip", "country"].map(|field| AuditQuery::said(&written, field));
    assert_eq!(back, ["Ada Lind", "203.0.113.0/24", ""]);
    assert_eq!(line(&written, &written, "Ada Lind", "203.0.113.0/24"), written, "left alone");
    assert_eq!(line(&written, &written, "me", ""), "shoes actor:me");
    assert_eq!(line("x", "x", "a\"b \"c", ""), "x actor:\"ab c\"", "a quote ends no word");
    for other in ["-actor:system", "actor:me actor:key", "actor:"] {
        assert_eq!(AuditQuery::said(other, "actor"), "", "{other}");
        assert_eq!(line(other, other, "", ""), other);
    }
}

#[test]
fn days_that_are_chosen_and_days_in_the_line_mirror_each_other() {
    let chosen = |line: &str| AuditQuery::days(line);
    let both = |first: &str, last: &str| (first.to_owned(), last.to_owned());
    assert_eq!(chosen("x created:2026-01-01..2026-01-31"), both("2026-01-01", "2026-01-31"));
    assert_eq!(chosen("created:>=2026-01-01 x"), both("2026-01-01", ""));
    assert_eq!(chosen("created:<=2026-01-31"), both("", "2026-01-31"));
    assert_eq!(chosen("created:2026-01-01"), both("2026-01-01", "2026-01-01"));
    for other in [
        "",
        "x",
        "created:>2026-01-01",
        "created:soon",
        "created:>=2026-01-01 created:<=2026-02-01",
    ] {
        assert_eq!(chosen(other), both("", ""), "{other}");
    }
    let asked = |q: &str, was: &str, since: &str, until: &str| {
        let text = |text: &str| text.to_owned();
        let (q, was, since, until) = (text(q), text(was), text(since), text(until));
        AuditQuery { q, was, since, until, ..AuditQuery::default() }.line()
    };
    assert_eq!(asked("x", "x", "2026-01-01", ""), "x created:>=2026-01-01");
    assert_eq!(asked("x", "x", "", "2026-01-31"), "x created:<=2026-01-31");
    assert_eq!(asked("x", "x", "2026-01-01", "2026-01-31"), "x created:2026-01-01..2026-01-31");
    let one = "created:2026-01-01";
    assert_eq!(asked(one, one, "", ""), "", "taken out beside it");
    assert_eq!(asked(one, one, "2026-01-01", "2026-01-01"), one, "and left alone");
    let typed = "created:<2026-01-01";
    assert_eq!(asked(typed, one, "2026-01-01", "2026-01-01"), typed, "what was typed stands");
    assert_eq!(
        AuditQuery::on_days("a created:>2025-01-01", "2026-01-01", "2026-01-01"),
        "a created:2026-01-01"
    );
}
