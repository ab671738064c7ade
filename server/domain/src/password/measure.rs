//! The meter beside a field for a new password.

use super::{Least, strength};
use crate::{Cx, Result, limit};
use model::{Limit, Typed, password::Strength};

/// Characters that are read of what stands around the password.
const ABOUT_MOST: usize = 600;

/// How strong this password is. Nothing of it is kept. `about` is what else was typed into the
/// form (name, address, team), a line each; a person who is signed in has their own words besides.
///
/// # Errors
/// [`Error::TooMany`](crate::Error::TooMany) after too many looks;
/// [`Error::Busy`](crate::Error::Busy) when sign-ins keep the threads that hash.
pub async fn measure(cx: &Cx, typed: Typed, about: &str) -> Result<Strength> {
    limit::take_by_address(cx, Limit::PasswordMeter).await?;
    let mut own: Vec<String> =
        about.chars().take(ABOUT_MOST).collect::<String>().lines().map(str::to_owned).collect();
    if let Some(viewer) = cx.viewer() {
        own.extend([viewer.name.clone(), viewer.email.clone()]);
        own.extend(viewer.teams.iter().map(|team| team.name.clone()));
    }
    let weigh = move || {
        let own: Vec<&str> = own.iter().map(String::as_str).collect();
        strength(&typed, Least::Alone, &own)
    };
    cx.deps().hasher().lend(weigh).await
}
