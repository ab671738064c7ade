//! The one table of pages.
//!
//! What a page is called, where it is, who may see it, where the sidebar lists it and how it is
//! shown stands here and nowhere else. Sidebar, dock, breadcrumb and page guard loop over it, and
//! so do the tests (`probity screens` prints it for them).

use crate::{
    components::icon::Icon,
    pages::{account, public, team},
    viewer::Visit,
};
use leptos::{prelude::AnyView, serde_json};
use model::Permission;
use serde::Serialize;

/// Who a page is for, and so which frame it stands in.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Place {
    /// Anybody.
    Public,
    /// Anybody who is signed in.
    Account,
    /// Members of the team in the path.
    Team,
}

/// Whether a page loads JavaScript. None needs it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Life {
    /// Plain HTML.
    Still,
    /// It has islands.
    Alive,
}

/// Where the sidebar lists a page.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
pub struct Nav {
    /// The heading above it; empty for the first, unnamed group.
    pub group: &'static str,
    /// The word in the dock, where there is little room.
    pub short: &'static str,
    #[serde(skip)]
    pub icon: Icon,
}

/// One page.
#[derive(Debug, Serialize)]
pub struct Screen {
    pub name: &'static str,
    /// Segments that begin with a colon stand for anything.
    pub path: &'static str,
    pub title: &'static str,
    pub place: Place,
    pub life: Life,
    pub nav: Option<Nav>,
    /// What the viewer must hold to be shown it. The operations behind it decide on their own.
    pub permission: Option<Permission>,
    #[serde(skip)]
    pub view: fn(Visit) -> AnyView,
}

/// Every page, the more exact path first.
pub const SCREENS: &[Screen] = &[
    open("sign-in", "/sign-in", "Sign in", public::sign_in::show).still(),
    open("sign-up", "/sign-up", "Create an account", public::sign_up::show),
    open("set-up", "/set-up/:token", "Set up Probity", public::set_up::show),
    open("code", "/sign-in/code", "Two-step sign-in", public::code::show).still(),
    open("recovery", "/sign-in/recovery", "Recovery code", public::code::show_recovery).still(),
    open("passkey-sign-in", "/sign-in/passkey", "Sign in with a passkey", public::passkey::show),
    open("forgot", "/forgot", "Set a new password", public::forgot::show).still(),
    open("forgot-sent", "/forgot/sent", "Check your mail", public::forgot::show_sent).still(),
    open("reset", "/reset/:token", "Set a new password", public::reset::show),
    open("sign-up-sent", "/sign-up/sent", "Check your mail", public::sign_up::show_sent).still(),
    open(
        "confirm-sign-up",
        "/sign-up/confirm/:token",
        "Confirm your address",
        public::confirm_sign_up::show,
    )
    .still(),
    open("confirm-email", "/email/:token", "Take over this address", public::confirm_email::show)
        .still(),
    open("verify", "/verify", "Check an export", public::verify::show),
    open("deleted", "/deleted/:token", "Deletion of a team", public::deleted::show),
    open("invitation", "/invitation/:token", "Invitation", public::invitation::show),
    own("home", "/", "Home", account::home::show),
    own("profile", "/account", "Profile", account::profile::show),
    own("security", "/account/security", "Security", account::security::show),
    own("sessions", "/account/sessions", "Sessions", account::sessions::show),
    own("activity", "/account/activity", "My activity", account::activity::show),
    own("own-data", "/account/data", "My data", account::data::show),
    own("two-step", "/account/two-step", "Set up two-step sign-in", account::two_step::show),
    own("new-passkey", "/account/passkeys/new", "Add a passkey", account::new_passkey::show),
    own("passkey", "/account/passkeys/:passkey", "Passkey", account::passkey::show),
    own("delete-account", "/account/delete", "Delete my account", account::delete::show),
    own("confirm", "/account/confirm", "Confirm that it is you", account::confirm::show),
    own("new-team", "/teams/new", "Create a team", account::new_team::show),
    inside("overview", "/t/:team", "Overview", Permission::TeamView, team::overview::show).listed(
        "",
        "Overview",
        Icon::Book,
    ),
    inside("keys", "/t/:team/keys", "API keys", Permission::KeysView, team::keys::show).listed(
        "Access",
        "Keys",
        Icon::Key,
    ),
    inside("usage", "/t/:team/usage", "Usage", Permission::UsageView, team::usage::show).listed(
        "Access",
        "Usage",
        Icon::Chart,
    ),
    inside("rules", "/t/:team/rules", "Keyword rules", Permission::RulesView, team::rules::show)
        .listed("Access", "Rules", Icon::Tag),
    inside(
        "new-rule",
        "/t/:team/rules/new",
        "Make a rule",
        Permission::RulesEdit,
        team::new_rule::show,
    ),
    inside(
        "import-rules",
        "/t/:team/rules/import",
        "Import rules",
        Permission::RulesEdit,
        team::import_rules::show,
    ),
    inside(
        "try-rules",
        "/t/:team/rules/try",
        "Try a message",
        Permission::RulesView,
        team::try_rules::show,
    )
    .still(),
    inside(
        "programs",
        "/t/:team/rules/programs",
        "Affiliate programs",
        Permission::RulesView,
        team::programs::show,
    ),
    inside(
        "program",
        "/t/:team/rules/programs/:program",
        "Affiliate program",
        Permission::RulesEdit,
        team::program::show,
    ),
    inside("rule", "/t/:team/rules/:rule", "Rule", Permission::RulesView, team::rule::show),
    inside(
        "delete-rule",
        "/t/:team/rules/:rule/delete",
        "Delete a rule",
        Permission::RulesEdit,
        team::delete_rule::show,
    ),
    inside(
        "explorer",
        "/t/:team/explorer",
        "API explorer",
        Permission::ExplorerUse,
        team::explorer::show,
    )
    .listed("Access", "Explorer", Icon::Terminal),
    inside(
        "endpoint",
        "/t/:team/explorer/:endpoint",
        "Endpoint",
        Permission::ExplorerUse,
        team::explorer::endpoint::show,
    ),
    inside(
        "new-key",
        "/t/:team/keys/new",
        "Create an API key",
        Permission::KeysManage,
        team::new_key::show,
    ),
    inside(
        "rotate-key",
        "/t/:team/keys/:key/rotate",
        "Rotate a key",
        Permission::KeysManage,
        team::rotate_key::show,
    ),
    inside(
        "edit-key",
        "/t/:team/keys/:key/edit",
        "Change a key",
        Permission::KeysManage,
        team::edit_key::show,
    ),
    inside("key", "/t/:team/keys/:key", "API key", Permission::KeysView, team::key::show),
    inside(
        "revoke-key",
        "/t/:team/keys/:key/revoke",
        "Revoke a key",
        Permission::KeysManage,
        team::revoke_key::show,
    ),
    inside("members", "/t/:team/members", "Members", Permission::MembersView, team::members::show)
        .listed("People", "People", Icon::Users),
    inside(
        "invitations",
        "/t/:team/members/invitations",
        "Invitations",
        Permission::MembersManage,
        team::invitations::show,
    ),
    inside(
        "invite",
        "/t/:team/members/invite",
        "Invite people",
        Permission::MembersManage,
        team::invite::show,
    ),
    inside(
        "review",
        "/t/:team/members/review",
        "Access review",
        Permission::AuditView,
        team::review::show,
    ),
    inside(
        "remove-member",
        "/t/:team/members/:person/remove",
        "Remove a member",
        Permission::MembersView,
        team::remove_member::show,
    ),
    inside(
        "member",
        "/t/:team/members/:person",
        "Member",
        Permission::MembersView,
        team::member::show,
    ),
    inside(
        "roles",
        "/t/:team/roles",
        "Roles and permissions",
        Permission::TeamView,
        team::roles::show,
    )
    .listed("People", "Roles", Icon::Shield),
    inside(
        "new-role",
        "/t/:team/roles/new",
        "Make a role",
        Permission::MembersManage,
        team::new_role::show,
    ),
    inside("role", "/t/:team/roles/:role", "Role", Permission::MembersManage, team::role::show),
    inside("settings", "/t/:team/settings", "Settings", Permission::TeamView, team::settings::show)
        .listed("Team", "Settings", Icon::Dots),
    inside(
        "policy",
        "/t/:team/policy",
        "Security policy",
        Permission::SecurityManage,
        team::policy::show,
    )
    .listed("Team", "Policy", Icon::Lock),
    inside(
        "delete-team",
        "/t/:team/data/delete",
        "Delete this team",
        Permission::TeamDelete,
        team::delete_team::show,
    ),
    // Everybody sees their own events; the whole log needs more, and the operation knows it.
    inside("audit", "/t/:team/audit", "Audit log", Permission::TeamView, team::audit::show).listed(
        "Record",
        "Audit",
        Icon::Scroll,
    ),
    inside(
        "exports",
        "/t/:team/audit/exports",
        "Exports",
        Permission::AuditExport,
        team::exports::show,
    ),
    inside(
        "export",
        "/t/:team/audit/exports/:export",
        "Export",
        Permission::AuditExport,
        team::export::show,
    ),
    inside(
        "saved-searches",
        "/t/:team/audit/searches",
        "Saved searches",
        Permission::TeamView,
        team::searches::show,
    ),
    inside(
        "saved-search",
        "/t/:team/audit/searches/:search",
        "Saved search",
        Permission::TeamView,
        team::saved_search::show,
    ),
    inside(
        "streams",
        "/t/:team/audit/streams",
        "Streams",
        Permission::AuditExport,
        team::streams::show,
    ),
    inside(
        "new-stream",
        "/t/:team/audit/streams/new",
        "Make a stream",
        Permission::AuditExport,
        team::new_stream::show,
    ),
    inside(
        "stream",
        "/t/:team/audit/streams/:stream",
        "Stream",
        Permission::AuditExport,
        team::stream::show,
    ),
    inside(
        "remove-stream",
        "/t/:team/audit/streams/:stream/remove",
        "Remove a stream",
        Permission::AuditExport,
        team::remove_stream::show,
    ),
    inside("data", "/t/:team/data", "Data", Permission::DataExport, team::data::show).listed(
        "Record",
        "Data",
        Icon::Download,
    ),
    inside(
        "data-export",
        "/t/:team/data/:archive",
        "Export of everything",
        Permission::DataExport,
        team::data_export::show,
    ),
    inside("event", "/t/:team/audit/:seq", "Event", Permission::TeamView, team::event::show),
];

type View = fn(Visit) -> AnyView;

/// A page for anybody.
const fn open(name: &'static str, path: &'static str, title: &'static str, view: View) -> Screen {
    let (place, life) = (Place::Public, Life::Alive);
    Screen { name, path, title, place, life, nav: None, permission: None, view }
}

/// A page for anybody who is signed in.
const fn own(name: &'static str, path: &'static str, title: &'static str, view: View) -> Screen {
    Screen { place: Place::Account, ..open(name, path, title, view) }
}

/// A page for members of a team who hold this permission.
const fn inside(
    name: &'static str,
    path: &'static str,
    title: &'static str,
    permission: Permission,
    view: View,
) -> Screen {
    let permission = Some(permission);
    Screen { place: Place::Team, permission, ..open(name, path, title, view) }
}

impl Screen {
    /// The same as plain HTML.
    const fn still(self) -> Self {
        Self { life: Life::Still, ..self }
    }

    /// The same, listed in the sidebar.
    const fn listed(self, group: &'static str, short: &'static str, icon: Icon) -> Self {
        Self { nav: Some(Nav { group, short, icon }), ..self }
    }

    /// The page of the sidebar that this page belongs to: itself, or the one whose path it
    /// continues furthest.
    pub fn area(&self) -> Option<&'static Screen> {
        SCREENS
            .iter()
            .filter(|screen| screen.nav.is_some() && self.continues(screen.path))
            .max_by_key(|screen| screen.path.len())
    }

    fn continues(&self, path: &str) -> bool {
        self.path.strip_prefix(path).is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
    }

    /// The path with the team's slug put in.
    pub fn path_in(&self, slug: &str) -> String {
        self.path.replace(":team", slug)
    }
}

/// The pages that the sidebar lists, in its order.
pub fn nav() -> impl Iterator<Item = (&'static Screen, Nav)> {
    SCREENS.iter().filter_map(|screen| Some((screen, screen.nav?)))
}

/// The page at `path` and what stands at the colons of its pattern.
pub fn find(path: &str) -> Option<(&'static Screen, Vec<(&'static str, String)>)> {
    SCREENS.iter().find_map(|screen| Some((screen, matches(screen.path, path)?)))
}

/// The table as JSON, for tests outside this program.
pub fn screens_json() -> String {
    serde_json::to_string_pretty(SCREENS).expect("the table holds nothing but text")
}

/// `path` against `pattern`, segment by segment. A slash at the end does not matter.
fn matches(pattern: &'static str, path: &str) -> Option<Vec<(&'static str, String)>> {
    let bare = path.strip_suffix('/').filter(|path| !path.is_empty() && !path.ends_with('/'));
    let path = bare.unwrap_or(path);
    let mut params = Vec::new();
    let mut given = path.split('/');
    for wanted in pattern.split('/') {
        let segment = given.next()?;
        match wanted.strip_prefix(':') {
            Some(name) if !segment.is_empty() => params.push((name, segment.to_owned())),
            None if wanted == segment => {}
            _ => return None,
        }
    }
    given.next().is_none().then_some(params)
}

#[cfg(test)]
mod tests;
