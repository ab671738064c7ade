//! The API explorer: what its forms send, what is asked of the API for them, and what comes back.

use crate::Typed;
use serde::{Deserialize, Serialize};
use std::{collections::BTreeMap, fmt};

/// What stands for the explorer's test key in a value: it is filled in on the way, and the code
/// that is shown reads it from the environment.
pub const KEY: &str = "$PROBITY_KEY";

/// The "make a test key" form.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct MakeTestKey {
    /// Slug of the team.
    pub team: String,
    /// The endpoint on whose page it stands; empty for the list of all.
    pub endpoint: String,
    /// `look` or `change`.
    pub may: String,
}

/// The "use a test key that you have" form.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct KeepTestKey {
    /// Slug of the team.
    pub team: String,
    /// As of [`MakeTestKey`].
    pub endpoint: String,
    /// The whole key.
    pub token: Typed,
}

/// The "forget the test key" form.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct ForgetTestKey {
    /// Slug of the team.
    pub team: String,
    /// As of [`MakeTestKey`].
    pub endpoint: String,
}

/// The form of an endpoint.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct CallEndpoint {
    /// Slug of the team.
    pub team: String,
    /// What the description calls it: `verifyKey`.
    pub endpoint: String,
    /// What was typed, by field.
    #[serde(flatten)]
    pub typed: BTreeMap<String, String>,
}

/// A request to the API. The key is not in it: [`KEY`] stands in its place.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ApiRequest {
    pub method: String,
    /// Path and query, encoded.
    pub path: String,
    pub headers: Vec<(String, String)>,
    /// JSON.
    pub body: Option<String>,
}

/// What the API answered.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ApiAnswer {
    pub status: u16,
    pub headers: Vec<(String, String)>,
    pub body: String,
    /// Whether [`Self::body`] is all of it.
    pub is_whole: bool,
    /// Microseconds until it was there.
    pub micros: u64,
}

/// A call that was made. It may hold a new key, and exists in the answer to the form that made it,
/// nowhere else.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Called {
    pub request: ApiRequest,
    pub answer: ApiAnswer,
}

impl fmt::Debug for Called {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Called({} {}, …)", self.request.method, self.answer.status)
    }
}
