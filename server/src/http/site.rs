//! What every request handler knows about this Probity: its address, its files, its dependencies.

use super::middleware::Protections;
use domain::Deps;
use http::{HeaderValue, Uri, uri::Scheme};
use ipnet::IpNet;
use leptos::config::LeptosOptions;
use std::{
    fmt,
    sync::{Arc, OnceLock},
    time::Duration,
};
use tokio::sync::Semaphore;
use tokio_util::task::TaskTracker;

/// Forms with a file that are worked on at once. Each may take some hundred megabytes.
const FILES: usize = 2;
/// Long bodies of programs that are read at once: of 4 MB each.
const BATCHES: usize = 16;

/// What [`serve`](super::serve) needs.
pub struct HttpParts {
    /// Filled once the database can be used; until then only `/healthz` answers.
    pub readiness: Readiness,
    /// The address people type.
    pub public_url: PublicUrl,
    /// Networks whose `X-Forwarded-For` is believed.
    pub trusted_proxies: Vec<IpNet>,
    /// Where the built browser side lies and what its files are called.
    pub leptos: LeptosOptions,
    /// Shown in the page footer and by `/healthz`.
    pub version: &'static str,
}

/// Whether requests can be worked on yet: empty while the database starts, then filled once.
#[derive(Clone, Default)]
pub struct Readiness(Arc<OnceLock<Deps>>);

impl Readiness {
    /// Opens the doors. Later calls change nothing.
    pub fn begin(&self, deps: Deps) {
        let _already_open = self.0.set(deps);
    }

    /// The dependencies, once there are any.
    pub fn deps(&self) -> Option<&Deps> {
        self.0.get()
    }
}

/// The address under which people reach this Probity: scheme, host, perhaps a port; no path.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PublicUrl {
    https: bool,
    authority: String,
}

impl PublicUrl {
    /// Reads `https://probity.example` (a trailing `/` is fine); the error is a sentence.
    pub fn parse(text: &str) -> Result<Self, String> {
        let refused = || {
            format!(
                "The public URL must look like https://probity.example, \
                 without a path; it is \"{text}\"."
            )
        };
        let uri: Uri = text.parse().map_err(|_| refused())?;
        let https = match uri.scheme() {
            Some(scheme) if *scheme == Scheme::HTTPS => true,
            Some(scheme) if *scheme == Scheme::HTTP => false,
            _ => return Err(refused()),
        };
        let authority = uri.authority().ok_or_else(refused)?.as_str();
        if authority.contains('@') || !matches!(uri.path(), "" | "/") || uri.query().is_some() {
            return Err(refused());
        }
        Ok(Self { https, authority: authority.to_ascii_lowercase() })
    }

    /// Whether browsers reach it over TLS.
    pub fn is_https(&self) -> bool {
        self.https
    }

    /// `http` or `https`.
    pub fn scheme(&self) -> &'static str {
        if self.https { "https" } else { "http" }
    }

    /// Host and port, as in a `Host` header.
    pub fn authority(&self) -> HeaderValue {
        HeaderValue::from_str(&self.authority).expect("a parsed authority is printable ASCII")
    }
}

impl fmt::Display for PublicUrl {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}://{}", self.scheme(), self.authority)
    }
}

/// How long and how much a client may take. Tests shorten them.
#[derive(Debug, Clone, Copy)]
pub(super) struct Bounds {
    /// From the connection (or the last answer) to the end of the next request's headers.
    pub(super) headers: Duration,
    /// From the end of the headers to the answer.
    pub(super) request: Duration,
    /// From the signal to stop to the end of the last answer.
    pub(super) drain: Duration,
    /// Bytes of a request body.
    pub(super) body: usize,
    /// Bytes of one with many things in it, from a program that is known.
    pub(super) batch: usize,
    /// Bytes of one with a file.
    pub(super) file: usize,
}

impl Bounds {
    /// What production uses.
    pub(super) const NORMAL: Self = Self {
        headers: Duration::from_secs(10),
        request: Duration::from_secs(30),
        drain: Duration::from_secs(5),
        body: 64 * 1024,
        batch: 4 << 20,
        file: model::rule::bounds::FILE + 64 * 1024,
    };
}

/// The shared state of all handlers.
pub(super) struct Site {
    pub(super) readiness: Readiness,
    pub(super) public_url: PublicUrl,
    pub(super) trusted_proxies: Vec<IpNet>,
    pub(super) leptos: LeptosOptions,
    pub(super) version: &'static str,
    pub(super) bounds: Bounds,
    /// Headers of every answer.
    pub(super) protections: Protections,
    /// One for each form with a file that is worked on.
    pub(super) files: Semaphore,
    /// Long bodies that are read at once.
    pub(super) batches: Semaphore,
    /// Requests being worked on, also those whose client has left.
    pub(super) tasks: TaskTracker,
}

impl Site {
    /// Puts the parts together.
    pub(super) fn new(parts: HttpParts, bounds: Bounds) -> Arc<Self> {
        Arc::new(Self {
            readiness: parts.readiness,
            protections: Protections::new(parts.public_url.is_https()),
            public_url: parts.public_url,
            trusted_proxies: parts.trusted_proxies,
            leptos: parts.leptos,
            version: parts.version,
            bounds,
            files: Semaphore::new(FILES),
            batches: Semaphore::new(BATCHES),
            tasks: TaskTracker::new(),
        })
    }
}

/// A site whose database never comes up, for tests of what stands before it.
#[cfg(test)]
pub(super) fn starting(bounds: Bounds) -> Arc<Site> {
    Site::new(starting_parts(), bounds)
}

#[cfg(test)]
pub(super) fn starting_parts() -> HttpParts {
    HttpParts {
        readiness: Readiness::default(),
        public_url: PublicUrl::parse("https://probity.example").expect("valid"),
        trusted_proxies: Vec::new(),
        leptos: LeptosOptions::builder().output_name("probity").build(),
        version: "0.0.0",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_public_url_is_scheme_and_host() {
        let url = PublicUrl::parse("https://Probity.example/").expect("valid");
        assert_eq!(url.to_string(), "https://probity.example");
        assert!(url.is_https());
        let local = PublicUrl::parse("http://127.0.0.1:3000").expect("valid");
        assert_eq!(local.authority(), "127.0.0.1:3000");
    }

    #[test]
    fn anything_else_is_refused_with_an_example() {
        for text in
            ["", "probity.example", "ftp://x", "https://x/app", "https://a@x", "https://x?y"]
        {
            let sentence = PublicUrl::parse(text).expect_err(text);
            assert!(sentence.contains("https://probity.example"), "{sentence}");
        }
    }
}
