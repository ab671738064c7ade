//! Links to files, each for ten minutes: until when, and where it must be the session that asked, which one;
//! sealed under the key of who owns the file, so that it stands nowhere.

use crate::{
    Cx, Error, Result,
    crypto::{Owner, Place},
    event::rfc3339,
};
use model::{
    audit::ExportLink,
    hex::{hex, unhex},
};
use time::{Duration, OffsetDateTime};

/// How long a link works.
const LASTS: Duration = Duration::minutes(10);

/// What links to one file are made of.
pub(crate) struct Pass {
    owner: Owner,
    place: Place,
    /// The session in which alone it works.
    session: Option<[u8; 32]>,
}

impl Pass {
    /// For whoever may have the file.
    pub(crate) const fn to(owner: Owner, place: Place) -> Self {
        Self { owner, place, session: None }
    }

    /// For this session of the caller's, and no other.
    ///
    /// # Errors
    /// [`Error::Unauthenticated`] for who has none.
    pub(crate) fn here(cx: &Cx, owner: Owner, place: Place) -> Result<Self> {
        let session = cx.session().ok_or(Error::Unauthenticated)?.hash;
        Ok(Self { session: Some(session), ..Self::to(owner, place) })
    }

    /// A new link.
    ///
    /// # Errors
    /// When the keyring does not answer.
    pub(crate) async fn link(&self, cx: &Cx) -> Result<ExportLink> {
        let until = cx.now() + LASTS;
        let key = cx.deps().keyring().key_of(self.owner).await?;
        let moment = until.unix_timestamp().to_be_bytes();
        let said = [moment.as_slice(), self.session()].concat();
        let token = hex(&key.seal(cx.deps().random(), &self.place, &said)?);
        Ok(ExportLink { token, until: rfc3339(until) })
    }

    /// The link of this token; nothing when it is not one to this file, from here, or has ended.
    ///
    /// # Errors
    /// When the keyring does not answer.
    pub(crate) async fn read(&self, cx: &Cx, token: &str) -> Result<Option<ExportLink>> {
        if token.is_empty() {
            return Ok(None);
        }
        let Some(key) = cx.deps().keyring().find(self.owner).await? else { return Ok(None) };
        let said = unhex(token).and_then(|token| key.open(&self.place, &token).ok());
        let said = said.as_ref().and_then(|said| said.split_first_chunk());
        let Some((moment, session)) = said else { return Ok(None) };
        let until = OffsetDateTime::from_unix_timestamp(i64::from_be_bytes(*moment)).ok();
        let until = until.filter(|until| *until > cx.now() && session == self.session());
        Ok(until.map(|until| ExportLink { token: token.to_owned(), until: rfc3339(until) }))
    }

    fn session(&self) -> &[u8] {
        self.session.as_ref().map_or(&[], <[u8; 32]>::as_slice)
    }
}
