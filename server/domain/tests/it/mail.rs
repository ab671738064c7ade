//! Mail is sent if, and only if, what caused it was committed; once each; and lies sealed until
//! then.

use crate::{
    post::{Mood, link},
    support::{World, refusal, run},
};
use domain::{
    Cx,
    crypto::Owner,
    mail::{self, Letter, MailError, MailOwner, To},
};
use model::Permission;
use secrecy::{ExposeSecret, SecretString};
use std::collections::BTreeSet;
use time::Duration;

const TOKEN: &str = "Gk3vZt0k3nForTests";

fn to(person: &Cx) -> To {
    To {
        email: "sealed.away@example.com".to_owned(),
        name: "Ada Sealed".to_owned(),
        owner: MailOwner::Person(person.person().unwrap().0),
    }
}

fn stranger() -> To {
    To { owner: MailOwner::Instance, email: "new@example.com".to_owned(), name: "New".to_owned() }
}

fn reset() -> Letter {
    Letter::ResetPassword { token: SecretString::from(TOKEN) }
}

impl World {
    async fn posted(&self, to: &To) {
        mail::post_alone(&self.anyone(), to, reset()).await.unwrap();
    }

    /// One value of the table, as a superuser sees it.
    async fn in_mail(&self, what: &str) -> String {
        // But for the letter that made each person's account.
        let sql = format!(
            "select coalesce(string_agg(({what})::text, ' ' order by id), '') from mail
             where letter <> 'confirm_sign_up'"
        );
        let mut superuser = self.superuser().await;
        sqlx::query_scalar(sqlx::AssertSqlSafe(sql)).fetch_one(&mut superuser).await.unwrap()
    }
}

#[tokio::test]
async fn a_letter_is_sent_once_and_then_its_words_are_gone() {
    let world = World::new().await;
    let ada = world.person("Ada").await;
    world.arrived();
    world.posted(&to(&ada)).await;
    let letters = world.letters().await;
    assert_eq!(letters.len(), 1);
    assert_eq!(letters[0].to, "sealed.away@example.com");
    assert_eq!(letters[0].to_name, "Ada Sealed");
    assert_eq!(letters[0].at, domain::ports::Clock::now(&*world.clock));
    assert_eq!(link(&letters[0]), TOKEN);
    assert!(letters[0].html.expose_secret().contains("Hello Ada Sealed,"));
    let over = "case letter when 'reset_password' then sealed is null and sent_at is not null end";
    assert_eq!(world.in_mail(over).await, "true");
    world.clock.advance(Duration::days(1));
    assert!(world.letters().await.is_empty(), "never again");
}

#[tokio::test]
async fn somebody_without_an_account_gets_mail_too_and_is_not_called_by_a_name() {
    let world = World::new().await;
    let letter = Letter::ConfirmSignUp { token: SecretString::from(TOKEN) };
    mail::post_alone(&world.anyone(), &stranger(), letter).await.unwrap();
    let letters = world.letters().await;
    assert_eq!((letters[0].to.as_str(), letters[0].to_name.as_str()), ("new@example.com", ""));
    assert!(letters[0].text.expose_secret().starts_with("Hello,\n"));
}

#[tokio::test]
async fn what_is_rolled_back_sends_nothing() {
    let world = World::new().await;
    let ada = world.person("Ada").await;
    let team = world.team(&ada, "Halden").await;
    world.letters().await;
    let mut change = team.change(Permission::TeamUpdate).await.unwrap();
    mail::post(&mut change, &to(&ada), reset()).await.unwrap();
    assert!(world.letters().await.is_empty(), "not before it is committed");
    drop(change);
    world.clock.advance(Duration::hours(1));
    assert!(world.letters().await.is_empty());
    assert_eq!(world.in_mail("letter").await.matches("reset_password").count(), 0);
}

#[tokio::test]
async fn two_senders_at_once_send_each_letter_once() {
    let world = World::new().await;
    let ada = world.person("Ada").await;
    world.letters().await;
    for _ in 0..45 {
        world.posted(&to(&ada)).await;
    }
    let senders = (0..4).map(|_| mail::send_due(&world.deps));
    for sent in futures::future::join_all(senders).await {
        sent.unwrap();
    }
    let letters = world.arrived();
    let ids: BTreeSet<_> = letters.iter().map(|mail| mail.id).collect();
    assert_eq!((letters.len(), ids.len()), (45, 45));
}

#[tokio::test]
async fn a_busy_server_is_asked_again_later_and_later() {
    let world = World::new().await;
    let ada = world.person("Ada").await;
    world.letters().await;
    world.post.is_now(Mood::Refuses(MailError::temporary("busy, sealed.away@example.com")));
    world.posted(&to(&ada)).await;
    for wait in [30, 60, 120] {
        assert!(world.letters().await.is_empty());
        world.clock.advance(Duration::seconds(wait - 1));
        let tries = world.in_mail("tries").await;
        world.letters().await;
        assert_eq!(world.in_mail("tries").await, tries, "tried before {wait} s");
        world.clock.advance(Duration::seconds(1));
    }
    assert_eq!(world.in_mail("tries || last_error").await, "3busy,", "and no address");
    world.post.is_now(Mood::Takes);
    let letters = world.letters().await;
    assert_eq!(link(&letters[0]), TOKEN);
}

#[tokio::test]
async fn after_twelve_tries_a_letter_is_given_up_and_its_words_are_gone() {
    let world = World::new().await;
    let ada = world.person("Ada").await;
    world.letters().await;
    world.post.is_now(Mood::Refuses(MailError::temporary("busy")));
    world.posted(&to(&ada)).await;
    for _ in 0..15 {
        world.letters().await;
        world.clock.advance(Duration::hours(1));
    }
    let found = world.in_mail("tries || last_error || (failed_at is not null)").await;
    assert_eq!(found, "12busytrue");
    assert_eq!(world.in_mail("sealed").await, "");
}

#[tokio::test]
async fn a_final_refusal_is_not_tried_again() {
    let world = World::new().await;
    let ada = world.person("Ada").await;
    world.letters().await;
    let said = "550 5.1.1 <sealed.away@example.com> is unknown";
    world.post.is_now(Mood::Refuses(MailError::permanent(said)));
    world.posted(&to(&ada)).await;
    world.letters().await;
    world.post.is_now(Mood::Takes);
    world.clock.advance(Duration::days(1));
    assert!(world.letters().await.is_empty());
    let found = world.in_mail("last_error || (failed_at is not null) || (sealed is null)").await;
    assert_eq!(found, "550 5.1.1 is unknowntruetrue");
}

#[tokio::test]
async fn who_was_erased_gets_no_mail() {
    let world = World::new().await;
    let (ada, luc) = (world.person("Ada").await, world.person("Luc").await);
    world.letters().await;
    for person in [&ada, &luc] {
        world.posted(&to(person)).await;
        let owner = Owner::Person(person.person().unwrap());
        world.deps.keyring().destroy(owner).await.unwrap();
    }
    // A data key made later opens nothing either.
    world.deps.keyring().key_of(Owner::Person(luc.person().unwrap())).await.unwrap();
    assert!(world.letters().await.is_empty());
    world.clock.advance(Duration::days(1));
    assert!(world.letters().await.is_empty());
    let given_up =
        "case letter when 'reset_password' then tries || (failed_at is not null)::text end";
    let found = world.in_mail(given_up).await;
    assert_eq!(found, "1true 1true");
}

#[tokio::test]
async fn a_letter_whose_sender_died_is_sent_by_the_next() {
    let world = World::new().await;
    let ada = world.person("Ada").await;
    world.letters().await;
    world.posted(&to(&ada)).await;
    world.post.is_now(Mood::NeverAnswers);
    let patience = std::time::Duration::from_millis(500);
    tokio::time::timeout(patience, mail::send_due(&world.deps)).await.unwrap_err();
    world.post.is_now(Mood::Takes);
    world.clock.advance(Duration::minutes(4));
    assert!(world.letters().await.is_empty(), "it may still be under way");
    world.clock.advance(Duration::minutes(1));
    assert_eq!(world.letters().await.len(), 1);
}

#[tokio::test]
async fn no_address_name_or_token_lies_in_the_table_in_clear() {
    let world = World::new().await;
    let ada = world.person("Ada").await;
    world.posted(&to(&ada)).await;
    world.posted(&stranger()).await;
    let rows = world.in_mail("mail").await;
    assert!(rows.contains("reset_password"), "{rows}");
    for secret in ["sealed.away", "new@example.com", "Ada Sealed", TOKEN, "Choose a new"] {
        let hex: String = secret.bytes().map(|byte| format!("{byte:02x}")).collect();
        assert!(!rows.contains(secret) && !rows.contains(&hex), "{secret} in clear");
    }
}

#[tokio::test]
async fn a_person_posts_in_their_own_name_only_and_reads_nothing() {
    let world = World::new().await;
    let ada = world.person("Ada").await;
    let luc = world.person("Luc").await;
    let team = domain::team::card(&world.team(&ada, "Halden").await).unwrap().id;
    let mut raw = world.raw("probity_app", team, &ada).await;
    let posted = |kind: &str, owner: &str| {
        format!(
            "insert into mail (id, owner_kind, owner_id, letter, sealed, created_at, next_at)
             values (gen_random_uuid(), '{kind}', {owner}, 'x', 'x', now(), now())"
        )
    };
    let id = |cx: &Cx| format!("'{}'", cx.person().unwrap().0);
    run(&mut raw, &posted("person", &id(&ada))).await;
    run(&mut raw, &posted("instance", "null")).await;
    let said = refusal(&mut raw, &posted("person", &id(&luc))).await;
    assert_eq!(said, "new row violates row-level security policy for table \"mail\"");
    let seen: i64 =
        sqlx::query_scalar("select count(id) from mail").fetch_one(&mut raw).await.unwrap();
    assert_eq!(seen, 0, "only what was sent to somebody whom the team invited");
    for sql in ["select sealed from mail", "update mail set tries = 0", "delete from mail"] {
        assert_eq!(refusal(&mut raw, sql).await, "permission denied for table mail", "{sql}");
    }
}

#[tokio::test]
async fn what_was_over_a_month_ago_is_removed_and_nothing_else() {
    let world = World::new().await;
    let mut superuser = world.superuser().await;
    run(
        &mut superuser,
        "insert into mail (id, owner_kind, letter, sealed, created_at, next_at, sent_at, failed_at)
         values
         (gen_random_uuid(), 'instance', 'sent_long_ago', null, now(), now(),
          now() - interval '31 days', null),
         (gen_random_uuid(), 'instance', 'failed_long_ago', null, now(), now(),
          null, now() - interval '31 days'),
         (gen_random_uuid(), 'instance', 'sent', null, now(), now(), now(), null),
         (gen_random_uuid(), 'instance', 'waiting', 'x', now() - interval '90 days', now(),
          null, null)",
    )
    .await;
    mail::sweep(&world.deps).await.unwrap();
    let left = world.in_mail("letter").await;
    let left: BTreeSet<_> = left.split(' ').collect();
    assert_eq!(left, BTreeSet::from(["sent", "waiting"]));
}
