//! What all second factors have in common, and the page that shows them.

use super::{device, mailbox, recovery};
use crate::{
    Cx, Error, Result,
    change::Change,
    event::rfc3339,
    mail::{self, Letter},
};
use model::{
    Next,
    factor::{PasskeyRow, Recovery, Security},
    reveal::RevealedCodes,
};
use sqlx::PgConnection;
use uuid::Uuid;

/// What the database raises while a team requires a second factor.
const REQUIRED: &str = "PB006";

/// Everything that proves who the caller is.
///
/// # Errors
/// [`Error::Unauthenticated`] when nobody is signed in.
pub async fn security(cx: &Cx) -> Result<Security> {
    let person = cx.person().ok_or(Error::Unauthenticated)?.0;
    let mut view = cx.view_self().await?;
    let own = own(view.sql(), person).await?;
    Ok(Security {
        email: own.email,
        password_changed_at: rfc3339(own.password_changed_at),
        totp_since: own.totp_since.map(rfc3339),
        passkeys: passkeys(view.sql(), person).await?,
        recovery: Recovery {
            left: own.recovery_left,
            made: own.recovery_made,
            made_at: own.recovery_at.map(rfc3339),
        },
        required_by: required_by(view.sql(), person).await?,
    })
}

/// Where the caller goes after a factor was added: to the codes that came with the first one, or
/// back with a message.
pub(super) fn done(codes: Option<Vec<String>>, said: &str) -> Next {
    match codes {
        Some(codes) => Next::RevealCodes(RevealedCodes { codes, after: said.to_owned() }),
        None => Next::say("/account/security", said),
    }
}

/// After a factor has gone: remembered browsers are asked again, recovery codes go with the last
/// factor, and the person is told.
pub(super) async fn removed(change: &mut Change, what: &str) -> Result<()> {
    device::distrust_all(change, None).await?;
    let person = change.person()?;
    let others = sqlx::query_scalar!(r#"select app.has_second_factor($1) as "others!""#, person)
        .fetch_one(change.sql())
        .await?;
    if !others {
        recovery::discard(change).await?;
    }
    let to = mailbox::own(change).await?;
    mail::post(change, &to, Letter::FactorRemoved { what: what.to_owned() }).await
}

/// The sentence for a factor that has to stay.
pub(super) fn required(error: sqlx::Error) -> Error {
    match Error::from(error) {
        kept if kept.is_code(REQUIRED) => Error::Conflict(
            "A team of yours requires two-step sign-in, so your last factor stays. Set up another \
             one first."
                .to_owned(),
        ),
        other => other,
    }
}

struct Own {
    email: String,
    password_changed_at: time::OffsetDateTime,
    totp_since: Option<time::OffsetDateTime>,
    recovery_left: i64,
    recovery_made: i64,
    recovery_at: Option<time::OffsetDateTime>,
}

async fn own(sql: &mut PgConnection, person: Uuid) -> Result<Own> {
    let own = sqlx::query_as!(
        Own,
        r#"select p.email, c.changed_at as password_changed_at,
                  t.confirmed_at as "totp_since?",
                  (select count(*) from recovery_code r
                   where r.person_id = p.id and r.used_at is null) as "recovery_left!",
                  (select count(*) from recovery_code r
                   where r.person_id = p.id) as "recovery_made!",
                  (select max(r.made_at) from recovery_code r
                   where r.person_id = p.id) as recovery_at
           from person p
           join credential c on c.person_id = p.id
           left join totp t on t.person_id = p.id
           where p.id = $1"#,
        person
    )
    .fetch_one(sql)
    .await?;
    Ok(own)
}

async fn passkeys(sql: &mut PgConnection, person: Uuid) -> Result<Vec<PasskeyRow>> {
    let rows = sqlx::query!(
        "select id, name, created_at, last_used_at from passkey
         where person_id = $1 order by created_at, id",
        person
    )
    .fetch_all(sql)
    .await?;
    let rows = rows.into_iter().map(|row| PasskeyRow {
        id: row.id.to_string(),
        name: row.name,
        created_at: rfc3339(row.created_at),
        last_used_at: row.last_used_at.map(rfc3339),
    });
    Ok(rows.collect())
}

async fn required_by(sql: &mut PgConnection, person: Uuid) -> Result<Vec<String>> {
    let names = sqlx::query_scalar!(
        "select t.name from team t join member m on m.team_id = t.id
         join team_policy p on p.team_id = t.id
         where m.person_id = $1 and p.mfa_required_from is not null order by lower(t.name)",
        person
    )
    .fetch_all(sql)
    .await?;
    Ok(names)
}
