//! Sending, sending again, passing on, taking back.

use super::{at_fields, invite, only, opened_by};
use crate::{
    post::{Mood, link},
    support::{World, refusal, run, said},
};
use domain::{Error, account, invitation, mail::MailError, member, team};
use model::{Permission, Role, invitation::MailState, session::DeleteAccount};
use secrecy::ExposeSecret;
use time::Duration;

const BEN: &str = "ben@example.com";

#[tokio::test]
async fn many_are_invited_at_once_or_nobody_is() {
    let world = World::new().await;
    let owner = world.team(&world.person("Ada").await, "Halden").await;
    world.member(&owner, Role::Viewer).await;
    world.letters().await;
    let pasted = "Ben Ek <ben@example.com>, Cy <CY@example.com>";
    assert_eq!(invitation::send(&owner, invite(pasted, "member")).await.unwrap(), 2);
    let mut to: Vec<_> = world.letters().await.into_iter().map(|letter| letter.to).collect();
    to.sort();
    assert_eq!(to, [BEN, "cy@example.com"]);

    let refused =
        said(invitation::send(&owner, invite("dan@example.com ada@example.com", "member")).await);
    assert_eq!(refused, "ada@example.com is in the team already. Take it out.");
    let refused = at_fields(invitation::send(&owner, invite("dan@example.com eve", "x")).await);
    assert_eq!(
        refused,
        [
            "This is not an e-mail address: eve. Write it like ada@example.com.",
            "Choose one of the roles."
        ]
    );
    assert!(world.letters().await.is_empty(), "nobody was written to");
    assert_eq!(invitation::list(&owner).await.unwrap().rows.len(), 2);
}

#[tokio::test]
async fn nobody_invites_above_their_own_role_in_code_or_database() {
    let world = World::new().await;
    let owner = world.team(&world.person("Ada").await, "Halden").await;
    let admin = world.member(&owner, Role::Admin).await;
    let viewer = world.member(&owner, Role::Viewer).await;
    let refused = invitation::send(&admin, invite(BEN, "owner")).await;
    assert!(matches!(refused, Err(Error::Forbidden(Permission::SecurityManage))));
    for role in ["viewer", "owner"] {
        let refused = invitation::send(&viewer, invite(BEN, role)).await;
        assert!(matches!(refused, Err(Error::Forbidden(Permission::MembersManage))));
    }
    assert!(matches!(
        invitation::list(&viewer).await,
        Err(Error::Forbidden(Permission::MembersManage))
    ));

    let team = team::card(&owner).unwrap().id;
    let insert = |role: &str, by: &domain::Cx| {
        format!(
            "insert into invitation (team_id, id, email, role, message, mailed_hash, sent_by,
                                     sent_at, expires_at)
             values ('{}', gen_random_uuid(), 'x@example.com', '{role}', '', sha256('x'), '{}',
                     now(), now())",
            team.0,
            by.person().unwrap().0
        )
    };
    const REFUSED: &str = "new row violates row-level security policy for table \"invitation\"";
    let mut raw = world.raw("probity_app", team, &viewer).await;
    assert_eq!(refusal(&mut raw, &insert("viewer", &viewer)).await, REFUSED);
    let mut raw = world.raw("probity_app", team, &admin).await;
    assert_eq!(refusal(&mut raw, &insert("owner", &admin)).await, REFUSED);
    assert_eq!(refusal(&mut raw, &insert("viewer", &owner)).await, REFUSED, "in another's name");
    run(&mut raw, "begin").await;
    run(&mut raw, &insert("viewer", &admin)).await;
    let refused = refusal(&mut raw, "commit").await;
    assert_eq!(refused, "a change to invitation without its audit event");
    let hashes = refusal(&mut raw, "select mailed_hash from invitation").await;
    assert_eq!(hashes, "permission denied for table invitation");
}

#[tokio::test]
async fn an_admin_cannot_send_again_or_pass_on_an_owners_invitation() {
    let world = World::new().await;
    let owner = world.team(&world.person("Ada").await, "Halden").await;
    let admin = world.member(&owner, Role::Admin).await;
    world.invited(&owner, BEN, "owner").await;
    let id = only(&admin).await;
    let needs_owner = |error| matches!(error, Some(Error::Forbidden(Permission::SecurityManage)));
    assert!(needs_owner(invitation::resend(&admin, id).await.err()));
    assert!(needs_owner(invitation::link(&admin, id).await.err()));
    assert!(needs_owner(invitation::revoke(&admin, id).await.err()));
}

#[tokio::test]
async fn every_act_waits_for_step_up() {
    let world = World::new().await;
    let owner = world.team(&world.person("Ada").await, "Halden").await;
    world.invited(&owner, BEN, "viewer").await;
    let id = only(&owner).await;
    world.clock.advance(Duration::minutes(10));
    let waits = |error| matches!(error, Some(Error::Unconfirmed { .. }));
    assert!(waits(invitation::send(&owner, invite("cy@example.com", "viewer")).await.err()));
    assert!(waits(invitation::resend(&owner, id).await.err()));
    assert!(waits(invitation::link(&owner, id).await.err()));
    assert!(waits(invitation::revoke(&owner, id).await.err()));
}

#[tokio::test]
async fn inviting_again_replaces_and_sending_again_ends_the_link_before() {
    let world = World::new().await;
    let owner = world.team(&world.person("Ada").await, "Halden").await;
    let first = world.invited(&owner, BEN, "viewer").await;
    let second = world.invited(&owner, BEN, "admin").await;
    assert!(world.opened(&first).await.is_none());
    assert_eq!(world.opened(&second).await.unwrap().role, "Admin");
    let id = only(&owner).await;
    world.clock.advance(Duration::minutes(9));
    assert_eq!(invitation::resend(&owner, id).await.unwrap(), BEN);
    let third = link(&world.letters().await.pop().unwrap());
    assert!(world.opened(&second).await.is_none());
    let card = world.opened(&third).await.unwrap();
    assert_eq!((card.id, card.message.as_str()), (id, "Welcome aboard"));
    assert_eq!(invitation::revoke(&owner, id).await.unwrap(), BEN);
    assert!(world.opened(&third).await.is_none());
    assert!(matches!(invitation::revoke(&owner, id).await, Err(Error::NotFound)));
    assert!(matches!(invitation::resend(&owner, id).await, Err(Error::NotFound)));
}

#[tokio::test]
async fn a_copied_link_leaves_the_mailed_one_and_ends_the_copy_before() {
    let world = World::new().await;
    let owner = world.team(&world.person("Ada").await, "Halden").await;
    let mailed = world.invited(&owner, BEN, "viewer").await;
    let id = only(&owner).await;
    let token = |url: &str| url.rsplit('/').next().unwrap().to_owned();
    let first = invitation::link(&owner, id).await.unwrap();
    assert!(first.url.starts_with("https://probity.example.com/invitation/"));
    let second = invitation::link(&owner, id).await.unwrap();
    assert!(world.opened(&token(&first.url)).await.is_none());
    assert!(world.opened(&token(&second.url)).await.is_some());
    assert!(world.opened(&mailed).await.is_some());
    world.clock.advance(Duration::days(7));
    let owner = world.sign_in("ada@example.com", crate::support::PASSWORD).await.unwrap();
    let owner = owner.in_team("halden").await.unwrap();
    assert_eq!(
        said(invitation::link(&owner, id).await),
        "This invitation is over. Send it again first."
    );
}

#[tokio::test]
async fn an_address_is_written_to_five_times_a_day_by_one_team() {
    let world = World::new().await;
    let owner = world.team(&world.person("Ada").await, "Halden").await;
    for _ in 0..5 {
        invitation::send(&owner, invite(BEN, "viewer")).await.unwrap();
    }
    let refused = invitation::send(&owner, invite(BEN, "viewer")).await;
    assert!(matches!(refused, Err(Error::TooMany { .. })));
    invitation::send(&owner, invite("cy@example.com", "viewer")).await.unwrap();
}

#[tokio::test]
async fn a_team_has_two_hundred_open_invitations_at_most_in_a_day() {
    let world = World::new().await;
    let owner = world.team(&world.person("Ada").await, "Halden").await;
    let fifty =
        |from: usize| (from..from + 50).map(|n| format!("p{n}@example.com ")).collect::<String>();
    for n in 0..4 {
        invitation::send(&owner, invite(&fifty(n * 50), "viewer")).await.unwrap();
    }
    let refused = invitation::send(&owner, invite(BEN, "viewer")).await;
    assert!(matches!(refused, Err(Error::TooMany { .. })), "the limit of the day");
    world.clock.advance(Duration::days(1));
    let owner = world.sign_in("ada@example.com", crate::support::PASSWORD).await.unwrap();
    let owner = owner.in_team("halden").await.unwrap();
    let refused = said(invitation::send(&owner, invite(BEN, "viewer")).await);
    assert!(
        refused.starts_with("A team has at most 200 open invitations, and 200 are"),
        "{refused}"
    );
}

#[tokio::test]
async fn the_list_says_what_became_of_each_letter() {
    let world = World::new().await;
    let owner = world.team(&world.person("Ada").await, "Halden").await;
    let state = async || invitation::list(&owner).await.unwrap().rows[0].mail.clone();
    invitation::send(&owner, invite(BEN, "viewer")).await.unwrap();
    assert_eq!(state().await, MailState::Waiting);
    world.post.is_now(Mood::Refuses(MailError::temporary("busy")));
    world.letters().await;
    assert_eq!(state().await, MailState::Delayed("busy".to_owned()));
    world.post.is_now(Mood::Refuses(MailError::permanent("no such mailbox")));
    world.clock.advance(Duration::seconds(30));
    world.letters().await;
    assert_eq!(state().await, MailState::Failed("no such mailbox".to_owned()));
    world.post.is_now(Mood::Takes);
    invitation::resend(&owner, only(&owner).await).await.unwrap();
    world.letters().await;
    assert_eq!(state().await, MailState::Sent);
}

#[tokio::test]
async fn whoever_goes_takes_their_invitations_along() {
    let world = World::new().await;
    let owner = world.team(&world.person("Ada").await, "Halden").await;
    let admin = world.member(&owner, Role::Admin).await;
    let other = world.member(&owner, Role::Admin).await;
    let sent = world.invited(&admin, BEN, "viewer").await;
    let stays = world.invited(&other, "cy@example.com", "viewer").await;
    let page = member::find(&owner, admin.person().unwrap()).await.unwrap().unwrap();
    assert_eq!(page.invitations, Some(1));
    member::remove(&owner, admin.person().unwrap()).await.unwrap();
    assert!(world.opened(&sent).await.is_none());
    assert!(world.opened(&stays).await.is_some());
    member::leave(&other).await.unwrap();
    assert!(world.opened(&stays).await.is_none());
    let third = world.member(&owner, Role::Admin).await;
    let gone = world.invited(&third, "dan@example.com", "viewer").await;
    let email = third.viewer().unwrap().email.clone();
    account::delete_account(&third, DeleteAccount { email }).await.unwrap();
    assert!(world.opened(&gone).await.is_none());
    assert!(invitation::list(&owner).await.unwrap().rows.is_empty());
    // Not asleep but ended: who comes back does not bring them back.
    for who in [&admin, &other] {
        member::add(&owner, who.person().unwrap(), Role::Admin).await.unwrap();
    }
    assert!(world.opened(&sent).await.is_none() && world.opened(&stays).await.is_none());
}

#[tokio::test]
async fn an_invitation_is_worth_what_its_sender_may_today() {
    let world = World::new().await;
    let owner = world.team(&world.person("Ada").await, "Halden").await;
    let admin = world.member(&owner, Role::Admin).await;
    let token = world.invited(&admin, BEN, "viewer").await;
    let ben = world.person("Ben").await;
    let id = opened_by(&ben, &token).await.unwrap().id;
    member::change_role(&owner, admin.person().unwrap(), Role::Member).await.unwrap();
    assert!(world.opened(&token).await.is_none());
    assert!(matches!(invitation::accept(&ben, id).await, Err(Error::NotFound)));
    invitation::resend(&owner, id).await.unwrap();
    invitation::accept(&ben, id).await.unwrap();
}

#[tokio::test]
async fn the_letter_says_who_where_and_as_what() {
    let world = World::new().await;
    let owner = world.team(&world.person("Ada").await, "Halden & <b>Sons").await;
    world.letters().await;
    let mut form = invite(BEN, "admin");
    form.message = "Hi <i>Ben</i>".to_owned();
    invitation::send(&owner, form).await.unwrap();
    let letter = world.letters().await.pop().unwrap();
    assert_eq!(
        (letter.subject.as_str(), letter.to_name.as_str()),
        ("You are invited to a team", "")
    );
    let text = letter.text.expose_secret().replace('\n', " ");
    assert!(text.contains("Ada invites you to work in the team Halden & <b>Sons."), "{text}");
    assert!(text.contains("Your role there: Admin."), "{text}");
    assert!(text.contains("Ada writes: Hi <i>Ben</i>"), "{text}");
    let html = letter.html.expose_secret();
    assert!(html.contains("Hi &lt;i&gt;Ben&lt;/i&gt;") && !html.contains("<b>Sons"), "{html}");
}

/// Whoever holds a connection while waiting for another can wait for ever.
#[tokio::test]
async fn nothing_needs_two_connections_at_once() {
    let world = World::with(domain::Signup::Open, 1).await;
    let owner = world.team(&world.person("Ada").await, "Halden").await;
    let all = async {
        world.invited(&owner, BEN, "viewer").await;
        let id = only(&owner).await;
        invitation::resend(&owner, id).await.unwrap();
        invitation::link(&owner, id).await.unwrap();
        invitation::revoke(&owner, id).await.unwrap();
    };
    let done = tokio::time::timeout(std::time::Duration::from_secs(20), all).await;
    assert!(done.is_ok(), "it waits for a connection that it holds");
}
