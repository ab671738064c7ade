//! `probity generate`: writes the files that are made from the tables in the code.

use crate::{Problem, config, http};
use model::{Permission, Role};
use std::{fmt::Write, fs, path::Path};

pub(super) fn run(checkout: &Path) -> Result<(), Problem> {
    for (path, text) in files() {
        let path = checkout.join(path);
        if let Some(folder) = path.parent() {
            fs::create_dir_all(folder)?;
        }
        if fs::read_to_string(&path).is_ok_and(|there| there == text) {
            continue;
        }
        fs::write(&path, text)?;
        super::print(&format!("wrote {}\n", path.display()))?;
    }
    Ok(())
}

/// Every generated file: its path in the checkout, and its text.
fn files() -> [(&'static str, String); 5] {
    [
        (".env.example", config::env_example()),
        ("docs/settings.md", config::markdown()),
        ("docs/permissions.md", permissions()),
        ("docs/openapi.json", http::openapi()),
        ("server/domain/policies.sql", domain::policy::sql()),
    ]
}

fn permissions() -> String {
    let mut text = String::from("<!-- Made by `probity generate`. -->\n# Permissions\n\n");
    text.push_str("Who holds what, by role. The database enforces the same table.\n\n");
    text.push_str("| permission | what it lets somebody do |");
    for role in Role::ALL {
        write!(text, " {} |", role.title()).expect("a string takes all");
    }
    text.push_str("\n|---|---|");
    text.push_str(&"---|".repeat(Role::ALL.len()));
    for permission in Permission::ALL {
        write!(text, "\n| `{}` | {} |", permission.name(), permission.means())
            .expect("a string takes all");
        for role in Role::ALL {
            text.push_str(if permission.held_by(role) { " ✓ |" } else { " – |" });
        }
    }
    text.push('\n');
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_generated_file_is_current() {
        let checkout = Path::new(env!("CARGO_MANIFEST_DIR")).parent().expect("a workspace");
        for (path, text) in files() {
            let there = fs::read_to_string(checkout.join(path)).unwrap_or_default();
            assert!(there == text, "{path} is stale: run `probity generate` and commit it");
        }
    }
}
