//! Signing in: a password, then a second factor if there is one, then a session. A passkey is
//! both at once.
//!
//! ```text
//! password ──right, no second factor────────────────────────────> session
//!     │  └───right, in a browser remembered after a second one──> session
//!     └──────right──> second step ──a code or a passkey─────────> session
//! passkey alone ────────────────────────────────────────────────> session
//! ```

mod passkey;
mod second;
mod slow;

pub use passkey::{begin_passkey, by_passkey};
pub use second::{StepToken, abandon, by_code, choices};
pub(super) use slow::{climb, descend};

use super::{
    device::{self, Known, Remember},
    password,
    proof::{Factor, Proof},
    session::{self, NewSession},
};
use crate::{
    Cx, Error, Result,
    crypto::Hasher,
    event::{Event, Ledger},
    policy::Actor,
    task::Task,
};
use model::{
    AuditAction, PersonId, Typed,
    account::{SignIn, bounds},
};
use slow::{Pace, Try};
use uuid::Uuid;

/// What a right password leads to.
pub enum SignedIn {
    Session(NewSession),
    /// Not signed in: a visitor who may take the second step and nothing else.
    SecondStep(StepToken),
}

/// Signs in whoever this address and password belong to, as far as a password goes.
///
/// # Errors
/// One sentence for a wrong password, an unknown address, and an account that is locked or not
/// confirmed yet, in the same time; [`Error::TooMany`] after too many tries.
pub async fn sign_in(cx: &Cx, form: SignIn) -> Result<SignedIn> {
    let email = form.email.trim().to_lowercase();
    if email.is_empty() || form.password.expose().is_empty() {
        return Err(Error::field("password", "Enter your e-mail address and your password."));
    }
    if email.chars().count() > bounds::EMAIL
        || form.password.expose().len() > bounds::PASSWORD_BYTES
    {
        return Err(no_match());
    }
    let known = credential(cx, &email).await?;
    let person = known.as_ref().map_or(Uuid::nil(), |known| known.person);
    let device = device::find(cx, person).await?;
    let tried = match slow::begin(cx, &email, device.as_ref()).await? {
        Pace::Go(tried) => tried,
        Pace::Wait { seconds } => {
            let person = known.map(|known| known.person);
            slow::tell_once(cx, &email, person).await?;
            return Err(Error::TooMany { retry_after: seconds });
        }
    };
    let hash = known.as_ref().map(|known| known.password_hash.clone());
    let matches = cx.deps().hasher().matches(&form.password, hash).await?;
    match known {
        Some(known) if matches && known.open => {
            strengthen(cx, &known, &form.password).await?;
            go_on(cx, known, device, tried).await
        }
        known => {
            refuse(cx, known.map(|known| known.person)).await?;
            Err(no_match())
        }
    }
}

/// After a right password.
async fn go_on(cx: &Cx, known: Credential, device: Option<Known>, tried: Try) -> Result<SignedIn> {
    let person = cx.proven(PersonId(known.person));
    let trusted = device.is_some_and(|device| device.trusted);
    if known.second_factor && !trusted {
        return second::begin(&person).await.map(SignedIn::SecondStep);
    }
    let proof = Proof::password(known.second_factor.then_some(Factor::Device));
    let change = person.change_self(None).await?;
    let session = session::start(change, proof, Remember::No).await?;
    tried.forgive(cx).await?;
    descend(cx).await?;
    Ok(SignedIn::Session(session))
}

/// Replaces a hash that today's parameters have outgrown, now that the password is there.
async fn strengthen(cx: &Cx, known: &Credential, password: &Typed) -> Result<()> {
    if !Hasher::is_outdated(&known.password_hash) {
        return Ok(());
    }
    let hash = password::hash(cx, password).await?;
    let mut change = cx.proven(PersonId(known.person)).change_self(None).await?;
    let done = sqlx::query_scalar!(
        r#"select app.strengthen_password($1, $2) as "done!""#,
        known.password_hash,
        hash
    )
    .fetch_one(change.sql())
    .await?;
    if done {
        change.commit(Event::new(Ledger::Person, AuditAction::PasswordStrengthen)).await?;
    }
    Ok(())
}

fn no_match() -> Error {
    Error::field(
        "password",
        "That e-mail address and password do not match, or the account is not open. Check both, \
         and your mail.",
    )
}

struct Credential {
    person: Uuid,
    password_hash: String,
    open: bool,
    second_factor: bool,
}

async fn credential(cx: &Cx, email: &str) -> Result<Option<Credential>> {
    let found = sqlx::query_as!(
        Credential,
        r#"select person_id as "person!", password_hash as "password_hash!", open as "open!",
                  second_factor as "second_factor!"
           from app.sign_in_of($1)"#,
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
