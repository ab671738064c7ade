//! Where a person's mail goes.

use crate::{
    Cx, Result,
    change::Change,
    mail::{MailOwner, To},
};

/// The mailbox of the one who acts.
pub(super) async fn own(change: &mut Change) -> Result<To> {
    let id = change.person()?;
    let person = sqlx::query!("select name, email from person where id = $1", id)
        .fetch_one(change.sql())
        .await?;
    Ok(To { email: person.email, name: person.name, owner: MailOwner::Person(id) })
}

/// The mailbox of whoever has an account with this address.
pub(super) async fn addressee(cx: &Cx, email: &str) -> Result<Option<To>> {
    let found = sqlx::query!(
        r#"select person_id as "person!", name as "name!", email as "email!"
           from app.addressee($1)"#,
        email
    )
    .fetch_optional(cx.deps().app().nobody())
    .await?;
    Ok(found.map(|person| To {
        email: person.email,
        name: person.name,
        owner: MailOwner::Person(person.person),
    }))
}

/// A mailbox of somebody who has no account, or none any more.
pub(super) fn stranger(email: &str, name: &str) -> To {
    To { email: email.to_owned(), name: name.to_owned(), owner: MailOwner::Instance }
}
