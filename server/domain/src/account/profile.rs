//! What somebody is called, and how times are shown to them.

use crate::{
    Cx, Error, Result,
    event::{Event, Ledger},
    text, zone,
};
use model::{AuditAction, DateStyle, account::bounds, session::Profile};

/// Sets name, time zone and the language of dates.
///
/// # Errors
/// [`Error::Invalid`] names every wrong field.
pub async fn update_profile(cx: &Cx, form: Profile) -> Result<()> {
    let mut check = text::Check::default();
    let name = check.field("name", text::name(&form.name, "yourself", bounds::NAME));
    let zone = check.field("time_zone", time_zone(&form.time_zone));
    let dates = check.field("date_style", date_style(&form.date_style));
    check.done()?;
    let ((name, zone), dates) =
        name.zip(zone).zip(dates).ok_or(Error::Inconsistent("a checked form lacks a field"))?;
    let mut change = cx.change_self(None).await?;
    sqlx::query!(
        "update person set name = $1, time_zone = $2, date_style = $3 where id = $4",
        name,
        zone,
        dates.name(),
        change.person()?
    )
    .execute(change.sql())
    .await?;
    change.commit(Event::new(Ledger::Person, AuditAction::ProfileUpdate)).await.map(drop)
}

/// The IANA name of a zone that there is.
fn time_zone(typed: &str) -> std::result::Result<&'static str, String> {
    zone::named(typed.trim()).ok_or_else(|| {
        "There is no such time zone. Choose one from the list, for example Europe/Oslo.".to_owned()
    })
}

fn date_style(typed: &str) -> std::result::Result<DateStyle, String> {
    DateStyle::from_name(typed).ok_or_else(|| "Choose one of the ways to write dates.".to_owned())
}
