//! Several permissions at once.

use super::Permission;
use crate::Role;
use serde::{Deserialize, Serialize};

/// A set of permissions: what a role holds. Travels as a list of names.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(from = "Vec<Permission>", into = "Vec<Permission>")]
pub struct Permissions(u32);

impl Permissions {
    pub const NONE: Self = Self(0);

    /// What a built-in role holds.
    pub fn of(role: Role) -> Self {
        Permission::ALL.iter().copied().filter(|permission| permission.held_by(role)).collect()
    }

    /// What an API key may hold.
    pub fn for_keys() -> Self {
        Permission::ALL.iter().copied().filter(|permission| permission.is_for_keys()).collect()
    }

    /// The permissions named in a text, apart by spaces. A name that this program does not know
    /// gives nothing.
    pub fn named(names: &str) -> Self {
        names.split_whitespace().filter_map(Permission::from_name).collect()
    }

    /// The same set and this permission.
    #[must_use]
    pub const fn with(self, permission: Permission) -> Self {
        Self(self.0 | 1 << permission as u32)
    }

    pub const fn holds(self, permission: Permission) -> bool {
        self.0 & 1 << permission as u32 != 0
    }

    /// Whether everything in `others` is also here.
    pub const fn contains(self, others: Self) -> bool {
        others.0 & !self.0 == 0
    }

    /// In the order of the documentation.
    pub fn iter(self) -> impl Iterator<Item = Permission> {
        Permission::ALL.iter().copied().filter(move |permission| self.holds(*permission))
    }

    /// What is here and not in `others`.
    pub const fn without(self, others: Self) -> Self {
        Self(self.0 & !others.0)
    }

    pub const fn is_empty(self) -> bool {
        self.0 == 0
    }

    pub const fn len(self) -> u32 {
        self.0.count_ones()
    }

    /// The names, apart by spaces, in the order of the documentation.
    pub fn names(self) -> String {
        self.iter().map(Permission::name).collect::<Vec<_>>().join(" ")
    }
}

impl FromIterator<Permission> for Permissions {
    fn from_iter<I: IntoIterator<Item = Permission>>(permissions: I) -> Self {
        permissions.into_iter().fold(Self::NONE, Self::with)
    }
}

impl From<Vec<Permission>> for Permissions {
    fn from(permissions: Vec<Permission>) -> Self {
        permissions.into_iter().collect()
    }
}

impl From<Permissions> for Vec<Permission> {
    fn from(permissions: Permissions) -> Self {
        permissions.iter().collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_set_holds_what_was_put_in_and_nothing_else() {
        let set = Permissions::named("keys.manage nothing.such team.view");
        assert_eq!(set.names(), "team.view keys.manage");
        assert_eq!(set.len(), 2);
        for permission in Permission::ALL {
            let inside = matches!(permission, Permission::TeamView | Permission::KeysManage);
            assert_eq!(set.holds(*permission), inside, "{}", permission.name());
        }
        assert!(Permissions::of(Role::Admin).contains(set));
        assert!(!Permissions::of(Role::Member).contains(set));
        assert_eq!(set.without(Permissions::of(Role::Member)).names(), "keys.manage");
    }

    #[test]
    fn every_permission_has_a_place_in_the_set() {
        assert!(Permission::ALL.len() <= 32, "the set is a number of 32 bits");
        assert_eq!(Permissions::of(Role::Owner).len() as usize, Permission::ALL.len());
    }
}
