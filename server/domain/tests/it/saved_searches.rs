//! Searches of the log that are kept: whose they are, who keeps them, and how many there are.

use crate::support::{World, refusal};
use domain::{Cx, Error, Result, audit, audit::saved, member, team};
use model::{
    Permission, Role,
    audit::{AuditQuery, EditSearch, SaveSearch, SavedSearch, Whose},
};
use sqlx::Executor;

fn form(whose: Whose, name: &str, search: &str) -> SaveSearch {
    SaveSearch {
        team: String::new(),
        name: name.to_owned(),
        search: search.to_owned(),
        whose: whose.name().to_owned(),
    }
}

async fn keep(cx: &Cx, whose: Whose, name: &str) -> Result<SavedSearch> {
    saved::save(cx, &form(whose, name, "category:keys")).await
}

async fn rename(cx: &Cx, saved: &SavedSearch, name: &str) -> Result<String> {
    let form = EditSearch {
        team: String::new(),
        saved: saved.id.to_string(),
        whose: saved.whose.name().to_owned(),
        name: name.to_owned(),
        search: saved.line.clone(),
    };
    saved::edit(cx, saved.id, &form).await
}

async fn remove(cx: &Cx, saved: &SavedSearch) -> Result<String> {
    saved::remove(cx, saved.id, saved.whose.name()).await
}

async fn names(cx: &Cx) -> Vec<String> {
    saved::list(cx).await.unwrap().into_iter().map(|saved| saved.name).collect()
}

/// The one sentence at a field.
fn said<T: std::fmt::Debug>(result: Result<T>) -> (String, String) {
    match result {
        Err(Error::Invalid(errors)) => (errors[0].field.clone(), errors[0].message.clone()),
        other => panic!("{other:?}"),
    }
}

#[tokio::test]
async fn ones_own_are_found_by_nobody_else_and_the_teams_by_who_sees_the_log() {
    let world = World::new().await;
    let ada = world.team(&world.person("Ada").await, "Halden").await;
    let ben = world.member(&ada, Role::Admin).await;
    let cleo = world.member(&ada, Role::Viewer).await;
    let own = keep(&ada, Whose::Me, "Mine").await.unwrap();
    let team = keep(&ada, Whose::Team, "Ours").await.unwrap();
    assert_eq!(names(&ada).await, ["Mine", "Ours"]);
    assert_eq!(names(&ben).await, ["Ours"]);
    assert_eq!(names(&cleo).await, [""; 0]);

    // Neither is there for another team, nor what is one's own for a colleague.
    let mallory = world.team(&world.person("Mallory").await, "Other").await;
    assert_eq!(names(&mallory).await, [""; 0]);
    for (who, saved) in [(&ben, &own), (&cleo, &own), (&mallory, &own), (&mallory, &team)] {
        assert!(matches!(rename(who, saved, "Stolen").await, Err(Error::NotFound)));
        assert!(matches!(remove(who, saved).await, Err(Error::NotFound)));
    }
    // Nor under the other's name: an id of the team's is none of one's own.
    let confused = SavedSearch { whose: Whose::Me, ..team.clone() };
    assert!(matches!(remove(&ada, &confused).await, Err(Error::NotFound)));
    assert_eq!(rename(&ben, &team, "All keys").await.unwrap(), "All keys");
    assert_eq!(remove(&ada, &own).await.unwrap(), "Mine");
    assert_eq!(names(&ada).await, ["All keys"]);
}

#[tokio::test]
async fn everybody_keeps_their_own_and_the_teams_are_kept_by_who_may_and_sees_the_log() {
    let world = World::new().await;
    let ada = world.team(&world.person("Ada").await, "Halden").await;
    let team = keep(&ada, Whose::Team, "Ours").await.unwrap();
    for role in [Role::Viewer, Role::Member] {
        let other = world.member(&ada, role).await;
        keep(&other, Whose::Me, "Mine").await.unwrap();
        let refused = [
            keep(&other, Whose::Team, "Theirs").await.map(drop),
            rename(&other, &team, "Theirs").await.map(drop),
            remove(&other, &team).await.map(drop),
        ];
        for refused in refused {
            assert!(matches!(refused, Err(Error::Forbidden(_))), "{refused:?}");
        }
    }
    // Either permission alone is not enough: neither in code nor in the database.
    for (lacking, held) in [
        (Permission::AuditView, "team.view team.update"),
        (Permission::TeamUpdate, "team.view audit.view"),
    ] {
        let role = world.role(&ada, lacking.name(), held).await;
        let other = world.holder(&ada, &role).await;
        let refused = keep(&other, Whose::Team, "Theirs").await;
        assert!(matches!(&refused, Err(Error::Forbidden(it)) if *it == lacking), "{refused:?}");
        let mut raw = world.raw("probity_app", team::card(&ada).unwrap().id, &other).await;
        let put = "insert into team_search (team_id, id, name, search)
             values (app.team(), gen_random_uuid(), 'x', 'x')";
        assert!(refusal(&mut raw, put).await.contains("row-level security"));
        for alters in ["update team_search set name = 'x'", "delete from team_search"] {
            let done = raw.execute(alters).await.unwrap();
            assert_eq!(done.rows_affected(), 0, "{alters}");
        }
    }
}

#[tokio::test]
async fn in_the_database_too_a_search_is_its_persons_own() {
    let world = World::new().await;
    let ada = world.team(&world.person("Ada").await, "Halden").await;
    let ben = world.member(&ada, Role::Owner).await;
    keep(&ada, Whose::Me, "Mine").await.unwrap();
    let mut raw = world.raw("probity_app", team::card(&ada).unwrap().id, &ben).await;
    let seen: i64 =
        sqlx::query_scalar("select count(*) from own_search").fetch_one(&mut raw).await.unwrap();
    assert_eq!(seen, 0);
    for alters in ["update own_search set name = 'x'", "delete from own_search"] {
        assert_eq!(raw.execute(alters).await.unwrap().rows_affected(), 0, "{alters}");
    }
    let for_ada = format!(
        "insert into own_search (team_id, person_id, id, name, search)
         values (app.team(), '{}', gen_random_uuid(), 'x', 'x')",
        ada.person().unwrap().0
    );
    assert!(refusal(&mut raw, &for_ada).await.contains("row-level security"));
}

#[tokio::test]
async fn a_line_that_is_not_understood_and_a_name_that_is_taken_are_not_kept() {
    let world = World::new().await;
    let ada = world.team(&world.person("Ada").await, "Halden").await;
    let ben = world.member(&ada, Role::Admin).await;
    let (field, sentence) =
        said(saved::save(&ada, &form(Whose::Me, "Rules", "category:rules")).await);
    assert_eq!(field, "search");
    assert!(sentence.contains("“category:rules” is not understood"), "{sentence}");
    assert_eq!(said(saved::save(&ada, &form(Whose::Me, "All", " ")).await).0, "search");
    assert_eq!(said(saved::save(&ada, &form(Whose::Me, " ", "actor:me")).await).0, "name");
    for whose in [Whose::Me, Whose::Team] {
        let keys = keep(&ada, whose, "Keys").await.unwrap();
        let taken = "A search of this name is saved already. Choose another.";
        assert_eq!(said(keep(&ada, whose, "keys").await), ("name".to_owned(), taken.to_owned()));
        let other = keep(&ada, whose, "Other").await.unwrap();
        assert_eq!(said(rename(&ada, &other, "KEYS").await).1, taken);
        assert_eq!(rename(&ada, &keys, "KEYS").await.unwrap(), "KEYS", "its own name is free");
    }
    // What is one's own takes no name from others.
    keep(&ben, Whose::Me, "Keys").await.unwrap();
    assert_eq!(names(&ada).await, ["KEYS", "Other", "KEYS", "Other"]);
}

#[tokio::test]
async fn there_are_fifty_and_one_of_each_name_also_when_many_save_at_once() {
    let world = World::new().await;
    let ada = world.team(&world.person("Ada").await, "Halden").await;
    let ben = world.member(&ada, Role::Admin).await;
    for whose in [Whose::Me, Whose::Team] {
        let twice = tokio::join!(keep(&ada, whose, "Twice"), keep(&ada, whose, "twice"));
        let made = [twice.0, twice.1].into_iter().filter(Result::is_ok).count();
        assert_eq!(made, 1, "{whose:?}");
        for number in 1..48 {
            keep(&ada, whose, &format!("No. {number}")).await.unwrap();
        }
        let (a, b, c, d) = tokio::join!(
            keep(&ada, whose, "a"),
            keep(&ada, whose, "b"),
            keep(&ada, whose, "c"),
            keep(&ada, whose, "d")
        );
        let tries = [a, b, c, d];
        assert_eq!(tries.iter().filter(|it| it.is_ok()).count(), 2, "{whose:?}: {tries:?}");
        let full = tries.into_iter().find_map(Result::err).unwrap();
        let sentence = "50 searches are saved, and no more can be. Remove one first.";
        assert!(matches!(&full, Error::Conflict(said) if said == sentence), "{full:?}");
        let first = saved::list(&ada).await.unwrap().into_iter().find(|it| it.whose == whose);
        remove(&ada, &first.unwrap()).await.unwrap();
        keep(&ada, whose, "One more").await.unwrap();
    }
    keep(&ben, Whose::Me, "His first").await.unwrap();
}

#[tokio::test]
async fn what_is_the_teams_is_recorded_and_what_is_ones_own_is_not_and_goes_with_its_person() {
    let world = World::new().await;
    let ada = world.team(&world.person("Ada").await, "Halden").await;
    let ben = world.member(&ada, Role::Viewer).await;
    let found = async |q: &str| {
        let query = AuditQuery { q: q.to_owned(), ..AuditQuery::default() };
        audit::search(&ada, query).await.unwrap().page.rows
    };
    for whose in [Whose::Me, Whose::Team] {
        let saved = keep(&ada, whose, "Keys").await.unwrap();
        rename(&ada, &saved, "All keys").await.unwrap();
        remove(&ada, &saved).await.unwrap();
    }
    let records = found("action:search.*").await;
    let said: Vec<_> = records.iter().map(|it| (it.action.as_str(), it.target.as_str())).collect();
    let expected =
        [("search.remove", "All keys"), ("search.update", "All keys"), ("search.save", "Keys")];
    assert_eq!(said, expected);
    assert!(records[1].detail.contains("\"before\""), "{}", records[1].detail);

    keep(&ben, Whose::Me, "His").await.unwrap();
    let mut superuser = world.superuser().await;
    member::remove(&ada, ben.person().unwrap()).await.unwrap();
    let left: i64 = sqlx::query_scalar("select count(*) from own_search")
        .fetch_one(&mut superuser)
        .await
        .unwrap();
    assert_eq!(left, 0);
    // The database demands the record of what is the team's.
    let mut raw = world.raw("probity_app", team::card(&ada).unwrap().id, &ada).await;
    let put = "insert into team_search (team_id, id, name, search)
         values (app.team(), gen_random_uuid(), 'x', 'x')";
    let demanded = "a change to team_search without its audit event";
    assert_eq!(refusal(&mut raw, put).await, demanded);
}
