//! What a message matches: for programs with an API key, and for people who try their rules.

use super::{
    cache,
    matcher::{Sought, Tag},
};
use crate::{
    Cx, Result,
    key::{self, Ask, Verdict},
    text,
};
use model::{
    Permission, Typed,
    rule::{Offer, TryRules, bounds},
};

/// The scope that a key needs for this, if it has scopes at all.
const SCOPE: &str = "match";

/// What is looked for.
#[derive(Debug, Clone)]
pub struct Asked {
    message: String,
    /// `de`; empty for whichever.
    language: String,
    limit: usize,
}

impl Asked {
    /// `language`: a tag like `de` or `de-CH`, of which only the language counts.
    ///
    /// # Errors
    /// [`crate::Error::Invalid`] names every wrong field.
    pub fn new(message: String, language: &str, limit: Option<usize>) -> Result<Self> {
        let mut check = text::Check::default();
        let message = check.field("message", within_bounds(message));
        let language = check.field("language", primary(language));
        let limit = limit.unwrap_or(bounds::OFFERS_USUAL);
        let few = (1..=bounds::OFFERS).contains(&limit);
        let limit = check
            .field("limit", few.then_some(limit).ok_or_else(|| "Ask for 1 to 50 offers.".into()));
        check.done()?;
        Ok(Self {
            message: message.unwrap_or_default(),
            language: language.unwrap_or_default(),
            limit: limit.unwrap_or_default(),
        })
    }

    fn sought(&self, cx: &Cx) -> Sought<'_> {
        let Self { message, language, limit } = self;
        Sought { message, language, limit: *limit, at: cx.now() }
    }
}

fn within_bounds(message: String) -> std::result::Result<String, String> {
    match message.len() {
        0 => Err("The message is empty. Send what somebody wrote.".to_owned()),
        1..=bounds::MESSAGE => Ok(message),
        _ => Err("The message is longer than 8192 bytes. Send its beginning.".to_owned()),
    }
}

/// The language of a tag (BCP 47).
fn primary(tag: &str) -> std::result::Result<String, String> {
    let tag = tag.trim();
    let language = tag.split(['-', '_']).next().unwrap_or_default().to_ascii_lowercase();
    let letters = language.bytes().all(|byte| byte.is_ascii_lowercase());
    match tag.is_empty() || letters && matches!(language.len(), 2 | 3) && tag.len() <= 35 {
        true => Ok(language),
        false => Err("This is no language. Write it like de, or leave it out.".to_owned()),
    }
}

/// What a program is told.
#[derive(Debug)]
pub enum Found {
    /// The key works: these match.
    Offers(Vec<Offer>),
    /// It does not, or not for this.
    Refused(Verdict),
}

/// Verifies the key, which counts the call, and looks among the rules of its team for what matches.
/// A key that has scopes needs the scope `match`.
///
/// # Errors
/// When the database does not answer and must be asked.
pub async fn offers(cx: &Cx, key: &Typed, asked: &Asked) -> Result<Found> {
    let ask = Ask { ip: cx.ip(), own: Some(SCOPE), ..Ask::default() };
    let verdict = key::verify(cx, key, &ask).await?;
    let Some(team) = verdict.key.as_ref().filter(|_| verdict.is_valid()).map(|key| key.team) else {
        return Ok(Found::Refused(verdict));
    };
    let matcher = cache::current(cx.deps(), team).await?;
    Ok(Found::Offers(matcher.offers(&asked.sought(cx), Tag::Filled)))
}

/// What a message matches, for whoever sees the team's rules: with `{tag}` as it is.
///
/// # Errors
/// [`crate::Error::Forbidden`] without `rules.view`; a sentence at `message` or `language`.
pub async fn try_out(cx: &Cx, tried: TryRules) -> Result<Vec<Offer>> {
    cx.require(Permission::RulesView)?;
    let asked = Asked::new(tried.message, &tried.language, Some(bounds::OFFERS))?;
    // The database says so, too, before memory does.
    let mut view = cx.view(Permission::RulesView).await?;
    super::list::count(view.sql(), cx).await?;
    drop(view);
    let matcher = cache::current(cx.deps(), cx.seat()?.id).await?;
    Ok(matcher.offers(&asked.sought(cx), Tag::Kept))
}
