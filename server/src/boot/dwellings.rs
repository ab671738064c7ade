//! Where a team's data lives, in words for its owners: as the settings say, and nothing that they do not.

use crate::config::{DatabaseSettings, Settings};
use model::data::Dwelling;

/// The places, in the order in which they are shown.
pub(super) fn dwellings(settings: &Settings) -> Vec<Dwelling> {
    let database = match settings.database {
        DatabaseSettings::Embedded { .. } => {
            "PostgreSQL on the machine that runs Probity, in Probity's data folder. Every row of the team \
             is there; secrets in it are hashes, or sealed."
        }
        DatabaseSettings::External(_) => {
            "A PostgreSQL server that whoever runs this Probity chose. Every row of the team is there; \
             secrets in it are hashes, or sealed."
        }
    };
    let master = match settings.master_key {
        Some(_) => "which is handed to Probity when it starts",
        None => "a file beside them",
    };
    let keyring = format!(
        "Files in Probity's data folder, outside of the database and its backups: the key that the team's \
         sealed values are sealed under, wrapped by the master key, {master}."
    );
    let mail = match settings.mail.server {
        Some(_) => "Letters leave through the mail server that whoever runs this Probity chose.",
        None => "Letters stay in a folder on the machine that runs Probity.",
    };
    let region = match &settings.region {
        Some(region) => format!("{region}, as whoever runs this Probity says."),
        None => {
            "Whoever runs this Probity has not said where its machines stand. Ask them.".to_owned()
        }
    };
    let row = |name: &str, said: &str| Dwelling { name: name.to_owned(), said: said.to_owned() };
    vec![
        row("Region", &region),
        row("Database", database),
        row("Keyring", &keyring),
        row(
            "Files",
            "Exports, in Probity's data folder, sealed under the team's key, for a day. Checkpoints of the \
             audit log, which hold hashes and no content.",
        ),
        row("Mail", mail),
        row(
            "Backups",
            "Probity makes none by itself. Whoever runs it may: ask them where these are and how long they \
             are kept.",
        ),
    ]
}
