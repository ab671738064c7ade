//! What a team is called, where it is found, and how it looks.

use crate::{
    Cx, Error, Result,
    event::{Event, Ledger},
    text, zone,
};
use model::{
    AuditAction, Crest, Permission,
    team::{Settings, UpdateTeam, bounds},
};
use sqlx::PgConnection;

/// The team's settings.
///
/// # Errors
/// [`Error::Forbidden`] without `team.view`.
pub async fn settings(cx: &Cx) -> Result<Settings> {
    let mut view = cx.view(Permission::TeamView).await?;
    read(view.sql(), cx).await
}

/// Sets name, address, crest and time zone; returns the address, under which the team is from now
/// on. The old one leads nowhere.
///
/// # Errors
/// [`Error::Forbidden`] without `team.update`; [`Error::Invalid`] names every wrong field.
pub async fn update(cx: &Cx, form: UpdateTeam) -> Result<String> {
    cx.require(Permission::TeamUpdate)?;
    let wanted = wanted(&form)?;
    let mut change = cx.change(Permission::TeamUpdate).await?;
    let before = read(change.sql(), cx).await?;
    sqlx::query!(
        "update team set name = $1, slug = $2, crest = $3, time_zone = $4 where id = $5",
        wanted.name,
        wanted.slug,
        wanted.crest.name(),
        wanted.zone,
        cx.seat()?.id.0
    )
    .execute(change.sql())
    .await
    .map_err(taken)?;
    let slug = wanted.slug.clone();
    let event = Event::new(Ledger::Team, AuditAction::TeamUpdate)
        .on("team", cx.seat()?.id, &wanted.name)
        .with("before", said(&before))
        .with("after", said(&wanted));
    change.commit(event).await?;
    Ok(slug)
}

fn said(settings: &Settings) -> serde_json::Value {
    serde_json::json!({
        "name": settings.name,
        "slug": settings.slug,
        "crest": settings.crest.name(),
        "time_zone": settings.zone,
    })
}

async fn read(sql: &mut PgConnection, cx: &Cx) -> Result<Settings> {
    let row = sqlx::query!(
        "select name, slug, crest, time_zone from team where id = $1",
        cx.seat()?.id.0
    )
    .fetch_optional(sql)
    .await?
    .ok_or(Error::NotFound)?;
    let crest = Crest::from_name(&row.crest).ok_or(Error::Inconsistent("an unknown crest"))?;
    Ok(Settings { name: row.name, slug: row.slug, crest, zone: row.time_zone })
}

fn wanted(form: &UpdateTeam) -> Result<Settings> {
    let mut check = text::Check::default();
    let name = check.field("name", text::name(&form.name, "the team", bounds::NAME));
    let slug = check.field("slug", slug(&form.slug));
    let crest = Crest::from_name(&form.crest).ok_or("Choose one of the colours.".to_owned());
    let crest = check.field("crest", crest);
    let zone = zone::named(form.time_zone.trim())
        .ok_or("There is no such time zone. Choose one from the list.".to_owned());
    let zone = check.field("time_zone", zone);
    check.done()?;
    match (name, slug, crest, zone) {
        (Some(name), Some(slug), Some(crest), Some(zone)) => {
            Ok(Settings { name, slug, crest, zone: zone.to_owned() })
        }
        _ => Err(Error::Inconsistent("a checked form lacks a field")),
    }
}

/// An address of the team's own, as `app.team` takes it.
fn slug(typed: &str) -> std::result::Result<String, String> {
    let slug = typed.trim();
    let plain = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '-';
    let fits = !slug.is_empty()
        && slug.len() <= bounds::SLUG
        && slug.chars().all(plain)
        && !slug.starts_with('-')
        && !slug.ends_with('-');
    if fits {
        return Ok(slug.to_owned());
    }
    Err(format!(
        "Use 1 to {} small letters, digits and hyphens, such as halden-freight.",
        bounds::SLUG
    ))
}

/// Addresses are given once in the instance.
fn taken(error: sqlx::Error) -> Error {
    let error = Error::from(error);
    if error.is_constraint("team_slug") {
        return Error::field("slug", "Another team has this address. Choose another one.");
    }
    error
}

#[cfg(test)]
mod tests {
    use super::slug;

    #[test]
    fn an_address_is_plain() {
        for right in ["a", "halden-freight", "7-eleven"] {
            assert_eq!(slug(right).as_deref(), Ok(right));
        }
        for wrong in ["", "Halden", "-a", "a-", "a b", "a/b", "å", &"a".repeat(41)] {
            assert!(slug(wrong).unwrap_err().starts_with("Use 1 to 40 small letters"), "{wrong}");
        }
    }
}
