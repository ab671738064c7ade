//! Who acts in this request, and its two ways to a transaction: [`Cx::view`] and [`Cx::change`].

use crate::{
    Deps, Error, Result,
    account::session,
    change::{Change, View},
    crypto::token,
    policy::Actor,
    task::Task,
};
use model::{Permission, PersonId, RequestId, Role, TeamId, account::Viewer, team::TeamCard};
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
}

/// The context of one request: who acts, where from, in which team, and with what.
#[derive(Clone)]
pub struct Cx {
    deps: Deps,
    origin: Origin,
    caller: Caller,
    viewer: Option<Arc<Viewer>>,
    seat: Option<TeamCard>,
}

#[derive(Clone)]
enum Caller {
    Anyone,
    Person { id: PersonId, session: [u8; 32] },
}

impl Cx {
    /// A request of which nothing is known yet.
    pub fn anyone(deps: &Deps, origin: Origin) -> Self {
        Self { deps: deps.clone(), origin, caller: Caller::Anyone, viewer: None, seat: None }
    }

    /// Background work, which no request asked for.
    pub(crate) fn system(deps: &Deps) -> Self {
        let request = crate::ports::new_request_id(deps.clock(), deps.random());
        Self::anyone(deps, Origin { request, ip: None, agent: String::new() })
    }

    /// The same request by the person whose session this is. An unknown or ended session leaves
    /// it nobody's.
    ///
    /// # Errors
    /// When the database cannot say: then nobody is served (fail closed).
    pub async fn with_session(mut self, presented: &SecretString) -> Result<Self> {
        let session = token::hash(presented);
        self.viewer = session::find(&self, &session).await?.map(Arc::new);
        self.caller = match &self.viewer {
            Some(viewer) => Caller::Person { id: viewer.id, session },
            None => Caller::Anyone,
        };
        Ok(self)
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
        let row = sqlx::query!(
            r#"select team_id as "id!", slug as "slug!", name as "name!", role as "role!"
               from app.seat($1, $2)"#,
            person.0,
            slug
        )
        .fetch_optional(self.deps.app().nobody())
        .await?
        .ok_or(Error::NotFound)?;
        let role = Role::from_name(&row.role).ok_or(Error::Inconsistent("an unknown role"))?;
        let seat = TeamCard { id: TeamId(row.id), slug: row.slug, name: row.name, role };
        Ok(Self { seat: Some(seat), ..self.clone() })
    }

    /// Who is signed in.
    pub fn person(&self) -> Option<PersonId> {
        match self.caller {
            Caller::Anyone => None,
            Caller::Person { id, .. } => Some(id),
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

    pub(crate) fn new_id(&self) -> Uuid {
        crate::ports::new_id(self.deps.clock(), self.deps.random())
    }

    pub(crate) fn session(&self) -> Option<&[u8; 32]> {
        match &self.caller {
            Caller::Anyone => None,
            Caller::Person { session, .. } => Some(session),
        }
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

    /// Opens a transaction that must end with its audit event, if the caller holds this
    /// permission in the team.
    ///
    /// # Errors
    /// [`Error::Forbidden`] when the role does not hold it.
    pub async fn change(&self, permission: Permission) -> Result<Change> {
        let actor = self.guard(permission)?;
        Change::open(self, actor).await
    }

    /// The guard alone, for what must be decided before a transaction opens.
    pub(crate) fn require(&self, permission: Permission) -> Result<()> {
        self.guard(permission).map(drop)
    }

    /// A change to the person themself, or one that makes this team.
    pub(crate) async fn change_self(&self, team: Option<TeamId>) -> Result<Change> {
        let person = Some(self.signed_in()?);
        let actor = Actor { person, team: team.map(|id| id.0), task: None };
        Change::open(self, actor).await
    }

    /// The same request once this person has proven to be who they are. Only `account` may say
    /// so: it is the one way to a session.
    pub(crate) fn proven(&self, id: PersonId) -> Self {
        Self { caller: Caller::Person { id, session: [0; 32] }, ..self.clone() }
    }

    /// A change by a background task, in at most one team or about one person.
    pub(crate) async fn change_as(&self, task: Task, about: Actor) -> Result<Change> {
        let actor = Actor { task: Some(task), ..about };
        Change::open(self, actor).await
    }

    fn signed_in(&self) -> Result<Uuid> {
        Ok(self.person().ok_or(Error::Unauthenticated)?.0)
    }

    /// The guard. The database repeats it in its policies.
    fn guard(&self, permission: Permission) -> Result<Actor> {
        let person = Some(self.signed_in()?);
        let seat = self.seat()?;
        if !permission.held_by(seat.role) {
            return Err(Error::Forbidden(permission));
        }
        Ok(Actor { team: Some(seat.id.0), person, task: None })
    }
}
