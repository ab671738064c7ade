//! Where mail goes: to an SMTP server or, without one, into a folder.

mod folder;
mod message;
mod smtp;

pub use folder::Outbox;
pub use smtp::{Smtp, SmtpServer};

use crate::Problem;
use domain::ports::Mailer;
use lettre::message::Mailbox;
use std::{path::Path, sync::Arc};

/// What the settings say about mail.
#[derive(Clone)]
pub struct MailSettings {
    /// Who it comes from.
    pub from: Mailbox,
    /// None: it goes to [`Outbox`].
    pub server: Option<SmtpServer>,
}

impl MailSettings {
    /// The way out. Nothing is sent yet, and no server is asked.
    pub fn open(&self, data_folder: &Path) -> Result<Arc<dyn Mailer>, Problem> {
        Ok(match &self.server {
            Some(server) => Arc::new(Smtp::open(server, self.from.clone())?),
            None => Arc::new(Outbox::open(data_folder, self.from.clone())?),
        })
    }

    /// Where mail goes, in a few words.
    pub fn said(&self, data_folder: &Path) -> String {
        match &self.server {
            Some(server) => format!("by SMTP through {server}"),
            None => {
                let folder = Outbox::folder(data_folder);
                format!("no SMTP server is set: kept in {}", folder.display())
            }
        }
    }
}

/// A link as long as ours are.
#[cfg(test)]
const LINK: &str = "https://probity.example.com/reset/t0k3n-of-43-characters-t0k3n-of-43-characte";

/// A letter with a link in it, to somebody of this name.
#[cfg(test)]
fn letter(name: &str) -> domain::mail::Mail {
    domain::mail::Mail {
        id: uuid::Uuid::from_u128(7),
        at: time::macros::datetime!(2026-11-22 08:05 UTC),
        to: "ada@example.com".to_owned(),
        to_name: name.to_owned(),
        subject: "Choose a new password".to_owned(),
        text: format!("Hello\n\n{LINK}\n").into(),
        html: "<p>Hello</p>\n".into(),
    }
}
