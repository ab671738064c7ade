//! Files of rules: looked at, imported, and given out again.

use super::{fill, form, programs::made};
use crate::support::{World, run, said};
use domain::{
    Cx, Error, audit,
    rule::{self, import},
    team,
};
use model::{
    Permission, Role,
    page::Around,
    rule::{DryRun, ImportFile, ImportQuery, ImportRules, Planned, RuleForm, RuleQuery},
};

async fn upload(cx: &Cx, file: &str) -> domain::Result<()> {
    import::upload(cx, ImportFile { file: file.to_owned(), ..ImportFile::default() }).await
}

async fn dry_run(cx: &Cx) -> DryRun {
    import::dry_run(cx, &ImportQuery::default()).await.unwrap().expect("a file was chosen")
}

/// Looks at the file, and imports what was looked at.
async fn imported(cx: &Cx, file: &str, bad: &str) -> domain::Result<Planned> {
    upload(cx, file).await?;
    let draft = dry_run(cx).await.draft;
    import::apply(cx, &ImportRules { draft, bad: bad.to_owned(), ..ImportRules::default() }).await
}

const fn planned(new: usize, changed: usize, unchanged: usize, bad: usize) -> Planned {
    Planned { new, changed, unchanged, bad }
}

#[tokio::test]
async fn a_dry_run_tells_every_bad_line_and_writes_nothing() {
    let world = World::new().await;
    let ada = world.team(&world.person("Ada").await, "Halden").await;
    rule::create(&ada, &form("shoes")).await.unwrap();
    let file = "keyword,url,priority\nshoes,https://shop.example/,\nboots,http://x.example,\n\
                hats,https://x.example,9\n,https://x.example,\n";
    upload(&ada, file).await.unwrap();
    let found = dry_run(&ada).await;
    assert_eq!(found.planned, planned(1, 0, 1, 2));
    let lines: Vec<usize> = found.bad.iter().map(|bad| bad.line).collect();
    assert_eq!((lines, found.next), (vec![3, 5], None));
    assert_eq!(rule::list(&ada, RuleQuery::default()).await.unwrap().all, 1);
    let log = audit::list(&ada, Around::default()).await.unwrap();
    assert!(log.page.rows.iter().all(|row| row.action != "rule.import"));
    // All or none, unless it is said otherwise.
    let form = ImportRules { draft: found.draft, ..ImportRules::default() };
    let whole = said(import::apply(&ada, &form).await);
    assert!(whole.starts_with("The file has bad lines."), "{whole}");
    let skipping = ImportRules { bad: "skip".into(), ..form };
    assert_eq!(import::apply(&ada, &skipping).await.unwrap(), planned(1, 0, 1, 2));
    let again = said(import::apply(&ada, &skipping).await);
    assert_eq!(again, "The file is no longer here. Choose it again.");
    let log = audit::list(&ada, Around::default()).await.unwrap();
    let record = &log.page.rows[0];
    assert_eq!(record.action, "rule.import");
    assert!(record.detail.contains("\"left_out\": 2"), "{}", record.detail);
}

#[tokio::test]
async fn what_is_exported_changes_nothing_when_it_is_imported() {
    let world = World::new().await;
    let ada = world.team(&world.person("Ada").await, "Halden").await;
    let program = made(&ada).await.to_string();
    for row in [
        RuleForm { priority: "-5".into(), language: "de".into(), ..form("Straße, \"alt\"") },
        RuleForm { program, url: "https://x.example/?t={tag}".into(), ..form("=1+1") },
        RuleForm { matching: "exact".into(), enabled: "no".into(), ..form("'=x") },
        RuleForm { starts: "2026-12-01".into(), ends: "2026-12-24".into(), ..form("@home") },
        RuleForm { matching: "prefix".into(), ..form("@home") },
    ] {
        rule::create(&ada, &row).await.unwrap();
    }
    let (name, file) = rule::export(&ada).await.unwrap();
    assert_eq!(name, "rules-halden.csv");
    assert!(file.contains("\"'=1+1\"") && !file.contains("ada-21"), "{file}");
    assert_eq!(imported(&ada, &file, "").await.unwrap(), planned(0, 0, 5, 0));
    let changed = file.replace("\"'-5\"", "6");
    assert_eq!(imported(&ada, &changed, "").await.unwrap(), planned(0, 1, 4, 0));
    // In an empty team of the same program, they are all new.
    let mal = world.team(&world.person("Mallory").await, "Mal").await;
    made(&mal).await;
    assert_eq!(imported(&mal, &file, "").await.unwrap(), planned(5, 0, 0, 0));
    assert_eq!(rule::export(&mal).await.unwrap().1, file);
}

#[tokio::test]
async fn who_may_not_imports_nothing_and_nobody_imports_anothers_file() {
    let world = World::new().await;
    let ada = world.team(&world.person("Ada").await, "Halden").await;
    let (luc, member) =
        (world.member(&ada, Role::Admin).await, world.member(&ada, Role::Member).await);
    let file = "keyword,url\nshoes,https://shop.example/\n";
    let refused = upload(&member, file).await;
    assert!(matches!(refused, Err(Error::Forbidden(Permission::RulesEdit))));
    upload(&ada, file).await.unwrap();
    let draft = dry_run(&ada).await.draft;
    assert!(import::dry_run(&luc, &ImportQuery::default()).await.unwrap().is_none());
    let form = ImportRules { draft, ..ImportRules::default() };
    let gone = said(import::apply(&luc, &form).await);
    assert_eq!(gone, "The file is no longer here. Choose it again.");
    let (one, other) = tokio::join!(import::apply(&ada, &form), import::apply(&ada, &form));
    assert!(one.is_ok() != other.is_ok(), "once: {one:?} {other:?}");
    assert_eq!(rule::list(&ada, RuleQuery::default()).await.unwrap().all, 1);
}

#[tokio::test]
async fn a_long_file_is_imported_at_once_and_one_too_long_is_refused_before() {
    let world = World::new().await;
    let ada = world.team(&world.person("Ada").await, "Halden").await;
    fill(&world, &ada, 30_000).await;
    let lines = |count: usize| {
        let lines = (0..count).map(|n| format!("more {n},https://shop.example/{n}\n"));
        lines.fold("keyword,url\n".to_owned(), |file, line| file + &line)
    };
    let Err(Error::Invalid(errors)) = upload(&ada, &lines(20_001)).await else { panic!("taken") };
    assert!(errors[0].message.starts_with("With the new rules of this file the team would have"));
    assert_eq!(imported(&ada, &lines(20_000), "").await.unwrap(), planned(20_000, 0, 0, 0));
    assert_eq!(rule::list(&ada, RuleQuery::default()).await.unwrap().all, 50_000);
}

#[tokio::test]
async fn bad_lines_are_read_a_page_at_a_time() {
    let world = World::new().await;
    let ada = world.team(&world.person("Ada").await, "Halden").await;
    let file = "keyword,url\n".to_owned() + &"x,nowhere\n".repeat(250);
    upload(&ada, &file).await.unwrap();
    let (mut line, mut seen) = (0, Vec::new());
    loop {
        let found = import::dry_run(&ada, &ImportQuery { line }).await.unwrap().unwrap();
        seen.extend(found.bad.iter().map(|bad| bad.line));
        assert_eq!(found.planned.bad, 250);
        let Some(next) = found.next else { break };
        line = next;
    }
    assert_eq!(seen, (2..=251).collect::<Vec<_>>());
}

#[tokio::test]
async fn a_file_goes_with_its_person_and_after_an_hour() {
    let world = World::new().await;
    let ada = world.team(&world.person("Ada").await, "Halden").await;
    let luc = world.member(&ada, Role::Admin).await;
    let file = "keyword,url\nshoes,https://shop.example/\n";
    upload(&luc, file).await.unwrap();
    upload(&ada, file).await.unwrap();
    upload(&ada, file).await.unwrap();
    let mut superuser = world.superuser().await;
    let mut drafts = async || -> i64 {
        let count = "select count(*) from rule_draft";
        sqlx::query_scalar(count).fetch_one(&mut superuser).await.unwrap()
    };
    assert_eq!(drafts().await, 2, "one for each");
    domain::member::remove(&ada, luc.person().unwrap()).await.unwrap();
    assert_eq!(drafts().await, 1);
    let team = team::card(&ada).unwrap().id.0;
    let old = format!(
        "update rule_draft set made_at = now() - interval '61 minutes' where team_id = '{team}'"
    );
    run(&mut world.superuser().await, &old).await;
    domain::account::sweep(&world.deps).await.unwrap();
    assert_eq!(drafts().await, 0);
}
