use super::*;
use model::{Role, RuleId, rule::RuleProgram};

fn team(role: Role) -> TeamCard {
    let id = format!("team_{:032x}", 1).parse().expect("an id");
    TeamCard {
        id,
        slug: "halden".into(),
        name: "Halden Freight".into(),
        role: role.into(),
        crest: model::Crest::Ink,
        bar: None,
        closing: None,
    }
}

fn id(number: usize) -> RuleId {
    format!("rule_{number:032x}").parse().expect("an id")
}

fn rule(number: usize, keyword: &str) -> RuleRow {
    RuleRow {
        id: id(number),
        keyword: keyword.into(),
        matching: Matching::Phrase,
        language: String::new(),
        url: "https://shop.example/?tag={tag}".into(),
        program: None,
        priority: 0,
        starts: String::new(),
        ends: String::new(),
        enabled: true,
        state: RuleState::On,
    }
}

fn html(query: &RuleQuery, all: i32, rows: Vec<RuleRow>) -> String {
    let page = Page { rows, older: Some(id(50).to_string()), newer: None };
    let found = RulesPage { page, all, programs: Vec::new() };
    Owner::new().with(|| content(&team(Role::Viewer), query, found).to_html())
}

#[test]
fn no_rules_say_what_a_rule_is_for_and_who_makes_one() {
    let html = html(&RuleQuery::default(), 0, Vec::new());
    assert!(html.contains("No rules yet") && html.contains("Needs Admin"), "{html}");
    assert!(!html.contains("type=\"search\""), "{html}");
}

#[test]
fn nothing_found_is_something_else() {
    let asked = RuleQuery { q: "<b>".into(), ..RuleQuery::default() };
    let html = html(&asked, 7, Vec::new());
    assert!(html.contains("No rule like that") && html.contains("value=\"&lt;b&gt;\""), "{html}");
}

#[test]
fn a_rule_that_does_not_count_says_why() {
    let off = RuleRow { state: RuleState::Off, ..rule(1, "boots") };
    let starts = "2026-12-01".to_owned();
    let waiting = RuleRow { state: RuleState::Waiting, starts, ..rule(2, "skis") };
    let over = RuleRow { state: RuleState::Over, ..rule(3, "sandals") };
    let html = html(&RuleQuery::default(), 3, vec![off, waiting, over]);
    for words in [">off<", ">from 2026-12-01<", ">over<"] {
        assert!(html.contains(words), "{words} in {html}");
    }
}

#[test]
fn a_long_keyword_is_cut_by_style_and_whole_in_the_page() {
    let long = "x".repeat(200);
    let program = RuleProgram {
        id: format!("program_{:032x}", 1).parse().expect("an id"),
        name: "Nordly & <Partners>".into(),
    };
    let rule = RuleRow { program: Some(program), ..rule(1, &long) };
    let html = html(&RuleQuery::default(), 1, vec![rule]);
    assert!(html.contains(&long) && html.contains("truncate"), "{html}");
    assert!(html.contains("Nordly &amp; &lt;Partners&gt;"), "{html}");
}

#[test]
fn of_ten_thousand_rules_a_page_is_shown_and_leads_on_with_what_was_asked() {
    let rows = (0..50).map(|number| rule(number, "shoe")).collect();
    let asked = RuleQuery { q: "shoe".into(), enabled: "yes".into(), ..RuleQuery::default() };
    let html = html(&asked, 10_000, rows);
    assert_eq!(html.matches("<tr").count(), 52);
    let on = format!("/rules?q=shoe&amp;enabled=yes&amp;before={}", id(50));
    assert!(html.contains(&on), "{html}");
}
