//! Affiliate programs: their keys are written once and read by nobody.

use super::form;
use crate::support::{World, refusal, run, said};
use domain::{
    Cx, Error, audit,
    program::{self, Changes},
    rule, team,
};
use model::{
    Permission, ProgramId, Role, Typed,
    page::Around,
    rule::{NewProgram, RuleForm},
};
use time::Duration;

pub(crate) fn nordly() -> NewProgram {
    NewProgram { name: "Nordly".into(), tag: Typed::new("ada-21"), ..NewProgram::default() }
}

pub(crate) async fn made(cx: &Cx) -> ProgramId {
    program::create(cx, &nordly()).await.unwrap().id
}

/// Another key in place of a program's.
pub(crate) async fn replaced(cx: &Cx, id: ProgramId, tag: &str) -> Result<String, Error> {
    program::update(cx, id, Changes { tag: Some(&Typed::new(tag)), ..Changes::default() }).await
}

#[tokio::test]
async fn a_key_is_sealed_and_neither_page_nor_record_nor_request_reads_it() {
    let world = World::new().await;
    let ada = world.team(&world.person("Ada").await, "Halden").await;
    let id = made(&ada).await;
    let set = async || program::find(&ada, id).await.unwrap().unwrap().key_set_at;
    assert!(set().await.is_some());
    // As an import leaves it.
    let mut superuser = world.superuser().await;
    run(
        &mut superuser,
        "alter table affiliate_program disable trigger affiliate_program_is_audited",
    )
    .await;
    run(&mut superuser, "update affiliate_program set key_missing = true").await;
    run(
        &mut superuser,
        "alter table affiliate_program enable always trigger affiliate_program_is_audited",
    )
    .await;
    assert_eq!(set().await, None);
    replaced(&ada, id, " new-key-7 ").await.unwrap();
    assert!(set().await.is_some());
    let log = format!("{:?}", audit::list(&ada, Around::default()).await.unwrap());
    assert!(log.contains("program.replace_key"));
    for secret in ["ada-21", "new-key-7"] {
        assert!(!log.contains(secret), "{secret} in the record");
    }
    let sealed: Vec<u8> = sqlx::query_scalar("select sealed from affiliate_program")
        .fetch_one(&mut world.superuser().await)
        .await
        .unwrap();
    assert!(!sealed.windows(9).any(|window| window == b"new-key-7"));
    let mut raw = world.raw("probity_app", team::card(&ada).unwrap().id, &ada).await;
    let refused = refusal(&mut raw, "select sealed from affiliate_program").await;
    assert_eq!(refused, "permission denied for table affiliate_program");
}

#[tokio::test]
async fn whoever_sets_a_key_has_confirmed_that_it_is_them() {
    let world = World::new().await;
    let ada = world.team(&world.person("Ada").await, "Halden").await;
    let id = made(&ada).await;
    world.clock.advance(Duration::minutes(11));
    let renamed = Changes { name: Some("x"), ..Changes::default() };
    for refused in [
        program::create(&ada, &nordly()).await.map(drop),
        replaced(&ada, id, "eve-21").await.map(drop),
        program::update(&ada, id, renamed).await.map(drop),
    ] {
        assert!(matches!(refused, Err(Error::Unconfirmed { .. })), "{refused:?}");
    }
    // The database says so, too.
    let mut raw = world.raw("probity_app", team::card(&ada).unwrap().id, &ada).await;
    let update = "update affiliate_program set sealed = '\\x07'";
    assert_eq!(crate::support::try_run(&mut raw, update).await.unwrap(), 0);
}

#[tokio::test]
async fn a_name_and_a_key_change_together_or_not_at_all() {
    let world = World::new().await;
    let ada = world.team(&world.person("Ada").await, "Halden").await;
    let id = made(&ada).await;
    program::create(&ada, &NewProgram { name: "Other".into(), ..nordly() }).await.unwrap();
    let sealed = async || -> Vec<u8> {
        sqlx::query_scalar("select sealed from affiliate_program where id = $1")
            .bind(id.0)
            .fetch_one(&mut world.superuser().await)
            .await
            .unwrap()
    };
    let before = sealed().await;
    let tag = Typed::new("ada-22");
    let both = |name| Changes { name: Some(name), tag: Some(&tag) };
    let taken = said(program::update(&ada, id, both("other")).await);
    assert_eq!(taken, "There is a program of this name already. Choose another.");
    assert_eq!(sealed().await, before);
    assert_eq!(program::update(&ada, id, both(" Nordly  AB")).await.unwrap(), "Nordly AB");
    assert_ne!(sealed().await, before);
    let log = audit::list(&ada, Around::default()).await.unwrap().page.rows;
    let told: Vec<_> = log.iter().take(2).map(|row| row.action.as_str()).collect();
    assert_eq!(told, ["program.replace_key", "program.rename"]);
    assert!(log[1].detail.contains(r#""name_before": "Nordly""#), "{}", log[1].detail);
    let nothing = said(program::update(&ada, id, Changes::default()).await);
    assert_eq!(nothing, "Nothing would change. Give a name, a tag, or both.");
}

#[tokio::test]
async fn members_see_programs_and_only_those_who_edit_rules_change_them() {
    let world = World::new().await;
    let ada = world.team(&world.person("Ada").await, "Halden").await;
    let id = made(&ada).await;
    let viewer = world.member(&ada, Role::Viewer).await;
    assert_eq!(program::list(&viewer).await.unwrap()[0].name, "Nordly");
    for refused in [
        program::create(&viewer, &nordly()).await.map(drop),
        replaced(&viewer, id, "eve-21").await.map(drop),
        program::delete(&viewer, id).await.map(drop),
    ] {
        assert!(matches!(refused, Err(Error::Forbidden(Permission::RulesEdit))));
    }
    let mal = world.team(&world.person("Mallory").await, "Mal").await;
    assert!(program::list(&mal).await.unwrap().is_empty());
    assert!(matches!(program::delete(&mal, id).await, Err(Error::NotFound)));
    assert!(matches!(replaced(&mal, id, "eve-21").await, Err(Error::NotFound)));
    assert!(program::find(&mal, id).await.unwrap().is_none());
    let theirs = RuleForm { program: id.to_string(), ..form("x") };
    let refused = said(rule::create(&mal, &theirs).await);
    assert_eq!(refused, "There is no such program. Choose one of the list.");
}

#[tokio::test]
async fn a_program_that_rules_name_stays_and_a_name_is_given_once() {
    let world = World::new().await;
    let ada = world.team(&world.person("Ada").await, "Halden").await;
    let id = made(&ada).await;
    let named = RuleForm { program: id.to_string(), ..form("shoes") };
    let rule = rule::create(&ada, &named).await.unwrap();
    let kept = said(program::delete(&ada, id).await);
    assert_eq!(kept, "One rule names this program. Change or delete it first.");
    let twice = NewProgram { name: "NORDLY".into(), ..nordly() };
    let taken = said(program::create(&ada, &twice).await);
    assert_eq!(taken, "There is a program of this name already. Choose another.");
    rule::delete(&ada, rule).await.unwrap();
    assert_eq!(program::delete(&ada, id).await.unwrap(), "Nordly");
    let empty = program::create(&ada, &NewProgram::default()).await;
    let Err(Error::Invalid(errors)) = empty else { panic!("{empty:?}") };
    assert_eq!(errors.len(), 2);
    for number in 0..100 {
        let form = NewProgram { name: format!("Program {number}"), ..nordly() };
        program::create(&ada, &form).await.unwrap();
    }
    let many = said(program::create(&ada, &nordly()).await);
    assert_eq!(many, "A team has at most 100 programs. Delete one first.");
}
