//! Doors: every form and every load is a server function that calls one operation.
//!
//! A door does three things: takes the caller from the context, calls one operation of `domain`,
//! says where to go next. Who may do what is not decided here. The argument of a form's door is
//! called `form`; the HTTP layer puts plain form fields into it.

pub mod account;
pub mod audit;
pub mod data;
pub mod deletion;
pub mod explorer;
pub mod invitation;
pub mod key;
pub mod member;
pub mod ownership;
pub mod password;
pub mod policy;
pub mod program;
pub mod review;
pub mod role;
pub mod rule;
pub mod security;
pub mod sign_in;
pub mod stream;
pub mod team;
pub mod theme;
pub mod usage;

/// A page of ours that leads on to `next`.
pub fn with_next(page: &str, next: &str) -> String {
    match next {
        "/" | "" => page.to_owned(),
        next => format!("{page}?next={}", crate::pages::encode(next)),
    }
}

/// After step-up: on to the page that asked for it, or back to the form that did.
pub fn resume(next: &str) -> model::Next {
    if next.is_empty() { model::Next::Resume } else { model::Next::go(ours(next)) }
}

/// `path` when it is one of ours, `/` otherwise: nobody is sent to another site by a link.
pub fn ours(path: &str) -> String {
    let plain = !path.chars().any(|c| c.is_control() || c == '\\');
    let ours = plain && path.starts_with('/') && !path.starts_with("//");
    if ours { path.to_owned() } else { "/".to_owned() }
}

#[cfg(test)]
mod tests {
    use super::ours;

    #[test]
    fn only_our_own_paths_are_followed() {
        assert_eq!(ours("/t/halden/keys?before=7"), "/t/halden/keys?before=7");
        for foreign in
            ["", "https://evil.example", "//evil.example", "/\\evil.example", "/\n/x", "evil"]
        {
            assert_eq!(ours(foreign), "/", "{foreign:?}");
        }
    }
}
