//! Making an account: what was typed waits until the mailbox and the password come together.
//!
//! Who types an address need not own it, and who owns it need not have typed the password. So
//! nothing is made before the link from the mail is opened *and* the password typed again: an
//! account cannot be prepared for somebody else, and nobody learns whether an address has one.

use super::{
    device::Remember,
    mailbox,
    password::hash,
    proof::Proof,
    session::{self, NewSession},
    sign_in,
};
use crate::{
    Cx, Error, Result, Signup,
    change::Change,
    crypto::token,
    event::{Event, Ledger},
    limit,
    mail::{self, Letter},
    password::{self, Least},
    text,
};
use model::{
    AuditAction, Limit, PersonId, Typed,
    account::{ConfirmSignUp, SignUp, bounds},
};
use secrecy::{ExposeSecret, SecretString};
use sqlx::PgConnection;
use time::Duration;
use uuid::Uuid;

/// How long the link of a sign-up can be opened.
const LASTS: Duration = Duration::hours(24);

/// Whether anybody may make an account here.
pub fn sign_up_is_open(cx: &Cx) -> bool {
    cx.deps().signup() == Signup::Open
}

/// Keeps what was typed and mails the link that makes it an account. An address that has one
/// already is told so, in its own mailbox and nowhere else.
///
/// # Errors
/// [`Error::Invalid`] names every wrong field; [`Error::NotFound`] when sign-up is by invitation.
pub async fn sign_up(cx: &Cx, form: SignUp) -> Result<()> {
    offer(cx, form).await.map(drop)
}

/// The same; the link's token goes to the mail, and to the demo, which has no mailbox.
pub(crate) async fn offer(cx: &Cx, form: SignUp) -> Result<Option<SecretString>> {
    if !sign_up_is_open(cx) {
        return Err(Error::NotFound);
    }
    let person = NewPerson::read(&form.name, &form.email, form.password, "")?;
    limit::take_by_address(cx, Limit::SignUpAddress).await?;
    let hash = person.hash(cx).await?;
    let to = mailbox::stranger(&person.email, &person.name);
    let taken = mailbox::addressee(cx, &person.email).await?.is_some();
    let token = token::new_token(cx.deps().random());
    let token_hash = token::hash(&token);
    sqlx::query!(
        "select app.offer_sign_up($1, $2, $3, $4, $5, $6, $7)",
        token_hash.as_slice(),
        cx.new_id(),
        person.email,
        person.name,
        hash,
        cx.now(),
        cx.now() + LASTS
    )
    .execute(cx.deps().app().nobody())
    .await?;
    // For a taken address the same is written, so that the answer takes as long; but nobody ever
    // learns the token.
    let link = SecretString::from(token.expose_secret());
    let letter = if taken { Letter::SignUpExists } else { Letter::ConfirmSignUp { token: link } };
    mail::post_alone(cx, &to, letter).await?;
    Ok((!taken).then_some(token))
}

/// Makes the account of a link, for whoever also knows its password, and signs them in.
///
/// # Errors
/// [`Error::NotFound`] when the link was used or is too old; a sentence for a wrong password.
pub async fn confirm_sign_up(cx: &Cx, form: ConfirmSignUp) -> Result<NewSession> {
    limit::take_by_address(cx, Limit::LinkAddress).await?;
    let hash = token::hash(&SecretString::from(form.token.expose()));
    let waiting = sqlx::query!(
        r#"select person_id as "person!", email as "email!", password_hash as "password_hash!"
           from app.sign_up_of($1, $2)"#,
        hash.as_slice(),
        cx.now()
    )
    .fetch_optional(cx.deps().app().nobody())
    .await?
    .ok_or(Error::NotFound)?;
    sign_in::climb(cx).await?;
    if !cx.deps().hasher().matches(&form.password, Some(waiting.password_hash)).await? {
        let said = "This is not the password that was typed when the account was asked for.";
        return Err(Error::field("password", said));
    }
    sign_in::descend(cx).await?;
    let cx = cx.proven(PersonId(waiting.person));
    let mut change = cx.change_self(None).await?;
    if !spend(change.sql(), &cx, &hash).await? {
        return Err(Error::NotFound);
    }
    change.record(signed_up(&cx)?).await?;
    session::start(change, Proof::password(None), Remember::No).await
}

/// The address that a link of a sign-up would confirm; none when it is no longer good.
///
/// # Errors
/// When the database does not answer.
pub async fn sign_up_address(cx: &Cx, token: &Typed) -> Result<Option<String>> {
    limit::take_by_address(cx, Limit::LinkAddress).await?;
    let hash = token::hash(&SecretString::from(token.expose()));
    let email = sqlx::query_scalar!(
        r#"select email as "email!" from app.sign_up_of($1, $2)"#,
        hash.as_slice(),
        cx.now()
    )
    .fetch_optional(cx.deps().app().nobody())
    .await?;
    Ok(email)
}

/// Two sign-ups of one address may wait at once; the second to be confirmed finds it taken.
async fn spend(sql: &mut PgConnection, cx: &Cx, hash: &[u8; 32]) -> Result<bool> {
    let spent = sqlx::query_scalar!(
        r#"select app.spend_sign_up($1, $2) as "spent!""#,
        hash.as_slice(),
        cx.now()
    )
    .fetch_one(sql)
    .await
    .map_err(|error| taken_or(error.into()))?;
    Ok(spent)
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

    pub(super) fn name(&self) -> &str {
        &self.name
    }

    pub(super) async fn hash(&self, cx: &Cx) -> Result<String> {
        hash(cx, &self.password).await
    }

    /// Inserts the person and their password as the person of `cx`.
    pub(super) async fn insert(self, cx: &Cx, change: &mut Change) -> Result<()> {
        let person = cx.person().ok_or(Error::Unauthenticated)?;
        let hash = self.hash(cx).await?;
        self.insert_person(change.sql(), cx, person.0).await.map_err(taken_or)?;
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

/// The sentence for an address that has an account, where whoever reads it owns the mailbox.
pub(super) fn taken_or(error: Error) -> Error {
    if error.is_constraint("person_email") {
        Error::Conflict("This address has an account by now. Sign in with it instead.".to_owned())
    } else {
        error
    }
}
