//! The API explorer: every endpoint as the API's own description has it, what is typed into its form
//! made into a request, and that request in four languages.
//!
//! Nothing here knows an endpoint by name: what is not in the description is not in the explorer.

mod read;
mod request;
mod snippets;

pub use read::endpoints;
pub use request::request;
pub use snippets::snippets;

use model::{
    Typed,
    explorer::{ApiAnswer, ApiRequest},
};
use std::{net::IpAddr, pin::Pin};

/// The way to the API, which the HTTP layer provides with each request.
pub trait Api: Send + Sync {
    /// What the description says.
    fn endpoints(&self) -> &'static [Endpoint];

    /// Asks it for real, with `key` wherever [`model::explorer::KEY`] stands, as if it came `from`
    /// there.
    fn send(&self, request: ApiRequest, key: Option<Typed>, from: Option<IpAddr>) -> Answering;
}

/// An answer that is waited for.
pub type Answering = Pin<Box<dyn Future<Output = ApiAnswer> + Send>>;

/// An endpoint.
#[derive(Debug)]
pub struct Endpoint {
    /// What the description calls it: `verifyKey`.
    pub id: String,
    pub method: String,
    /// With `{names}` in it.
    pub path: String,
    /// What it is about, in a word: `keys`.
    pub area: String,
    pub title: String,
    pub about: String,
    /// Whether it is asked with a key in its head.
    pub takes_key: bool,
    /// What it takes, what it needs first.
    pub inputs: Vec<Input>,
    /// Status, and what it means.
    pub answers: Vec<(String, String)>,
}

/// Something that an endpoint takes.
#[derive(Debug)]
pub struct Input {
    pub place: Place,
    /// Its name there; empty for the whole body.
    pub name: String,
    /// What the form calls it.
    pub field: String,
    pub kind: Kind,
    pub about: String,
    pub is_needed: bool,
    /// What stands in its field at first.
    pub preset: String,
}

/// Where in a request something stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Place {
    Path,
    Query,
    Header,
    Body,
}

/// What something is, and so how it is typed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Kind {
    Text,
    Number,
    YesNo,
    Choice(Vec<String>),
    /// Several texts, one to a line.
    Lines,
    /// Anything else.
    Json,
}

#[cfg(test)]
mod tests;
