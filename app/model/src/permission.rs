//! Permissions: the one table of who may do what.
//!
//! The guard (`cx.view`, `cx.change`), the SQL function `app.role_has`, the policies,
//! `docs/permissions.md`, disabled controls and the golden test are made from [`Permission::row`].

use crate::Role;
use serde::{Deserialize, Serialize};

mod set;

pub use set::Permissions;

macro_rules! permissions {
    ($($variant:ident = $name:literal, $least:ident, $means:literal;)*) => {
        /// One named power. A role holds it when it stands at or above [`Permission::least`].
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
        pub enum Permission {
            $(#[doc = $means] #[serde(rename = $name)] $variant,)*
        }

        impl Permission {
            /// Every permission, in the order of the documentation.
            pub const ALL: &[Self] = &[$(Self::$variant,)*];

            /// The row of the table: name, least powerful role that holds it, meaning.
            pub const fn row(self) -> (&'static str, Role, &'static str) {
                match self {
                    $(Self::$variant => ($name, Role::$least, $means),)*
                }
            }
        }
    };
}

permissions! {
    TeamView = "team.view", Viewer, "See the team and its settings";
    MembersView = "members.view", Viewer, "See who is in the team";
    UsageView = "usage.view", Viewer, "See how much the API is used";
    BillingView = "billing.view", Viewer, "See plan and invoices";
    RulesView = "rules.view", Viewer, "See keyword rules";
    KeysView = "keys.view", Member, "See API keys and copy their public part";
    KeysManage = "keys.manage", Admin, "Create, rotate, disable and revoke API keys";
    MembersManage = "members.manage", Admin, "Invite and remove people, change roles";
    TeamUpdate = "team.update", Admin, "Change the team's settings";
    RulesEdit = "rules.edit", Admin, "Change keyword rules and affiliate keys";
    ExplorerUse = "explorer.use", Member, "Use the API explorer";
    AuditView = "audit.view", Admin, "Read the whole audit log; everyone sees their own events";
    AuditExport = "audit.export", Admin, "Export the audit log";
    AuditRecord = "audit.record", Admin, "Log events of your own application";
    SecurityManage = "security.manage", Owner, "Change the team's security policy";
    BillingManage = "billing.manage", Owner, "Change plan and payment";
    DataExport = "data.export", Owner, "Export all of the team's data";
    TeamDelete = "team.delete", Owner, "Delete the team";
}

impl Permission {
    /// The name in the database, the API and the documentation, e.g. `keys.manage`.
    pub const fn name(self) -> &'static str {
        self.row().0
    }

    /// The least powerful role that holds it: "Needs Admin".
    pub const fn least(self) -> Role {
        self.row().1
    }

    /// What it lets somebody do, in the product's words.
    pub const fn means(self) -> &'static str {
        self.row().2
    }

    /// The permission of this name.
    pub fn from_name(name: &str) -> Option<Self> {
        Self::ALL.iter().copied().find(|permission| permission.name() == name)
    }

    /// What a form calls it: a field's name has no dot.
    pub fn field(self) -> String {
        self.name().replace('.', "_")
    }

    /// What it is about, as a heading: the pages list permissions under these.
    pub fn area(self) -> &'static str {
        match self.name().split('.').next() {
            Some("team") => "The team",
            Some("members") => "People",
            Some("keys") => "API keys",
            Some("usage") => "Usage",
            Some("rules") => "Keyword rules",
            Some("explorer") => "API explorer",
            Some("audit") => "Audit log",
            Some("security") => "Security",
            Some("billing") => "Billing",
            Some("data") => "Data",
            _ => "Other",
        }
    }

    /// Whether an API key may hold it. What asks for step-up, or decides about people, is for
    /// people only.
    pub const fn is_for_keys(self) -> bool {
        matches!(
            self,
            Self::TeamView
                | Self::MembersView
                | Self::UsageView
                | Self::RulesView
                | Self::RulesEdit
                | Self::KeysView
                | Self::KeysManage
                | Self::AuditView
                | Self::AuditRecord
        )
    }

    /// Whether `role` holds it.
    pub const fn held_by(self, role: Role) -> bool {
        role as u8 <= self.least() as u8
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_name_is_used_once() {
        for (i, a) in Permission::ALL.iter().enumerate() {
            for b in &Permission::ALL[i + 1..] {
                assert_ne!(a.name(), b.name());
            }
        }
    }

    #[test]
    fn every_permission_is_about_something_that_has_a_heading() {
        for permission in Permission::ALL {
            assert_ne!(permission.area(), "Other", "{}", permission.name());
            assert_eq!(Permission::from_name(permission.name()), Some(*permission));
        }
    }

    #[test]
    fn an_owner_holds_everything_and_a_viewer_changes_nothing() {
        for permission in Permission::ALL {
            assert!(permission.held_by(Role::Owner), "{}", permission.name());
            let reads = permission.name().ends_with(".view");
            assert!(reads || !permission.held_by(Role::Viewer), "{}", permission.name());
        }
    }
}
