//! Limits count exactly, refill evenly, and say no when they cannot count.

use crate::support::{PASSWORD, World, run, said};
use domain::{Cx, Error, account, audit, invitation, key, password, team};
use model::{
    Limit, StreamId, Typed,
    account::{Confirm, Forgot, SetUp, SignUp},
    factor::ChangeEmail,
    invitation::Invite,
    key::NewKey,
    team::NewTeam,
};
use time::Duration;

#[tokio::test]
async fn of_many_tries_at_once_exactly_the_allowed_number_goes_through() {
    let world = World::new().await;
    world.person("Ada").await;
    let tries = (0..25).map(|_| world.sign_in("ada@example.com", "wrong wrong wrong"));
    let refused = futures::future::join_all(tries).await;
    let limited = refused.iter().filter(|t| matches!(t, Err(Error::TooMany { .. }))).count();
    assert_eq!(limited, 19, "5 of 25 are free, and the sixth begins the first wait");
    let said = said(world.sign_in("ada@example.com", PASSWORD).await);
    assert_eq!(said, "Too many tries. Wait 30 seconds and try again.");
    world.clock.advance(Duration::seconds(30));
    world.sign_in("ada@example.com", PASSWORD).await.unwrap();
}

#[tokio::test]
async fn one_account_under_attack_does_not_slow_another() {
    let world = World::new().await;
    world.person("Ada").await;
    world.person("Luc").await;
    for _ in 0..12 {
        world.sign_in("ada@example.com", "wrong wrong wrong").await.err().unwrap();
    }
    world.sign_in("luc@example.com", PASSWORD).await.unwrap();
}

#[tokio::test]
async fn what_cannot_be_counted_is_refused() {
    let world = World::new().await;
    world.person("Ada").await;
    let mut superuser = world.superuser().await;
    run(&mut superuser, "revoke execute on all functions in schema app from probity_app").await;
    run(&mut superuser, "grant execute on function app.sign_in_of(text) to probity_app").await;
    let said = said(world.sign_in("ada@example.com", PASSWORD).await);
    assert!(said.starts_with("Probity could not do this just now"), "{said}");
}

/// Who tries, always from one network address.
struct Trier<'a> {
    world: &'a World,
    /// Nobody.
    stranger: Cx,
    /// The owner of a team, in it.
    owner: Cx,
    /// A key of that team.
    key: Typed,
}

impl Trier<'_> {
    /// The `n`th try of what this limit counts, by nothing but this limit held back.
    async fn attempt(&self, limit: Limit, n: u32) -> domain::Result<()> {
        let (stranger, owner) = (&self.stranger, &self.owner);
        let email = format!("p{n}@example.com");
        let form_of = |emails: &str| Invite {
            emails: emails.to_owned(),
            role: "viewer".to_owned(),
            ..Invite::default()
        };
        match limit {
            Limit::SignInAddress | Limit::SignInAddressDay => {
                if limit == Limit::SignInAddressDay
                    && n.is_multiple_of(Limit::SignInAddress.burst())
                {
                    self.world.clock.advance(Duration::minutes(15));
                }
                self.sign_in(&email).await
            }
            Limit::SignInBlocked => self.blocked(n).await,
            Limit::PasskeyBegin => account::begin_passkey(stranger).await.map(drop),
            Limit::Confirm => {
                let form = Confirm { password: Typed::new("wrong"), ..Confirm::default() };
                account::confirm(owner, form).await.map(drop)
            }
            Limit::ForgotAccount => {
                let form = Forgot { email: "ada@example.com".to_owned() };
                account::forgot(&self.world.anyone(), form).await
            }
            Limit::ForgotAddress => account::forgot(stranger, Forgot { email }).await,
            Limit::LinkAddress => account::reset_card(stranger, &Typed::new("x")).await.map(drop),
            Limit::EmailChange => account::ask_email(owner, ChangeEmail { email }).await,
            Limit::SignUpAddress => {
                let form = SignUp { name: "P".into(), email, password: Typed::new(PASSWORD) };
                account::sign_up(stranger, form).await
            }
            Limit::SetUpAddress => account::set_up(stranger, SetUp::default()).await.map(drop),
            // Their own team was the first.
            Limit::TeamCreate if n == 0 => Ok(()),
            Limit::TeamCreate => {
                team::create(owner, NewTeam { name: format!("Team {n}") }).await.map(drop)
            }
            Limit::RoleProbe => domain::proof::probe_now(owner).await.map(drop),
            Limit::InvitationTeam => invitation::send(owner, form_of(&email)).await.map(drop),
            Limit::InvitationAddress => {
                invitation::send(owner, form_of("ben@example.com")).await.map(drop)
            }
            Limit::KeyCreate => {
                let form = NewKey { name: format!("key {n}"), ..crate::permissions::new_key() };
                key::create(owner, form).await.map(drop)
            }
            Limit::StreamTest => {
                audit::stream::test(owner, StreamId(uuid::Uuid::nil())).await.map(drop)
            }
            Limit::PersonExport => account::export_link(owner).await.map(drop),
            Limit::ApiCall => key::admit(stranger.clone(), &self.key).await.map(drop),
            Limit::KeyScan => key::scan::scan(stranger, "", "").await.map(drop),
            Limit::PasswordMeter => {
                password::measure(stranger, Typed::new("x"), "").await.map(drop)
            }
        }
    }

    async fn sign_in(&self, email: &str) -> domain::Result<()> {
        let form = model::account::SignIn {
            email: email.to_owned(),
            password: Typed::new("wrong wrong wrong"),
            next: String::new(),
        };
        account::sign_in(&self.stranger, form).await.map(drop)
    }

    /// Notices are not tried by hand: as many slowed sign-ins as there are tries, and a letter.
    async fn blocked(&self, n: u32) -> domain::Result<()> {
        self.world.letters().await;
        for _ in 0..7 {
            self.world.sign_in("ada@example.com", "wrong wrong wrong").await.err();
        }
        let sent = self.world.letters().await.iter().any(|l| l.subject.contains("slowed down"));
        assert_eq!(sent, n == 0, "letter {n}");
        if sent { Ok(()) } else { Err(Error::TooMany { retry_after: 1 }) }
    }
}

/// Whether this try was held back.
fn held(tried: &domain::Result<()>) -> bool {
    matches!(tried, Err(Error::TooMany { .. }))
}

/// Each row of the table of limits is a limit: as many tries as it says, and not one more.
#[tokio::test]
async fn every_limit_holds() {
    for limit in Limit::ALL {
        let world = World::new().await;
        let owner = world.team(&world.person("Ada").await, "Halden").await;
        let other = world.team(&world.person("Ben").await, "Nordlys").await;
        let key = key::create(&other, crate::permissions::new_key()).await.unwrap();
        let (stranger, key) = (world.from("198.51.100.7"), Typed::new(key.secret));
        let trier = Trier { stranger, owner, key, world: &world };
        for n in 0..limit.burst() {
            let tried = trier.attempt(*limit, n).await;
            assert!(!held(&tried), "{}: try {n} was held back: {tried:?}", limit.name());
        }
        // While a day passes, what is counted over a day refills a little.
        let refilled = if *limit == Limit::SignInAddressDay { limit.burst() / 10 } else { 0 };
        let mut last = Ok(());
        for n in limit.burst()..=limit.burst() + refilled {
            last = trier.attempt(*limit, n).await;
            if held(&last) {
                break;
            }
        }
        assert!(held(&last), "{}: nothing held back: {last:?}", limit.name());
    }
}
