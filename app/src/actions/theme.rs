//! The door to the theme: light, dark, or as the device says.

use leptos::prelude::*;
use model::{Failure, Next};
use serde::{Deserialize, Serialize};

/// The theme form.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct ChooseTheme {
    /// `system`, `light` or `dark`.
    pub theme: String,
    /// The page to come back to.
    pub to: String,
}

/// Remembers the theme in a cookie.
#[server(prefix = "/do", endpoint = "theme/set")]
pub async fn set_theme(form: ChooseTheme) -> Result<Next, Failure> {
    use crate::{actions::ours, server, viewer::Theme};
    server::set_cookie(&Theme::from_name(&form.theme).cookie());
    Ok(Next::go(ours(&form.to)))
}
