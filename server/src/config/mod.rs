//! Settings: by flag, by environment, or by default; read once, refused when wrong.
//!
//! **To add a setting**: one row in [`Setting`], one field in [`Settings`], one line in
//! [`Settings::read`]. Flags, `--help`, `.env.example` and `docs/settings.md` follow from the row;
//! a variable that has none is refused.

mod docs;
mod reader;
mod source;
mod table;
mod value;

pub use docs::{env_example, markdown};
pub use source::{Source, flags};
pub use table::Setting;
pub(crate) use value::is_this_machine;

use crate::{
    http::PublicUrl,
    outbound::{mail::MailSettings, stream::StreamSettings, witness::WitnessSettings},
    places::PlacesFile,
    telemetry::LogSettings,
};
use domain::{Lifetimes, Signup};
use ipnet::IpNet;
use reader::Reader;
use secrecy::SecretString;
use sqlx::postgres::PgConnectOptions;
use std::{net::SocketAddr, path::PathBuf, sync::Arc};

/// Everything an operator may decide, in types.
#[derive(Clone)]
pub struct Settings {
    pub listen: SocketAddr,
    /// None: the address it listens on, which is then this machine's own.
    pub public_url: Option<PublicUrl>,
    pub trusted_proxies: Vec<IpNet>,
    pub signup: Signup,
    /// Days in which the deletion of a team can be undone.
    pub deletion_days: i32,
    pub sessions: Lifetimes,
    pub data_folder: PathBuf,
    pub database: DatabaseSettings,
    /// None: the file in the data folder.
    pub master_key: Option<SecretString>,
    pub next_master_key: Option<SecretString>,
    /// None: where the build put it, see [`Setting::SiteDir`].
    pub site_folder: Option<PathBuf>,
    pub log: LogSettings,
    pub mail: MailSettings,
    /// None: every place is unknown.
    pub places: Option<Arc<PlacesFile>>,
    pub streams: StreamSettings,
    pub witnesses: WitnessSettings,
    /// Where the machines stand, in words.
    pub region: Option<String>,
}

/// Which PostgreSQL is used.
#[derive(Clone)]
pub enum DatabaseSettings {
    /// A private cluster in the data folder.
    Embedded { binaries: Option<PathBuf> },
    /// Another server.
    External(Box<Logins>),
}

/// Who signs in to another server.
#[derive(Clone)]
pub struct Logins {
    pub app: Login,
    pub job: Login,
    /// Only `migrate` needs it.
    pub owner: Option<Login>,
}

/// How to sign in to another server.
#[derive(Clone)]
pub struct Login {
    pub options: PgConnectOptions,
    /// Kept beside, because the options do not give it back; `migrate` sets it for the role.
    pub password: Option<SecretString>,
}

/// Every wrong setting, each a sentence.
#[derive(Debug, PartialEq, Eq, thiserror::Error)]
#[error("{}", .0.join("\n"))]
pub struct Wrong(pub Vec<String>);

impl Settings {
    /// Reads and checks all settings, and reports everything wrong at once.
    pub fn read(source: &Source) -> Result<Self, Wrong> {
        let mut read = Reader::new(source);
        let listen = read.required(Setting::Listen, value::address);
        let settings = Self {
            listen,
            public_url: public_url(&mut read, listen),
            trusted_proxies: read.required(Setting::TrustedProxies, value::networks),
            signup: read.required(Setting::Signup, value::signup),
            deletion_days: read.required(Setting::TeamDeletionDays, value::deletion_days),
            sessions: sessions(&mut read),
            data_folder: read.required(Setting::DataDir, value::path),
            database: database(&mut read),
            master_key: read.secret(Setting::MasterKey, value::master_key),
            next_master_key: read.secret(Setting::NextMasterKey, value::master_key),
            site_folder: read.optional(Setting::SiteDir, value::path),
            log: read.required(Setting::Log, LogSettings::parse),
            mail: mail(&mut read),
            places: places(&mut read),
            witnesses: WitnessSettings {
                mail: read.optional(Setting::CheckpointMail, value::mailbox),
                address: read.optional(Setting::CheckpointUrl, value::url),
            },
            region: read.optional(Setting::Region, value::words),
            streams: StreamSettings {
                folder: read.optional(Setting::StreamDir, value::path),
                allowed: read.required(Setting::OutboundAllow, value::networks),
            },
        };
        read.finish(settings)
    }

    /// Where links begin that people get by mail.
    pub fn links_begin(&self) -> String {
        match &self.public_url {
            Some(url) => url.to_string(),
            None => format!("http://{}", self.listen),
        }
    }
}

/// Without a public URL, people type the address it listens on: fine on this machine only.
fn public_url(read: &mut Reader, listen: SocketAddr) -> Option<PublicUrl> {
    if !read.is_set(Setting::PublicUrl) && !listen.ip().is_loopback() {
        read.wrong(format!(
            "PROBITY_PUBLIC_URL is not set, and other machines can reach PROBITY_LISTEN \
             ({listen}): write {}.",
            Setting::PublicUrl.row().write,
        ));
    }
    read.optional(Setting::PublicUrl, value::public_url)
}

fn sessions(read: &mut Reader) -> Lifetimes {
    let idle = read.required(Setting::SessionIdle, value::duration);
    let absolute = read.required(Setting::SessionLifetime, value::duration);
    if idle > absolute {
        read.wrong(
            "PROBITY_SESSION_IDLE is longer than PROBITY_SESSION_LIFETIME: write the same or less."
                .into(),
        );
    }
    Lifetimes { idle, absolute }
}

/// Opened here, so that a wrong file is noticed like any other wrong setting.
fn places(read: &mut Reader) -> Option<Arc<PlacesFile>> {
    let path = read.optional(Setting::GeoipFile, value::path)?;
    match PlacesFile::open(&path) {
        Ok(file) => Some(Arc::new(file)),
        Err(why) => {
            let (setting, path) = (Setting::GeoipFile, path.display());
            let write = setting.row().write;
            read.wrong(format!(
                "{setting} is \"{path}\", which cannot be used ({why}): write {write}, or \
                 nothing."
            ));
            None
        }
    }
}

fn database(read: &mut Reader) -> DatabaseSettings {
    let app = read.secret(Setting::DatabaseUrl, value::database);
    let job = read.secret(Setting::JobDatabaseUrl, value::database);
    let owner = read.secret(Setting::OwnerDatabaseUrl, value::database);
    let binaries = read.optional(Setting::PostgresBin, value::path);
    match (app, job) {
        (Some(app), Some(job)) => DatabaseSettings::External(Box::new(Logins { app, job, owner })),
        (None, None) => DatabaseSettings::Embedded { binaries },
        (one, _) => {
            let (set, missing) = match one {
                Some(_) => (Setting::DatabaseUrl, Setting::JobDatabaseUrl),
                None => (Setting::JobDatabaseUrl, Setting::DatabaseUrl),
            };
            if !read.is_set(missing) {
                let write = missing.row().write;
                read.wrong(format!("{set} is set and {missing} is not: write {write}."));
            }
            DatabaseSettings::Embedded { binaries }
        }
    }
}

/// Other servers take mail only from a sender that they could answer.
fn mail(read: &mut Reader) -> MailSettings {
    let server = read.secret(Setting::SmtpUrl, value::smtp);
    let goes_far = server.as_ref().is_some_and(|server| !server.is_local());
    if goes_far && !read.is_set(Setting::MailFrom) {
        let write = Setting::MailFrom.row().write;
        read.wrong(format!("PROBITY_SMTP_URL is set and PROBITY_MAIL_FROM is not: write {write}."));
    }
    MailSettings { from: read.required(Setting::MailFrom, value::mailbox), server }
}

#[cfg(test)]
mod tests;
