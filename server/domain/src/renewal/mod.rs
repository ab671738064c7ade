//! Renewing data keys: an owner gets another version of theirs, under which everything is sealed from then on;
//! a task ([`renew_due`]) seals anew what was sealed under the versions before, and destroys those.
//!
//! What lives outside the database for a day at most (exports, links, the explorer's key in a browser) is not
//! sealed anew but ends, so a version is kept for [`RESTS`]. Records of logs keep their seal, which is in the
//! chain: a version stays while there are records under it.
//!
//! **To add a sealed column**: a row in [`SEALED`], and a line in `app.sealed_values` and `app.reseal`.

mod ask;
mod load;
mod run;
mod seal;

pub use ask::{Asked, ask, begin_all, go_on, stop};
pub use load::{Renewal, Renewals, load};
pub use run::renew_due;

use crate::{
    Error, Result,
    crypto::{Owner, Place},
};
use model::{PersonId, TeamId};
use time::Duration;
use uuid::Uuid;

/// How long a version is kept after the next one, at least: twice what anything lasts that is sealed under it
/// outside the database.
pub const RESTS: Duration = Duration::days(2);

/// A column that is sealed, and the place for which it is.
#[derive(Debug)]
pub struct Sealed {
    /// Table and column.
    pub name: &'static str,
    pub(crate) table: &'static str,
    pub(crate) column: &'static str,
}

const fn sealed(name: &'static str, table: &'static str, column: &'static str) -> Sealed {
    Sealed { name, table, column }
}

/// Every sealed column but that of records.
pub const SEALED: &[Sealed] = &[
    sealed("session.origin", "session", "origin"),
    sealed("device.origin", "device", "origin"),
    sealed("totp.secret", "totp", "secret"),
    sealed("totp_offer.secret", "totp_offer", "secret"),
    sealed("mail.sealed", "mail", "sealed"),
    sealed("affiliate_program.sealed", "affiliate_program", "sealed"),
    sealed("audit_stream.sealed", "audit_stream", "sealed"),
    sealed("audit_stream.secret", "audit_stream", "secret"),
    // It was sealed when it was the present one.
    sealed("audit_stream.previous_secret", "audit_stream", "secret"),
    sealed("api_answer.sealed", "api_answer", "sealed"),
    sealed("former_file.sealed", "former_file", "sealed"),
];

/// Where a value lives.
fn place(name: &str, row: Uuid) -> Result<Place> {
    let known = SEALED.iter().find(|sealed| sealed.name == name);
    let known = known.ok_or(Error::Inconsistent("a sealed column that nobody knows"))?;
    Ok(Place { table: known.table, column: known.column, row })
}

/// Whose key it is, as the table has it.
#[derive(Debug, Clone)]
struct Whose {
    kind: String,
    id: Uuid,
}

impl Whose {
    fn owner(&self) -> Result<Owner> {
        Ok(match self.kind.as_str() {
            "person" => Owner::Person(PersonId(self.id)),
            "team" => Owner::Team(TeamId(self.id)),
            "instance" => Owner::Instance,
            _ => return Err(Error::Inconsistent("an unknown kind of owner")),
        })
    }
}
