//! Browsers: what a `User-Agent` says, in words that people know.
//!
//! The header is whatever its sender likes. Only words of the tables below and numbers leave this
//! module, so that it can be shown and recorded anywhere.

/// A browser or a program, and the system it runs on, as far as it can be told.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Agent {
    program: Option<Program>,
    system: Option<&'static str>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Program {
    name: &'static str,
    version: Version,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Version {
    Unknown,
    Major(u16),
    Minor(u16, u16),
}

/// How much of a version people know a program by.
#[derive(Clone, Copy)]
enum Known {
    Major,
    Minor,
    Nothing,
}

/// Bytes of the header that are read.
const MOST: usize = 512;

/// By the word in the header. Who imitates others stands before them: Edge says that it is Chrome,
/// and Chrome that it is Safari.
const PROGRAMS: &[(&str, &str, Known)] = &[
    ("Edg", "Edge", Known::Major),
    ("EdgA", "Edge", Known::Major),
    ("EdgiOS", "Edge", Known::Major),
    ("OPR", "Opera", Known::Major),
    ("OPT", "Opera", Known::Major),
    ("SamsungBrowser", "Samsung Internet", Known::Major),
    ("Vivaldi", "Vivaldi", Known::Major),
    ("YaBrowser", "Yandex Browser", Known::Major),
    ("Firefox", "Firefox", Known::Major),
    ("FxiOS", "Firefox", Known::Major),
    ("HeadlessChrome", "Headless Chrome", Known::Major),
    ("CriOS", "Chrome", Known::Major),
    ("Chrome", "Chrome", Known::Major),
    ("Chromium", "Chromium", Known::Major),
    ("curl", "curl", Known::Minor),
    ("Wget", "Wget", Known::Minor),
    ("HTTPie", "HTTPie", Known::Minor),
    ("PostmanRuntime", "Postman", Known::Minor),
    ("insomnia", "Insomnia", Known::Minor),
    ("python-requests", "Python requests", Known::Minor),
    ("okhttp", "OkHttp", Known::Minor),
    // What follows these is the version of something else.
    ("Go-http-client", "Go program", Known::Nothing),
    ("node", "Node program", Known::Nothing),
];

/// By a word of the header; Android says that it is Linux.
const SYSTEMS: &[(&str, &str)] = &[
    ("iPhone", "iPhone"),
    ("iPad", "iPad"),
    ("CrOS", "ChromeOS"),
    ("Android", "Android"),
    ("Windows", "Windows"),
    ("Macintosh", "macOS"),
    ("FreeBSD", "FreeBSD"),
    ("OpenBSD", "OpenBSD"),
    ("Linux", "Linux"),
];

impl Agent {
    /// What `user_agent` says.
    pub fn read(user_agent: &str) -> Self {
        let text = &user_agent[..user_agent.floor_char_boundary(MOST)];
        let system = SYSTEMS.iter().find(|(word, _)| text.contains(word)).map(|(_, name)| *name);
        let program = PROGRAMS
            .iter()
            .find_map(|(word, name, known)| {
                let version = Version::read(said_by(text, word)?, *known);
                Some(Program { name, version })
            })
            .or_else(|| safari(text, system));
        Self { program, system }
    }

    /// "Firefox 140", "unknown browser".
    pub fn browser(self) -> String {
        let Some(Program { name, version }) = self.program else {
            return "unknown browser".to_owned();
        };
        match version {
            Version::Unknown => name.to_owned(),
            Version::Major(major) => format!("{name} {major}"),
            Version::Minor(major, minor) => format!("{name} {major}.{minor}"),
        }
    }

    /// "Linux", "iPhone".
    pub fn system(self) -> Option<&'static str> {
        self.system
    }

    /// "Firefox 140 on Linux", "Safari on iPhone", "curl 8.5", "unknown browser".
    pub fn words(self) -> String {
        let browser = self.browser();
        self.system.map_or_else(|| browser.clone(), |system| format!("{browser} on {system}"))
    }
}

impl Version {
    fn read(text: &str, known: Known) -> Self {
        let mut numbers = text.split('.').map_while(number);
        match (known, numbers.next(), numbers.next()) {
            (Known::Nothing, ..) | (_, None, _) => Self::Unknown,
            (Known::Minor, Some(major), Some(minor)) => Self::Minor(major, minor),
            (_, Some(major), _) => Self::Major(major),
        }
    }
}

/// The digits at the start, if they are a number of believable length.
fn number(text: &str) -> Option<u16> {
    let end = text.find(|c: char| !c.is_ascii_digit()).unwrap_or(text.len());
    (1..=4).contains(&end).then(|| text[..end].parse().ok()).flatten()
}

/// What stands behind `word/`, when the header has that word.
fn said_by<'a>(text: &'a str, word: &str) -> Option<&'a str> {
    text.split_ascii_whitespace().find_map(|said| said.strip_prefix(word)?.strip_prefix('/'))
}

/// Every browser says that it is Safari; it is when none of the others said more. Its version is
/// its system's, and nobody knows it.
fn safari(text: &str, system: Option<&'static str>) -> Option<Program> {
    let apple = matches!(system, Some("iPhone" | "iPad" | "macOS"));
    let says = said_by(text, "Version").and(said_by(text, "Safari"));
    says.filter(|_| apple).map(|_| Program { name: "Safari", version: Version::Unknown })
}

#[cfg(test)]
mod tests;
