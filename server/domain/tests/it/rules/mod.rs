//! Keyword rules and affiliate programs.

mod importing;
mod matching;
pub(crate) mod programs;

use crate::support::{World, refusal, run, said, try_run};
use domain::{Cx, Error, audit, rule, team};
use model::{
    Permission, Role,
    page::Around,
    rule::{RuleForm, RuleQuery, RuleState},
};
use time::Duration;

pub(crate) fn form(keyword: &str) -> RuleForm {
    RuleForm {
        keyword: keyword.to_owned(),
        matching: "phrase".to_owned(),
        url: "https://shop.example/".to_owned(),
        enabled: "yes".to_owned(),
        ..RuleForm::default()
    }
}

/// Keywords of a list.
async fn keywords(cx: &Cx, query: RuleQuery) -> Vec<String> {
    let found = rule::list(cx, query).await.unwrap();
    found.page.rows.into_iter().map(|row| row.keyword).collect()
}

#[tokio::test]
async fn an_admin_makes_changes_switches_and_deletes_and_each_is_recorded() {
    let world = World::new().await;
    let ada = world.team(&world.person("Ada").await, "Halden").await;
    let admin = world.member(&ada, Role::Admin).await;
    let id = rule::create(&admin, &form("Running shoes")).await.unwrap();
    let twice = said(rule::create(&admin, &form("running  SHOES")).await);
    assert!(twice.starts_with("There is a rule for this keyword"), "{twice}");
    let other = RuleForm { priority: "7".into(), ..form("Boots") };
    rule::update(&admin, id, &other).await.unwrap();
    rule::disable(&admin, id).await.unwrap();
    let again = said(rule::disable(&admin, id).await);
    assert_eq!(again, "Boots is switched off already.");
    let row = rule::find(&ada, id).await.unwrap().unwrap().rule;
    assert_eq!((row.keyword.as_str(), row.priority, row.state), ("Boots", 7, RuleState::Off));
    rule::enable(&admin, id).await.unwrap();
    assert_eq!(rule::delete(&admin, id).await.unwrap(), "Boots");
    assert!(matches!(rule::delete(&admin, id).await, Err(Error::NotFound)));
    let log = audit::list(&ada, Around::default()).await.unwrap();
    let actions: Vec<&str> = log.page.rows.iter().map(|row| row.action.as_str()).collect();
    let expected = ["rule.delete", "rule.enable", "rule.disable", "rule.update", "rule.create"];
    assert_eq!(actions[..5], expected);
    let changed = &log.page.rows[3].detail;
    for was in [r#""keyword_before": "Running shoes""#, r#""priority_before": 0"#] {
        assert!(changed.contains(was), "{changed}");
    }
    assert!(!changed.contains("url_before"), "what stays is not told twice: {changed}");
    assert_eq!(log.proof.unwrap().broken_at, None);
}

#[tokio::test]
async fn who_may_not_changes_nothing_in_code_or_database() {
    let world = World::new().await;
    let ada = world.team(&world.person("Ada").await, "Halden").await;
    let id = rule::create(&ada, &form("shoes")).await.unwrap();
    let member = world.member(&ada, Role::Member).await;
    for refused in [
        rule::create(&member, &form("boots")).await.map(drop),
        rule::update(&member, id, &form("boots")).await,
        rule::disable(&member, id).await.map(drop),
        rule::delete(&member, id).await.map(drop),
    ] {
        assert!(matches!(refused, Err(Error::Forbidden(Permission::RulesEdit))));
    }
    assert_eq!(keywords(&member, RuleQuery::default()).await, ["shoes"], "and sees them");
    let team = team::card(&ada).unwrap().id;
    let mut raw = world.raw("probity_app", team, &member).await;
    for statement in ["update keyword_rule set enabled = false", "delete from keyword_rule"] {
        assert_eq!(try_run(&mut raw, statement).await.unwrap(), 0);
    }
    // Nobody writes the count, and nothing passes without its record.
    let mut raw = world.raw("probity_app", team, &ada).await;
    let state = refusal(&mut raw, "update rule_state set rules = 0").await;
    assert_eq!(state, "permission denied for table rule_state");
    run(&mut raw, "begin").await;
    run(&mut raw, "delete from keyword_rule").await;
    let unrecorded = refusal(&mut raw, "commit").await;
    assert_eq!(unrecorded, "a change to keyword_rule without its audit event");
}

#[tokio::test]
async fn another_teams_rules_are_not_there() {
    let world = World::new().await;
    let ada = world.team(&world.person("Ada").await, "Halden").await;
    let id = rule::create(&ada, &form("shoes")).await.unwrap();
    let mal = world.team(&world.person("Mallory").await, "Mal").await;
    assert!(rule::find(&mal, id).await.unwrap().is_none());
    assert!(keywords(&mal, RuleQuery::default()).await.is_empty());
    for refused in [
        rule::update(&mal, id, &form("x")).await,
        rule::disable(&mal, id).await.map(drop),
        rule::delete(&mal, id).await.map(drop),
    ] {
        assert!(matches!(refused, Err(Error::NotFound)));
    }
    assert_eq!(rule::export(&mal).await.unwrap().1.lines().count(), 1);
}

#[tokio::test]
async fn of_two_who_make_the_same_rule_at_once_one_does() {
    let world = World::new().await;
    let ada = world.team(&world.person("Ada").await, "Halden").await;
    let luc = world.member(&ada, Role::Admin).await;
    for round in 0..5 {
        let form = form(&format!("shoes {round}"));
        let (one, other) = tokio::join!(rule::create(&ada, &form), rule::create(&luc, &form));
        assert!(one.is_ok() != other.is_ok(), "{one:?} {other:?}");
    }
    assert_eq!(rule::list(&ada, RuleQuery::default()).await.unwrap().all, 5);
}

#[tokio::test]
async fn a_team_has_at_most_fifty_thousand_rules_also_when_two_make_the_last_at_once() {
    let world = World::new().await;
    let ada = world.team(&world.person("Ada").await, "Halden").await;
    let luc = world.member(&ada, Role::Admin).await;
    fill(&world, &ada, 49_999).await;
    let (left, right) = (form("left"), form("right"));
    let (one, other) = tokio::join!(rule::create(&ada, &left), rule::create(&luc, &right));
    let refused = [one, other].into_iter().find(Result::is_err).expect("one too many");
    assert_eq!(said(refused), "A team has at most 50,000 rules. Delete some first.");
    assert_eq!(rule::list(&ada, RuleQuery::default()).await.unwrap().all, 50_000);
    // Past the program: the database says so.
    let team = team::card(&ada).unwrap().id;
    let mut raw = world.raw("probity_app", team, &ada).await;
    let insert = "insert into keyword_rule (team_id, id, keyword, folded, matching, language, url,
                      priority, enabled, changed_at)
                  values (app.team(), gen_random_uuid(), 'x', 'x', 'exact', '', 'https://x', 0,
                      true, now())";
    assert_eq!(refusal(&mut raw, insert).await, "a team has at most 50,000 rules");
}

/// So many rules, past the operations.
pub(crate) async fn fill(world: &World, cx: &Cx, count: usize) {
    let team = team::card(cx).unwrap().id.0;
    let fill = format!(
        "alter table keyword_rule disable trigger keyword_rule_is_audited;
         insert into keyword_rule (team_id, id, keyword, folded, matching, language, url, priority,
                                   enabled, changed_at)
         select '{team}', gen_random_uuid(), 'word ' || n, 'word ' || n, 'phrase', '',
             'https://shop.example/' || n, 0, true, now() from generate_series(1, {count}) n;
         alter table keyword_rule enable always trigger keyword_rule_is_audited"
    );
    run(&mut world.superuser().await, &fill).await;
}

#[tokio::test]
async fn rules_are_listed_by_keyword_and_found_by_what_is_asked_for() {
    let world = World::new().await;
    let ada = world.team(&world.person("Ada").await, "Halden").await;
    let rows = [
        RuleForm { language: "de".into(), matching: "exact".into(), ..form("Straße") },
        RuleForm { enabled: "no".into(), ..form("boots") },
        RuleForm { starts: "2026-11-23".into(), ..form("Alpine skis") },
        RuleForm { ends: "2026-11-21".into(), ..form("zebra") },
    ];
    for row in &rows {
        rule::create(&ada, row).await.unwrap();
    }
    let ask = RuleQuery::default;
    assert_eq!(keywords(&ada, ask()).await, ["Alpine skis", "boots", "Straße", "zebra"]);
    let q = |q: &str| RuleQuery { q: q.into(), ..RuleQuery::default() };
    assert_eq!(keywords(&ada, q("STRASS")).await, ["Straße"]);
    assert!(keywords(&ada, q("%")).await.is_empty());
    // What no text in the database holds is left out of what is looked for.
    let zero = RuleQuery { language: "\0".into(), ..q("\0") };
    assert_eq!(keywords(&ada, zero).await, keywords(&ada, ask()).await);
    let german = RuleQuery { language: "DE".into(), ..ask() };
    assert_eq!(keywords(&ada, german).await, ["Straße"]);
    let exact = RuleQuery { matching: "exact".into(), ..ask() };
    assert_eq!(keywords(&ada, exact).await, ["Straße"]);
    let off = RuleQuery { enabled: "no".into(), ..ask() };
    assert_eq!(keywords(&ada, off).await, ["boots"]);
    let found = rule::list(&ada, ask()).await.unwrap();
    let states: Vec<RuleState> = found.page.rows.iter().map(|row| row.state).collect();
    assert_eq!(states, [RuleState::Waiting, RuleState::Off, RuleState::On, RuleState::Over]);
    world.clock.advance(Duration::days(1));
    let found = rule::list(&world.again(&ada, &ada).await, ask()).await.unwrap();
    assert_eq!(found.page.rows[0].state, RuleState::On);
}

#[tokio::test]
async fn pages_lead_on_and_back() {
    let world = World::new().await;
    let ada = world.team(&world.person("Ada").await, "Halden").await;
    fill(&world, &ada, 120).await;
    let list = async |query: RuleQuery| rule::list(&ada, query).await.unwrap().page;
    let first = list(RuleQuery::default()).await;
    assert_eq!((first.rows.len(), first.newer.as_deref()), (50, None));
    let second = list(RuleQuery { before: first.older.clone(), ..RuleQuery::default() }).await;
    let third = list(RuleQuery { before: second.older.clone(), ..RuleQuery::default() }).await;
    assert_eq!((second.rows.len(), third.rows.len(), third.older), (50, 20, None));
    let back = list(RuleQuery { after: second.newer, ..RuleQuery::default() }).await;
    assert_eq!(back, first);
    for nonsense in ["", "rule_7", "key_00000000000000000000000000000007"] {
        let query = RuleQuery { before: Some(nonsense.into()), ..RuleQuery::default() };
        assert_eq!(list(query).await, first, "{nonsense}");
    }
}
