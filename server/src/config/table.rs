//! The one table of settings.

use std::fmt;

macro_rules! settings {
    ($(
        $variant:ident = $name:literal, $kind:ident $default:literal,
        $write:literal, $means:literal;
    )*) => {
        /// Something an operator may decide.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
        pub enum Setting {
            $(#[doc = $means] $variant,)*
        }

        impl Setting {
            /// Every setting, in the order of the documentation.
            pub const ALL: &[Self] = &[$(Self::$variant,)*];

            /// Its row of the table.
            pub const fn row(self) -> Row {
                match self {
                    $(Self::$variant => Row {
                        variable: concat!("PROBITY_", $name),
                        is_secret: matches!(Kind::$kind, Kind::Secret),
                        default: $default,
                        write: $write,
                        means: $means,
                    },)*
                }
            }
        }
    };
}

/// What there is to know about a setting.
#[derive(Debug, Clone, Copy)]
pub struct Row {
    /// The variable's name. A secret's can have `_FILE` behind it.
    pub variable: &'static str,
    /// Never shown, never a flag: flags can be seen by everybody on the machine.
    pub is_secret: bool,
    /// Empty: none.
    pub default: &'static str,
    /// What to write, with an example: the end of a sentence.
    pub write: &'static str,
    /// What it decides: a sentence.
    pub means: &'static str,
}

enum Kind {
    Plain,
    Secret,
}

settings! {
    Listen = "LISTEN", Plain "127.0.0.1:3000",
        "an address and a port, e.g. 0.0.0.0:3000",
        "Where the program answers.";
    PublicUrl = "PUBLIC_URL", Plain "",
        "the address people type, with https unless it is this machine's own, \
         e.g. https://probity.example.com",
        "The address of this Probity in links, cookies and cross-site checks. Without it: the \
         address it listens on, if only this machine can reach that.";
    TrustedProxies = "TRUSTED_PROXIES", Plain "",
        "networks with commas between them, e.g. 10.0.0.0/8, 127.0.0.1/32",
        "Reverse proxies whose X-Forwarded-For is believed. Nobody else's is.";
    Signup = "SIGNUP", Plain "invitation",
        "open or invitation",
        "Who may make an account: anybody, or only who was invited.";
    SessionIdle = "SESSION_IDLE", Plain "24h",
        "a number and s, m, h or d, from 1m to 90d, e.g. 12h",
        "How long a session lasts without being used.";
    SessionLifetime = "SESSION_LIFETIME", Plain "7d",
        "a number and s, m, h or d, from 1m to 90d, e.g. 7d",
        "How long a session lasts in any case.";
    TeamDeletionDays = "TEAM_DELETION_DAYS", Plain "7",
        "whole days from 0 to 30, e.g. 7",
        "How long the deletion of a team can be undone once it is confirmed.";
    DataDir = "DATA_DIR", Plain "./data",
        "a folder, e.g. /var/lib/probity",
        "The folder of everything that must be kept: database, keyring, master key.";
    PostgresBin = "POSTGRES_BIN", Plain "",
        "the folder that holds `postgres` and `initdb`, e.g. /usr/lib/postgresql/15/bin",
        "Which PostgreSQL the private cluster uses. Without it: the newest that is found.";
    DatabaseUrl = "DATABASE_URL", Secret "",
        "postgres://probity_app:password@host/database",
        "Another PostgreSQL server instead of the private one, as the role for requests.";
    JobDatabaseUrl = "JOB_DATABASE_URL", Secret "",
        "postgres://probity_job:password@host/database",
        "The same server, as the role for background work.";
    OwnerDatabaseUrl = "OWNER_DATABASE_URL", Secret "",
        "postgres://postgres:password@host/database",
        "The same server, as a superuser: for `probity migrate` only; `serve` does not want it.";
    MasterKey = "MASTER_KEY", Secret "",
        "64 hexadecimal digits, e.g. from `openssl rand -hex 32`",
        "The key that wraps every other key. Without it: `master.key` in the data folder, made on \
         the first start. Who loses it loses every sealed value.";
    NextMasterKey = "NEXT_MASTER_KEY", Secret "",
        "64 hexadecimal digits, e.g. from `openssl rand -hex 32`",
        "What `probity keyring rotate` wraps every other key with, for a master key that is set. One in the \
         data folder needs none.";
    Log = "LOG", Plain "human,info",
        "human or json, then a level (error, warn, info, debug, trace), e.g. json,info; \
         single parts as in info,sqlx=debug",
        "How the log on standard error looks, and how much it says.";
    SiteDir = "SITE_DIR", Plain "",
        "the folder with the built browser files",
        "Where the browser side lies. Without it: `site` beside the program, or beside the folder \
         the program is in.";
    SmtpUrl = "SMTP_URL", Secret "",
        "smtps://user:password@host:465, or smtp://user:password@host:587 for a server with \
         STARTTLS (required unless it is this machine's own)",
        "The server that mail goes through. Without it: mail is kept in `outbox` in the data \
         folder.";
    MailFrom = "MAIL_FROM", Plain "Probity <probity@localhost>",
        "a name and an address, e.g. Probity <probity@example.com>",
        "Who mail comes from. To be set together with a server that is not this machine's own.";
    GeoipFile = "GEOIP_FILE", Plain "",
        "the path of a country or city database in MaxMind's format (.mmdb)",
        "Tells the country of an address in lists of sessions and records. Read at start. Without \
         it: every place is unknown, and nothing else changes.";
    CheckpointMail = "CHECKPOINT_MAIL", Plain "",
        "a mail address outside this machine, e.g. auditor@example.org",
        "Gets, each hour, what was signed about audit logs. Without it: nobody is written to.";
    CheckpointUrl = "CHECKPOINT_URL", Plain "",
        "an address, e.g. https://witness.example.org/checkpoints",
        "Gets the same by POST, a line for each checkpoint. Without it: nobody is asked.";
    StreamDir = "STREAM_DIR", Plain "",
        "a folder, e.g. /var/log/probity",
        "Below it teams can stream their audit logs into files. Without it: that is not offered.";
    OutboundAllow = "OUTBOUND_ALLOW", Plain "",
        "networks with commas between them, e.g. 10.20.0.0/16",
        "Networks besides the public ones that streams of audit logs may reach, also without TLS. \
         Every team can then send requests there.";
    Region = "REGION", Plain "",
        "a place in words, e.g. Frankfurt, Germany",
        "Where the machines of this Probity stand, for owners who ask where their data lives. Without \
         it: the page says that nobody has said.";
}

/// Variables that only tests and `./dev` read: allowed, and of no effect here.
pub(super) const TEST_ONLY: &[&str] =
    &["PROBITY_TEST_DATABASE_URL", "PROBITY_CHROMIUM", "PROBITY_PROGRAM"];

impl Setting {
    /// Its flag, without the dashes: `data-dir`; a secret's names a file: `database-url-file`.
    pub fn flag(self) -> String {
        let row = self.row();
        let name = row.variable["PROBITY_".len()..].to_lowercase().replace('_', "-");
        if row.is_secret { format!("{name}-file") } else { name }
    }
}

impl fmt::Display for Setting {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.row().variable)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_variable_and_every_flag_is_used_once() {
        for (i, a) in Setting::ALL.iter().enumerate() {
            for b in &Setting::ALL[i + 1..] {
                assert_ne!(a.row().variable, b.row().variable);
                assert_ne!(a.flag(), b.flag());
            }
        }
    }

    #[test]
    fn a_secret_has_no_default_and_its_flag_names_a_file() {
        for setting in Setting::ALL.iter().filter(|setting| setting.row().is_secret) {
            assert_eq!(setting.row().default, "");
            assert!(setting.flag().ends_with("-file"));
        }
    }

    #[test]
    fn every_meaning_is_a_sentence_and_every_advice_its_end() {
        for setting in Setting::ALL {
            assert!(setting.row().means.ends_with('.'), "{setting}");
            assert!(!setting.row().write.ends_with('.'), "{setting}");
        }
    }
}
