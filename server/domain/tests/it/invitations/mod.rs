//! Invitations: who may send, who may come in, and how often.

mod accepting;
mod forgetting;
mod sending;

use crate::{
    post::link,
    support::{PASSWORD, World},
};
use domain::{Cx, Error, account, invitation};
use model::{
    InvitationId, Typed,
    account::SetUp,
    invitation::{InvitationCard, Invite, Join},
};
use secrecy::ExposeSecret;

/// An invitation to one or many, with words of its own.
fn invite(emails: &str, role: &str) -> Invite {
    Invite {
        emails: emails.to_owned(),
        role: role.to_owned(),
        message: "Welcome aboard".to_owned(),
        ..Invite::default()
    }
}

impl World {
    /// Invites one address and gives the token that was mailed there.
    pub(crate) async fn invited(&self, cx: &Cx, email: &str, role: &str) -> String {
        self.letters().await;
        assert_eq!(invitation::send(cx, invite(email, role)).await.unwrap(), 1);
        let letters = self.letters().await;
        let letter = letters.iter().find(|letter| letter.to == email).unwrap();
        link(letter)
    }

    /// The first owner, whose team it is, where nobody signs up.
    async fn first_owner(&self) -> Cx {
        let link = account::set_up_link(&self.deps).await.unwrap().unwrap();
        let form = SetUp {
            token: Typed::new(link.expose_secret()),
            name: "Ada".to_owned(),
            email: "ada@example.com".to_owned(),
            password: Typed::new(PASSWORD),
            team: "Halden".to_owned(),
        };
        let (session, team) = account::set_up(&self.anyone(), form).await.unwrap();
        let ada = self.anyone().with_session(&session.token).await.unwrap();
        ada.in_team(&team.slug).await.unwrap()
    }

    async fn opened(&self, token: &str) -> Option<InvitationCard> {
        opened_by(&self.anyone(), token).await
    }

    /// Makes an account with a mailed link.
    async fn join_by(&self, token: &str, name: &str) -> domain::Result<Cx> {
        let (session, slug) = account::join(&self.anyone(), join(token, name)).await?;
        self.anyone().with_session(&session.token).await?.in_team(&slug).await
    }
}

/// What is said at the fields of a form, one after the other.
fn at_fields<T>(result: domain::Result<T>) -> Vec<String> {
    match result {
        Err(Error::Invalid(errors)) => errors.into_iter().map(|error| error.message).collect(),
        Err(other) => panic!("{other:?}"),
        Ok(_) => panic!("it went through"),
    }
}

fn join(token: &str, name: &str) -> Join {
    Join { token: Typed::new(token), name: name.to_owned(), password: Typed::new(PASSWORD) }
}

async fn opened_by(cx: &Cx, token: &str) -> Option<InvitationCard> {
    invitation::find(cx, &Typed::new(token)).await.unwrap()
}

/// The only open invitation of the team.
async fn only(cx: &Cx) -> InvitationId {
    let rows = invitation::list(cx).await.unwrap().rows;
    assert_eq!(rows.len(), 1, "{rows:?}");
    rows[0].id
}
