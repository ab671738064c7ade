//! What the server tells a page: who is looking, how, and what happened to their form.
//!
//! The HTTP layer provides a [`PageContext`] with every request; pages read it as part of a
//! [`Visit`].

use crate::{
    routes::{self, Life, Place, Screen},
    server,
};
use leptos::prelude::*;
use model::{
    Failure, Flash, RequestId,
    account::Viewer,
    explorer::Called,
    page::Around,
    reveal::{RevealedCodes, RevealedHook, RevealedKey, RevealedLink},
    team::TeamCard,
};

/// What every page is told about the request that it answers.
#[derive(Debug, Clone)]
pub struct PageContext {
    pub viewer: Option<Viewer>,
    pub theme: Theme,
    pub times: Times,
    /// What the form that led here has to say.
    pub flash: Option<Flash>,
    pub request: RequestId,
    /// The form that was not accepted, when this page is shown again because of it.
    pub form: Option<FormState>,
    /// A secret to be shown this one time.
    pub revealed: Option<Revealed>,
    /// The form that waits until its sender has confirmed that it is them.
    pub confirming: Option<Confirming>,
    pub version: &'static str,
}

impl PageContext {
    /// What the HTTP layer provided, or a page for nobody in particular.
    pub fn current() -> Self {
        use_context().unwrap_or_else(Self::nobody)
    }

    /// Nobody signed in, nothing happened.
    pub fn nobody() -> Self {
        let nil = "req_00000000000000000000000000000000";
        Self {
            viewer: None,
            theme: Theme::System,
            times: Times::Clock,
            flash: None,
            request: nil.parse().expect("32 zeros are an id"),
            form: None,
            revealed: None,
            confirming: None,
            version: env!("CARGO_PKG_VERSION"),
        }
    }
}

/// A form that comes back: what was typed (never passwords) and what is wrong with it, if anything
/// is.
#[derive(Debug, Clone)]
pub struct FormState {
    /// The form's `action`, for instance `/do/key/create`.
    pub action: String,
    pub values: Vec<(String, String)>,
    /// None after step-up: the form is as good as it was.
    pub failure: Option<Failure>,
}

/// A form that waits for step-up, with what was typed (never passwords).
#[derive(Debug, Clone)]
pub struct Confirming {
    /// The form's `action`.
    pub action: String,
    pub values: Vec<(String, String)>,
    /// The factor that is about to go, and so cannot vouch.
    pub without: Option<String>,
}

/// A secret to be shown this one time.
#[derive(Debug, Clone)]
pub enum Revealed {
    Key(RevealedKey),
    Codes(RevealedCodes),
    Link(RevealedLink),
    Hook(RevealedHook),
    /// What the API answered, which may be a secret.
    Called(Called),
}

/// Where this instance is reached from outside, without a slash at the end. Provided by the HTTP
/// layer; without it the request's own host is used.
#[derive(Debug, Clone)]
pub struct PublicUrl(pub String);

/// Something failed before a page was chosen (a refused request, a broken link): the page for it
/// is shown instead of the one the path names.
#[derive(Debug, Clone)]
pub struct Trouble {
    /// The heading, when the failure's own does not say it.
    pub title: Option<&'static str>,
    pub failure: Failure,
}

/// Light or dark, as the viewer chose.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum Theme {
    /// As the device says.
    #[default]
    System,
    Light,
    Dark,
}

impl Theme {
    pub const ALL: [Self; 3] = [Self::System, Self::Light, Self::Dark];

    /// The cookie that remembers the choice. Absent means [`Theme::System`].
    pub const COOKIE: &'static str = "probity_theme";

    /// The word in the cookie and in the form.
    pub const fn name(self) -> &'static str {
        match self {
            Self::System => "system",
            Self::Light => "light",
            Self::Dark => "dark",
        }
    }

    /// The theme called `name`; anything unknown is the system's.
    pub fn from_name(name: &str) -> Self {
        Self::ALL.into_iter().find(|theme| theme.name() == name).unwrap_or_default()
    }

    /// What `<html data-theme>` says; nothing when the device decides.
    pub fn forced(self) -> Option<&'static str> {
        (self != Self::System).then(|| self.name())
    }

    /// The cookie that stores this choice for a year, or removes it.
    pub fn cookie(self) -> String {
        let seconds = if self == Self::System { 0 } else { 31_536_000 };
        let name = Self::COOKIE;
        format!("{name}={}; Path=/; Max-Age={seconds}; SameSite=Lax", self.name())
    }
}

/// How the times of a list are told, as the viewer chose in this browser.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum Times {
    /// "08:31:40"
    #[default]
    Clock,
    /// "4 min ago", as long as that says more.
    Ago,
}

impl Times {
    pub const ALL: [Self; 2] = [Self::Clock, Self::Ago];

    /// The cookie that remembers the choice. Absent means [`Times::Clock`].
    pub const COOKIE: &'static str = "probity_times";

    /// The word in the cookie and in `data-times`.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Clock => "clock",
            Self::Ago => "ago",
        }
    }

    /// The choice called `name`; anything unknown is a clock.
    pub fn from_name(name: &str) -> Self {
        Self::ALL.into_iter().find(|times| times.name() == name).unwrap_or_default()
    }

    /// The cookie that stores this choice for a year.
    pub fn cookie(self) -> String {
        let name = Self::COOKIE;
        format!("{name}={}; Path=/; Max-Age=31536000; SameSite=Lax", self.name())
    }
}

/// One look at one page: the request's context and the row of [`routes::SCREENS`] its path names.
#[derive(Debug, Clone)]
pub struct Visit {
    pub page: PageContext,
    /// Path and query, as forms send it back in `from`.
    pub address: String,
    pub screen: Option<&'static Screen>,
    params: Vec<(&'static str, String)>,
}

impl Visit {
    /// The visit that is being answered.
    pub fn current() -> Self {
        Self::at(&server::address(), PageContext::current())
    }

    /// A visit to `address`.
    pub fn at(address: &str, page: PageContext) -> Self {
        let path = address.split('?').next().unwrap_or_default();
        let (screen, params) = match routes::find(path) {
            Some((screen, params)) => (Some(screen), params),
            None => (None, team_in(path)),
        };
        Self { page, address: address.to_owned(), screen, params }
    }

    /// The part of the path that stands at `:name`.
    pub fn param(&self, name: &str) -> &str {
        self.params.iter().find(|(key, _)| *key == name).map_or("", |(_, value)| value)
    }

    /// Which page of a list the address asks for.
    pub fn around(&self) -> Around {
        server::query()
    }

    /// The team in the path, when the viewer belongs to it.
    pub fn team(&self) -> Option<TeamCard> {
        let slug = self.param("team");
        self.page.viewer.as_ref()?.teams.iter().find(|team| team.slug == slug).cloned()
    }

    /// Whether the page has islands, and so needs JavaScript to be pleasant. A page that is not
    /// shown, because nobody is signed in, has none.
    pub fn is_alive(&self) -> bool {
        let shown = |screen: &Screen| screen.place == Place::Public || self.page.viewer.is_some();
        self.screen.is_some_and(|screen| screen.life == Life::Alive && shown(screen))
    }
}

/// An unknown page of a team still stands in that team's frame.
fn team_in(path: &str) -> Vec<(&'static str, String)> {
    let slug = path.strip_prefix("/t/").and_then(|rest| rest.split('/').next());
    slug.map(|slug| ("team", slug.to_owned())).into_iter().collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_theme_is_remembered_for_a_year_and_forgotten_at_once() {
        assert_eq!(
            Theme::Dark.cookie(),
            "probity_theme=dark; Path=/; Max-Age=31536000; SameSite=Lax"
        );
        assert!(Theme::System.cookie().contains("Max-Age=0"));
        assert_eq!(Theme::from_name("purple"), Theme::System);
        assert_eq!(Theme::Light.forced(), Some("light"));
        assert_eq!(Theme::System.forced(), None);
    }

    #[test]
    fn a_visit_knows_its_screen_and_what_stands_in_the_path() {
        let visit = Visit::at("/t/halden/keys/key_7?x=1", PageContext::nobody());
        assert_eq!(visit.screen.map(|screen| screen.name), Some("key"));
        assert_eq!(visit.param("team"), "halden");
        assert_eq!(visit.param("key"), "key_7");
        assert_eq!(visit.param("other"), "");
        assert!(!visit.is_alive());
    }

    #[test]
    fn signing_in_needs_no_script_and_choosing_a_password_loads_the_meter() {
        let is_alive = |path| Visit::at(path, PageContext::nobody()).is_alive();
        assert!(!is_alive("/sign-in"));
        assert!(is_alive("/sign-up") && is_alive("/set-up/a-token"));
        assert!(!is_alive("/t/halden/keys") && !is_alive("/nothing-here"));
    }
}
