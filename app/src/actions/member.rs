//! Doors to members.

use leptos::prelude::*;
use model::{
    Failure, Next,
    member::{self as form, MemberPage, MemberQuery, Members},
};

/// A page of the team's members, by name.
#[server(prefix = "/do", endpoint = "member/list")]
pub async fn load_members(team: String, query: MemberQuery) -> Result<Members, Failure> {
    use crate::server;
    server::told(domain::member::list(&server::in_team(&team).await?, query).await)
}

/// One member, and what would happen without them.
#[server(prefix = "/do", endpoint = "member/find")]
pub async fn load_member(team: String, person: String) -> Result<MemberPage, Failure> {
    use crate::server;
    let person = person.parse().map_err(|_| Failure::NotFound)?;
    let found = domain::member::find(&server::in_team(&team).await?, person).await;
    server::told(found)?.ok_or(Failure::NotFound)
}

/// Gives a member another role.
#[server(prefix = "/do", endpoint = "member/change-role")]
pub async fn change_role(form: form::ChangeRole) -> Result<Next, Failure> {
    use crate::server;
    let person = form.person.parse().map_err(|_| Failure::NotFound)?;
    let role = form.role.parse::<model::RoleRef>();
    let role = role.map_err(|_| Failure::field("role", "Choose one of the roles."))?;
    let cx = server::in_team(&form.team).await?;
    let role = server::told(domain::member::change_role(&cx, person, role).await)?;
    let page = format!("/t/{}/members/{person}", form.team);
    Ok(Next::say(page, format!("The role is {} from now on.", role.title())))
}

/// Takes a member out of the team.
#[server(prefix = "/do", endpoint = "member/remove")]
pub async fn remove_member(form: form::RemoveMember) -> Result<Next, Failure> {
    use crate::server;
    let person = form.person.parse().map_err(|_| Failure::NotFound)?;
    let cx = server::in_team(&form.team).await?;
    server::told(domain::member::remove(&cx, person).await)?;
    let list = format!("/t/{}/members", form.team);
    Ok(Next::say(list, "They are out of the team. Their next click in it is refused."))
}

/// Leaves the team.
#[server(prefix = "/do", endpoint = "member/leave")]
pub async fn leave_team(form: form::LeaveTeam) -> Result<Next, Failure> {
    use crate::server;
    server::told(domain::member::leave(&server::in_team(&form.team).await?).await)?;
    Ok(Next::say("/", "You have left the team."))
}
