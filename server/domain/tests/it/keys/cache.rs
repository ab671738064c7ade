//! What verify remembers is true, or is not used.

use super::plain;
use crate::{
    permissions::new_key,
    support::{World, run},
};
use domain::{
    Deps,
    key::{self, Ask},
    security,
};
use model::{
    Typed,
    key::{NewKey, RotateKey, VerifyCode},
    security::SetKeys,
};
use std::{sync::Arc, time::Duration as Wait};
use time::Duration;

/// Waits for what another program is told, which takes some milliseconds.
pub(crate) async fn soon(what: impl AsyncFn() -> bool) {
    for _ in 0..400 {
        if what().await {
            return;
        }
        tokio::time::sleep(Wait::from_millis(5)).await;
    }
    panic!("it did not come to that within two seconds");
}

async fn code_in(world: &World, deps: &Deps, secret: &str) -> domain::Result<VerifyCode> {
    let cx = world.anyone_in(deps);
    key::verify(&cx, &Typed::new(secret), &Ask::default()).await.map(|verdict| verdict.code)
}

/// Another program on the same database, which listens.
pub(crate) struct Other {
    pub(crate) deps: Deps,
    listening: tokio::task::JoinHandle<()>,
}

impl Other {
    pub(crate) async fn start(world: &World) -> Self {
        let deps = world.another_program().await;
        let began = Arc::new(tokio::sync::Semaphore::new(0));
        let (listens, tells) = (deps.clone(), Arc::clone(&began));
        let listening = tokio::spawn(async move {
            loop {
                drop(key::listen(&listens, || tells.add_permits(1)).await);
            }
        });
        drop(began.acquire().await.unwrap());
        Self { deps, listening }
    }
}

impl Drop for Other {
    fn drop(&mut self) {
        self.listening.abort();
    }
}

#[tokio::test]
async fn a_revoked_key_is_refused_by_another_program_as_soon_as_it_hears_of_it() {
    let world = World::new().await;
    let ada = world.team(&world.person("Ada").await, "Halden").await;
    let other = Other::start(&world).await;
    for act in ["revoke", "disable", "rotate", "by hand", "policy"] {
        let made = key::create(&ada, new_key()).await.unwrap();
        let valid = code_in(&world, &other.deps, &made.secret).await.unwrap();
        assert_eq!(valid, VerifyCode::Valid);
        match act {
            "revoke" => drop(key::revoke(&ada, made.id, "").await.unwrap()),
            "disable" => drop(key::disable(&ada, made.id).await.unwrap()),
            "rotate" => {
                let now = RotateKey { overlap: "0".into(), ..RotateKey::default() };
                drop(key::rotate(&ada, made.id, &now).await.unwrap());
            }
            "policy" => {
                let asks = SetKeys { key_networks: "yes".into(), ..SetKeys::default() };
                security::set_keys(&ada, asks).await.unwrap();
            }
            _ => {
                let by_hand = format!(
                    "alter table api_key disable trigger api_key_is_audited;
                     update api_key set revoked_at = now() where id = '{}'",
                    made.id.0
                );
                run(&mut world.superuser().await, &by_hand).await;
            }
        }
        // The clock stands still: what was remembered would hold for ever.
        soon(async || {
            code_in(&world, &other.deps, &made.secret).await.unwrap() != VerifyCode::Valid
        })
        .await;
    }
}

#[tokio::test]
async fn keys_that_were_looked_up_together_need_no_database_afterwards() {
    let world = World::new().await;
    let ada = world.team(&world.person("Ada").await, "Halden").await;
    let mut keys = Vec::new();
    for name in ["one", "two", "gone"] {
        let made = key::create(&ada, NewKey { name: name.to_owned(), ..new_key() }).await.unwrap();
        assert_eq!(plain(&world, &made.secret).await, VerifyCode::Valid, "its first use");
        keys.push((made.id, Typed::new(made.secret)));
    }
    key::revoke(&ada, keys[2].0, "gone").await.unwrap();
    let other = Other::start(&world).await;
    let cx = world.anyone_in(&other.deps);
    let asked: Vec<_> = keys.iter().map(|(_, key)| (key.clone(), Ask::default())).collect();
    key::verify_all(&cx, &asked).await.unwrap();
    other.deps.app().close().await;
    for ((_, key), expected) in
        keys.iter().zip([VerifyCode::Valid, VerifyCode::Valid, VerifyCode::NotFound])
    {
        assert_eq!(code_in(&world, &other.deps, key.expose()).await.unwrap(), expected);
    }
}

#[tokio::test]
async fn with_its_listener_cut_a_program_forgets_within_five_seconds() {
    let world = World::new().await;
    let ada = world.team(&world.person("Ada").await, "Halden").await;
    let made = key::create(&ada, new_key()).await.unwrap();
    let other = Other::start(&world).await;
    code_in(&world, &other.deps, &made.secret).await.unwrap();
    other.listening.abort();
    soon(async || other.listening.is_finished()).await;
    key::revoke(&ada, made.id, "").await.unwrap();
    let stale = code_in(&world, &other.deps, &made.secret).await.unwrap();
    assert_eq!(stale, VerifyCode::Valid, "nobody told it");
    world.clock.advance(Duration::seconds(5));
    let asked = code_in(&world, &other.deps, &made.secret).await.unwrap();
    assert_eq!(asked, VerifyCode::NotFound);
}

#[tokio::test]
async fn a_listener_whose_connection_was_cut_trusts_nothing_from_before() {
    let world = World::new().await;
    let ada = world.team(&world.person("Ada").await, "Halden").await;
    let made = key::create(&ada, new_key()).await.unwrap();
    let other = Other::start(&world).await;
    code_in(&world, &other.deps, &made.secret).await.unwrap();
    // Cut, and altered before it is heard again.
    run(
        &mut world.superuser().await,
        "select pg_terminate_backend(pid) from pg_stat_activity
         where datname = current_database() and query like 'LISTEN%'",
    )
    .await;
    key::revoke(&ada, made.id, "").await.unwrap();
    soon(async || {
        code_in(&world, &other.deps, &made.secret).await.unwrap() == VerifyCode::NotFound
    })
    .await;
}

#[tokio::test]
async fn without_a_database_a_known_key_works_for_five_seconds_and_then_nobody_is_let_in() {
    let world = World::new().await;
    let ada = world.team(&world.person("Ada").await, "Halden").await;
    let (made, unused) =
        (key::create(&ada, new_key()).await.unwrap(), key::create(&ada, new_key()).await.unwrap());
    let other = world.another_program().await;
    code_in(&world, &other, &made.secret).await.unwrap();
    other.app().close().await;
    assert_eq!(code_in(&world, &other, &made.secret).await.unwrap(), VerifyCode::Valid);
    assert!(code_in(&world, &other, &unused.secret).await.is_err(), "never seen before");
    world.clock.advance(Duration::seconds(5));
    assert!(code_in(&world, &other, &made.secret).await.is_err());
}

#[tokio::test]
async fn nothing_is_accepted_after_the_answer_that_it_was_revoked() {
    let world = World::with(domain::Signup::Open, 12).await;
    let ada = world.team(&world.person("Ada").await, "Halden").await;
    for _ in 0..20 {
        let made = key::create(&ada, new_key()).await.unwrap();
        let answered = std::sync::atomic::AtomicBool::new(false);
        let order = std::sync::atomic::Ordering::SeqCst;
        let hammer = async {
            loop {
                let was = answered.load(order);
                let code = plain(&world, &made.secret).await;
                assert!(!(was && code == VerifyCode::Valid), "accepted after the answer");
                if was {
                    return;
                }
                tokio::task::yield_now().await;
            }
        };
        let revoke = async {
            key::revoke(&ada, made.id, "").await.unwrap();
            answered.store(true, order);
        };
        tokio::join!(hammer, hammer_again(&world, &made.secret, &answered), revoke);
    }
}

async fn hammer_again(world: &World, secret: &str, answered: &std::sync::atomic::AtomicBool) {
    while !answered.load(std::sync::atomic::Ordering::SeqCst) {
        plain(world, secret).await;
        tokio::task::yield_now().await;
    }
    assert_eq!(plain(world, secret).await, VerifyCode::NotFound);
}

#[tokio::test]
async fn of_many_calls_with_a_key_that_nobody_remembers_one_asks_the_database() {
    let world = World::new().await;
    let ada = world.team(&world.person("Ada").await, "Halden").await;
    let made = key::create(&ada, new_key()).await.unwrap();
    let mut superuser = world.superuser().await;
    let mut watcher = world.superuser().await;
    run(&mut superuser, "begin").await;
    run(&mut superuser, "lock table api_key in access exclusive mode").await;
    let calls = (0..100).map(|_| plain(&world, &made.secret));
    let asking = async {
        let asked = "select count(*) from pg_stat_activity
                     where datname = current_database() and wait_event_type = 'Lock'";
        let mut most = 0;
        for _ in 0..40 {
            tokio::time::sleep(std::time::Duration::from_millis(10)).await;
            let now: i64 = sqlx::query_scalar(asked).fetch_one(&mut watcher).await.unwrap();
            most = most.max(now);
        }
        run(&mut superuser, "commit").await;
        most
    };
    let (codes, most) = tokio::join!(futures::future::join_all(calls), asking);
    assert_eq!(most, 1);
    assert!(codes.iter().all(|code| *code == VerifyCode::Valid));
}
