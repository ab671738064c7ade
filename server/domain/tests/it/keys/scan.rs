//! Keys that others can read: found, told of, and switched off where the team wants it.

use super::plain;
use crate::{
    permissions::new_key,
    support::{World, refusal, run, said},
};
use domain::{
    Cx, Error, audit,
    key::{
        self,
        scan::{self, Finder, Found},
    },
    security, team,
};
use model::{
    Permission, Role,
    audit::AuditRow,
    key::{KeyState, NewKey, Reporter, RotateKey, VerifyCode},
    page::Around,
    security::SetKeys,
};
use secrecy::ExposeSecret;
use time::Duration;

const SOURCE: &str = "https://github.com/halden/api/blob/main/.env";

/// What a stranger's report of this text is answered.
async fn report(world: &World, text: &str) -> Vec<Found> {
    scan::scan(&world.anyone(), text, SOURCE).await.unwrap()
}

async fn switch_off_found(ada: &Cx) {
    let form = SetKeys { key_leak_off: "yes".to_owned(), ..SetKeys::default() };
    security::set_keys(ada, form).await.unwrap();
}

/// The team's records of these actions, the latest first.
async fn records(ada: &Cx, actions: &[&str]) -> Vec<AuditRow> {
    let log = audit::list(ada, Around::default()).await.unwrap();
    log.page.rows.into_iter().filter(|row| actions.contains(&row.action.as_str())).collect()
}

/// To whom letters about found keys went since the last time, and what they said.
async fn told(world: &World) -> Vec<(String, String)> {
    let letters = world.letters().await.into_iter();
    let found =
        letters.filter(|mail| mail.subject == "An API key of your team was found in public");
    let words = |text: &str| text.split_whitespace().collect::<Vec<_>>().join(" ");
    let mut told: Vec<_> =
        found.map(|mail| (mail.to.clone(), words(mail.text.expose_secret()))).collect();
    told.sort();
    told
}

#[tokio::test]
async fn whoever_can_rotate_a_found_key_is_told_once_a_day() {
    let world = World::new().await;
    let ada = world.team(&world.person("Ada").await, "Halden").await;
    let admin = world.join(&ada, &world.person("Ben").await, Role::Admin).await;
    let member = world.join(&ada, &world.person("Cy").await, Role::Member).await;
    let made = key::create(&ada, new_key()).await.unwrap();
    told(&world).await;
    let text = format!("a\nKEY=\"{0}\"\nb {0}\n", made.secret);
    let found = report(&world, &text).await.remove(0);
    assert!(found.is_live() && found.is_told());
    assert_eq!((found.start.as_str(), &found.lines), (&made.secret[..17], &vec![2, 3]));
    assert_eq!(found.key.map(|key| key.id), Some(made.id));

    let letters = told(&world).await;
    let to: Vec<&str> = letters.iter().map(|(to, _)| to.as_str()).collect();
    assert_eq!(to, ["ada@example.com", "ben@example.com"], "a member cannot rotate it");
    let letter = &letters[0].1;
    let expected = format!("the API key billing-sync ({}…) of the team Halden", &made.secret[..17]);
    assert!(
        letter.contains(&expected) && letter.contains("at github.com. It works on"),
        "{letter}"
    );
    assert!(letter.contains(&format!("/t/halden/keys/{}", made.id)), "{letter}");
    assert!(!letter.contains("halden/api"), "strangers write no more than a host: {letter}");
    assert!(!letter.contains(&made.secret[17..]), "never a secret");

    let record = records(&ada, &["key.leak", "key.disable"]).await.remove(0);
    assert_eq!((record.action.as_str(), record.actor.as_str()), ("key.leak", "Probity"));
    assert!(record.detail.contains(SOURCE) && !record.detail.contains(&made.secret[17..]));
    let leak = key::find(&member, made.id).await.unwrap().unwrap().leak.unwrap();
    assert_eq!((leak.source.as_str(), leak.by), (SOURCE, Reporter::Scanner));
    assert_eq!(plain(&world, &made.secret).await, VerifyCode::Valid, "nobody asked for more");

    world.clock.advance(Duration::hours(23));
    assert!(report(&world, &text).await[0].is_told(), "they know it");
    assert_eq!(told(&world).await, []);
    world.clock.advance(Duration::hours(1));
    report(&world, &text).await;
    assert_eq!(told(&world).await.len(), 2);
    drop(admin);
}

#[tokio::test]
async fn of_many_reports_at_once_one_is_told() {
    let world = World::new().await;
    let ada = world.team(&world.person("Ada").await, "Halden").await;
    switch_off_found(&ada).await;
    let made = key::create(&ada, new_key()).await.unwrap();
    futures::future::join_all((0..12).map(|_| report(&world, &made.secret))).await;
    assert_eq!(told(&world).await.len(), 1);
    assert_eq!(records(&ada, &["key.leak", "key.disable"]).await.len(), 2, "one of each");
}

#[tokio::test]
async fn a_team_that_wants_it_has_found_keys_refused_before_the_report_is_answered() {
    let world = World::new().await;
    let ada = world.team(&world.person("Ada").await, "Halden").await;
    let made = key::create(&ada, new_key()).await.unwrap();
    report(&world, &made.secret).await;
    assert_eq!(plain(&world, &made.secret).await, VerifyCode::Valid);
    told(&world).await;
    // Also on the day on which its people were told before the policy said so.
    switch_off_found(&ada).await;
    assert_eq!(plain(&world, &made.secret).await, VerifyCode::Valid, "and remembered");
    let found = report(&world, &made.secret).await.remove(0);
    assert!(found.is_live(), "it was");
    assert_eq!(plain(&world, &made.secret).await, VerifyCode::Disabled);
    assert!(told(&world).await[0].1.contains("It was switched off at once"));
    assert!(!report(&world, &made.secret).await[0].is_live());
    assert_eq!(told(&world).await, []);
    // Whoever switches it on again is told what it meets.
    key::enable(&ada, made.id).await.unwrap();
    report(&world, &made.secret).await;
    assert_eq!(plain(&world, &made.secret).await, VerifyCode::Disabled);
    assert_eq!(told(&world).await.len(), 1);
    let records = records(&ada, &["key.leak", "key.disable"]).await;
    let actions: Vec<&str> = records.iter().map(|row| row.action.as_str()).collect();
    assert_eq!(actions, ["key.leak", "key.disable", "key.leak", "key.disable", "key.leak"]);
    assert!(records[1].detail.contains("found in public"), "{:?}", records[1]);
}

#[tokio::test]
async fn of_a_key_that_is_over_nobody_is_told_and_a_revoked_one_is_as_good_as_none() {
    let world = World::new().await;
    let ada = world.team(&world.person("Ada").await, "Halden").await;
    let revoked = key::create(&ada, new_key()).await.unwrap();
    key::revoke(&ada, revoked.id, "").await.unwrap();
    let ended = key::create(&ada, NewKey { days: "1".into(), ..new_key() }).await.unwrap();
    let off = key::create(&ada, new_key()).await.unwrap();
    key::disable(&ada, off.id).await.unwrap();
    // Made by another Probity: right in form, and unknown here.
    let other = World::new().await;
    let theirs = other.team(&other.person("Ada").await, "Halden").await;
    let never = key::create(&theirs, new_key()).await.unwrap();
    world.clock.advance(Duration::days(1));
    told(&world).await;
    let text = [&revoked.secret, &never.secret, &ended.secret, &off.secret].map(String::as_str);
    let found = report(&world, &text.join("\n")).await;
    for unknown in &found[..2] {
        assert!(unknown.key.is_none() && unknown.state.is_none() && !unknown.is_told());
    }
    assert_eq!((found[2].state, found[2].is_told()), (Some(KeyState::Ended), false));
    assert_eq!((found[3].state, found[3].is_told()), (Some(KeyState::Disabled), true));
    let letters = told(&world).await;
    assert_eq!(letters.len(), 1);
    assert!(letters[0].1.contains("would work again"), "{letters:?}");
    let ada = world.again(&ada, &ada).await;
    assert_eq!(records(&ada, &["key.leak"]).await.len(), 1);
}

#[tokio::test]
async fn the_warning_stands_until_the_key_is_rotated_or_it_is_dismissed_by_who_may() {
    let world = World::new().await;
    let ada = world.team(&world.person("Ada").await, "Halden").await;
    let mallory = world.team(&world.person("Mallory").await, "Mal").await;
    let member = world.member(&ada, Role::Member).await;
    let made = key::create(&ada, new_key()).await.unwrap();
    let warned = async |ada: &Cx| key::find(ada, made.id).await.unwrap().unwrap().leak.is_some();
    let nothing = "There is no warning of billing-sync.";
    assert_eq!(said(scan::dismiss_leak(&ada, made.id).await), nothing);
    report(&world, &made.secret).await;
    assert!(warned(&ada).await);
    let refused = scan::dismiss_leak(&member, made.id).await;
    assert!(matches!(refused, Err(Error::Forbidden(Permission::KeysManage))));
    assert!(matches!(scan::dismiss_leak(&mallory, made.id).await, Err(Error::NotFound)));
    assert!(warned(&ada).await);
    assert_eq!(scan::dismiss_leak(&ada, made.id).await.unwrap().leak, None);
    assert_eq!(said(scan::dismiss_leak(&ada, made.id).await), nothing);
    assert_eq!(records(&ada, &["key.leak_dismiss"]).await.len(), 1);

    world.clock.advance(Duration::days(1));
    report(&world, &made.secret).await;
    let ada = world.again(&ada, &ada).await;
    assert!(warned(&ada).await, "found again");
    let form = RotateKey { overlap: "168".into(), ..RotateKey::default() };
    key::rotate(&ada, made.id, &form).await.unwrap();
    assert!(!warned(&ada).await);
    // Its old secret works on, and is found.
    world.clock.advance(Duration::days(1));
    report(&world, &made.secret).await;
    let ada = world.again(&ada, &ada).await;
    assert!(warned(&ada).await);
    key::revoke(&ada, made.id, "").await.unwrap();
    assert!(!warned(&ada).await);
}

#[tokio::test]
async fn what_is_reported_is_an_address_and_at_most_a_hundred_keys() {
    let world = World::new().await;
    let ada = world.team(&world.person("Ada").await, "Halden").await;
    let made = key::create(&ada, new_key()).await.unwrap();
    told(&world).await;
    let source = format!("https://example.com/?{}", made.secret);
    let refused = said(scan::scan(&world.anyone(), &made.secret, &source).await);
    assert!(refused.starts_with("This is no https address"), "{refused}");
    assert!(!refused.contains("pby_"));
    assert_eq!(told(&world).await, [], "nothing was done");
}

#[tokio::test]
async fn what_cannot_be_looked_up_is_not_said_to_be_harmless() {
    let world = World::new().await;
    let ada = world.team(&world.person("Ada").await, "Halden").await;
    let made = key::create(&ada, new_key()).await.unwrap();
    told(&world).await;
    let gone = "revoke execute on function app.key_keepers() from probity_job";
    run(&mut world.superuser().await, gone).await;
    let refused = said(scan::scan(&world.anyone(), &made.secret, SOURCE).await);
    assert!(refused.starts_with("Probity could not do this just now"), "{refused}");
    assert_eq!(key::find(&ada, made.id).await.unwrap().unwrap().leak, None, "all or nothing");
    let back = "grant execute on function app.key_keepers() to probity_job";
    run(&mut world.superuser().await, back).await;
    report(&world, &made.secret).await;
    assert_eq!(told(&world).await.len(), 1);
}

#[tokio::test]
async fn no_request_writes_that_a_key_was_found_or_asks_whom_to_tell() {
    let world = World::new().await;
    let ada = world.team(&world.person("Ada").await, "Halden").await;
    key::create(&ada, new_key()).await.unwrap();
    let mut raw = world.raw("probity_app", team::card(&ada).unwrap().id, &ada).await;
    for column in ["leaked_at = now()", "leaked_where = 'x'", "leaked_by = 'scanner'"] {
        let refused = refusal(&mut raw, &format!("update api_key set {column}")).await;
        assert_eq!(refused, "permission denied for table api_key");
    }
    let refused = refusal(&mut raw, "select app.key_keepers()").await;
    assert_eq!(refused, "permission denied for function key_keepers");
    // Nor does another task.
    let mut raw = world.raw("probity_job", team::card(&ada).unwrap().id, &ada).await;
    run(&mut raw, "set app.task = 'key.usage'").await;
    let refused = refusal(&mut raw, "select app.key_keepers()").await;
    assert_eq!(refused, "only who writes to them asks");
    let none = crate::support::try_run(&mut raw, "update api_key set leaked_by = null").await;
    assert_eq!(none.unwrap(), 0);
    // And the one that switches a key off does not switch it on.
    run(&mut raw, "set app.task = 'key.leak'; set app.session = ''").await;
    run(&mut raw, "begin; update api_key set disabled_at = now()").await;
    let refused = refusal(&mut raw, "update api_key set disabled_at = null").await;
    assert_eq!(refused, "a key is changed or comes back to life after step-up only");
}

#[tokio::test]
async fn an_operator_who_looks_changes_nothing_and_one_who_reports_does() {
    let world = World::new().await;
    let ada = world.team(&world.person("Ada").await, "Halden").await;
    let made = key::create(&ada, new_key()).await.unwrap();
    let revoked = key::create(&ada, new_key()).await.unwrap();
    key::revoke(&ada, revoked.id, "").await.unwrap();
    told(&world).await;
    let mut finder = Finder::new(10);
    finder.read(format!("{} {}", made.secret, revoked.secret).as_bytes()).unwrap();
    let found = scan::look_up(&world.deps, finder).await.unwrap();
    let states: Vec<_> = found.iter().map(|(found, slug)| (found.state, slug.as_str())).collect();
    let expected = [(Some(KeyState::Working), "halden"), (Some(KeyState::Revoked), "halden")];
    assert_eq!(states, expected);
    assert_eq!(
        (told(&world).await, key::find(&ada, made.id).await.unwrap().unwrap().leak),
        (Vec::new(), None)
    );
    let found: Vec<Found> = found.into_iter().map(|(found, _)| found).collect();
    assert_eq!(scan::report(&world.deps, &found, "").await.unwrap(), 1);
    assert_eq!(told(&world).await.len(), 1);
    let leak = key::find(&ada, made.id).await.unwrap().unwrap().leak.unwrap();
    assert_eq!((leak.source.as_str(), leak.by), ("", Reporter::Operator));
}
