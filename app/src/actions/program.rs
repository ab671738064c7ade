//! Doors to affiliate programs.

use leptos::prelude::*;
use model::{
    Failure, Next,
    rule::{self as form, ProgramRow},
};

/// The team's programs.
#[server(prefix = "/do", endpoint = "program/list")]
pub async fn load_programs(team: String) -> Result<Vec<ProgramRow>, Failure> {
    use crate::server;
    server::told(domain::program::list(&server::in_team(&team).await?).await)
}

/// Adds a program with its key.
#[server(prefix = "/do", endpoint = "program/create")]
pub async fn create_program(form: form::NewProgram) -> Result<Next, Failure> {
    use crate::server;
    let cx = server::in_team(&form.team).await?;
    let name = server::told(domain::program::create(&cx, &form).await)?.name;
    let page = format!("/t/{}/rules/programs", form.team);
    Ok(Next::say(page, format!("{name} is added. Its key is sealed and not shown again.")))
}

/// Gives a program another name.
#[server(prefix = "/do", endpoint = "program/rename")]
pub async fn rename_program(form: form::EditProgram) -> Result<Next, Failure> {
    use crate::server;
    use domain::program::Changes;
    let id = form.program.parse().map_err(|_| Failure::NotFound)?;
    let cx = server::in_team(&form.team).await?;
    let changes = Changes { name: Some(&form.name), ..Changes::default() };
    let name = server::told(domain::program::update(&cx, id, changes).await)?;
    let page = format!("/t/{}/rules/programs", form.team);
    Ok(Next::say(page, format!("The program is called {name} from now on.")))
}

/// Puts another key in place of a program's.
#[server(prefix = "/do", endpoint = "program/replace-key")]
pub async fn replace_affiliate_key(form: form::ReplaceAffiliateKey) -> Result<Next, Failure> {
    use crate::server;
    use domain::program::Changes;
    let id = form.program.parse().map_err(|_| Failure::NotFound)?;
    let cx = server::in_team(&form.team).await?;
    let changes = Changes { tag: Some(&form.tag), ..Changes::default() };
    let name = server::told(domain::program::update(&cx, id, changes).await)?;
    let page = format!("/t/{}/rules/programs", form.team);
    Ok(Next::say(page, format!("The new key of {name} is filled in from now on.")))
}

/// Deletes a program.
#[server(prefix = "/do", endpoint = "program/delete")]
pub async fn remove_program(form: form::OneProgram) -> Result<Next, Failure> {
    use crate::server;
    let id = form.program.parse().map_err(|_| Failure::NotFound)?;
    let cx = server::in_team(&form.team).await?;
    let name = server::told(domain::program::delete(&cx, id).await)?;
    let page = format!("/t/{}/rules/programs", form.team);
    Ok(Next::say(page, format!("The program {name} is deleted.")))
}
