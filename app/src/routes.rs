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
    Screen {
        name: "sign-in",
        path: "/sign-in",
        title: "Sign in",
        place: Place::Public,
        life: Life::Still,
        nav: None,
        permission: None,
        view: public::sign_in::show,
    },
    Screen {
        name: "sign-up",
        path: "/sign-up",
        title: "Create an account",
        place: Place::Public,
        life: Life::Alive,
        nav: None,
        permission: None,
        view: public::sign_up::show,
    },
    Screen {
        name: "set-up",
        path: "/set-up/:token",
        title: "Set up Probity",
        place: Place::Public,
        life: Life::Alive,
        nav: None,
        permission: None,
        view: public::set_up::show,
    },
    Screen {
        name: "code",
        path: "/sign-in/code",
        title: "Two-step sign-in",
        place: Place::Public,
        nav: None,
        permission: None,
        life: Life::Still,
        view: public::code::show,
    },
    Screen {
        name: "recovery",
        path: "/sign-in/recovery",
        title: "Recovery code",
        place: Place::Public,
        nav: None,
        permission: None,
        life: Life::Still,
        view: public::code::show_recovery,
    },
    Screen {
        name: "passkey-sign-in",
        path: "/sign-in/passkey",
        title: "Sign in with a passkey",
        place: Place::Public,
        nav: None,
        permission: None,
        life: Life::Alive,
        view: public::passkey::show,
    },
    Screen {
        name: "forgot",
        path: "/forgot",
        title: "Set a new password",
        place: Place::Public,
        nav: None,
        permission: None,
        life: Life::Still,
        view: public::forgot::show,
    },
    Screen {
        name: "forgot-sent",
        path: "/forgot/sent",
        title: "Check your mail",
        place: Place::Public,
        nav: None,
        permission: None,
        life: Life::Still,
        view: public::forgot::show_sent,
    },
    Screen {
        name: "reset",
        path: "/reset/:token",
        title: "Set a new password",
        place: Place::Public,
        nav: None,
        permission: None,
        life: Life::Alive,
        view: public::reset::show,
    },
    Screen {
        name: "sign-up-sent",
        path: "/sign-up/sent",
        title: "Check your mail",
        place: Place::Public,
        nav: None,
        permission: None,
        life: Life::Still,
        view: public::sign_up::show_sent,
    },
    Screen {
        name: "confirm-sign-up",
        path: "/sign-up/confirm/:token",
        title: "Confirm your address",
        place: Place::Public,
        nav: None,
        permission: None,
        life: Life::Still,
        view: public::confirm_sign_up::show,
    },
    Screen {
        name: "confirm-email",
        path: "/email/:token",
        title: "Take over this address",
        place: Place::Public,
        nav: None,
        permission: None,
        life: Life::Still,
        view: public::confirm_email::show,
    },
    Screen {
        name: "home",
        path: "/",
        title: "Home",
        place: Place::Account,
        life: Life::Alive,
        nav: None,
        permission: None,
        view: account::home::show,
    },
    Screen {
        name: "profile",
        path: "/account",
        title: "Profile",
        place: Place::Account,
        nav: None,
        permission: None,
        life: Life::Alive,
        view: account::profile::show,
    },
    Screen {
        name: "security",
        path: "/account/security",
        title: "Security",
        place: Place::Account,
        nav: None,
        permission: None,
        life: Life::Alive,
        view: account::security::show,
    },
    Screen {
        name: "sessions",
        path: "/account/sessions",
        title: "Sessions",
        place: Place::Account,
        nav: None,
        permission: None,
        life: Life::Alive,
        view: account::sessions::show,
    },
    Screen {
        name: "activity",
        path: "/account/activity",
        title: "My activity",
        place: Place::Account,
        nav: None,
        permission: None,
        life: Life::Alive,
        view: account::activity::show,
    },
    Screen {
        name: "two-step",
        path: "/account/two-step",
        title: "Set up two-step sign-in",
        place: Place::Account,
        nav: None,
        permission: None,
        life: Life::Alive,
        view: account::two_step::show,
    },
    Screen {
        name: "new-passkey",
        path: "/account/passkeys/new",
        title: "Add a passkey",
        place: Place::Account,
        nav: None,
        permission: None,
        life: Life::Alive,
        view: account::new_passkey::show,
    },
    Screen {
        name: "passkey",
        path: "/account/passkeys/:passkey",
        title: "Passkey",
        place: Place::Account,
        nav: None,
        permission: None,
        life: Life::Alive,
        view: account::passkey::show,
    },
    Screen {
        name: "delete-account",
        path: "/account/delete",
        title: "Delete my account",
        place: Place::Account,
        nav: None,
        permission: None,
        life: Life::Alive,
        view: account::delete::show,
    },
    Screen {
        name: "confirm",
        path: "/account/confirm",
        title: "Confirm that it is you",
        place: Place::Account,
        nav: None,
        permission: None,
        life: Life::Alive,
        view: account::confirm::show,
    },
    Screen {
        name: "new-team",
        path: "/teams/new",
        title: "Create a team",
        place: Place::Account,
        life: Life::Alive,
        nav: None,
        permission: None,
        view: account::new_team::show,
    },
    Screen {
        name: "overview",
        path: "/t/:team",
        title: "Overview",
        place: Place::Team,
        life: Life::Alive,
        nav: Some(Nav { group: "", short: "Overview", icon: Icon::Book }),
        permission: Some(Permission::TeamView),
        view: team::overview::show,
    },
    Screen {
        name: "keys",
        path: "/t/:team/keys",
        title: "API keys",
        place: Place::Team,
        life: Life::Alive,
        nav: Some(Nav { group: "Access", short: "Keys", icon: Icon::Key }),
        permission: Some(Permission::KeysView),
        view: team::keys::show,
    },
    Screen {
        name: "new-key",
        path: "/t/:team/keys/new",
        title: "Create an API key",
        place: Place::Team,
        life: Life::Alive,
        nav: None,
        permission: Some(Permission::KeysManage),
        view: team::new_key::show,
    },
    Screen {
        name: "key",
        path: "/t/:team/keys/:key",
        title: "API key",
        place: Place::Team,
        life: Life::Alive,
        nav: None,
        permission: Some(Permission::KeysView),
        view: team::key::show,
    },
    Screen {
        name: "revoke-key",
        path: "/t/:team/keys/:key/revoke",
        title: "Revoke a key",
        place: Place::Team,
        life: Life::Alive,
        nav: None,
        permission: Some(Permission::KeysManage),
        view: team::revoke_key::show,
    },
    Screen {
        name: "audit",
        path: "/t/:team/audit",
        title: "Audit log",
        place: Place::Team,
        life: Life::Alive,
        nav: Some(Nav { group: "Record", short: "Audit", icon: Icon::Scroll }),
        // Everybody sees their own events; the whole log needs more, and the operation knows it.
        permission: Some(Permission::TeamView),
        view: team::audit::show,
    },
    Screen {
        name: "event",
        path: "/t/:team/audit/:seq",
        title: "Event",
        place: Place::Team,
        life: Life::Alive,
        nav: None,
        permission: Some(Permission::TeamView),
        view: team::event::show,
    },
];

impl Screen {
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
