//! Who acts in this request, and its two ways to a transaction: [`Cx::view`] and [`Cx::change`].

use crate::{
    Deps, Error, Result,
    account::session::{self, Session},
    change::{Change, View},
    crypto::token,
    error::CLOSING,
    once::Named,
    policy::{ActingKey, Actor},
    seat::{self, Comes},
    task::Task,
    tx::Access,
};
use model::{Permission, PersonId, RequestId, TeamId, account::Viewer, team::TeamCard};
use secrecy::SecretString;
use std::{net::IpAddr, sync::Arc};
use time::OffsetDateTime;
use uuid::Uuid;

/// Where a request comes from, for the ledger and the limits.
#[derive(Debug, Clone)]
pub struct Origin {
    pub request: RequestId,
    /// The client's address, as far as trusted proxies vouch for it.
    pub ip: Option<IpAddr>,
    /// The `User-Agent` header, cut to a sensible length by the door.
    pub agent: String,
    /// The token of a browser in which somebody has signed in before, if it presented one.
    pub device: Option<SecretString>,
    /// The token of a sign-in that waits for its second step, if it presented one.
    pub step: Option<SecretString>,
    /// The sealed test key of the API explorer, if the browser keeps one.
    pub explorer: Option<SecretString>,
    /// Whether a page asks by itself, again and again: that keeps no session that nobody uses.
    pub by_itself: bool,
}

impl Origin {
    /// A request from nowhere that presented nothing.
    pub fn of(request: RequestId) -> Self {
        let agent = String::new();
        let (device, step, explorer) = (None, None, None);
        Self { request, ip: None, agent, device, step, explorer, by_itself: false }
    }
}

/// The context of one request: who acts, where from, in which team, and with what.
#[derive(Clone)]
pub struct Cx {
    deps: Deps,
    origin: Origin,
    caller: Caller,
    viewer: Option<Arc<Viewer>>,
    seat: Option<TeamCard>,
    /// What its sender calls this request, to be done once.
    named: Option<Named>,
}

#[derive(Clone)]
enum Caller {
    Anyone,
    /// Somebody who proved who they are in this very request, or has just come to be.
    Proven(PersonId),
    Person {
        id: PersonId,
        session: Arc<Session>,
    },
    /// A program of the team's that came with this API key.
    Key(ActingKey),
}

impl Cx {
    /// A request of which nothing is known yet.
    pub fn anyone(deps: &Deps, origin: Origin) -> Self {
        let (deps, caller) = (deps.clone(), Caller::Anyone);
        Self { deps, origin, caller, viewer: None, seat: None, named: None }
    }

    /// Background work, which no request asked for.
    pub(crate) fn system(deps: &Deps) -> Self {
        let request = crate::ports::new_request_id(deps.clock(), deps.random());
        Self::anyone(deps, Origin::of(request))
    }

    /// The same request by the person whose session this is. An unknown or ended session leaves
    /// it nobody's.
    ///
    /// # Errors
    /// When the database cannot say: then nobody is served (fail closed).
    pub async fn with_session(self, presented: &SecretString) -> Result<Self> {
        let (viewer, caller) = match session::find(&self, token::hash(presented)).await? {
            Some((viewer, session)) => {
                let caller = Caller::Person { id: viewer.id, session: Arc::new(session) };
                (Some(Arc::new(viewer)), caller)
            }
            None => (None, Caller::Anyone),
        };
        Ok(Self { viewer, caller, ..self })
    }

    /// Who is looking, as every page needs them: as they were when the request began.
    pub fn viewer(&self) -> Option<&Viewer> {
        self.viewer.as_deref()
    }

    /// The same request in the team of this slug.
    ///
    /// # Errors
    /// [`Error::NotFound`] when there is no such team or the person is not in it: both look the
    /// same from outside.
    pub async fn in_team(&self, slug: &str) -> Result<Self> {
        let person = self.person().ok_or(Error::Unauthenticated)?;
        let mut known = self.viewer().into_iter().flat_map(|viewer| &viewer.teams);
        if let Some(seat) = known.find(|team| team.slug == slug) {
            return Ok(Self { seat: Some(seat.clone()), ..self.clone() });
        }
        let who = Comes {
            person: person.0,
            slug,
            ip: self.ip(),
            since: self.session().map(|session| session.began),
            at: self.now(),
        };
        let seat = seat::find(self.deps.app().nobody(), who).await?.ok_or(Error::NotFound)?;
        Ok(Self { seat: Some(seat), ..self.clone() })
    }

    /// Who is signed in.
    pub fn person(&self) -> Option<PersonId> {
        match self.caller {
            Caller::Anyone | Caller::Key(_) => None,
            Caller::Proven(id) | Caller::Person { id, .. } => Some(id),
        }
    }

    pub fn is_signed_in(&self) -> bool {
        self.person().is_some()
    }

    pub fn request(&self) -> RequestId {
        self.origin.request
    }

    pub fn deps(&self) -> &Deps {
        &self.deps
    }

    pub fn now(&self) -> OffsetDateTime {
        self.deps.clock().now()
    }

    pub(crate) fn origin(&self) -> &Origin {
        &self.origin
    }

    /// Where the request comes from, written in one way.
    pub fn ip(&self) -> Option<IpAddr> {
        self.origin.ip.map(|ip| ip.to_canonical())
    }

    pub(crate) fn new_id(&self) -> Uuid {
        crate::ports::new_id(self.deps.clock(), self.deps.random())
    }

    /// The session of this request; none where nobody is signed in.
    pub(crate) fn session(&self) -> Option<&Session> {
        match &self.caller {
            Caller::Anyone | Caller::Proven(_) | Caller::Key(_) => None,
            Caller::Person { session, .. } => Some(session),
        }
    }

    /// The API key that acts, if it is one.
    pub(crate) fn key(&self) -> Option<ActingKey> {
        match self.caller {
            Caller::Key(key) => Some(key),
            _ => None,
        }
    }

    /// Whether the person has proved within the last minutes that it is them (step-up).
    ///
    /// # Errors
    /// [`Error::Unconfirmed`] when they have not.
    pub(crate) fn require_confirmed(&self) -> Result<()> {
        self.require_confirmed_without(None)
    }

    /// The same, where `factor` is about to go and cannot vouch for that itself.
    pub(crate) fn require_confirmed_without(&self, factor: Option<&str>) -> Result<()> {
        let session = self.session().ok_or(Error::Unauthenticated)?;
        let other = factor.is_none() || session.confirmed_by.as_deref() != factor;
        if session.confirmed_until(self.now()).is_some() && other {
            return Ok(());
        }
        Err(Error::Unconfirmed { without: factor.map(str::to_owned) })
    }

    /// The team in which this request acts.
    pub(crate) fn seat(&self) -> Result<&TeamCard> {
        self.seat.as_ref().ok_or(Error::NotFound)
    }

    /// Opens a read-only transaction, if the caller holds this permission in the team.
    ///
    /// # Errors
    /// [`Error::Forbidden`] when the role does not hold it.
    pub async fn view(&self, permission: Permission) -> Result<View> {
        let actor = self.guard(permission)?;
        View::open(self, actor).await
    }

    /// The same, all of it as it is at one moment.
    ///
    /// # Errors
    /// As [`Cx::view`].
    pub(crate) async fn view_still(&self, permission: Permission) -> Result<View> {
        let actor = self.guard(permission)?;
        View::still(self, actor).await
    }

    /// Opens a transaction that must end with its audit event, if the caller holds this
    /// permission in the team.
    ///
    /// # Errors
    /// [`Error::Forbidden`] when the role does not hold it.
    pub async fn change(&self, permission: Permission) -> Result<Change> {
        let actor = self.guard(permission)?;
        self.require_stays()?;
        Change::open(self, Access::Write, actor).await
    }

    /// A change about the team's own deletion, which alone is possible while it waits.
    pub(crate) async fn change_closing(&self, permission: Permission) -> Result<Change> {
        let actor = self.guard(permission)?;
        Change::open(self, Access::Write, actor).await
    }

    /// Nothing is changed in a team that waits to be deleted.
    fn require_stays(&self) -> Result<()> {
        match self.seat()?.closing {
            Some(_) => Err(Error::Conflict(CLOSING.to_owned())),
            None => Ok(()),
        }
    }

    /// The same, if the person has also confirmed within the last minutes that it is them. A key
    /// needs not: somebody confirmed made it, to do just this.
    ///
    /// # Errors
    /// [`Error::Forbidden`] first, then [`Error::Unconfirmed`].
    pub async fn change_confirmed(&self, permission: Permission) -> Result<Change> {
        let actor = self.guard(permission)?;
        if actor.key.is_none() {
            self.require_confirmed()?;
        }
        self.require_stays()?;
        Change::open(self, Access::Write, actor).await
    }

    /// The guard alone, for what must be decided before a transaction opens.
    pub(crate) fn require(&self, permission: Permission) -> Result<()> {
        self.guard(permission).map(drop)
    }

    /// A change to the person themself, or one that makes this team.
    pub(crate) async fn change_self(&self, team: Option<TeamId>) -> Result<Change> {
        let actor = Actor { team: team.map(|id| id.0), ..self.own_actor()? };
        Change::open(self, Access::Write, actor).await
    }

    /// A change to the person themself that also alters the session it is made in.
    pub(crate) async fn change_session(&self) -> Result<Change> {
        Change::open(self, Access::Alone, self.own_actor()?).await
    }

    /// Reads what is the person's own.
    pub(crate) async fn view_self(&self) -> Result<View> {
        View::open(self, self.own_actor()?).await
    }

    /// Reads as a member of this team, as far as the policies let every member.
    pub(crate) async fn view_own_team(&self, team: Uuid) -> Result<View> {
        View::open(self, Actor { team: Some(team), ..self.own_actor()? }).await
    }

    /// The same request as this person, who has proven a part of who they are, or all of it. Only
    /// `account` may say so: it is the one way to a session.
    pub(crate) fn proven(&self, id: PersonId) -> Self {
        Self { caller: Caller::Proven(id), viewer: None, seat: None, ..self.clone() }
    }

    /// The same request in this place, for whoever has been proven.
    pub(crate) fn seated(self, seat: TeamCard) -> Self {
        Self { seat: Some(seat), ..self }
    }

    /// The same request under the name that its sender gave it: what a key does under one name is
    /// done once ([`crate::once`]). `request`: all that makes it this request.
    #[must_use]
    pub fn once(self, name: &str, request: &[&[u8]]) -> Self {
        Self { named: Some(Named::new(name, request)), ..self }
    }

    pub(crate) fn named(&self) -> Option<Named> {
        self.named
    }

    /// The same request by this key, in its team. Only `key::admit` may say so.
    pub(crate) fn acting_with(self, key: ActingKey, seat: TeamCard) -> Self {
        Self { caller: Caller::Key(key), seat: Some(seat), ..self }
    }

    /// A change by a background task, in at most one team or about one person.
    pub(crate) async fn change_as(&self, task: Task, about: Actor) -> Result<Change> {
        let actor = Actor { task: Some(task), session: None, ..about };
        Change::open(self, Access::Write, actor).await
    }

    fn own_actor(&self) -> Result<Actor> {
        let session = self.session().map(|session| session.hash);
        let person = Some(self.signed_in()?);
        Ok(Actor { person, session, ip: self.ip(), ..Actor::default() })
    }

    /// The key that acts, in its team.
    pub(crate) fn key_actor(&self) -> Option<Actor> {
        let (key, team) = (self.key()?, self.seat.as_ref()?.id.0);
        Some(Actor { team: Some(team), key: Some(key), ip: self.ip(), ..Actor::default() })
    }

    fn signed_in(&self) -> Result<Uuid> {
        Ok(self.person().ok_or(Error::Unauthenticated)?.0)
    }

    /// The guard. The database repeats it in its policies. That it refused is recorded.
    fn guard(&self, permission: Permission) -> Result<Actor> {
        let guarded = self.asked(permission);
        if let (Err(error), Ok(seat)) = (&guarded, self.seat()) {
            self.deps.refusals().note(self, seat.id, error);
        }
        guarded
    }

    /// What the guard says, without a trace.
    pub(crate) fn asked(&self, permission: Permission) -> Result<Actor> {
        let actor = self.key_actor().map_or_else(|| self.own_actor(), Ok)?;
        let seat = self.seat()?;
        if let Some(bar) = seat.bar {
            return Err(Error::Barred(bar));
        }
        if !seat.role.holds(permission) {
            return Err(Error::Forbidden(permission));
        }
        Ok(Actor { team: Some(seat.id.0), ..actor })
    }
}
