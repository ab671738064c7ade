//! Passkeys through the operations: as a second step, alone, as step-up, and taken away.

use super::scene::answered;
use crate::{
    authenticator::{Authenticator, base64url, new_key},
    support::{ADDRESS, PASSWORD, World, said},
};
use domain::{Cx, Error, account};
use model::{account::PasskeyAnswer, factor::OnePasskey};
use time::Duration;

const ADA: &str = "ada@example.com";
const NOT_ACCEPTED: &str = "This passkey was not accepted. Try again, or use another way.";

async fn alone(world: &World, device: &mut Authenticator) -> domain::Result<Cx> {
    let visitor = world.anyone();
    let asked = account::begin_passkey(&visitor).await?;
    let session = account::by_passkey(&visitor, answered(device, &asked)).await?;
    Ok(world.in_session(&session).await)
}

#[tokio::test]
async fn a_passkey_alone_is_a_whole_sign_in_and_a_step_up() {
    let world = World::new().await;
    let (_, mut device) = world.with_passkey("Ada").await;
    let ada = alone(&world, &mut device).await.unwrap();
    let security = account::security(&ada).await.unwrap();
    assert_eq!((security.passkeys.len(), security.recovery.left), (1, 10));
    account::begin_totp(&ada).await.unwrap();
    world.clock.advance(Duration::minutes(10));
    assert!(matches!(account::begin_totp(&ada).await, Err(Error::Unconfirmed { .. })));
    let asked = account::begin_passkey_confirm(&ada).await.unwrap();
    let renewed = account::confirm_by_passkey(&ada, answered(&mut device, &asked)).await.unwrap();
    account::begin_totp(&world.in_session(&renewed).await).await.unwrap();
}

#[tokio::test]
async fn an_answer_works_once_and_only_for_who_asked() {
    let world = World::new().await;
    let (_, mut device) = world.with_passkey("Ada").await;
    let visitor = world.anyone();
    let asked = account::begin_passkey(&visitor).await.unwrap();
    let answer = answered(&mut device, &asked);
    account::by_passkey(&visitor, answer.clone()).await.unwrap();
    assert!(said(account::by_passkey(&visitor, answer.clone()).await).contains("too long"));

    let step = world.first_step(ADA).await;
    let half_way = world.visitor(None, Some(&step));
    let asked = account::begin_passkey(&half_way).await.unwrap();
    let answer = answered(&mut device, &asked);
    let other = world.visitor(None, Some(&world.first_step(ADA).await));
    assert!(account::by_passkey(&other, answer.clone()).await.is_err(), "another second step");
    assert!(account::by_passkey(&world.anyone(), answer.clone()).await.is_err(), "no second step");
    account::by_passkey(&half_way, answer).await.unwrap();
}

#[tokio::test]
async fn of_two_answers_at_once_to_one_question_one_wins() {
    let world = World::new().await;
    let (_, mut device) = world.with_passkey("Ada").await;
    let visitor = world.anyone();
    let asked = account::begin_passkey(&visitor).await.unwrap();
    let (first, second) = (answered(&mut device, &asked), answered(&mut device, &asked));
    let (one, other) =
        tokio::join!(account::by_passkey(&visitor, first), account::by_passkey(&visitor, second));
    assert!(one.is_ok() != other.is_ok());
}

#[tokio::test]
async fn a_question_is_good_for_a_few_minutes() {
    let world = World::new().await;
    let (_, mut device) = world.with_passkey("Ada").await;
    let visitor = world.anyone();
    let asked = account::begin_passkey(&visitor).await.unwrap();
    world.clock.advance(Duration::minutes(10));
    let late = account::by_passkey(&visitor, answered(&mut device, &asked)).await;
    assert!(said(late).contains("too long"));
}

#[tokio::test]
async fn a_wrong_key_a_foreign_handle_and_an_unknown_passkey_read_the_same() {
    let world = World::new().await;
    let (_, device) = world.with_passkey("Ada").await;
    let (luc, _) = world.with_passkey("Luc").await;
    let mut forged = device.clone();
    forged.key = new_key();
    let mut foreign = device.clone();
    foreign.user_handle = Some(base64url(luc.person().unwrap().0.as_bytes()));
    let mut unknown = Authenticator::at(ADDRESS);
    unknown.user_handle = device.user_handle.clone();
    for device in [&mut forged, &mut foreign, &mut unknown] {
        assert_eq!(said(alone(&world, device).await), NOT_ACCEPTED);
    }
    let mut right = device;
    alone(&world, &mut right).await.unwrap();
}

#[tokio::test]
async fn a_passkey_goes_only_by_another_factor_and_is_told_of() {
    let world = World::new().await;
    let (ada, _) = world.with_passkey("Ada").await;
    let laptop = account::security(&ada).await.unwrap().passkeys.remove(0);
    let remove = OnePasskey { passkey: laptop.id.clone(), name: String::new() };
    let alone = account::remove_passkey(&ada, remove.clone()).await;
    assert!(matches!(alone, Err(Error::Unconfirmed { without: Some(_) })));

    let (ada, mut phone) = world.add_passkey(&ada, "Phone").await;
    let asked = account::begin_passkey_confirm(&ada).await.unwrap();
    let renewed = account::confirm_by_passkey(&ada, answered(&mut phone, &asked)).await.unwrap();
    let ada = world.in_session(&renewed).await;
    world.letters().await;
    account::remove_passkey(&ada, remove.clone()).await.unwrap();
    let letters = world.letters().await;
    assert_eq!(letters.len(), 1);
    assert!(matches!(account::remove_passkey(&ada, remove).await, Err(Error::NotFound)));
    let left = account::security(&ada).await.unwrap();
    assert_eq!(left.passkeys.len(), 1);
}

#[tokio::test]
async fn the_passkey_that_is_to_go_is_refused_where_it_vouches_for_itself() {
    let world = World::new().await;
    let (ada, mut device) = world.with_passkey("Ada").await;
    let id = account::security(&ada).await.unwrap().passkeys.remove(0).id;
    let asked = account::begin_passkey_confirm(&ada).await.unwrap();
    let answer =
        PasskeyAnswer { without: format!("passkey:{id}"), ..answered(&mut device, &asked) };
    let refused = said(account::confirm_by_passkey(&ada, answer).await);
    assert_eq!(refused, "This is the passkey that is to go. Use another factor.");
}

#[tokio::test]
async fn another_persons_passkey_is_not_found() {
    let world = World::new().await;
    let (ada, _) = world.with_passkey("Ada").await;
    let (luc, _) = world.with_passkey("Luc").await;
    let id = account::security(&ada).await.unwrap().passkeys.remove(0).id;
    let form = OnePasskey { passkey: id, name: "Mine".to_owned() };
    assert!(matches!(account::rename_passkey(&luc, form.clone()).await, Err(Error::NotFound)));
    assert!(matches!(account::remove_passkey(&luc, form).await, Err(Error::NotFound)));
    let kept = account::security(&ada).await.unwrap().passkeys;
    assert_eq!(kept[0].name, "Laptop");
}

#[tokio::test]
async fn a_device_whose_counter_goes_back_is_refused() {
    let world = World::new().await;
    let (_, mut device) = world.with_passkey("Ada").await;
    let mut copy = device.clone();
    alone(&world, &mut device).await.unwrap();
    alone(&world, &mut device).await.unwrap();
    assert_eq!(said(alone(&world, &mut copy).await), NOT_ACCEPTED, "a copy of it is behind");
    assert!(world.tried(None, ADA, PASSWORD).await.is_ok());
}

#[tokio::test]
async fn a_new_factor_is_told_of_by_mail() {
    let world = World::new().await;
    let (ada, _) = world.with_app("Ada").await;
    assert_eq!(world.letters().await.len(), 1, "the app");
    world.add_passkey(&ada, "Laptop").await;
    assert_eq!(world.letters().await.len(), 1, "the passkey");
}
