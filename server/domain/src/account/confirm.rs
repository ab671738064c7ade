//! Step-up: proving again, in a session, that it is you.

use super::{
    proof,
    session::{self, NewSession},
};
use crate::{
    Cx, Error, Result,
    event::{Event, Ledger},
    limit,
};
use model::{AuditAction, Limit, Typed, account::Confirm};

/// Confirms the person of this session with their password and, if they have one, a second
/// factor. The session goes on under a new token.
///
/// # Errors
/// A sentence at the field that is not right.
pub async fn confirm(cx: &Cx, form: Confirm) -> Result<NewSession> {
    let session = cx.session().ok_or(Error::Unauthenticated)?;
    let person = cx.person().ok_or(Error::Unauthenticated)?.to_string();
    limit::take(cx, Limit::Confirm, &person).await?;
    if !is_own_password(cx, &form.password).await? {
        return Err(refuse(cx, "password", "This is not your password.").await?);
    }
    let mut change = cx.change_session().await?;
    let factor = if session.second_factor {
        match proof::spend_code(&mut change, &form.code).await? {
            Some(factor) => factor.name(),
            None => {
                drop(change);
                let said = "This was not right, or was used before. Use the next code.";
                return Err(refuse(cx, "code", said).await?);
            }
        }
    } else {
        proof::PASSWORD.to_owned()
    };
    if factor == form.without {
        let said = "This is the factor that is to go. Use another one, or a recovery code.";
        return Err(Error::field("code", said));
    }
    let renewed = session::renew(change, &factor).await?;
    limit::give_back(cx, Limit::Confirm, &person).await?;
    Ok(renewed)
}

/// Whether this is the password of the one who is signed in.
async fn is_own_password(cx: &Cx, typed: &Typed) -> Result<bool> {
    let mut view = cx.view_self().await?;
    let stored = sqlx::query_scalar!(r#"select app.own_password()"#).fetch_one(view.sql()).await?;
    drop(view); // hashing takes longer than a connection should be held
    cx.deps().hasher().matches(typed, stored).await
}

/// Records a wrong proof; returns the sentence for it.
pub(super) async fn refuse(cx: &Cx, field: &str, said: &str) -> Result<Error> {
    let change = cx.change_self(None).await?;
    let event = Event::new(Ledger::Person, AuditAction::SessionConfirm).refused();
    change.commit(event).await?;
    Ok(Error::field(field, said))
}
