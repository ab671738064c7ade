//! The log, on standard error: for people or for machines, and without secrets.

use std::io::{self, IsTerminal};
use tracing::Level;
use tracing_subscriber::{Layer, filter::Targets, layer::SubscriberExt, util::SubscriberInitExt};

/// Libraries that say too much for an operator, unless asked by name.
const QUIET: [(&str, Level); 4] = [
    ("sqlx", Level::WARN),
    ("hyper", Level::WARN),
    ("leptos", Level::WARN),
    ("object_store", Level::WARN),
];

/// How the log looks and how much it says.
#[derive(Debug, Clone, PartialEq)]
pub struct LogSettings {
    pub format: Format,
    levels: Targets,
}

/// Who reads the log.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Format {
    Human,
    Json,
}

impl LogSettings {
    /// Reads e.g. `json,info,sqlx=debug`: a format, a level, levels of single parts, each optional.
    /// None when any part is something else.
    pub fn parse(text: &str) -> Option<Self> {
        let mut format = Format::Human;
        let mut levels = Targets::new().with_default(Level::INFO).with_targets(QUIET);
        for part in text.split(',').map(str::trim) {
            levels = match (part, part.split_once('=')) {
                ("human" | "json", _) => {
                    format = if part == "json" { Format::Json } else { Format::Human };
                    continue;
                }
                (_, Some((target, level))) if !target.is_empty() => {
                    levels.with_target(target.to_owned(), read_level(level)?)
                }
                (level, _) => levels.with_default(read_level(level)?),
            };
        }
        Some(Self { format, levels })
    }

    /// Starts logging. A second start in the same process changes nothing.
    pub fn start(&self) {
        let layer = tracing_subscriber::fmt::layer().with_writer(io::stderr);
        let layer = match self.format {
            Format::Json => layer.json().flatten_event(true).with_current_span(false).boxed(),
            Format::Human => {
                let colours = io::stderr().is_terminal();
                layer.compact().with_target(false).with_ansi(colours).boxed()
            }
        };
        // The filter stands before the layer, not on it: a filter on a layer loses events after
        // somebody else (sqlx) asks whether an event would be wanted and then does not send it.
        drop(tracing_subscriber::registry().with(self.levels.clone()).with(layer).try_init());
        // Where it happened, not what it said: a panic's message may quote what it was given.
        std::panic::set_hook(Box::new(|panic| {
            let place = panic.location().map(ToString::to_string).unwrap_or_default();
            tracing::error!(place, "A part of the program broke; its request failed.");
        }));
    }
}

/// The levels of the documentation, and nothing that merely looks like one.
fn read_level(text: &str) -> Option<Level> {
    match text {
        "error" => Some(Level::ERROR),
        "warn" => Some(Level::WARN),
        "info" => Some(Level::INFO),
        "debug" => Some(Level::DEBUG),
        "trace" => Some(Level::TRACE),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn says(log: &LogSettings, target: &str, level: Level) -> bool {
        log.levels.would_enable(target, &level)
    }

    #[test]
    fn format_level_and_parts_are_each_optional() {
        assert_eq!(LogSettings::parse("json").expect("right").format, Format::Json);
        let log = LogSettings::parse("warn,sqlx=debug").expect("right");
        assert_eq!(log.format, Format::Human);
        assert!(says(&log, "sqlx::query", Level::DEBUG));
        assert!(!says(&log, "server::boot", Level::INFO));
    }

    #[test]
    fn libraries_are_quiet_unless_asked_by_name() {
        let log = LogSettings::parse("human,debug").expect("right");
        assert!(says(&log, "server::boot", Level::DEBUG));
        assert!(!says(&log, "sqlx::query", Level::INFO));
    }

    #[test]
    fn a_word_that_is_no_level_is_refused() {
        for wrong in ["", "infoo", "xml,info", "info,sqlx=loud", "=info"] {
            assert_eq!(LogSettings::parse(wrong), None, "{wrong}");
        }
    }
}
