//! Making an account.

use super::session::{self, NewSession};
use crate::{
    Cx, Error, Result, Signup,
    change::Change,
    event::{Event, Ledger},
    limit,
    password::{self, Least},
    text,
};
use model::{
    AuditAction, Limit, PersonId, Typed,
    account::{SignUp, bounds},
};
use sqlx::PgConnection;
use uuid::Uuid;

/// Whether anybody may make an account here.
pub fn sign_up_is_open(cx: &Cx) -> bool {
    cx.deps().signup() == Signup::Open
}

/// Makes an account and signs its person in.
///
/// # Errors
/// [`Error::Invalid`] names every wrong field; [`Error::NotFound`] when sign-up is by invitation.
pub async fn sign_up(cx: &Cx, form: SignUp) -> Result<NewSession> {
    if !sign_up_is_open(cx) {
        return Err(Error::NotFound);
    }
    let person = NewPerson::read(&form.name, &form.email, form.password, "")?;
    limit::take_by_address(cx, Limit::SignUpAddress).await?;
    let cx = cx.proven(PersonId(cx.new_id()));
    let mut change = cx.change_self(None).await?;
    person.insert(&cx, &mut change).await?;
    change.commit(signed_up(&cx)?).await?;
    session::start(&cx).await
}

/// The event of a new account. The address is not in it: it would outlive the person.
pub(super) fn signed_up(cx: &Cx) -> Result<Event> {
    let person = cx.person().ok_or(Error::Unauthenticated)?;
    Ok(Event::new(Ledger::Person, AuditAction::PersonSignUp).on("person", person, ""))
}

/// Somebody who is about to have an account.
pub(super) struct NewPerson {
    name: String,
    email: String,
    password: Typed,
}

impl NewPerson {
    /// Reads the fields that every account form has. The team's name, if there is one, is for the
    /// password only: it must not be made of it.
    pub(super) fn read(name: &str, email: &str, password: Typed, team: &str) -> Result<Self> {
        let mut check = text::Check::default();
        let read_name = check.field("name", text::name(name, "yourself", bounds::NAME));
        let read_email = check.field("email", text::email(email));
        check.field("password", password::check(&password, Least::Alone, &[name, email, team]));
        check.done()?;
        let (name, email) =
            read_name.zip(read_email).ok_or(Error::Inconsistent("a checked form lacks a field"))?;
        Ok(Self { name, email, password })
    }

    /// Inserts the person and their password as the person of `cx`.
    pub(super) async fn insert(self, cx: &Cx, change: &mut Change) -> Result<()> {
        let person = cx.person().ok_or(Error::Unauthenticated)?;
        let mut salt = [0; 16];
        cx.deps().random().fill(&mut salt);
        let hash = cx.deps().hasher().hash(&self.password, salt).await?;
        self.insert_person(change.sql(), cx, person.0)
            .await
            .map_err(|error| if error.is_constraint("person_email") { taken() } else { error })?;
        insert_credential(change.sql(), cx, person.0, &hash).await
    }

    async fn insert_person(&self, sql: &mut PgConnection, cx: &Cx, id: Uuid) -> Result<()> {
        sqlx::query!(
            "insert into person (id, email, name, created_at) values ($1, $2, $3, $4)",
            id,
            self.email,
            self.name,
            cx.now()
        )
        .execute(sql)
        .await?;
        Ok(())
    }
}

async fn insert_credential(sql: &mut PgConnection, cx: &Cx, id: Uuid, hash: &str) -> Result<()> {
    sqlx::query!(
        "insert into credential (person_id, password_hash, changed_at) values ($1, $2, $3)",
        id,
        hash,
        cx.now()
    )
    .execute(sql)
    .await?;
    Ok(())
}

fn taken() -> Error {
    Error::field("email", "This address has an account already. Sign in with it instead.")
}
