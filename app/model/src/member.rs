//! Members: what the forms about them send, and what a team sees of each.

use crate::{
    CustomRole, HeldRole, PersonId,
    ownership::Offer,
    page::{Page, PageSize},
};
use serde::{Deserialize, Serialize};

/// Which members are looked for, as the URL says it.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct MemberQuery {
    /// Part of a name or an address.
    pub q: String,
    /// A role, as [`crate::RoleRef`] writes it; empty for all.
    pub role: String,
    /// `on`, `off`, or empty for all.
    pub two_step: String,
    /// A [`MemberOrder`]; empty for the first.
    pub sort: String,
    pub before: Option<String>,
    pub after: Option<String>,
    /// None for the usual one; pages in the browser do not choose.
    #[serde(skip)]
    pub size: Option<PageSize>,
}

/// In which order members are listed.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum MemberOrder {
    #[default]
    Name,
    /// The latest first.
    Joined,
    /// The latest first.
    Seen,
}

impl MemberOrder {
    pub const ALL: [Self; 3] = [Self::Name, Self::Joined, Self::Seen];

    /// The word in addresses.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Name => "name",
            Self::Joined => "joined",
            Self::Seen => "seen",
        }
    }

    /// The word shown to people.
    pub const fn title(self) -> &'static str {
        match self {
            Self::Name => "By name",
            Self::Joined => "Newest first",
            Self::Seen => "Last seen first",
        }
    }

    /// The order called `name`.
    pub fn from_name(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|order| order.name() == name)
    }
}

/// A page of members.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Members {
    pub page: Page<MemberRow>,
    /// Everybody in the team.
    pub all: i64,
    /// Owners among them.
    pub owners: i64,
    /// The roles that the team made, by name.
    pub roles: Vec<CustomRole>,
    /// The open offer of the team, for its owners and for whoever it is made to.
    pub offer: Option<Offer>,
}

/// One person in a team.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct MemberRow {
    pub person: PersonId,
    pub name: String,
    pub email: String,
    pub role: HeldRole,
    /// Whether sign-in asks them for more than a password.
    pub two_step: bool,
    /// RFC 3339, UTC; none when they are signed in nowhere.
    pub last_seen_at: Option<String>,
    pub joined_at: String,
    /// Who put them in; none for whoever made the team.
    pub added_by: Option<String>,
    /// The one who looks.
    pub is_you: bool,
}

/// One member, and what would happen without them.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct MemberPage {
    pub member: MemberRow,
    /// Sessions that are open, in whichever team.
    pub sessions: i64,
    /// Keys that they made and that keep working; none when the viewer may not see keys.
    pub keys: Option<i64>,
    /// Invitations they sent that are still open; none when the viewer may not see them.
    pub invitations: Option<i64>,
    /// Whether the team has no other owner.
    pub is_only_owner: bool,
    /// The roles that the team made, by name.
    pub roles: Vec<CustomRole>,
}

/// The "change role" form, as posted.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct ChangeRole {
    pub team: String,
    pub person: String,
    pub role: String,
}

/// The "remove" form, as posted.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct RemoveMember {
    pub team: String,
    pub person: String,
}

/// The "leave" form, as posted.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct LeaveTeam {
    pub team: String,
}
