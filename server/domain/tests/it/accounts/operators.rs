//! What the instance's operator may do: with a reason, on record, and never to a password.

use crate::support::{PASSWORD, World, refusal, run, said};
use domain::{
    Error, account, audit,
    crypto::MasterKey,
    operator::{self, Whom},
};
use model::{Role, TeamId, page::Around};
use secrecy::ExposeSecret;

const ADA: &str = "ada@example.com";
const WHY: &str = "lost her phone";

fn ada() -> Whom {
    Whom(ADA.to_owned())
}

#[tokio::test]
async fn a_locked_account_is_closed_on_every_way_in_the_words_of_a_wrong_password() {
    let world = World::new().await;
    let (session, _) = world.with_passkey("Ada").await;
    let wrong = said(world.tried(None, "nobody@example.com", PASSWORD).await);
    let step = world.first_step(ADA).await;
    assert_eq!(operator::lock(&world.deps, &ada(), WHY).await.unwrap(), 1);
    assert_eq!(said(world.tried(None, ADA, PASSWORD).await), wrong);
    assert!(world.second_step(&step, "000000").await.is_err());
    assert!(matches!(account::begin_totp(&session).await, Err(Error::Unauthenticated)));
    let form = model::account::Forgot { email: ADA.to_owned() };
    world.letters().await;
    account::forgot(&world.anyone(), form).await.unwrap();
    assert!(world.letters().await.is_empty(), "and by mail neither");
    let again = said(operator::lock(&world.deps, &ada(), WHY).await);
    assert_eq!(again, "This account is locked already.");
    operator::unlock(&world.deps, &ada(), WHY).await.unwrap();
    world.first_step(ADA).await;
}

#[tokio::test]
async fn a_locked_passkey_reads_like_a_wrong_one() {
    let world = World::new().await;
    let (_, mut device) = world.with_passkey("Ada").await;
    operator::lock(&world.deps, &ada(), WHY).await.unwrap();
    let visitor = world.anyone();
    let asked = account::begin_passkey(&visitor).await.unwrap();
    let answer = super::scene::answered(&mut device, &asked);
    let refused = said(account::by_passkey(&visitor, answer).await);
    assert_eq!(refused, "This passkey was not accepted. Try again, or use another way.");
}

#[tokio::test]
async fn lost_factors_are_removed_and_told_of_and_the_password_is_still_needed() {
    let world = World::new().await;
    let (_, _) = world.with_app("Ada").await;
    world.letters().await;
    operator::reset_mfa(&world.deps, &ada(), WHY).await.unwrap();
    let letters = world.letters().await;
    assert!(letters[0].text.expose_secret().contains("operator"), "{}", letters[0].subject);
    assert!(world.sign_in(ADA, "wrong wrong wrong").await.is_err());
    world.sign_in(ADA, PASSWORD).await.unwrap();
    let again = said(operator::reset_mfa(&world.deps, &ada(), WHY).await);
    assert_eq!(again, "This account has no second factor.");
}

#[tokio::test]
async fn a_reset_goes_to_the_mailbox_and_nobody_else_sees_it() {
    let world = World::new().await;
    world.person("Ada").await;
    world.letters().await;
    operator::send_reset(&world.deps, &ada(), WHY).await.unwrap();
    let letter = world.letters().await.pop().unwrap();
    assert_eq!(letter.to, ADA);
    let form = model::account::Reset {
        token: model::Typed::new(crate::post::link(&letter)),
        password: model::Typed::new("quite another sentence"),
    };
    account::reset(&world.anyone(), form).await.unwrap();
    world.sign_in(ADA, "quite another sentence").await.unwrap();
}

#[tokio::test]
async fn every_verb_needs_a_reason_and_stands_in_three_logs() {
    let world = World::new().await;
    let person = world.person("Ada").await;
    let team = world.team(&person, "Halden").await;
    let reason = said(operator::sign_out(&world.deps, &ada(), " ").await);
    assert!(reason.contains("Give a reason"), "{reason}");
    let unknown = Whom("nobody@example.com".to_owned());
    assert!(matches!(operator::lock(&world.deps, &unknown, WHY).await, Err(Error::NotFound)));

    assert_eq!(operator::sign_out(&world.deps, &ada(), WHY).await.unwrap(), 1);
    operator::send_reset(&world.deps, &ada(), WHY).await.unwrap();
    operator::lock(&world.deps, &ada(), WHY).await.unwrap();
    operator::unlock(&world.deps, &ada(), WHY).await.unwrap();
    let actions = ["person.sign_out", "person.send_reset", "person.lock", "person.unlock"];
    let ada = world.sign_in(ADA, PASSWORD).await.unwrap();
    let own = audit::own(&ada, Around::default()).await.unwrap().page.rows;
    let team = ada.in_team(&domain::team::card(&team).unwrap().slug).await.unwrap();
    let log = audit::list(&team, Around::default()).await.unwrap().page.rows;
    for action in actions {
        for (name, events) in [("own", &own), ("team", &log)] {
            let event = events.iter().find(|event| event.action == action);
            let event = event.unwrap_or_else(|| panic!("{action} is not in the {name} log"));
            let data = format!("{event:?}");
            assert!(data.contains(WHY), "{data}");
        }
        let in_instance: i64 = sqlx::query_scalar(
            "select count(*) from audit_event where kind = 'instance' and action = $1",
        )
        .bind(action)
        .fetch_one(&mut world.superuser().await)
        .await
        .unwrap();
        assert_eq!(in_instance, 1, "{action}");
    }
}

#[tokio::test]
async fn people_are_found_by_a_part_of_name_or_address() {
    let world = World::new().await;
    world.with_app("Ada Lindqvist").await;
    world.person("Luc").await;
    let all = operator::list(&world.deps, "").await.unwrap();
    assert_eq!(all.len(), 2);
    let found = operator::list(&world.deps, "LIND").await.unwrap();
    assert_eq!(found.len(), 1);
    assert!(found[0].two_step && !found[0].locked);
    assert!(operator::list(&world.deps, "%").await.unwrap().is_empty(), "no pattern");
}

#[tokio::test]
async fn whoever_serves_requests_cannot_act_as_the_operator() {
    let world = World::new().await;
    let person = world.person("Ada").await;
    let mut app = world.raw("probity_app", TeamId(uuid::Uuid::nil()), &person).await;
    run(&mut app, "set app.task = 'operator'").await;
    for sql in ["update person set locked_at = now()", "select app.seen_of(app.person())"] {
        assert!(refusal(&mut app, sql).await.contains("permission denied"), "{sql}");
    }
}

#[tokio::test]
async fn a_team_that_its_policy_closed_to_everybody_is_opened_and_its_owners_are_told() {
    let world = World::new().await;
    let cx = world.team(&world.person("Ada").await, "Halden").await;
    let second = world.member(&cx, Role::Owner).await;
    let id = domain::team::card(&cx).unwrap().id.0;
    let mut superuser = world.superuser().await;
    run(
        &mut superuser,
        &format!(
            "alter table team_policy disable trigger user;
             alter table team_network disable trigger user;
             insert into team_policy (team_id, mfa_required_from, session_seconds, key_days)
             values ('{id}', '2020-01-01', 3600, 30);
             insert into team_network values ('{id}', '192.0.2.0/24');
             alter table team_policy enable always trigger team_policy_is_audited;
             alter table team_network enable always trigger team_network_is_audited"
        ),
    )
    .await;
    let enter = async || world.sign_in(ADA, PASSWORD).await.unwrap().in_team("halden").await;
    let closed = domain::team::overview(&enter().await.unwrap()).await;
    assert!(matches!(closed, Err(Error::Barred(_))));
    let lift = async |slug, why| operator::lift_policy(&world.deps, slug, why).await;
    assert!(matches!(lift("nordlys", WHY).await, Err(Error::NotFound)));
    assert!(said(lift("halden", " ").await).contains("Give a reason"));
    world.letters().await;

    let lifted = lift("halden", WHY).await.unwrap();
    assert_eq!(lifted.what, ["networks 192.0.2.0/24", "two-step sign-in", "shorter sessions"]);
    let told: Vec<String> = world.letters().await.into_iter().map(|letter| letter.to).collect();
    let owners = [ADA, &second.viewer().unwrap().email];
    assert!(told.len() == 2 && owners.iter().all(|owner| told.iter().any(|to| to == owner)));
    let ada = enter().await.unwrap();
    let policy = domain::security::load(&ada).await.unwrap();
    assert_eq!((policy.key_days, policy.networks.len()), (Some(30), 0), "keys keep their rules");
    assert_eq!(said(lift("halden", WHY).await), "This team's policy keeps nobody out.");
    let log = audit::list(&ada, Around::default()).await.unwrap().page.rows;
    let event = log.iter().find(|event| event.action == "team.lift_policy").unwrap();
    assert!(event.detail.contains(WHY) && event.detail.contains("192.0.2.0/24"), "{event:?}");
    let in_instance = "select count(*) from audit_event
                       where kind = 'instance' and action = 'team.lift_policy'";
    let in_instance: i64 = sqlx::query_scalar(in_instance).fetch_one(&mut superuser).await.unwrap();
    assert_eq!(in_instance, 1);
}

#[tokio::test]
async fn a_rotation_of_the_master_key_is_recorded_by_the_names_of_both() {
    let world = World::new().await;
    let digits = ["1", "2"].map(|digit| digit.repeat(64).into());
    let [from, to] = digits.map(|text| MasterKey::parse(&text).unwrap());
    operator::rotate_master_key(&world.deps, &from, &to).await.unwrap();
    let record = "select convert_from(record, 'UTF8') from audit_event
                  where kind = 'instance' and action = 'keyring.rotate'";
    let mut superuser = world.superuser().await;
    let record: String = sqlx::query_scalar(record).fetch_one(&mut superuser).await.unwrap();
    assert!(record.contains(&from.name()) && record.contains(&to.name()), "{record}");
    assert_ne!(from.name(), to.name());
}

#[tokio::test]
async fn a_suspended_teams_keys_are_refused_until_it_is_resumed_and_its_owners_are_told() {
    let world = World::new().await;
    let ada = world.team(&world.person("Ada").await, "Halden").await;
    let made = domain::key::create(&ada, crate::permissions::new_key()).await.unwrap();
    let code = async || {
        world.clock.advance(time::Duration::seconds(5)); // nobody listens here
        let (secret, ask) = (model::Typed::new(&made.secret), domain::key::Ask::default());
        domain::key::verify(&world.anyone(), &secret, &ask).await.unwrap().code.name()
    };
    assert_eq!(code().await, "VALID");
    let suspend = async |slug, why| operator::suspend(&world.deps, slug, why).await;
    assert!(matches!(suspend("nordlys", WHY).await, Err(Error::NotFound)));
    assert!(said(suspend("halden", "").await).contains("Give a reason"));
    world.letters().await;
    assert_eq!(suspend("halden", WHY).await.unwrap(), ("Halden".to_owned(), 1));
    assert_eq!(code().await, "TEAM_SUSPENDED");
    assert_eq!(said(suspend("halden", WHY).await), "This team is suspended already.");
    let shown = domain::key::find(&ada, made.id).await.unwrap().unwrap();
    assert_eq!(shown.state, model::key::KeyState::Suspended);
    operator::resume(&world.deps, "halden", WHY).await.unwrap();
    assert_eq!(code().await, "VALID");
    let again = said(operator::resume(&world.deps, "halden", WHY).await);
    assert_eq!(again, "This team is not suspended.");
    let letters = world.letters().await;
    let mut subjects: Vec<&str> = letters.iter().map(|letter| letter.subject.as_str()).collect();
    subjects.sort_unstable();
    assert_eq!(subjects, ["Your team was suspended", "Your team's keys work again"]);
    let log = audit::list(&ada, Around::default()).await.unwrap().page.rows;
    for action in ["team.suspend", "team.resume"] {
        let event = log.iter().find(|event| event.action == action).unwrap();
        assert!(event.detail.contains(WHY), "{event:?}");
    }
}
