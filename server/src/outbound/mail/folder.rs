//! Mail without a server: each letter a file in `outbox`, for the operator to read.

use super::message::message;
use domain::{
    mail::{Mail, MailError},
    ports::Mailer,
};
use futures::future::BoxFuture;
use lettre::message::Mailbox;
use std::{
    fs::{self, DirBuilder, File, OpenOptions, Permissions},
    io::{self, Write},
    os::unix::fs::{DirBuilderExt, OpenOptionsExt, PermissionsExt},
    path::{Path, PathBuf},
};
use time::macros::format_description;

/// The folder `outbox` in the data folder. Only its owner may look inside: there are links in it
/// that open accounts.
pub struct Outbox {
    folder: PathBuf,
    from: Mailbox,
}

impl Outbox {
    /// Makes the folder if need be.
    pub fn open(data_folder: &Path, from: Mailbox) -> io::Result<Self> {
        let folder = Self::folder(data_folder);
        prepare(&folder)?;
        Ok(Self { folder, from })
    }

    /// Where it is.
    pub fn folder(data_folder: &Path) -> PathBuf {
        data_folder.join("outbox")
    }
}

impl Mailer for Outbox {
    fn send<'a>(&'a self, mail: &'a Mail) -> BoxFuture<'a, Result<(), MailError>> {
        Box::pin(async move {
            let bytes = message(mail, &self.from)?.formatted();
            let (folder, name) = (self.folder.clone(), file_name(mail));
            let written = tokio::task::spawn_blocking(move || write(&folder, &name, &bytes)).await;
            let written = written.unwrap_or_else(|lost| Err(io::Error::other(lost)));
            written.map_err(|error| {
                MailError::temporary(format!("The folder outbox cannot be written: {error}."))
            })
        })
    }

    fn leaves(&self) -> bool {
        false
    }
}

/// In the order of time; the same letter sent again is the same file.
fn file_name(mail: &Mail) -> String {
    let form = format_description!("[year][month][day]T[hour][minute][second]Z");
    let at = mail.at.to_offset(time::UtcOffset::UTC);
    let at = at.format(form).expect("every date has these parts");
    format!("{at}-{}.eml", mail.id)
}

fn prepare(folder: &Path) -> io::Result<()> {
    if !folder.exists() {
        DirBuilder::new().mode(0o700).create(folder)?;
    }
    fs::set_permissions(folder, Permissions::from_mode(0o700))
}

/// Whole, or not there: who watches the folder never reads half a letter.
fn write(folder: &Path, name: &str, bytes: &[u8]) -> io::Result<()> {
    prepare(folder)?;
    let unfinished = folder.join(format!(".{name}.new"));
    let mut open = OpenOptions::new();
    let mut file = open.write(true).create(true).truncate(true).mode(0o600).open(&unfinished)?;
    file.write_all(bytes)?;
    file.sync_all()?;
    fs::rename(&unfinished, folder.join(name))?;
    File::open(folder)?.sync_all()
}

#[cfg(test)]
mod tests;
