//! Doors to handing a team over.

use leptos::prelude::*;
use model::{Failure, Next, ownership as form};

/// Offers the team to a member.
#[server(prefix = "/do", endpoint = "ownership/offer")]
pub async fn offer_ownership(form: form::OfferTo) -> Result<Next, Failure> {
    use crate::server;
    let person = form.person.parse().map_err(|_| Failure::NotFound)?;
    let cx = server::in_team(&form.team).await?;
    server::told(domain::ownership::offer(&cx, person).await)?;
    let page = format!("/t/{}/members", form.team);
    Ok(Next::say(page, "The team is offered. They are told by mail."))
}

/// Takes over the team that is offered.
#[server(prefix = "/do", endpoint = "ownership/accept")]
pub async fn accept_ownership(form: form::OfTeam) -> Result<Next, Failure> {
    use crate::server;
    server::told(domain::ownership::accept(&server::in_team(&form.team).await?).await)?;
    Ok(Next::say(format!("/t/{}/members", form.team), "You are the team’s owner from now on."))
}

/// Does not.
#[server(prefix = "/do", endpoint = "ownership/decline")]
pub async fn decline_ownership(form: form::OfTeam) -> Result<Next, Failure> {
    use crate::server;
    server::told(domain::ownership::decline(&server::in_team(&form.team).await?).await)?;
    Ok(Next::say(format!("/t/{}/members", form.team), "You have declined. Nothing has changed."))
}

/// Withdraws the offer.
#[server(prefix = "/do", endpoint = "ownership/withdraw")]
pub async fn withdraw_ownership(form: form::OfTeam) -> Result<Next, Failure> {
    use crate::server;
    server::told(domain::ownership::withdraw(&server::in_team(&form.team).await?).await)?;
    Ok(Next::say(format!("/t/{}/members", form.team), "The offer is withdrawn."))
}
