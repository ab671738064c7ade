//! `probity generate`: writes the files that are made from the tables in the code.

use crate::{Problem, config, http};
use app::{
    doors::{self, DOORS, Door, ENDPOINTS, May},
    routes::SCREENS,
};
use model::{Permission, Role, data::KINDS};
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
fn files() -> Vec<(String, String)> {
    let mut files = vec![
        (".env.example".to_owned(), config::env_example()),
        ("docs/settings.md".to_owned(), config::markdown()),
        ("docs/permissions.md".to_owned(), permissions()),
        ("docs/openapi.json".to_owned(), http::openapi()),
        ("server/domain/policies.sql".to_owned(), domain::policy::sql()),
    ];
    files.extend(
        KINDS.iter().map(|kind| (format!("docs/schema/{}.json", kind.name), kind.schema())),
    );
    files
}

fn permissions() -> String {
    let mut text = String::from("<!-- Made by `probity generate`. -->\n# Permissions\n\n");
    text.push_str(
        "Who holds what, by role. The database enforces the same table. Teams make roles of ",
    );
    text.push_str("their own from the same permissions.\n\n");
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
    text.push_str("\n\n## What each opens\n\n");
    text.push_str("Pages by their title, requests by their path; (confirmed): after step-up.\n\n");
    for permission in Permission::ALL {
        text.push_str(&opened(*permission));
    }
    text.push_str("\n## What needs none\n\n| request | who may |\n|---|---|\n");
    for door in DOORS.iter().chain(ENDPOINTS) {
        let who = match door.may {
            May::Anyone(why) => format!("everybody: {why}"),
            May::Own => "whoever is signed in, to what is their own".to_owned(),
            May::Member(why) => format!("everybody in the team: {why}"),
            May::Holder(_) => continue,
        };
        text.push_str(&format!("| `{}`{} | {who} |\n", door.path, confirmed(door)));
    }
    text
}

/// A line with what a permission opens; none where that is nothing.
fn opened(permission: Permission) -> String {
    let pages = SCREENS.iter().filter(|screen| screen.permission == Some(permission));
    let pages = pages.map(|screen| screen.title.to_owned());
    let doors = doors::opened_by(permission);
    let doors = doors.map(|door| format!("`{}`{}", door.path, confirmed(door)));
    let all: Vec<String> = pages.chain(doors).collect();
    match all.is_empty() {
        true => String::new(),
        false => format!("* **`{}`**: {}\n", permission.name(), all.join(", ")),
    }
}

fn confirmed(door: &Door) -> &'static str {
    if door.confirmed { " (confirmed)" } else { "" }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_generated_file_is_current() {
        let checkout = Path::new(env!("CARGO_MANIFEST_DIR")).parent().expect("a workspace");
        for (path, text) in files() {
            let there = fs::read_to_string(checkout.join(&path)).unwrap_or_default();
            assert!(there == text, "{path} is stale: run `probity generate` and commit it");
        }
    }
}
