//! The invitation behind a link, for whoever opens it.

use crate::{Cx, Result, crypto::token, event::rfc3339, limit};
use model::{
    InvitationId, Limit, TeamId, Typed,
    invitation::{InvitationCard, Stage},
};
use secrecy::SecretString;
use time::OffsetDateTime;
use uuid::Uuid;

/// What the link shows, and what whoever opened it can do; none when it opens nothing any more.
///
/// # Errors
/// [`Error::TooMany`] for an address that tries links.
pub async fn find(cx: &Cx, token: &Typed) -> Result<Option<InvitationCard>> {
    limit::take_by_address(cx, Limit::LinkAddress).await?;
    let Some(found) = by_token(cx, token).await? else { return Ok(None) };
    let state = found.stage(cx);
    Ok(Some(InvitationCard {
        id: found.id,
        slug: found.slug,
        team: found.team_name,
        sent_by: found.sender_name,
        role: found.role,
        message: found.message,
        email: found.email,
        expires_at: rfc3339(found.expires_at),
        state,
    }))
}

/// An open invitation, perhaps over.
pub(crate) struct Found {
    pub(crate) team: TeamId,
    pub(crate) id: InvitationId,
    pub(crate) slug: String,
    pub(crate) team_name: String,
    pub(crate) email: String,
    role: String,
    message: String,
    pub(super) sender: Uuid,
    pub(super) sender_name: String,
    pub(super) sender_email: String,
    expires_at: OffsetDateTime,
    asked: bool,
    mailed: bool,
    has_account: bool,
}

impl Found {
    pub(crate) fn is_over(&self, cx: &Cx) -> bool {
        self.expires_at <= cx.now()
    }

    /// Whether its link alone may make an account: it was mailed to an address that has none.
    pub(crate) fn may_join(&self, cx: &Cx) -> bool {
        self.mailed && !self.has_account && !self.is_over(cx)
    }

    fn stage(&self, cx: &Cx) -> Stage {
        let viewer = cx.viewer();
        if viewer.is_some_and(|viewer| viewer.teams.iter().any(|team| team.id == self.team)) {
            return Stage::Inside;
        }
        match viewer {
            _ if self.is_over(cx) && self.asked => Stage::Asked,
            _ if self.is_over(cx) => Stage::Over,
            Some(viewer) if viewer.email.to_lowercase() == self.email => Stage::Answer,
            Some(_) => Stage::OtherAccount,
            // Whoever copied the link does not learn from it who has an account.
            None if !self.mailed => Stage::Unproven,
            None if self.has_account => Stage::SignIn,
            None => Stage::Join,
        }
    }
}

/// The open invitation of a token.
pub(crate) async fn by_token(cx: &Cx, token: &Typed) -> Result<Option<Found>> {
    let hash = token::hash(&SecretString::from(token.expose()));
    let found = sqlx::query!(
        r#"select team_id as "team!", id as "id!", slug as "slug!", team_name as "team_name!",
                  email as "email!", role_title as "role!", message as "message!", sender as "sender!",
                  sender_name as "sender_name!", sender_email as "sender_email!",
                  expires_at as "expires_at!", asked_at is not null as "asked!",
                  mailed as "mailed!", has_account as "has_account!"
           from app.invitation_of($1)"#,
        hash.as_slice()
    )
    .fetch_optional(cx.deps().app().nobody())
    .await?;
    let Some(row) = found else { return Ok(None) };
    Ok(Some(Found {
        team: TeamId(row.team),
        id: InvitationId(row.id),
        slug: row.slug,
        team_name: row.team_name,
        email: row.email,
        role: row.role,
        message: row.message,
        sender: row.sender,
        sender_name: row.sender_name,
        sender_email: row.sender_email,
        expires_at: row.expires_at,
        asked: row.asked,
        mailed: row.mailed,
        has_account: row.has_account,
    }))
}
