//! Invitations: how people come into a team.
//!
//! An invitation is bound to an address: whoever accepts it is signed in with that address, or
//! makes an account with the link that was mailed there. It is worth what its sender may do when
//! it is accepted, ends with their membership, and is used once; the database sees to all three
//! (`app.accept_invitation`). Only hashes of its links are stored.

mod accept;
mod addresses;
mod ask;
mod decline;
mod find;
mod forget;
mod list;
mod mine;
mod renew;
mod revoke;
mod send;

pub use accept::accept;
pub use ask::ask;
pub use decline::decline;
pub use find::find;
pub use forget::forget_old;
pub use list::list;
pub use mine::mine;
pub use renew::{link, resend};
pub use revoke::revoke;
pub use send::send;

pub(crate) use accept::{accepted, enter};
pub(crate) use find::by_token;

use crate::{
    Cx, Error, Result, member,
    role::{self, Stored},
    text,
};
use model::{HeldRole, InvitationId, invitation::bounds};
use sqlx::PgConnection;
use time::Duration;

/// How long an invitation can be accepted.
pub(crate) const LASTS: Duration = Duration::days(bounds::DAYS);

/// An open invitation that the caller may manage.
struct Managed {
    email: String,
    role: HeldRole,
}

impl Managed {
    /// What the record calls it: the address would outlive its person there.
    fn label(&self) -> String {
        text::masked(&self.email)
    }
}

/// The open invitation of this id in the team of `cx`.
async fn managed(sql: &mut PgConnection, cx: &Cx, id: InvitationId) -> Result<Managed> {
    let found = sqlx::query!(
        "select email, role, custom_role from invitation
         where team_id = $1 and id = $2 and ended_at is null",
        cx.seat()?.id.0,
        id.0
    )
    .fetch_optional(&mut *sql)
    .await?
    .ok_or(Error::NotFound)?;
    let which = Stored { role: found.role, custom: found.custom_role, title: None }.which()?;
    let role = role::find(sql, cx, which).await?.ok_or(Error::Inconsistent("a role is gone"))?;
    member::require_over(cx, &role)?;
    Ok(Managed { email: found.email, role })
}

/// The sentence for an invitation that ended while its page was open.
fn ended_meanwhile() -> Error {
    Error::Conflict("This invitation has ended meanwhile. Look again.".to_owned())
}
