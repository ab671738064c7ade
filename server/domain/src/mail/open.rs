//! What is sealed of a letter, and opening it again.

use super::{Mail, post::MailOwner, render::Rendered, send::Claim};
use crate::{Deps, Error, Result, crypto::Place};
use secrecy::ExposeSecret;
use serde::{Deserialize, Serialize};
use uuid::Uuid;
use zeroize::{Zeroize, ZeroizeOnDrop, Zeroizing};

/// Everything personal or secret about a letter.
#[derive(Serialize, Deserialize, Zeroize, ZeroizeOnDrop)]
pub(super) struct Content {
    to: String,
    to_name: String,
    subject: String,
    text: String,
    html: String,
}

impl Content {
    pub(super) fn of(to: &str, name: &str, letter: Rendered) -> Self {
        Self {
            to: to.to_owned(),
            to_name: name.to_owned(),
            text: letter.text.expose_secret().to_owned(),
            html: letter.html.expose_secret().to_owned(),
            subject: letter.subject,
        }
    }

    pub(super) fn bytes(&self) -> Zeroizing<Vec<u8>> {
        Zeroizing::new(serde_json::to_vec(self).expect("five strings always become JSON"))
    }
}

/// Where a letter's sealed part lives.
pub(super) fn place(id: Uuid) -> Place {
    Place { table: "mail", column: "sealed", row: id }
}

/// The letter as it leaves; none when its person was erased, or it cannot be opened for any other
/// reason that time does not heal.
///
/// # Errors
/// When the keyring does not answer.
pub(super) async fn open(deps: &Deps, claim: &Claim) -> Result<Option<Mail>> {
    let Some(owner) = owner(claim) else { return Ok(None) };
    let Some(key) = deps.keyring().find(owner.key()).await? else { return Ok(None) };
    let opened = match key.open(&place(claim.id), &claim.sealed) {
        Ok(opened) => opened,
        Err(Error::Seal(_)) => return Ok(None),
        Err(other) => return Err(other),
    };
    let Ok(content) = serde_json::from_slice::<Content>(&opened) else { return Ok(None) };
    Ok(Some(Mail {
        id: claim.id,
        at: claim.created_at,
        to: content.to.clone(),
        to_name: content.to_name.clone(),
        subject: content.subject.clone(),
        text: content.text.as_str().into(),
        html: content.html.as_str().into(),
    }))
}

fn owner(claim: &Claim) -> Option<MailOwner> {
    match (claim.owner_kind.as_str(), claim.owner_id) {
        ("person", Some(id)) => Some(MailOwner::Person(id)),
        ("instance", None) => Some(MailOwner::Instance),
        _ => None,
    }
}
