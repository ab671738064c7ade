//! A browser without JavaScript, as small as can be: cookies, forms, and what was answered.

use crate::program::Program;
use std::{
    collections::BTreeMap,
    fmt::Write as _,
    io::{Read, Write},
    net::TcpStream,
    time::Duration,
};

/// What was answered.
#[derive(Debug)]
pub(crate) struct Answer {
    pub(crate) status: u16,
    /// Names in lower case.
    pub(crate) head: Vec<(String, String)>,
    pub(crate) body: String,
}

impl Answer {
    fn parse(text: &str) -> Self {
        let (head, body) = text.split_once("\r\n\r\n").expect("a head and a body");
        let mut lines = head.lines();
        let status = lines.next().and_then(|line| line.split(' ').nth(1));
        let pair = |line: &str| {
            let (name, value) = line.split_once(": ").expect("a header");
            (name.to_lowercase(), value.to_owned())
        };
        Self {
            status: status.expect("a status").parse().expect("a number"),
            head: lines.map(pair).collect(),
            body: body.to_owned(),
        }
    }

    /// The first header of this name; empty when there is none.
    pub(crate) fn header(&self, name: &str) -> &str {
        self.all(name).next().unwrap_or_default()
    }

    pub(crate) fn all(&self, name: &str) -> impl Iterator<Item = &str> {
        self.head.iter().filter(move |(found, _)| found == name).map(|(_, value)| value.as_str())
    }
}

/// Sends one request as it is written here.
pub(crate) fn send(program: &Program, request: &str) -> Answer {
    let mut stream = TcpStream::connect(&program.address).expect("somebody listens");
    stream.set_read_timeout(Some(Duration::from_secs(40))).expect("a timeout can be set");
    stream.write_all(request.as_bytes()).expect("it takes the request");
    let mut answer = Vec::new();
    stream.read_to_end(&mut answer).expect("it answers");
    Answer::parse(&String::from_utf8(answer).expect("UTF-8"))
}

pub(crate) type Cookies = BTreeMap<String, String>;

/// Somebody with cookies.
pub(crate) struct Visitor<'a> {
    pub(crate) program: &'a Program,
    pub(crate) cookies: Cookies,
    /// Headers sent with everything, e.g. `User-Agent: x`.
    pub(crate) always: Vec<String>,
}

impl<'a> Visitor<'a> {
    /// A browser.
    pub(crate) fn new(program: &'a Program) -> Self {
        Self { program, cookies: Cookies::new(), always: vec!["User-Agent: test".to_owned()] }
    }

    pub(crate) fn get(&mut self, path: &str) -> Answer {
        self.send("GET", path, "text/html", None)
    }

    /// Posts a form with plain fields, from a page of this site.
    pub(crate) fn post(&mut self, path: &str, fields: &[(&str, &str)]) -> Answer {
        self.send("POST", path, "text/html", Some(&encode(fields)))
    }

    /// Asks a server function as an island does.
    pub(crate) fn ask(&mut self, path: &str, fields: &[(&str, &str)]) -> Answer {
        self.send("POST", path, "application/json", Some(&encode(fields)))
    }

    fn send(&mut self, method: &str, path: &str, accepts: &str, form: Option<&str>) -> Answer {
        let address = &self.program.address;
        let mut request = format!("{method} {path} HTTP/1.1\r\nHost: {address}\r\n");
        let mut line = |text: &str| write!(request, "{text}\r\n").expect("a string takes it");
        line("Connection: close");
        line(&format!("Accept: {accepts}"));
        self.always.iter().for_each(|header| line(header));
        if !self.cookies.is_empty() {
            let pairs: Vec<_> = self.cookies.iter().map(|(n, v)| format!("{n}={v}")).collect();
            line(&format!("Cookie: {}", pairs.join("; ")));
        }
        if let Some(form) = form {
            line("Sec-Fetch-Site: same-origin");
            line("Content-Type: application/x-www-form-urlencoded");
            line(&format!("Content-Length: {}", form.len()));
        }
        let answer = send(self.program, &format!("{request}\r\n{}", form.unwrap_or_default()));
        self.keep(&answer);
        answer
    }

    /// Keeps and forgets cookies as told.
    fn keep(&mut self, answer: &Answer) {
        for cookie in answer.all("set-cookie") {
            let pair = cookie.split(';').next().and_then(|pair| pair.split_once('='));
            let (name, value) = pair.expect("a cookie has a name and a value");
            if cookie.contains("Max-Age=0") {
                self.cookies.remove(name);
            } else {
                self.cookies.insert(name.to_owned(), value.to_owned());
            }
        }
    }
}

fn encode(fields: &[(&str, &str)]) -> String {
    let pairs = fields.iter().map(|(name, value)| format!("{name}={}", percent(value)));
    pairs.collect::<Vec<_>>().join("&")
}

fn percent(text: &str) -> String {
    text.bytes().fold(String::new(), |mut encoded, byte| {
        match byte {
            b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' => encoded.push(char::from(byte)),
            _ => write!(encoded, "%{byte:02X}").expect("a string takes it"),
        }
        encoded
    })
}
