//! The first owner, by a link that works once.

use super::{
    device::Remember,
    proof::Proof,
    session::{self, NewSession},
    sign_up::{NewPerson, signed_up},
};
use crate::{
    Cx, Deps, Error, Result,
    crypto::token,
    event::{Event, Ledger},
    limit, team, text,
};
use model::{
    AuditAction, FieldError, Limit, PersonId, TeamId,
    account::SetUp,
    team::{TeamCard, bounds},
};
use secrecy::SecretString;
use sqlx::PgConnection;

/// A new set-up token while nobody exists; none afterwards. The one before stops working.
///
/// # Errors
/// When the database does not answer.
pub async fn set_up_link(deps: &Deps) -> Result<Option<SecretString>> {
    let token = token::new_token(deps.random());
    let hash = token::hash(&token);
    let offered =
        sqlx::query_scalar!(r#"select app.offer_set_up($1) as "offered!""#, hash.as_slice())
            .fetch_one(deps.job().nobody())
            .await?;
    Ok(offered.then_some(token))
}

/// Whether the first owner exists.
///
/// # Errors
/// When the database does not answer.
pub async fn is_set_up(cx: &Cx) -> Result<bool> {
    let done = sqlx::query_scalar!(r#"select app.is_set_up() as "done!""#)
        .fetch_one(cx.deps().app().nobody())
        .await?;
    Ok(done)
}

/// Makes the first person, their team, and a session, all or nothing but the session.
///
/// # Errors
/// [`Error::NotFound`] when the link was used or replaced; [`Error::Invalid`] names wrong fields
/// and leaves the link usable.
pub async fn set_up(cx: &Cx, form: SetUp) -> Result<(NewSession, TeamCard)> {
    limit::take_by_address(cx, Limit::SetUpAddress).await?;
    let (person, name) = read(&form)?;
    let cx = cx.proven(PersonId(cx.new_id()));
    let team = TeamId(cx.new_id());
    let mut change = cx.change_self(Some(team)).await?;
    let token = token::hash(&SecretString::from(form.token.expose()));
    if !spend(change.sql(), &cx, &token).await? {
        return Err(Error::NotFound);
    }
    person.insert(&cx, &mut change).await?;
    let slug = text::slug(&name);
    let card = team::found(&cx, &mut change, team, &name, &slug).await?;
    change.record(team::founded(&card)).await?;
    change.record(signed_up(&cx)?).await?;
    change.commit(Event::new(Ledger::Instance, AuditAction::InstanceSetUp)).await?;
    let change = cx.change_self(None).await?;
    Ok((session::start(change, Proof::password(None), Remember::No).await?, card))
}

/// Reads the whole form, so that all wrong fields are told at once.
fn read(form: &SetUp) -> Result<(NewPerson, String)> {
    let person = NewPerson::read(&form.name, &form.email, form.password.clone(), &form.team);
    let team = text::name(&form.team, "your team", bounds::NAME)
        .map_err(|message| FieldError::new("team", message));
    match (person, team) {
        (Ok(person), Ok(team)) => Ok((person, team)),
        (Err(Error::Invalid(mut errors)), Err(error)) => {
            errors.push(error);
            Err(Error::Invalid(errors))
        }
        (Err(error), _) => Err(error),
        (Ok(_), Err(error)) => Err(Error::Invalid(vec![error])),
    }
}

async fn spend(sql: &mut PgConnection, cx: &Cx, token: &[u8; 32]) -> Result<bool> {
    let spent = sqlx::query_scalar!(
        r#"select app.spend_set_up($1, $2) as "spent!""#,
        token.as_slice(),
        cx.now()
    )
    .fetch_one(sql)
    .await?;
    Ok(spent)
}
