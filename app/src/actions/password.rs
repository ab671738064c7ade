//! The door to the password meter.

use leptos::prelude::*;
use model::{Failure, Typed, password::Strength};

/// How strong a password is. `about` is what else stands in the form, a line each.
#[server(prefix = "/do", endpoint = "password/strength")]
pub async fn measure(password: Typed, about: Option<String>) -> Result<Strength, Failure> {
    use crate::server;
    let about = about.unwrap_or_default();
    server::told(domain::password::measure(&server::cx()?, password, &about).await)
}
