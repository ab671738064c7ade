//! `.env.example` and `docs/settings.md`, made from the table.

use super::Setting;
use std::fmt::Write;

/// The command that makes both.
const MADE_BY: &str = "probity generate";

/// For an environment file: every setting with its meaning, commented out.
pub fn env_example() -> String {
    let mut text = format!(
        "# Made by `{MADE_BY}`. Copy it, change what you need, and name the copy as systemd's\n\
         # EnvironmentFile= or in `docker run --env-file`.\n"
    );
    for setting in Setting::ALL {
        let row = setting.row();
        text.push('\n');
        for line in wrapped(row.means, 98) {
            writeln!(text, "# {line}").expect("a string takes all");
        }
        for line in wrapped(&format!("Write {}.", row.write), 98) {
            writeln!(text, "# {line}").expect("a string takes all");
        }
        writeln!(text, "#{}={}", row.variable, row.default).expect("a string takes all");
        if row.is_secret {
            writeln!(text, "#{}_FILE=", row.variable).expect("a string takes all");
        }
    }
    text
}

/// The same as a table for people.
pub fn markdown() -> String {
    let mut text = format!(
        "<!-- Made by `{MADE_BY}`. -->\n\
         # Settings\n\n\
         Each by environment or by flag; a flag wins. A secret can stand in a file that the \
         variable with `_FILE`, or the flag, names. A `PROBITY_…` variable that is not in this \
         table is refused. `probity config check` says what is wrong.\n\n\
         | variable | flag | default | what it decides | what to write |\n\
         |---|---|---|---|---|\n"
    );
    for setting in Setting::ALL {
        let row = setting.row();
        let file =
            if row.is_secret { format!("<br>`{}_FILE`", row.variable) } else { String::new() };
        let default = match row.default {
            "" => "–".to_owned(),
            default => format!("`{default}`"),
        };
        writeln!(
            text,
            "| `{}`{file} | `--{}` | {default} | {} | {} |",
            row.variable,
            setting.flag(),
            row.means,
            row.write
        )
        .expect("a string takes all");
    }
    text
}

/// Lines of at most `width` characters.
fn wrapped(text: &str, width: usize) -> Vec<String> {
    let mut lines = vec![String::new()];
    for word in text.split_whitespace() {
        let line = lines.last_mut().expect("there is always a line");
        if line.is_empty() {
            line.push_str(word);
        } else if line.chars().count() + 1 + word.chars().count() <= width {
            line.push(' ');
            line.push_str(word);
        } else {
            lines.push(word.to_owned());
        }
    }
    lines
}
