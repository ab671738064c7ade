//! Roles that a person holds in a team.

use crate::{Permission, Permissions, RoleId};
use serde::{Deserialize, Serialize};
use std::{fmt, str::FromStr};

mod form;

pub use form::{DeleteRole, NewRole, RolePage, RoleRow, Ticked, UpdateRole, bounds};

/// The four roles that every team has. What each may do stands in [`crate::Permission`].
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Role {
    Owner,
    Admin,
    Member,
    Viewer,
}

impl Role {
    /// From the most to the least powerful.
    pub const ALL: [Self; 4] = [Self::Owner, Self::Admin, Self::Member, Self::Viewer];

    /// The word stored in the database.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Owner => "owner",
            Self::Admin => "admin",
            Self::Member => "member",
            Self::Viewer => "viewer",
        }
    }

    /// The word shown to people.
    pub const fn title(self) -> &'static str {
        match self {
            Self::Owner => "Owner",
            Self::Admin => "Admin",
            Self::Member => "Member",
            Self::Viewer => "Viewer",
        }
    }

    /// The role stored as `name`.
    pub fn from_name(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|role| role.name() == name)
    }
}

/// A role that a team made for itself.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct CustomRole {
    pub id: RoleId,
    pub name: String,
    pub permissions: Permissions,
}

/// What somebody is in a team: one of the four roles, or one that the team made.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub enum HeldRole {
    BuiltIn(Role),
    Custom(CustomRole),
}

impl HeldRole {
    /// The word shown to people.
    pub fn title(&self) -> &str {
        match self {
            Self::BuiltIn(role) => role.title(),
            Self::Custom(role) => &role.name,
        }
    }

    /// Which role it is, without what it holds.
    pub const fn which(&self) -> RoleRef {
        match self {
            Self::BuiltIn(role) => RoleRef::BuiltIn(*role),
            Self::Custom(role) => RoleRef::Custom(role.id),
        }
    }

    /// What it lets its holder do.
    pub fn permissions(&self) -> Permissions {
        match self {
            Self::BuiltIn(role) => Permissions::of(*role),
            Self::Custom(role) => role.permissions,
        }
    }

    /// The word in records: the role's own, or its name.
    pub fn said(&self) -> &str {
        match self {
            Self::BuiltIn(role) => role.name(),
            Self::Custom(role) => &role.name,
        }
    }

    pub fn holds(&self, permission: Permission) -> bool {
        self.permissions().holds(permission)
    }

    pub fn is_owner(&self) -> bool {
        *self == Role::Owner
    }

    /// What keeps its holder from giving, changing or taking the role `other`: the rarest
    /// permission that they lack. Owners are made by owners only; nobody gives more than they hold.
    pub fn lacks_for(&self, other: &Self) -> Option<Permission> {
        if other.is_owner() && !self.is_owner() {
            return Some(Permission::SecurityManage);
        }
        let lacking = other.permissions().without(self.permissions());
        lacking.iter().min_by_key(|permission| permission.least() as u8)
    }
}

impl PartialEq<Role> for HeldRole {
    fn eq(&self, role: &Role) -> bool {
        matches!(self, Self::BuiltIn(held) if held == role)
    }
}

impl From<Role> for HeldRole {
    fn from(role: Role) -> Self {
        Self::BuiltIn(role)
    }
}

/// Which role, as forms, addresses and the database name it: `admin`, or a role's id.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum RoleRef {
    BuiltIn(Role),
    Custom(RoleId),
}

impl RoleRef {
    /// The word in the database for a role that the team made.
    pub const CUSTOM: &'static str = "custom";

    /// The word in the database.
    pub const fn name(self) -> &'static str {
        match self {
            Self::BuiltIn(role) => role.name(),
            Self::Custom(_) => Self::CUSTOM,
        }
    }

    /// The id beside that word.
    pub const fn custom(self) -> Option<RoleId> {
        match self {
            Self::BuiltIn(_) => None,
            Self::Custom(id) => Some(id),
        }
    }
}

impl fmt::Display for RoleRef {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::BuiltIn(role) => f.write_str(role.name()),
            Self::Custom(id) => id.fmt(f),
        }
    }
}

/// The text names no role.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct NotARole;

impl FromStr for RoleRef {
    type Err = NotARole;

    fn from_str(text: &str) -> Result<Self, NotARole> {
        match Role::from_name(text) {
            Some(role) => Ok(Self::BuiltIn(role)),
            None => text.parse().map(Self::Custom).map_err(|_| NotARole),
        }
    }
}

impl From<Role> for RoleRef {
    fn from(role: Role) -> Self {
        Self::BuiltIn(role)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use uuid::Uuid;

    fn custom(names: &str) -> HeldRole {
        let (id, permissions) = (RoleId(Uuid::from_u128(7)), Permissions::named(names));
        HeldRole::Custom(CustomRole { id, name: "Support".to_owned(), permissions })
    }

    #[test]
    fn nobody_gives_more_than_they_hold_and_only_owners_make_owners() {
        let [owner, admin, member, viewer] = Role::ALL.map(HeldRole::from);
        assert_eq!(admin.lacks_for(&admin), None);
        assert_eq!(admin.lacks_for(&member), None);
        assert_eq!(admin.lacks_for(&owner), Some(Permission::SecurityManage));
        assert_eq!(member.lacks_for(&admin), Some(Permission::KeysManage));
        let support = custom("members.manage keys.view");
        assert_eq!(admin.lacks_for(&support), None);
        assert_eq!(support.lacks_for(&viewer), Some(Permission::TeamView));
        let everything = custom(&Permissions::of(Role::Owner).names());
        assert_eq!(everything.lacks_for(&owner), Some(Permission::SecurityManage));
        assert_eq!(owner.lacks_for(&everything), None);
        assert_eq!(admin.lacks_for(&everything), Some(Permission::SecurityManage));
    }

    #[test]
    fn a_role_reads_back_as_it_is_written() {
        for role in Role::ALL {
            assert_eq!(role.name().parse(), Ok(RoleRef::BuiltIn(role)));
        }
        let own = custom("").which();
        assert_eq!(own.to_string().parse(), Ok(own));
        assert_eq!("custom".parse::<RoleRef>(), Err(NotARole));
        assert_eq!("".parse::<RoleRef>(), Err(NotARole));
    }
}
