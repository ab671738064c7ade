//! Handing a team over: an owner offers, a member accepts, and both roles change at once.
//!
//! Both confirm that it is them. The one who accepts becomes owner and the one who offered admin,
//! in one transaction; the database does it (`app.accept_ownership`), and ends an offer with the
//! membership of either.

mod accept;
mod decline;
mod offer;
mod open;
mod withdraw;

pub use accept::accept;
pub use decline::decline;
pub use offer::offer;
pub use withdraw::withdraw;

pub(crate) use open::open;

use crate::{Error, event::Event, event::Ledger};
use model::{AuditAction, PersonId, ownership::bounds};
use time::Duration;

/// How long an offer can be accepted.
const LASTS: Duration = Duration::days(bounds::DAYS);

fn about(action: AuditAction, person: PersonId) -> Event {
    Event::new(Ledger::Team, action).on("person", person, "")
}

/// The sentence for an offer that ended while its page was open.
fn ended() -> Error {
    Error::Conflict("This offer has ended. Look again.".to_owned())
}
