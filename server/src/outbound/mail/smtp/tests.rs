//! Against a small server on this machine that says what it is told to.

use super::*;
use crate::outbound::mail::{MailSettings, letter};
use domain::mail::MailErrorKind;
use std::{
    net::SocketAddr,
    path::Path,
    sync::{Arc, Mutex},
};
use tokio::{
    io::{AsyncBufReadExt, AsyncWriteExt, BufReader},
    net::{TcpListener, TcpStream},
};

/// A mail server that answers RCPT as told, and remembers all that it hears.
struct Server {
    address: SocketAddr,
    heard: Arc<Mutex<Vec<String>>>,
}

impl Server {
    async fn start(to_rcpt: &'static str) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.expect("a free port");
        let address = listener.local_addr().expect("bound");
        let heard: Arc<Mutex<Vec<String>>> = Arc::default();
        let remembers = Arc::clone(&heard);
        tokio::spawn(async move {
            while let Ok((stream, _)) = listener.accept().await {
                tokio::spawn(talk(stream, to_rcpt, Arc::clone(&remembers)));
            }
        });
        Self { address, heard }
    }

    fn smtp(&self, scheme: &str, who: &str) -> Smtp {
        let url = format!("{scheme}://{who}{}", self.address);
        let server = SmtpServer::parse(&url).expect("a server");
        Smtp::open(&server, from()).unwrap_or_else(|problem| panic!("{problem}"))
    }

    fn heard(&self) -> Vec<String> {
        self.heard.lock().expect("nobody panicked").clone()
    }
}

async fn talk(stream: TcpStream, to_rcpt: &str, heard: Arc<Mutex<Vec<String>>>) {
    let (read, mut write) = stream.into_split();
    let mut lines = BufReader::new(read).lines();
    let mut in_letter = false;
    let mut answer = "220 test";
    loop {
        if !answer.is_empty() && write.write_all(format!("{answer}\r\n").as_bytes()).await.is_err()
        {
            return;
        }
        let Ok(Some(line)) = lines.next_line().await else { return };
        let verb = line.split(' ').next().unwrap_or_default().to_owned();
        heard.lock().expect("nobody panicked").push(line);
        answer = match verb.as_str() {
            "." => "250 taken",
            _ if in_letter => "",
            "EHLO" => "250-test\r\n250 AUTH PLAIN",
            "AUTH" => "235 welcome",
            "RCPT" => to_rcpt,
            "DATA" => "354 go on",
            _ => "250 fine",
        };
        in_letter = (in_letter || verb == "DATA") && verb != ".";
    }
}

fn from() -> Mailbox {
    "Probity <probity@example.com>".parse().expect("an address")
}

#[tokio::test]
async fn a_letter_reaches_the_server_whole() {
    let server = Server::start("250 fine").await;
    let smtp = server.smtp("smtp", "");
    assert!(smtp.leaves());
    smtp.send(&letter("Ada")).await.expect("sent");
    let heard = server.heard();
    for expected in [
        "EHLO example.com",
        "MAIL FROM:<probity@example.com>",
        "RCPT TO:<ada@example.com>",
        "Subject: Choose a new password",
        "To: Ada <ada@example.com>",
        crate::outbound::mail::LINK,
        "<p>Hello</p>",
    ] {
        assert_eq!(heard.iter().filter(|line| *line == expected).count(), 1, "{expected}");
    }
    assert!(!heard.iter().any(|line| line.starts_with("AUTH")), "nobody was named");
}

#[tokio::test]
async fn it_signs_in_with_the_name_and_password_of_the_url() {
    let server = Server::start("250 fine").await;
    let smtp = server.smtp("smtp", "me%40example.com:p%3Aw@");
    smtp.send(&letter("Ada")).await.expect("sent");
    // RFC 4616: \0 me@example.com \0 p:w
    let expected = "AUTH PLAIN AG1lQGV4YW1wbGUuY29tAHA6dw==".to_owned();
    assert!(server.heard().contains(&expected), "{:?}", server.heard());
}

#[tokio::test]
async fn an_unknown_address_is_final_and_the_servers_words_are_not_repeated() {
    let server = Server::start("550 5.1.1 <ada@example.com> is unknown here").await;
    let error = server.smtp("smtp", "").send(&letter("Ada")).await.expect_err("refused");
    assert_eq!(error, MailError::permanent("The mail server answered 550 5.1.1."));
}

#[tokio::test]
async fn a_busy_server_and_a_wrong_password_are_tried_again() {
    for (answer, said) in [
        ("451 4.7.1 greylisted, come back", "The mail server answered 451 4.7.1."),
        ("421 too busy", "The mail server answered 421."),
        (
            "530 5.7.0 authentication required",
            "The mail server answered 530 5.7.0: it refused the user name or password.",
        ),
    ] {
        let server = Server::start(answer).await;
        let error = server.smtp("smtp", "").send(&letter("Ada")).await.expect_err("refused");
        assert_eq!(error, MailError::temporary(said));
    }
}

#[tokio::test]
async fn a_server_that_is_not_there_is_tried_again() {
    let server = SmtpServer::parse("smtp://127.0.0.1:1").expect("a server");
    let smtp = Smtp::open(&server, from()).unwrap_or_else(|problem| panic!("{problem}"));
    let error = smtp.send(&letter("Ada")).await.expect_err("refused");
    assert_eq!(error.kind, MailErrorKind::Temporary);
    assert!(error.said.starts_with("The mail server cannot be used: "), "{error}");
    assert!(smtp.check().await.is_err());
}

#[tokio::test]
async fn without_tls_nothing_is_said_to_a_server_elsewhere() {
    let server = Server::start("250 fine").await;
    let elsewhere = SmtpServer { safety: Safety::StartTls, ..local(&server) };
    let smtp = Smtp::open(&elsewhere, from()).unwrap_or_else(|problem| panic!("{problem}"));
    let error = smtp.send(&letter("Ada")).await.expect_err("refused");
    assert_eq!(error.kind, MailErrorKind::Temporary);
    let heard = server.heard();
    assert!(!heard.iter().any(|line| line.starts_with("MAIL")), "{heard:?}");
}

fn local(server: &Server) -> SmtpServer {
    SmtpServer::parse(&format!("smtp://{}", server.address)).expect("a server")
}

#[tokio::test]
async fn the_doctor_asks_without_sending() {
    let server = Server::start("250 fine").await;
    server.smtp("smtp", "").check().await.expect("it answers");
    assert!(!server.heard().iter().any(|line| line.starts_with("MAIL")));
}

#[test]
fn a_server_is_an_url_and_only_this_machine_may_do_without_tls() {
    let safety = |url| SmtpServer::parse(url).map(|it| (it.to_string(), it.safety));
    let found = |host: &str, safety| Some((host.to_owned(), safety));
    assert_eq!(safety("smtps://u:p@mail.no"), found("mail.no:465", Safety::Tls));
    assert_eq!(safety("smtps://127.0.0.1:4650"), found("127.0.0.1:4650", Safety::Tls));
    assert_eq!(safety("smtp://mail.no"), found("mail.no:587", Safety::StartTls));
    assert_eq!(safety("smtp://10.0.0.1:25/"), found("10.0.0.1:25", Safety::StartTls));
    assert_eq!(safety("smtp://localhost:25"), found("localhost:25", Safety::SameMachine));
    assert_eq!(safety("smtp://[::1]:25"), found("::1:25", Safety::SameMachine));
    for wrong in [
        "",
        "mail.no",
        "mail.no:25",
        "http://mail.no",
        "smtp://",
        "smtp://mail.no/x",
        "smtp://mail.no?tls=none",
        "smtp://user@mail.no",
        "smtp://user:pass#word@mail.no",
    ] {
        assert!(SmtpServer::parse(wrong).is_none(), "{wrong}");
    }
}

#[test]
fn where_mail_goes_is_said_without_the_password() {
    let server = SmtpServer::parse("smtps://me:hunter2@mail.no");
    let said = MailSettings { from: from(), server }.said(Path::new("/data"));
    assert_eq!(said, "by SMTP through mail.no:465");
    let said = MailSettings { from: from(), server: None }.said(Path::new("/data"));
    assert_eq!(said, "no SMTP server is set: kept in /data/outbox");
}
