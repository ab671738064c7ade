//! Step-up: what changes how an account is proven asks for a fresh proof.

use crate::{
    permissions::new_key,
    support::{PASSWORD, World, run, said},
};
use domain::{Cx, Error, account, key, member};
use model::{
    Role, Typed,
    account::{Confirm, PasskeyAnswer},
    factor::{ChangeEmail, ChangePassword, FirstCode, OnePasskey},
    session::DeleteAccount,
};
use time::Duration;

fn waits<T>(result: domain::Result<T>) -> bool {
    matches!(result, Err(Error::Unconfirmed { .. }))
}

/// Every operation of the list that did not ask for step-up.
async fn that_went_on(cx: &Cx, other: &Cx) -> Vec<&'static str> {
    let passkey = OnePasskey { passkey: uuid::Uuid::nil().to_string(), name: String::new() };
    let password = ChangePassword { password: Typed::new("quite another sentence") };
    let email = ChangeEmail { email: "new@example.com".to_owned() };
    let delete = DeleteAccount { email: "ada@example.com".to_owned() };
    let waited = [
        ("begin totp", waits(account::begin_totp(cx).await)),
        ("show totp", waits(account::totp_offer(cx).await)),
        ("confirm totp", waits(account::confirm_totp(cx, FirstCode::default()).await)),
        ("remove totp", waits(account::remove_totp(cx).await)),
        ("begin passkey", waits(account::begin_registration(cx).await)),
        ("add passkey", waits(account::add_passkey(cx, PasskeyAnswer::default()).await)),
        ("remove passkey", waits(account::remove_passkey(cx, passkey).await)),
        ("renew codes", waits(account::renew_recovery_codes(cx).await)),
        ("password", waits(account::change_password(cx, password).await)),
        ("e-mail", waits(account::ask_email(cx, email).await)),
        ("end others", waits(account::end_other_sessions(cx).await)),
        ("delete", waits(account::delete_account(cx, delete).await)),
        ("key", waits(key::create(cx, new_key()).await)),
        ("member", waits(member::add(cx, other.person().unwrap(), Role::Viewer).await)),
    ];
    waited.into_iter().filter(|(_, waits)| !waits).map(|(name, _)| name).collect()
}

#[tokio::test]
async fn every_operation_of_the_list_waits_after_ten_minutes_and_when_the_clock_is_set_back() {
    let world = World::new().await;
    let luc = world.person("Luc").await;
    let team = world.team(&world.person("Ada").await, "Halden").await;
    world.clock.advance(Duration::seconds(-1));
    assert_eq!(that_went_on(&team, &luc).await, [""; 0], "proven in the future");
    world.clock.advance(Duration::minutes(10));
    key::create(&team, new_key()).await.unwrap();
    world.clock.advance(Duration::seconds(1));
    assert_eq!(that_went_on(&team, &luc).await, [""; 0], "proven long ago");
}

#[tokio::test]
async fn a_proof_renews_the_token_and_what_held_the_old_one_is_signed_out() {
    let world = World::new().await;
    let ada = world.person("Ada").await;
    world.clock.advance(Duration::minutes(10));
    let form = |password| Confirm { password: Typed::new(password), ..Confirm::default() };
    assert!(account::confirm(&ada, form("wrong wrong wrong")).await.is_err());
    assert!(waits(account::begin_totp(&ada).await));
    let renewed = account::confirm(&ada, form(PASSWORD)).await.unwrap();
    let now = world.anyone().with_session(&renewed.token).await.unwrap();
    account::begin_totp(&now).await.unwrap();
    let with_old = account::forget_device(&ada, &uuid::Uuid::nil().to_string()).await;
    assert!(matches!(with_old, Err(Error::Unauthenticated)));
}

#[tokio::test]
async fn a_factor_cannot_vouch_for_its_own_removal_and_another_can() {
    let world = World::new().await;
    let (_, app) = world.with_app("Ada").await;
    let step = world.first_step("ada@example.com").await;
    let session = world.second_step(&step, &app.code(&world, 0)).await.unwrap();
    let by_app = world.anyone().with_session(&session.token).await.unwrap();
    assert!(waits(account::remove_totp(&by_app).await));
    let step = world.first_step("ada@example.com").await;
    let session = world.second_step(&step, &app.recovery[0]).await.unwrap();
    let by_paper = world.anyone().with_session(&session.token).await.unwrap();
    account::remove_totp(&by_paper).await.unwrap();
}

#[tokio::test]
async fn the_last_factor_stays_while_a_team_requires_one() {
    let world = World::new().await;
    let (ada, app) = world.with_app("Ada").await;
    world.team(&ada, "Halden").await;
    let mut superuser = world.superuser().await;
    let require = "alter table team_policy disable trigger user;
         insert into team_policy (team_id, mfa_required_from) select id, now() from team";
    run(&mut superuser, require).await;
    let step = world.first_step("ada@example.com").await;
    let session = world.second_step(&step, &app.recovery[0]).await.unwrap();
    let by_paper = world.in_session(&session).await;
    assert_eq!(account::security(&by_paper).await.unwrap().required_by, ["Halden"]);
    let said = said(account::remove_totp(&by_paper).await);
    assert!(said.contains("requires"), "{said}");
    assert!(account::security(&by_paper).await.unwrap().totp_since.is_some());
}
