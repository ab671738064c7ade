//! The second step: for a visitor whose password was right, and who can reach nothing else yet.

use super::slow::{self, Try};
use crate::{
    Cx, Error, Result,
    account::{
        device::{self, Remember},
        proof::{self, Factor, Proof},
        session::{self, NewSession},
    },
    change::Change,
    crypto::token,
    event::{Event, Ledger},
};
use model::{
    AuditAction, PersonId,
    account::{SecondStep, StepChoices},
};
use secrecy::SecretString;
use std::time::Duration;

/// How long the second step may be taken.
const LASTS: Duration = Duration::from_secs(10 * 60);
/// Tries of one second step, whichever factors they are made with.
const BUDGET: i32 = 5;

/// What the cookie of a half-done sign-in holds. Only its hash is stored.
pub struct StepToken {
    pub token: SecretString,
    pub lasts: Duration,
}

/// A visitor at the second step. No operation but those of this module takes one.
pub(super) struct HalfWay {
    pub(super) hash: [u8; 32],
    pub(super) person: PersonId,
    email: String,
    choices: StepChoices,
}

/// A new second step for the person of `cx`, whose password was right.
pub(super) async fn begin(cx: &Cx) -> Result<StepToken> {
    let token = token::new_token(cx.deps().random());
    let hash = token::hash(&token);
    let mut change = cx.change_self(None).await?;
    sqlx::query!(
        "insert into challenge (id_hash, person_id, created_at, expires_at)
         values ($1, $2, $3, $4)",
        hash.as_slice(),
        change.person()?,
        cx.now(),
        cx.now() + LASTS
    )
    .execute(change.sql())
    .await?;
    change.commit_unaudited("half a sign-in is recorded when it ends, well or not").await?;
    Ok(StepToken { token, lasts: LASTS })
}

/// What the second step of this visitor can be taken with; none when there is none to take.
///
/// # Errors
/// When the database does not answer.
pub async fn choices(cx: &Cx) -> Result<Option<StepChoices>> {
    Ok(HalfWay::of(cx).await?.map(|half| half.choices))
}

/// Takes the second step with a code from an app or a recovery code.
///
/// # Errors
/// A sentence at `code` when it is not right; [`Error::Conflict`] when signing in has to begin
/// anew.
pub async fn by_code(cx: &Cx, form: SecondStep) -> Result<NewSession> {
    if form.code.expose().trim().is_empty() {
        return Err(Error::field("code", "Enter the six digits that your app shows now."));
    }
    let half = HalfWay::of(cx).await?.ok_or_else(begin_anew)?;
    half.count(cx).await?;
    let mut change = cx.proven(half.person).change_self(None).await?;
    match proof::spend_code(&mut change, &form.code).await? {
        Some(factor) => half.enter(change, factor, Remember::read(&form.remember)).await,
        None => {
            drop(change);
            Err(half.refuse(cx, "code").await?)
        }
    }
}

/// Leaves the second step untaken.
///
/// # Errors
/// When the database does not answer.
pub async fn abandon(cx: &Cx) -> Result<()> {
    let Some(half) = HalfWay::of(cx).await? else { return Ok(()) };
    let mut change = cx.proven(half.person).change_self(None).await?;
    half.spend(&mut change).await?;
    change.commit_unaudited("nothing came of it").await
}

impl HalfWay {
    /// The visitor at the second step who sent this request.
    pub(super) async fn of(cx: &Cx) -> Result<Option<Self>> {
        let Some(token) = &cx.origin().step else { return Ok(None) };
        let hash = token::hash(token);
        let found = sqlx::query!(
            r#"select person_id as "person!", email as "email!", tries as "tries!",
                      totp as "totp!", passkeys as "passkeys!", recovery as "recovery!"
               from app.challenge_of($1, $2)"#,
            hash.as_slice(),
            cx.now()
        )
        .fetch_optional(cx.deps().app().nobody())
        .await?;
        Ok(found.filter(|row| row.tries < BUDGET).map(|row| Self {
            hash,
            person: PersonId(row.person),
            email: row.email,
            choices: StepChoices {
                totp: row.totp,
                passkeys: row.passkeys,
                recovery: row.recovery,
                tries: i64::from(BUDGET - row.tries),
            },
        }))
    }

    /// Takes one try out of the budget, before anything is looked at.
    pub(super) async fn count(&self, cx: &Cx) -> Result<()> {
        let counted = sqlx::query_scalar!(
            r#"select app.try_challenge($1, $2, $3) as "counted!""#,
            self.hash.as_slice(),
            cx.now(),
            BUDGET
        )
        .fetch_one(cx.deps().app().nobody())
        .await?;
        if counted { Ok(()) } else { Err(begin_anew()) }
    }

    /// Ends the second step in a session.
    pub(super) async fn enter(
        self,
        mut change: Change,
        factor: Factor,
        remember: Remember,
    ) -> Result<NewSession> {
        if !self.spend(&mut change).await? {
            return Err(begin_anew());
        }
        let cx = change.cx().clone();
        let device = device::find(&cx, self.person.0).await?;
        let session = session::start(change, Proof::password(Some(factor)), remember).await?;
        Try::at_account(&self.email).forgive(&cx).await?;
        if let Some(known) = device {
            Try::in_browser(&known).forgive(&cx).await?;
        }
        slow::descend(&cx).await?;
        Ok(session)
    }

    /// Records a wrong factor; returns the sentence for it.
    pub(super) async fn refuse(self, cx: &Cx, field: &str) -> Result<Error> {
        slow::count(cx, &self.email).await?;
        let change = cx.proven(self.person).change_self(None).await?;
        let event = Event::new(Ledger::Person, AuditAction::FactorRefuse).refused();
        change.commit(event).await?;
        let left = self.choices.tries - 1;
        if left <= 0 {
            return Ok(begin_anew());
        }
        let tries =
            if left == 1 { "One try is left.".into() } else { format!("{left} tries are left.") };
        Ok(Error::field(field, format!("This was not right, or was used before. {tries}")))
    }

    async fn spend(&self, change: &mut Change) -> Result<bool> {
        let spent = sqlx::query_scalar!(
            r#"select app.spend_challenge($1, $2) as "spent!""#,
            self.hash.as_slice(),
            change.cx().now()
        )
        .fetch_one(change.sql())
        .await?;
        Ok(spent)
    }
}

/// The sentence for a second step that is over: too late, too often, or taken already.
pub(super) fn begin_anew() -> Error {
    Error::Conflict(
        "This sign-in took too long or was tried too often. Begin again with your password."
            .to_owned(),
    )
}
