//! Keyword rules: which words of a message lead to which address.
//!
//! Who may: `rules.view` to see and try them, `rules.edit` to change them. At most 50,000 to a team; the
//! database counts them (`app.count_rules`). Of one keyword, in one language, looked for in one way,
//! a program has one rule.
//!
//! **Matching.** *exact*: the whole message is the keyword. *phrase*: its words stand in the message,
//! next to each other. *prefix*: words of the message begin so. [`fold`] says what is compared and where
//! words end, [`matcher`] how. A rule for a language counts where that language is asked for, or none
//! is. Days begin at the team's midnight.

mod cache;
mod create;
mod delete;
mod export;
mod find;
mod fold;
pub mod import;
mod list;
mod load;
mod matcher;
mod switch;
mod template;
mod update;
mod wanted;

pub use create::create;
pub use delete::delete;
pub use export::export;
pub use find::{Asked, Found, offers, try_out};
pub use list::{find, list};
pub use switch::{disable, enable};
pub use update::update;

pub(crate) use cache::{Rules, forget, forget_all};

use crate::{Cx, Error, Result};
use model::RuleId;
use sqlx::PgConnection;
use wanted::{NO_PROGRAM, Wanted};

/// What the database raises for a rule too many.
const TOO_MANY: &str = "PB011";

/// What was refused by the database, in sentences.
fn refused(error: sqlx::Error) -> Error {
    let error = Error::from(error);
    if error.is_code(TOO_MANY) {
        return Error::Conflict("A team has at most 50,000 rules. Delete some first.".to_owned());
    }
    if error.is_constraint("keyword_rule_once") {
        return Error::field(
            "keyword",
            "There is a rule for this keyword, language and program already. Change that one.",
        );
    }
    if error.is_constraint("keyword_rule_program") {
        return Error::field("program", NO_PROGRAM);
    }
    error
}

/// The keyword of a rule of the team.
async fn keyword(sql: &mut PgConnection, cx: &Cx, id: RuleId) -> Result<String> {
    let keyword = sqlx::query_scalar!(
        "select keyword from keyword_rule where team_id = $1 and id = $2",
        cx.seat()?.id.0,
        id.0
    )
    .fetch_optional(sql)
    .await?;
    keyword.ok_or(Error::NotFound)
}
