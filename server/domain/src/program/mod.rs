//! Affiliate programs: a name, and the key that a program knows its partner by.
//!
//! Who may: `rules.view` to see that they are there, `rules.edit` to change them, with step-up, because
//! whoever replaces a key is paid from then on (an API key that may was made with it). The key is
//! sealed under the team's data key and never shown again; only what answers the API opens it
//! (`rule::load`). At most 100 to a team.

mod create;
mod delete;
mod list;
mod update;

pub use create::create;
pub use delete::delete;
pub use list::{find, list};
pub use update::{Changes, update};

pub(crate) use list::all;

use crate::{
    Cx, Error, Result,
    crypto::{Owner, Place},
};
use model::{ProgramId, Typed, rule::bounds};
use uuid::Uuid;

/// What the database raises for a program too many.
const TOO_MANY: &str = "PB012";

/// Where the key of a program lives.
pub(crate) const fn place(program: Uuid) -> Place {
    Place { table: "affiliate_program", column: "sealed", row: program }
}

/// The key as it was typed, without spaces around it.
fn read_key(typed: &Typed) -> std::result::Result<&str, String> {
    let key = typed.expose().trim();
    match key.chars().count() {
        0 => Err("Enter the key that the program gave you.".to_owned()),
        1..=bounds::TAG if !key.chars().any(char::is_control) => Ok(key),
        _ => Err(format!("An affiliate key has at most {} characters, in one line.", bounds::TAG)),
    }
}

/// The key, sealed for its place.
async fn seal(cx: &Cx, program: ProgramId, key: &str) -> Result<Vec<u8>> {
    let owner = Owner::Team(cx.seat()?.id);
    let data_key = cx.deps().keyring().key_of(owner).await?;
    data_key.seal(cx.deps().random(), &place(program.0), key.as_bytes())
}

/// What was refused by the database, in sentences.
fn refused(error: sqlx::Error) -> Error {
    let error = Error::from(error);
    if error.is_code(TOO_MANY) {
        let said = format!("A team has at most {} programs. Delete one first.", bounds::PROGRAMS);
        return Error::Conflict(said);
    }
    if error.is_constraint("affiliate_program_name") {
        return Error::field("name", "There is a program of this name already. Choose another.");
    }
    error
}
