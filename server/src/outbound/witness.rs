//! Who is told of checkpoints: a mailbox, and a program elsewhere.

use super::https::{Client, Reach};
use bytes::Bytes;
use domain::{
    mail::Mail,
    ports::{Mailer, Random, SystemRandom, Witness, new_id},
};
use futures::future::BoxFuture;
use http::{Request, header};
use http_body_util::Full;
use ipnet::IpNet;
use lettre::message::Mailbox;
use std::sync::Arc;
use time::OffsetDateTime;
use url::{Position, Url};

/// What the settings say about witnesses.
#[derive(Debug, Clone, Default)]
pub struct WitnessSettings {
    pub mail: Option<Mailbox>,
    pub address: Option<Url>,
}

impl WitnessSettings {
    /// Everybody who is told. Nothing is sent yet.
    pub fn open(&self, mailer: &Arc<dyn Mailer>, allowed: &[IpNet]) -> Vec<Arc<dyn Witness>> {
        let mut witnesses: Vec<Arc<dyn Witness>> = Vec::new();
        if let Some(to) = &self.mail {
            let (name, mailer) = (to.email.to_string(), Arc::clone(mailer));
            witnesses.push(Arc::new(Mailed { name, to: to.clone(), mailer }));
        }
        if let Some(url) = self.address.clone() {
            let name = url.host_str().unwrap_or_default().to_owned();
            let client = Client::open(Reach::with(allowed.to_owned()));
            witnesses.push(Arc::new(Posted { name, url, client }));
        }
        witnesses
    }
}

/// Past the database, where whoever owns it could take the letter away.
struct Mailed {
    name: String,
    to: Mailbox,
    mailer: Arc<dyn Mailer>,
}

impl Witness for Mailed {
    fn name(&self) -> &str {
        &self.name
    }

    fn tell<'a>(&'a self, at: OffsetDateTime, lines: &'a str) -> BoxFuture<'a, Result<(), String>> {
        Box::pin(async move {
            let about = "Keep this letter: each line below says, signed, how far an audit log \
                         reached.\nWith it, `probity audit verify` finds a log that was cut or \
                         written anew.";
            let random: &dyn Random = &SystemRandom;
            let mail = Mail {
                id: new_id(&domain::ports::SystemClock, random),
                at,
                to: self.to.email.to_string(),
                to_name: self.to.name.clone().unwrap_or_default(),
                subject: "Checkpoints of audit logs".to_owned(),
                text: format!("{about}\n\n{lines}").into(),
                html: format!("<p>{about}</p>\n<pre>{}</pre>\n", escaped(lines)).into(),
            };
            self.mailer.send(&mail).await.map_err(|error| error.to_string())
        })
    }
}

fn escaped(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;")
}

/// `POST` with a line for each checkpoint.
struct Posted {
    name: String,
    url: Url,
    client: Client,
}

impl Witness for Posted {
    fn name(&self) -> &str {
        &self.name
    }

    fn tell<'a>(
        &'a self,
        _at: OffsetDateTime,
        lines: &'a str,
    ) -> BoxFuture<'a, Result<(), String>> {
        Box::pin(async move {
            let url = &self.url;
            let request = Request::post(&url[Position::BeforePath..Position::AfterQuery])
                .header(header::HOST, &url[Position::BeforeHost..Position::AfterPort])
                .header(header::CONTENT_TYPE, "application/jsonl")
                .header(header::USER_AGENT, "Probity")
                .body(Full::new(Bytes::from(lines.to_owned())))
                .map_err(|error| error.to_string())?;
            let answer = self.client.send(url, request).await.map_err(|why| why.to_string())?;
            match answer.status.is_success() {
                true => Ok(()),
                false => Err(format!("It answers {}.", answer.status)),
            }
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::{
        io::{Read, Write},
        net::TcpListener,
        thread,
    };

    /// Answers once, and says what came.
    fn receiver(answer: &'static str) -> (String, thread::JoinHandle<String>) {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let address = format!("http://{}/in?from=probity", listener.local_addr().unwrap());
        let heard = thread::spawn(move || {
            let (mut stream, _) = listener.accept().unwrap();
            let (mut heard, mut piece) = (Vec::new(), [0; 4096]);
            while !heard.ends_with(b"line two\n") {
                let read = stream.read(&mut piece).unwrap();
                heard.extend_from_slice(&piece[..read]);
            }
            stream.write_all(answer.as_bytes()).unwrap();
            String::from_utf8(heard).unwrap()
        });
        (address, heard)
    }

    async fn told(answer: &'static str) -> (Result<(), String>, String) {
        let (address, heard) = receiver(answer);
        let settings = WitnessSettings { mail: None, address: Some(Url::parse(&address).unwrap()) };
        let mailer: Arc<dyn Mailer> = Arc::new(domain::ports::MuteMailer);
        let witnesses = settings.open(&mailer, &["127.0.0.0/8".parse().unwrap()]);
        let told = witnesses[0].tell(OffsetDateTime::UNIX_EPOCH, "line one\nline two\n").await;
        (told, heard.join().unwrap())
    }

    #[tokio::test]
    async fn a_program_elsewhere_gets_the_lines_and_says_that_it_has_them() {
        let (said, heard) = told("HTTP/1.1 204 No Content\r\n\r\n").await;
        assert_eq!(said, Ok(()));
        assert!(heard.starts_with("POST /in?from=probity HTTP/1.1\r\n"), "{heard}");
        assert!(heard.ends_with("\r\n\r\nline one\nline two\n"), "{heard}");
        let (said, _) = told("HTTP/1.1 503 Service Unavailable\r\ncontent-length: 0\r\n\r\n").await;
        assert_eq!(said, Err("It answers 503 Service Unavailable.".to_owned()));
    }
}
