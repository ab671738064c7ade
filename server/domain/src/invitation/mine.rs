//! Invitations that wait for the one who is signed in.

use crate::{Cx, Error, Result, event::rfc3339};
use model::{
    InvitationId, TeamId,
    invitation::{InvitationCard, Stage},
};

/// Every open invitation to the caller's address, the newest first. No link is needed: the address
/// is theirs.
///
/// # Errors
/// [`Error::Unauthenticated`] when nobody is signed in.
pub async fn mine(cx: &Cx) -> Result<Vec<InvitationCard>> {
    Ok(with_team(cx).await?.into_iter().map(|(_, card)| card).collect())
}

/// The one of this id, with its team.
pub(super) async fn one(cx: &Cx, id: InvitationId) -> Result<(TeamId, InvitationCard)> {
    let found = with_team(cx).await?.into_iter().find(|(_, card)| card.id == id);
    found.ok_or(Error::NotFound)
}

async fn with_team(cx: &Cx) -> Result<Vec<(TeamId, InvitationCard)>> {
    let email = cx.viewer().ok_or(Error::Unauthenticated)?.email.clone();
    let mut view = cx.view_self().await?;
    let rows = sqlx::query!(
        r#"select team_id as "team!", id as "id!", slug as "slug!", team_name as "team_name!",
                  role_title as "role!", message as "message!", sender_name as "sender_name!",
                  expires_at as "expires_at!"
           from app.my_invitations()"#
    )
    .fetch_all(view.sql())
    .await?;
    let shown = rows.into_iter().map(|row| {
        let card = InvitationCard {
            id: InvitationId(row.id),
            slug: row.slug,
            team: row.team_name,
            sent_by: row.sender_name,
            role: row.role,
            message: row.message,
            email: email.clone(),
            expires_at: rfc3339(row.expires_at),
            state: Stage::Answer,
        };
        Ok((TeamId(row.team), card))
    });
    shown.collect()
}
