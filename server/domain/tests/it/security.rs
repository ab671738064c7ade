//! A team's security policy: it keeps out whoever does not keep to it, in code and database.

use crate::{
    accounts::scene::App,
    support::{PASSWORD, World, entered, refusal, run, said},
};
use domain::{
    Cx, Error,
    account::{self, NewSession},
    audit, invitation, key, member, ownership, security, team,
};
use model::key::KeyQuery;
use model::{
    Permission, Role, Typed,
    account::SignIn,
    invitation::Invite,
    key::NewKey,
    member::MemberQuery,
    page::Around,
    security::{Bar, RequireFactor, SetDomains, SetKeys, SetNetworks, SetSessions},
};
use time::Duration;

const ADA: &str = "ada@example.com";

fn day(day: &str) -> RequireFactor {
    RequireFactor { day: day.to_owned(), ..RequireFactor::default() }
}

fn networks(networks: &str) -> SetNetworks {
    SetNetworks { networks: networks.to_owned(), ..SetNetworks::default() }
}

fn domains(domains: &str) -> SetDomains {
    SetDomains { domains: domains.to_owned(), ..SetDomains::default() }
}

fn hours(hours: &str) -> SetSessions {
    SetSessions { hours: hours.to_owned(), ..SetSessions::default() }
}

fn keys(days: &str, live_mfa: &str) -> SetKeys {
    SetKeys { days: days.to_owned(), live_mfa: live_mfa.to_owned(), ..SetKeys::default() }
}

impl World {
    /// An owner who has a second factor, in their team, and the paper with their codes.
    async fn strong_owner(&self) -> (Cx, App) {
        let (ada, app) = self.with_app("Ada").await;
        (self.team(&ada, "Halden").await, app)
    }

    /// Signed in again with a recovery code, in the team.
    async fn strong_again(&self, app: &App, code: usize) -> Cx {
        let step = self.first_step(ADA).await;
        let session = self.second_step(&step, &app.recovery[code]).await.unwrap();
        self.in_session(&session).await.in_team("halden").await.unwrap()
    }

    /// A new session from this address, in the team.
    async fn entered_from(&self, ip: &str) -> Cx {
        let session = self.started_from(ip).await;
        let cx = self.from(ip).with_session(&session.token).await.unwrap();
        cx.in_team("halden").await.unwrap()
    }

    async fn started_from(&self, ip: &str) -> NewSession {
        let password = Typed::new(PASSWORD);
        let form = SignIn { email: ADA.to_owned(), password, next: String::new() };
        entered(account::sign_in(&self.from(ip), form).await.unwrap())
    }

    async fn entered(&self, email: &str) -> Cx {
        self.sign_in(email, PASSWORD).await.unwrap().in_team("halden").await.unwrap()
    }
}

fn barred<T>(result: domain::Result<T>) -> Option<Bar> {
    match result {
        Err(Error::Barred(bar)) => Some(bar),
        _ => None,
    }
}

async fn list(cx: &Cx) -> domain::Result<model::member::Members> {
    member::list(cx, MemberQuery::default()).await
}

#[tokio::test]
async fn only_a_confirmed_owner_sets_it_in_code_and_database() {
    let world = World::new().await;
    let ada = world.team(&world.person("Ada").await, "Halden").await;
    let admin = world.member(&ada, Role::Admin).await;
    let forbidden = |result: domain::Result<()>| {
        matches!(result, Err(Error::Forbidden(Permission::SecurityManage)))
    };
    assert!(forbidden(security::require_factor(&admin, day("")).await));
    assert!(forbidden(security::set_domains(&admin, domains("")).await));
    assert!(forbidden(security::set_networks(&admin, networks("")).await));
    assert!(forbidden(security::set_sessions(&admin, hours("")).await));
    assert!(forbidden(security::set_keys(&admin, keys("", "")).await));
    assert!(forbidden(security::load(&admin).await.map(drop)));
    let id = team::card(&ada).unwrap().id.0;
    for row in [
        format!("insert into team_policy (team_id) values ('{id}')"),
        format!("insert into team_domain values ('{id}', 'example.com')"),
        format!("insert into team_network values ('{id}', '10.0.0.0/8')"),
    ] {
        let mut raw = world.raw("probity_app", team::card(&ada).unwrap().id, &admin).await;
        let said = refusal(&mut raw, &row).await;
        assert!(said.starts_with("new row violates row-level security"), "{said}");
        let mut raw = world.raw("probity_app", team::card(&ada).unwrap().id, &ada).await;
        run(&mut raw, "begin").await;
        run(&mut raw, &row).await;
        let said = refusal(&mut raw, "commit").await;
        assert!(said.ends_with("without its audit event"), "{said}");
    }
    world.clock.advance(Duration::minutes(10));
    let waits = |result: domain::Result<()>| matches!(result, Err(Error::Unconfirmed { .. }));
    assert!(waits(security::require_factor(&ada, day("")).await));
    assert!(waits(security::set_domains(&ada, domains("")).await));
    assert!(waits(security::set_networks(&ada, networks("")).await));
    assert!(waits(security::set_sessions(&ada, hours("")).await));
    assert!(waits(security::set_keys(&ada, keys("", "")).await));
}

#[tokio::test]
async fn from_that_day_on_whoever_has_no_second_factor_reaches_only_enrolment() {
    let world = World::new().await;
    let (ada, app) = world.strong_owner().await;
    let ben = world.join(&ada, &world.person("Ben").await, Role::Admin).await;
    security::require_factor(&ada, day("2026-11-23")).await.unwrap();
    assert!(list(&ben).await.is_ok(), "not yet");
    assert_eq!(security::load(&ada).await.unwrap().lacking[0].name, "Ben");
    world.clock.advance(Duration::hours(16));
    let ben = world.entered("ben@example.com").await;
    let bar = Some(Bar::SecondFactor);
    assert_eq!(barred(list(&ben).await), bar);
    assert_eq!(barred(ownership::accept(&ben).await), bar);
    assert_eq!(barred(key::list(&ben, KeyQuery::default()).await), bar);
    assert_eq!(said(list(&ben).await), Bar::SecondFactor.says());
    // Past the guard.
    let mut raw = world.raw("probity_app", team::card(&ben).unwrap().id, &ben).await;
    let held: bool =
        sqlx::query_scalar("select app.may('team.view')").fetch_one(&mut raw).await.unwrap();
    assert!(!held, "the database says no, too");
    // Enrolment, and in again.
    assert_eq!(account::security(&ben).await.unwrap().required_by, ["Halden"]);
    let (ben, _) = world.set_up_app(&ben).await;
    assert!(list(&ben.in_team("halden").await.unwrap()).await.is_ok());
    assert!(list(&world.strong_again(&app, 0).await).await.is_ok());
}

#[tokio::test]
async fn an_owner_without_a_second_factor_cannot_require_one() {
    let world = World::new().await;
    let ada = world.team(&world.person("Ada").await, "Halden").await;
    let refused = said(security::require_factor(&ada, day("2026-12-01")).await);
    assert!(refused.starts_with("Set up two-step sign-in for yourself first"), "{refused}");
    let refused = said(security::require_factor(&ada, day("soon")).await);
    assert_eq!(refused, "Enter a day like 2026-12-01, or none.");
}

#[tokio::test]
async fn who_lacks_a_second_factor_is_reminded_a_week_and_a_day_before_once_each() {
    let world = World::new().await;
    let (ada, _) = world.strong_owner().await;
    world.join(&ada, &world.person("Ben").await, Role::Member).await;
    security::require_factor(&ada, day("2026-12-10")).await.unwrap();
    let reminded = async || {
        let (one, other) =
            tokio::join!(security::remind(&world.deps), security::remind(&world.deps));
        one.and(other).unwrap();
        let letters = world.letters().await;
        let due = letters.iter().filter(|letter| letter.subject.contains("will ask for two-step"));
        due.map(|letter| letter.to.clone()).collect::<Vec<_>>()
    };
    assert!(reminded().await.is_empty(), "eighteen days before");
    world.clock.advance(Duration::days(11));
    assert_eq!(reminded().await, ["ben@example.com"], "less than a week before");
    assert!(reminded().await.is_empty(), "once");
    world.clock.advance(Duration::days(6));
    assert_eq!(reminded().await, ["ben@example.com"], "a day before");
    assert!(reminded().await.is_empty(), "once");
    world.clock.advance(Duration::days(1));
    assert!(reminded().await.is_empty(), "it is required now");
}

#[tokio::test]
async fn the_team_is_entered_from_its_networks_only_and_nobody_locks_themself_out() {
    let world = World::new().await;
    let person = world.person("Ada").await;
    world.team(&person, "Halden").await;
    let here = world.entered_from("203.0.113.9").await;
    let refused = said(security::set_networks(&here, networks("198.51.100.0/24")).await);
    assert!(refused.starts_with("Your own address, 203.0.113.9, is in none of these"), "{refused}");
    security::set_networks(&here, networks("203.0.113.0/24 2001:db8::/32")).await.unwrap();
    assert!(list(&world.entered_from("203.0.113.77").await).await.is_ok());
    assert!(list(&world.entered_from("2001:db8::7").await).await.is_ok());
    assert!(list(&world.entered_from("::ffff:203.0.113.77").await).await.is_ok());
    for outside in ["198.51.100.1", "2001:db9::7"] {
        assert_eq!(
            barred(list(&world.entered_from(outside).await).await),
            Some(Bar::Network),
            "{outside}"
        );
    }
    let mut raw = world.raw("probity_app", team::card(&here).unwrap().id, &here).await;
    for (ip, inside) in [("203.0.113.1", true), ("198.51.100.1", false), ("", false)] {
        run(&mut raw, &format!("set app.ip = '{ip}'")).await;
        let held: bool =
            sqlx::query_scalar("select app.may('team.view')").fetch_one(&mut raw).await.unwrap();
        assert_eq!(held, inside, "in the database, from {ip:?}");
    }
    security::set_networks(&here, networks("")).await.unwrap();
    assert!(list(&world.entered_from("198.51.100.1").await).await.is_ok());
}

#[tokio::test]
async fn a_session_that_is_too_old_for_the_team_still_reaches_the_others() {
    let world = World::new().await;
    let person = world.person("Ada").await;
    let strict = world.team(&person, "Halden").await;
    world.team(&person, "Other").await;
    for wrong in ["0", "169", "a day"] {
        let refused = said(security::set_sessions(&strict, hours(wrong)).await);
        assert_eq!(refused, "Enter whole hours from 1 to 168, or nothing.", "{wrong}");
    }
    security::set_sessions(&strict, hours("8")).await.unwrap();
    let session = world.started_from("198.51.100.9").await;
    world.clock.advance(Duration::hours(8) - Duration::seconds(1));
    let again = async |slug: &str| {
        let cx = world.anyone().with_session(&session.token).await.unwrap();
        cx.in_team(slug).await.unwrap()
    };
    assert!(list(&again("halden").await).await.is_ok());
    world.clock.advance(Duration::seconds(1));
    assert_eq!(barred(list(&again("halden").await).await), Some(Bar::Session));
    assert!(list(&again("other").await).await.is_ok());
    let late = again("halden").await;
    let mut raw = world.raw("probity_app", team::card(&late).unwrap().id, &late).await;
    let held: bool =
        sqlx::query_scalar("select app.may('team.view')").fetch_one(&mut raw).await.unwrap();
    assert!(!held, "the database says no, too");
    assert!(list(&world.entered("ada@example.com").await).await.is_ok(), "signed in again");
}

#[tokio::test]
async fn only_addresses_of_its_domains_come_in_whenever_they_were_invited() {
    let world = World::new().await;
    let ada = world.team(&world.person("Ada").await, "Halden").await;
    let form = |emails: &str| Invite {
        emails: emails.to_owned(),
        role: "member".to_owned(),
        ..Invite::default()
    };
    invitation::send(&ada, form("ben@example.com")).await.unwrap();
    let ben = world.person("Ben").await;
    let id = invitation::mine(&ben).await.unwrap()[0].id;
    security::set_domains(&ada, domains("@Halden.example, halden.no")).await.unwrap();
    assert_eq!(
        said(invitation::send(&ada, form("cy@halden.no cy@example.com")).await),
        "cy@example.com is of another domain. The team takes: halden.example, halden.no."
    );
    invitation::send(&ada, form("cy@halden.no")).await.unwrap();
    assert_eq!(
        said(invitation::accept(&ben, id).await),
        "The team does not take addresses like yours any more. Ask whoever invited you."
    );
    assert!(list(&ada).await.is_ok(), "who is in stays in");
    security::set_domains(&ada, domains("")).await.unwrap();
    invitation::accept(&ben, id).await.unwrap();
}

#[tokio::test]
async fn new_keys_keep_to_the_policy_in_code_and_database() {
    let world = World::new().await;
    let ada = world.team(&world.person("Ada").await, "Halden").await;
    security::set_keys(&ada, keys("30", "yes")).await.unwrap();
    let form = |environment: &str, days: &str| NewKey {
        name: "k".to_owned(),
        environment: environment.to_owned(),
        days: days.to_owned(),
        ..NewKey::default()
    };
    assert_eq!(
        said(key::create(&ada, form("test", "31")).await),
        "The team’s keys last at most 30 days. Enter fewer."
    );
    assert!(
        said(key::create(&ada, form("live", "30")).await).contains("people with two-step sign-in")
    );
    key::create(&ada, form("test", "30")).await.unwrap();
    let team = team::card(&ada).unwrap().id;
    let insert = |environment: &str, days: u32| {
        format!(
            "insert into api_key (team_id, id, name, environment, start, secret_hash, created_at,
                                  created_by, expires_at)
             values ('{}', gen_random_uuid(), 'k', '{environment}', 'pby', sha256('{days}'),
                     now(), '{}', now() + interval '{days} days')",
            team.0,
            ada.person().unwrap().0
        )
    };
    let mut raw = world.raw("probity_app", team, &ada).await;
    for refused in [insert("test", 31), insert("live", 30)] {
        let said = refusal(&mut raw, &refused).await;
        assert!(said.starts_with("new row violates row-level security"), "{said}");
    }
    run(&mut raw, "begin").await;
    run(&mut raw, &insert("test", 30)).await;
    run(&mut raw, "rollback").await;
    // Networks, if the team asks for them.
    security::set_keys(&ada, SetKeys { key_networks: "yes".to_owned(), ..keys("", "") })
        .await
        .unwrap();
    assert_eq!(
        said(key::create(&ada, form("test", "30")).await),
        "The team’s keys name the networks that they are used from. Enter one or more."
    );
    let refused = refusal(&mut raw, &insert("test", 30)).await;
    assert!(refused.starts_with("new row violates row-level security"), "{refused}");
    let named = NewKey { networks: "203.0.113.7/24".to_owned(), ..form("test", "30") };
    key::create(&ada, named).await.unwrap();
}

#[tokio::test]
async fn each_change_of_it_is_recorded_from_what_to_what() {
    let world = World::new().await;
    let (ada, _) = world.strong_owner().await;
    security::require_factor(&ada, day("2026-12-01")).await.unwrap();
    security::set_domains(&ada, domains("example.com")).await.unwrap();
    security::set_sessions(&ada, hours("8")).await.unwrap();
    let log = audit::list(&ada, Around::default()).await.unwrap().page.rows;
    let detail = |target: &str| {
        let found = log.iter().find(|row| row.action == "security.policy" && row.target == target);
        found.unwrap().detail.clone()
    };
    assert!(detail("second factor").contains("2026-12-01"), "{}", detail("second factor"));
    assert!(detail("domains").contains("example.com"));
    assert!(detail("session hours").contains('8'));
}
