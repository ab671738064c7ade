//! What the forms about roles send, and what their pages show.

use super::CustomRole;
use crate::{Permission, Permissions};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// Limits of what may be typed and kept.
pub mod bounds {
    /// Characters of a role's name.
    pub const NAME: usize = 40;
    /// Roles that a team makes for itself.
    pub const ROLES: usize = 10;
}

/// The permissions that a form ticks: one field for each, called as the permission with `_` in
/// place of the dot.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Ticked(BTreeMap<String, String>);

impl Ticked {
    /// The set, if every field is one of a permission.
    ///
    /// # Errors
    /// A sentence about a field that is none.
    pub fn permissions(&self) -> Result<Permissions, String> {
        let known = |name: &String| {
            let found = Permission::ALL.iter().find(|permission| permission.field() == *name);
            found
                .copied()
                .ok_or_else(|| format!("The form has no field called {name}. Leave it out."))
        };
        self.0.keys().map(known).collect()
    }
}

/// The fields of these permissions, ticked.
impl From<Permissions> for Ticked {
    fn from(permissions: Permissions) -> Self {
        Self(permissions.iter().map(|it| (it.field(), "yes".to_owned())).collect())
    }
}

/// The "make a role" form, as typed.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct NewRole {
    pub team: String,
    pub name: String,
    #[serde(flatten)]
    pub ticked: Ticked,
}

/// The "change a role" form, as typed.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct UpdateRole {
    pub team: String,
    pub role: String,
    pub name: String,
    #[serde(flatten)]
    pub ticked: Ticked,
}

/// The "delete a role" form, as posted.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct DeleteRole {
    pub team: String,
    pub role: String,
}

/// One role that a team made, among the others.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct RoleRow {
    pub role: CustomRole,
    /// How many people hold it; none when the viewer does not see members.
    pub holders: Option<i64>,
}

/// One role that a team made, for whoever may change it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct RolePage {
    pub role: CustomRole,
    pub holders: i64,
    /// Open invitations that promise it.
    pub promised: i64,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_form_reads_back_as_the_permissions_it_ticks() {
        let set = Permissions::named("keys.view audit.view");
        assert_eq!(Ticked::from(set).permissions(), Ok(set));
        let foreign = Ticked(BTreeMap::from([("owner".to_owned(), "yes".to_owned())]));
        let said = foreign.permissions().expect_err("refused");
        assert_eq!(said, "The form has no field called owner. Leave it out.");
    }
}
