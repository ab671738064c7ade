//! A key that comes to act in Probity itself, through the REST API.

use super::{
    known::Ask,
    verify::{Verdict, verify},
};
use crate::{Cx, Error, Result, crypto::token, limit, policy::ActingKey};
use model::{
    Crest, CustomRole, HeldRole, Limit, RoleId, TeamId, Typed, key::permissions_of, team::TeamCard,
};
use secrecy::SecretString;
use uuid::Uuid;

/// The same request by this key, in its team, to do what its scopes say (`probity:keys.view`);
/// or why it is not let in. It is verified and counted as every other call with it.
///
/// # Errors
/// [`Error::TooMany`] when it comes too often; when the database does not answer: then nobody is
/// served.
pub async fn admit(cx: Cx, key: &Typed) -> Result<std::result::Result<Cx, Verdict>> {
    let ask = Ask { ip: cx.ip(), ..Ask::default() };
    let verdict = verify(&cx, key, &ask).await?;
    let Some(known) = verdict.key.as_ref().filter(|_| verdict.is_valid()) else {
        return Ok(Err(verdict));
    };
    limit::take(&cx, Limit::ApiCall, &known.id.to_string()).await?;
    let id = known.id.0;
    let acting = ActingKey { id, hash: token::hash(&SecretString::from(key.expose())) };
    // Whoever ended it a moment ago has been answered: it acts no more.
    let seat = seat(&cx, &acting).await?.ok_or(Error::Unauthenticated)?;
    Ok(Ok(cx.acting_with(acting, seat)))
}

/// Its place in its team: what a role is to a person.
async fn seat(cx: &Cx, key: &ActingKey) -> Result<Option<TeamCard>> {
    let row = sqlx::query!(
        r#"select team_id as "id!", slug as "slug!", name as "name!", crest, scopes as "scopes!"
           from app.key_seat($1, $2, $3)"#,
        key.hash.as_slice(),
        cx.ip().map(|ip| ip.to_string()),
        cx.now()
    )
    .fetch_optional(cx.deps().app().nobody())
    .await?;
    Ok(row.map(|row| TeamCard {
        id: TeamId(row.id),
        slug: row.slug,
        name: row.name,
        role: HeldRole::Custom(CustomRole {
            id: RoleId(Uuid::nil()),
            name: "API key".to_owned(),
            permissions: permissions_of(row.scopes.split(' ')),
        }),
        crest: row.crest.as_deref().and_then(Crest::from_name).unwrap_or_default(),
        bar: None,
        closing: None,
    }))
}
