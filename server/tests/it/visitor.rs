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

/// Sends one request to a program that may be gone before it has answered.
fn send_at_risk(program: &Program, request: &str) -> Vec<u8> {
    let mut answer = Vec::new();
    let mut stream = TcpStream::connect(&program.address).expect("somebody listens");
    stream.set_read_timeout(Some(Duration::from_secs(40))).expect("a timeout can be set");
    drop(stream.write_all(request.as_bytes()).and_then(|()| stream.read_to_end(&mut answer)));
    answer
}

/// A body without the lengths of its parts, if it has them.
fn unchunked(head: &[u8], mut body: &[u8]) -> Vec<u8> {
    let head = String::from_utf8_lossy(head).to_lowercase();
    if !head.contains("transfer-encoding: chunked") {
        return body.to_vec();
    }
    let mut whole = Vec::new();
    while let Some(end) = body.windows(2).position(|bytes| bytes == b"\r\n") {
        let length = str::from_utf8(&body[..end]).ok();
        let length = length.and_then(|digits| usize::from_str_radix(digits, 16).ok()).unwrap_or(0);
        let from = end + 2;
        whole.extend_from_slice(&body[from..body.len().min(from + length)]);
        body = body.get(from + length + 2..).unwrap_or_default();
    }
    whole
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
        let answer = send(self.program, &self.request(method, path, accepts, form));
        self.keep(&answer);
        answer
    }

    /// Asks a server function of a program that may die of it; what was answered until then.
    pub(crate) fn ask_at_risk(&self, path: &str, fields: &[(&str, &str)]) -> Vec<u8> {
        let form = encode(fields);
        send_at_risk(self.program, &self.request("POST", path, "application/json", Some(&form)))
    }

    /// What lies at this path, as far as it came.
    pub(crate) fn fetch(&self, path: &str) -> Vec<u8> {
        let answer = send_at_risk(self.program, &self.request("GET", path, "text/html", None));
        let head = answer.windows(4).position(|bytes| bytes == b"\r\n\r\n");
        head.map_or_else(Vec::new, |at| unchunked(&answer[..at], &answer[at + 4..]))
    }

    fn request(&self, method: &str, path: &str, accepts: &str, form: Option<&str>) -> String {
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
        format!("{request}\r\n{}", form.unwrap_or_default())
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
