//! Signing in with a password.

use super::session::{self, NewSession};
use crate::{
    Cx, Error, Result,
    event::{Event, Ledger},
    limit,
    policy::Actor,
    task::Task,
};
use model::{
    AuditAction, Limit, PersonId,
    account::{SignIn, bounds},
};
use uuid::Uuid;

/// Starts a session for whoever this address and password belong to.
///
/// # Errors
/// One sentence for a wrong password and an unknown address, in the same time;
/// [`Error::TooMany`] after too many tries.
pub async fn sign_in(cx: &Cx, form: SignIn) -> Result<NewSession> {
    let email = form.email.trim().to_lowercase();
    if email.is_empty() || form.password.expose().is_empty() {
        return Err(Error::field("password", "Enter your e-mail address and your password."));
    }
    if email.chars().count() > bounds::EMAIL
        || form.password.expose().len() > bounds::PASSWORD_BYTES
    {
        return Err(no_match());
    }
    limit::take_by_address(cx, Limit::SignInAddress).await?;
    limit::take(cx, Limit::SignInAccount, &email).await?;
    let known = credential(cx, &email).await?;
    let hash = known.as_ref().map(|known| known.password_hash.clone());
    let matches = cx.deps().hasher().matches(&form.password, hash).await?;
    match known {
        Some(known) if matches => session::start(&cx.proven(PersonId(known.person))).await,
        known => {
            refuse(cx, known.map(|known| known.person)).await?;
            Err(no_match())
        }
    }
}

fn no_match() -> Error {
    Error::field("password", "That e-mail address and password do not match. Check both.")
}

struct Credential {
    person: Uuid,
    password_hash: String,
}

async fn credential(cx: &Cx, email: &str) -> Result<Option<Credential>> {
    let found = sqlx::query_as!(
        Credential,
        r#"select person_id as "person!", password_hash as "password_hash!"
           from app.credential_of($1)"#,
        email
    )
    .fetch_optional(cx.deps().app().nobody())
    .await?;
    Ok(found)
}

/// Records the try: in the person's own ledger or, for an unknown address, in the instance's.
/// Both are one record, so that the answer takes the same time.
async fn refuse(cx: &Cx, person: Option<Uuid>) -> Result<()> {
    let about = Actor { person, ..Actor::default() };
    let change = cx.change_as(Task::SignInRefuse, about).await?;
    let event = match person {
        Some(id) => {
            Event::new(Ledger::Person, AuditAction::SessionRefuse).on("person", PersonId(id), "")
        }
        None => Event::new(Ledger::Instance, AuditAction::SessionRefuse),
    };
    change.commit(event.refused()).await?;
    Ok(())
}
