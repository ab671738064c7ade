//! Mail through an SMTP server.

use super::message::message;
use crate::{Problem, config::is_this_machine};
use domain::{
    mail::{Mail, MailError},
    ports::Mailer,
};
use futures::future::BoxFuture;
use http::Uri;
use lettre::{
    AsyncSmtpTransport, AsyncTransport, Tokio1Executor,
    message::Mailbox,
    transport::smtp::{
        self,
        authentication::Credentials,
        extension::ClientId,
        response::{Category, Severity},
    },
};
use percent_encoding::percent_decode_str;
use std::{error::Error, fmt, time::Duration};

/// How long a server may take over one answer.
const PATIENCE: Duration = Duration::from_secs(15);
/// RFC 8314 and RFC 6409.
const SUBMISSIONS: u16 = 465;
const SUBMISSION: u16 = 587;

type Transport = AsyncSmtpTransport<Tokio1Executor>;

/// Which server, and how to sign in there. Shown without user name and password.
#[derive(Clone)]
pub struct SmtpServer {
    host: String,
    port: u16,
    safety: Safety,
    credentials: Option<Credentials>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Safety {
    /// TLS from the first byte.
    Tls,
    /// STARTTLS; a server that has none gets nothing.
    StartTls,
    /// None, on this machine only.
    SameMachine,
}

impl SmtpServer {
    /// Reads `smtps://user:password@host:465` or `smtp://host:587`; nothing when it is neither.
    /// Special characters in user name and password are written as in any URL (`%40` for `@`).
    pub fn parse(text: &str) -> Option<Self> {
        let uri: Uri = text.parse().ok().filter(|_| !text.contains('#'))?;
        if !matches!(uri.path(), "" | "/") || uri.query().is_some() {
            return None;
        }
        let host = uri.host()?.trim_matches(['[', ']']).to_owned();
        let (safety, usual) = match uri.scheme_str()? {
            "smtps" => (Safety::Tls, SUBMISSIONS),
            "smtp" if is_this_machine(&host) => (Safety::SameMachine, SUBMISSION),
            "smtp" => (Safety::StartTls, SUBMISSION),
            _ => return None,
        };
        let authority = uri.authority()?.as_str();
        let credentials = match authority.rsplit_once('@') {
            Some((who, _)) => Some(credentials(who)?),
            None => None,
        };
        let port = uri.port_u16().unwrap_or(usual);
        (!host.is_empty()).then_some(Self { host, port, safety, credentials })
    }

    /// Whether it is this machine's own.
    pub fn is_local(&self) -> bool {
        is_this_machine(&self.host)
    }
}

impl fmt::Display for SmtpServer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}:{}", self.host, self.port)
    }
}

fn credentials(who: &str) -> Option<Credentials> {
    let (user, password) = who.split_once(':')?;
    let plain = |text| Some(percent_decode_str(text).decode_utf8().ok()?.into_owned());
    Some(Credentials::new(plain(user)?, plain(password)?))
}

/// A way to the server; each letter has a connection of its own.
pub struct Smtp {
    transport: Transport,
    from: Mailbox,
}

impl Smtp {
    /// Prepares the way; the server is not asked yet.
    pub fn open(server: &SmtpServer, from: Mailbox) -> Result<Self, Problem> {
        let transport = transport(server, &from).map_err(|error| {
            Problem::say(format!("Mail cannot be sent safely from this machine: {error}."))
        })?;
        Ok(Self { transport, from })
    }

    /// Whether the server answers and lets us in.
    pub async fn check(&self) -> Result<(), MailError> {
        match self.transport.test_connection().await {
            Ok(true) => Ok(()),
            Ok(false) => Err(MailError::temporary("The mail server ended the connection.")),
            Err(error) => Err(refused(&error)),
        }
    }
}

impl Mailer for Smtp {
    fn send<'a>(&'a self, mail: &'a Mail) -> BoxFuture<'a, Result<(), MailError>> {
        Box::pin(async move {
            let message = message(mail, &self.from)?;
            let sent = self.transport.send(message).await;
            sent.map(drop).map_err(|error| refused(&error))
        })
    }

    fn leaves(&self) -> bool {
        true
    }
}

fn transport(server: &SmtpServer, from: &Mailbox) -> Result<Transport, smtp::Error> {
    let builder = match server.safety {
        Safety::Tls => Transport::relay(&server.host)?,
        Safety::StartTls => Transport::starttls_relay(&server.host)?,
        Safety::SameMachine => Transport::builder_dangerous(&server.host),
    };
    let builder = builder
        .port(server.port)
        .timeout(Some(PATIENCE))
        .hello_name(ClientId::Domain(from.email.domain().to_owned()));
    Ok(match server.credentials.clone() {
        Some(credentials) => builder.credentials(credentials).build(),
        None => builder.build(),
    })
}

/// Only codes are repeated, never a server's text: it may quote the address and the letter.
fn refused(error: &smtp::Error) -> MailError {
    let Some(code) = error.status() else {
        return MailError::temporary(match error.is_response() {
            true => "The mail server's answer cannot be understood.".to_owned(),
            false => format!("The mail server cannot be used: {error}."),
        });
    };
    let about_us = matches!(code.to_string().as_str(), "530" | "534" | "535" | "538");
    let means = if about_us { ": it refused the user name or password" } else { "" };
    let said = format!("The mail server answered {code}{}{means}.", enhanced(error));
    let about_the_letter = code.severity == Severity::PermanentNegativeCompletion
        && code.category == Category::MailSystem;
    if about_the_letter { MailError::permanent(said) } else { MailError::temporary(said) }
}

/// The code of RFC 3463 that the answer may begin with, such as ` 5.1.1`.
fn enhanced(error: &smtp::Error) -> String {
    let text = error.source().map(ToString::to_string).unwrap_or_default();
    let first = text.split_whitespace().next().unwrap_or_default();
    let numbers: Vec<&str> = first.split('.').collect();
    let digits = |part: &&str| (1..=3).contains(&part.len()) && part.parse::<u16>().is_ok();
    match numbers.len() == 3 && numbers.iter().all(digits) {
        true => format!(" {first}"),
        false => String::new(),
    }
}

#[cfg(test)]
mod tests;
