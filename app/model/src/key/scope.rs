//! Scopes: what a key may, in the words of the team's own API; and those words that let it use ours.

use crate::{Permission, Permissions};

/// How a scope begins that lets a key use Probity's own API: `probity:keys.view`. Verify looks at
/// it as at any other.
pub const OURS: &str = "probity:";

/// The scope that lets a key do this.
pub fn scope_of(permission: Permission) -> String {
    format!("{OURS}{}", permission.name())
}

/// Whether a scope speaks of Probity's own API, whatever it says of it.
pub fn is_ours(scope: &str) -> bool {
    scope.starts_with(OURS)
}

/// What these scopes let a key do in Probity's own API. Only what is spelled out: `*` and
/// `probity:*` are words of the team's own. Whoever acts in a team sees it.
pub fn permissions_of<'a>(scopes: impl IntoIterator<Item = &'a str>) -> Permissions {
    let named = |scope: &'a str| Permission::from_name(scope.strip_prefix(OURS)?);
    let held = scopes.into_iter().filter_map(named).filter(|it| it.is_for_keys());
    let held: Permissions = held.collect();
    if held.is_empty() { held } else { held.with(Permission::TeamView) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_what_is_spelled_out_and_meant_for_keys_counts() {
        let scopes = ["*", "probity:*", "orders:read", "keys.manage", "probity:keys.view"];
        assert_eq!(permissions_of(scopes), Permissions::named("team.view keys.view"));
        assert_eq!(permissions_of(["probity:security.manage", "probity:x"]), Permissions::NONE);
        for permission in Permissions::for_keys().iter() {
            assert!(permissions_of([&*scope_of(permission)]).holds(permission));
        }
    }
}
