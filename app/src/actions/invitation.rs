//! Doors to invitations.

use leptos::prelude::*;
use model::{
    Failure, Next, Typed,
    account::ByLink,
    invitation::{self as form, InvitationCard, Invitations},
};

/// Invites everybody at these addresses, or nobody.
#[server(prefix = "/do", endpoint = "invitation/send")]
pub async fn send_invitations(form: form::Invite) -> Result<Next, Failure> {
    use crate::server;
    let team = form.team.clone();
    let cx = server::in_team(&team).await?;
    let sent = match server::told(domain::invitation::send(&cx, form).await)? {
        1 => "One person is invited.".to_owned(),
        many => format!("{many} people are invited."),
    };
    Ok(Next::say(format!("/t/{team}/members/invitations"), sent))
}

/// The team's open invitations.
#[server(prefix = "/do", endpoint = "invitation/list")]
pub async fn load_invitations(team: String) -> Result<Invitations, Failure> {
    use crate::server;
    server::told(domain::invitation::list(&server::in_team(&team).await?).await)
}

/// Mails an invitation again, under a new link.
#[server(prefix = "/do", endpoint = "invitation/resend")]
pub async fn resend_invitation(form: form::OfInvitation) -> Result<Next, Failure> {
    use crate::server;
    let id = form.invitation.parse().map_err(|_| Failure::NotFound)?;
    let cx = server::in_team(&form.team).await?;
    let to = server::told(domain::invitation::resend(&cx, id).await)?;
    let list = format!("/t/{}/members/invitations", form.team);
    Ok(Next::say(list, format!("The invitation goes to {to} again, with a new link.")))
}

/// Makes a link to pass on by hand, and shows it once.
#[server(prefix = "/do", endpoint = "invitation/link")]
pub async fn link_to_invitation(form: form::OfInvitation) -> Result<Next, Failure> {
    use crate::server;
    let id = form.invitation.parse().map_err(|_| Failure::NotFound)?;
    let cx = server::in_team(&form.team).await?;
    server::told(domain::invitation::link(&cx, id).await).map(Next::RevealLink)
}

/// Takes an invitation back.
#[server(prefix = "/do", endpoint = "invitation/revoke")]
pub async fn revoke_invitation(form: form::OfInvitation) -> Result<Next, Failure> {
    use crate::server;
    let id = form.invitation.parse().map_err(|_| Failure::NotFound)?;
    let cx = server::in_team(&form.team).await?;
    let whose = server::told(domain::invitation::revoke(&cx, id).await)?;
    let list = format!("/t/{}/members/invitations", form.team);
    Ok(Next::say(list, format!("The invitation of {whose} is taken back. Its links are dead.")))
}

/// What the link in a letter shows.
#[server(prefix = "/do", endpoint = "invitation/card")]
pub async fn load_invitation(token: Typed) -> Result<InvitationCard, Failure> {
    use crate::server;
    let found = domain::invitation::find(&server::cx()?, &token).await;
    server::told(found)?.ok_or(Failure::NotFound)
}

/// What waits for the one who is signed in.
#[server(prefix = "/do", endpoint = "invitation/mine")]
pub async fn load_my_invitations() -> Result<Vec<InvitationCard>, Failure> {
    use crate::server;
    server::told(domain::invitation::mine(&server::cx()?).await)
}

/// Comes into the team.
#[server(prefix = "/do", endpoint = "invitation/accept")]
pub async fn accept_invitation(form: form::Answer) -> Result<Next, Failure> {
    use crate::server;
    let id = form.invitation.parse().map_err(|_| Failure::NotFound)?;
    let card = server::told(domain::invitation::accept(&server::cx()?, id).await)?;
    let said = format!("Welcome to {}. Your role: {}.", card.team, card.role);
    Ok(Next::say(format!("/t/{}", card.slug), said))
}

/// Does not.
#[server(prefix = "/do", endpoint = "invitation/decline")]
pub async fn decline_invitation(form: form::Answer) -> Result<Next, Failure> {
    use crate::server;
    let id = form.invitation.parse().map_err(|_| Failure::NotFound)?;
    let card = server::told(domain::invitation::decline(&server::cx()?, id).await)?;
    Ok(Next::say("/", format!("You have declined the invitation to {}.", card.team)))
}

/// Makes an account with the mailed link, comes into the team, and signs in.
#[server(prefix = "/do", endpoint = "invitation/join")]
pub async fn join_by_invitation(form: form::Join) -> Result<Next, Failure> {
    use crate::server;
    let (session, slug) = server::told(domain::account::join(&server::cx()?, form).await)?;
    server::start_session(&session);
    Ok(Next::say(format!("/t/{slug}"), "Your account is made, and you are in the team."))
}

/// Asks whoever sent it for a new one.
#[server(prefix = "/do", endpoint = "invitation/ask")]
pub async fn ask_for_invitation(form: ByLink) -> Result<Next, Failure> {
    use crate::server;
    server::told(domain::invitation::ask(&server::cx()?, &form.token).await)?;
    Ok(Next::go(format!("/invitation/{}", form.token.expose())))
}
