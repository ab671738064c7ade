//! Doors to the roles that a team made.

use leptos::prelude::*;
use model::{
    Failure, Next,
    proof::{Matrix, TryRoles},
    role::{self as form, RolePage, RoleRow},
};

/// The roles that the team made.
#[server(prefix = "/do", endpoint = "role/list")]
pub async fn load_roles(team: String) -> Result<Vec<RoleRow>, Failure> {
    use crate::server;
    server::told(domain::role::list(&server::in_team(&team).await?).await)
}

/// The matrix: every role, and what was found of each of its cells.
#[server(prefix = "/do", endpoint = "role/matrix")]
pub async fn load_matrix(team: String) -> Result<Matrix, Failure> {
    use crate::server;
    server::told(domain::proof::matrix(&server::in_team(&team).await?).await)
}

/// Tries every cell now.
#[server(prefix = "/do", endpoint = "role/try")]
pub async fn try_matrix(form: TryRoles) -> Result<Next, Failure> {
    use crate::server;
    let cx = server::in_team(&form.team).await?;
    let found = server::told(domain::proof::probe_now(&cx).await)?;
    let said = match found.wrong {
        0 => format!("All {} cells were tried and are proven.", found.cells),
        wrong => format!("{wrong} of {} cells are broken. Tell your operator.", found.cells),
    };
    Ok(Next::say(format!("/t/{}/roles", form.team), said))
}

/// One of them.
#[server(prefix = "/do", endpoint = "role/find")]
pub async fn load_role(team: String, role: String) -> Result<RolePage, Failure> {
    use crate::server;
    let role = role.parse().map_err(|_| Failure::NotFound)?;
    let found = domain::role::load(&server::in_team(&team).await?, role).await;
    server::told(found)?.ok_or(Failure::NotFound)
}

/// Makes a role.
#[server(prefix = "/do", endpoint = "role/create")]
pub async fn create_role(form: form::NewRole) -> Result<Next, Failure> {
    use crate::server;
    let list = format!("/t/{}/roles", form.team);
    let cx = server::in_team(&form.team).await?;
    let role = server::told(domain::role::create(&cx, form).await)?;
    Ok(Next::say(list, format!("The role {} is there to be given.", role.name)))
}

/// Changes a role.
#[server(prefix = "/do", endpoint = "role/update")]
pub async fn change_custom_role(form: form::UpdateRole) -> Result<Next, Failure> {
    use crate::server;
    let id = form.role.parse().map_err(|_| Failure::NotFound)?;
    let list = format!("/t/{}/roles", form.team);
    let cx = server::in_team(&form.team).await?;
    let role = server::told(domain::role::update(&cx, id, form).await)?;
    let said = format!("The role {} is changed. It holds from the next click on.", role.name);
    Ok(Next::say(list, said))
}

/// Deletes a role.
#[server(prefix = "/do", endpoint = "role/delete")]
pub async fn remove_role(form: form::DeleteRole) -> Result<Next, Failure> {
    use crate::server;
    let id = form.role.parse().map_err(|_| Failure::NotFound)?;
    let cx = server::in_team(&form.team).await?;
    let name = server::told(domain::role::delete(&cx, id).await)?;
    Ok(Next::say(format!("/t/{}/roles", form.team), format!("The role {name} is deleted.")))
}
