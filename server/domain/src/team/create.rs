//! Making a team.

use crate::{
    Cx, Error, Result,
    change::Change,
    event::{Event, Ledger},
    limit, text,
};
use model::{
    AuditAction, Crest, Limit, Role, TeamId,
    team::{NewTeam, TeamCard, bounds},
};
use uuid::Uuid;

/// How many numbers are tried after a slug that is taken, before random digits are.
const NUMBERS: u32 = 3;

/// Makes a team of which the caller is the first owner.
///
/// # Errors
/// [`Error::Invalid`] when the name will not do.
pub async fn create(cx: &Cx, form: NewTeam) -> Result<TeamCard> {
    let person = cx.person().ok_or(Error::Unauthenticated)?;
    let name = text::name(&form.name, "the team", bounds::NAME)
        .map_err(|message| Error::field("name", message))?;
    limit::take(cx, Limit::TeamCreate, &person.to_string()).await?;
    let base = text::slug(&name);
    for number in 1.. {
        let slug = numbered(&base, number, cx.new_id());
        match attempt(cx, &name, &slug).await {
            Err(error) if error.is_constraint("team_slug") && number <= NUMBERS + 1 => {}
            made => return made,
        }
    }
    Err(Error::Inconsistent("numbers ended"))
}

async fn attempt(cx: &Cx, name: &str, slug: &str) -> Result<TeamCard> {
    let id = TeamId(cx.new_id());
    let mut change = cx.change_self(Some(id)).await?;
    let card = found(cx, &mut change, id, name, slug).await?;
    change.commit(founded(&card)).await?;
    Ok(card)
}

/// The event of a new team.
pub(crate) fn founded(card: &TeamCard) -> Event {
    Event::new(Ledger::Team, AuditAction::TeamCreate)
        .on("team", card.id, &card.name)
        .with("slug", card.slug.as_str())
}

/// Inserts a team with the person of `cx` as its owner.
pub(crate) async fn found(
    cx: &Cx,
    change: &mut Change,
    id: TeamId,
    name: &str,
    slug: &str,
) -> Result<TeamCard> {
    sqlx::query!("select app.found_team($1, $2, $3, $4)", id.0, slug, name, cx.now())
        .execute(change.sql())
        .await?;
    let (slug, name, crest) = (slug.to_owned(), name.to_owned(), Crest::default());
    Ok(TeamCard { id, slug, name, role: Role::Owner.into(), crest, bar: None, closing: None })
}

/// `acme`, `acme-2`, `acme-3`, `acme-4`, then `acme-7f3a…`: short while it can be.
pub(crate) fn numbered(base: &str, number: u32, id: Uuid) -> String {
    let tail = match number {
        1 => return base.to_owned(),
        n if n <= NUMBERS + 1 => format!("-{n}"),
        _ => {
            let id = id.simple().to_string();
            format!("-{}", &id[id.len() - 8..])
        }
    };
    let room = bounds::SLUG - tail.len();
    format!("{}{tail}", base[..base.len().min(room)].trim_end_matches('-'))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_taken_slug_gets_a_number_and_stays_within_its_length() {
        let id = Uuid::from_u128(0x1234_5678);
        assert_eq!(numbered("acme", 1, id), "acme");
        assert_eq!(numbered("acme", 2, id), "acme-2");
        assert_eq!(numbered("acme", 9, id), "acme-12345678");
        assert_eq!(numbered(&"a".repeat(40), 2, id).len(), 40);
    }
}
