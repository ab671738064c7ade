//! Turns a letter into plain text and HTML, both from the same words.

use super::{
    Letter,
    words::{Button, Words},
};
use secrecy::{ExposeSecret, SecretString};
use time::OffsetDateTime;

const HEAD: &str = include_str!("head.html");
const FOOT: &str = include_str!("foot.html");

const TITLE: &str = "<tr><td class=\"ink\" style=\"border-top:2px solid #131e2c;padding:14px 0 8px;\
                     font-size:20px;line-height:28px;font-weight:620;color:#131e2c\">";
const PARAGRAPH: &str = "<tr><td class=\"ink\" style=\"padding:8px 0;font-size:16px;\
                         line-height:24px;color:#131e2c\">";
const ACT: &str = "class=\"act\" style=\"display:inline-block;background:#131e2c;color:#fbfcfb;\
                   padding:12px 20px;border-radius:3px;font-size:16px;line-height:20px;\
                   font-weight:560;text-decoration:none\"";
const LINK: &str = "<tr><td class=\"soft\" style=\"padding:4px 0 20px;font-size:13px;\
                    line-height:20px;color:#5d6670;word-break:break-all;\
                    font-family:'Spline Sans Mono',monospace\">";
const CLOSE: &str = "<tr><td class=\"soft\" style=\"border-top:1px solid #d6dcd9;\
                     padding:12px 0;font-size:13px;line-height:20px;color:#5d6670\">";

/// RFC 5322, 2.1.1: lines should have at most 78 characters.
const COLUMNS: usize = 76;
/// Bytes of a paragraph that is broken into lines in HTML, too: RFC 5322, 2.1.1.
const LONG: usize = 600;

/// What both forms are made of, besides the letter.
pub(super) struct Reader<'a> {
    /// Who reads it.
    pub(super) name: &'a str,
    /// Where all links begin.
    pub(super) public_url: &'a str,
    pub(super) at: OffsetDateTime,
}

/// A letter in its two forms.
pub(super) struct Rendered {
    pub(super) subject: String,
    pub(super) text: SecretString,
    pub(super) html: SecretString,
}

/// Both forms of `letter` for this reader.
pub(super) fn render(letter: &Letter, reader: &Reader<'_>) -> Rendered {
    let Words { subject, paragraphs, button } = letter.words(reader.at);
    let mut said = vec![greeting(letter, reader.name)];
    said.extend(paragraphs.iter().map(|paragraph| one_line(paragraph)));
    let parts = Parts {
        subject: one_line(subject),
        said,
        button: button.as_ref().map(|button| (button, link(reader.public_url, button))),
        close: format!("Sent by the Probity at {}.", reader.public_url),
    };
    Rendered { text: parts.text().into(), html: parts.html().into(), subject: parts.subject }
}

struct Parts<'a> {
    subject: String,
    said: Vec<String>,
    button: Option<(&'a Button, SecretString)>,
    close: String,
}

impl Parts<'_> {
    fn text(&self) -> String {
        let mut out = String::with_capacity(2_000);
        for paragraph in &self.said {
            wrap(&mut out, paragraph);
            out.push('\n');
        }
        if let Some((button, link)) = &self.button {
            out.push_str(&format!("{}:\n{}\n\n", button.label, link.expose_secret()));
        }
        out.push_str("-- \n");
        wrap(&mut out, &self.close);
        out
    }

    fn html(&self) -> String {
        let mut out = String::with_capacity(6_000);
        out.push_str(HEAD);
        row(&mut out, TITLE, &self.subject);
        for paragraph in &self.said {
            row(&mut out, PARAGRAPH, paragraph);
        }
        if let Some((button, link)) = &self.button {
            let link = link.expose_secret();
            out.push_str("<tr><td style=\"padding:16px 0 12px\"><a href=\"");
            escape(&mut out, link);
            out.push_str(&format!("\"\n{ACT}>"));
            escape(&mut out, button.label);
            out.push_str("</a></td></tr>\n");
            row(&mut out, LINK, link);
        }
        row(&mut out, CLOSE, &self.close);
        out.push_str(FOOT);
        out
    }
}

fn row(out: &mut String, open: &str, said: &str) {
    out.push_str(open);
    out.push('\n');
    match said.len() < LONG {
        true => escape(out, said),
        false => {
            let mut lines = String::new();
            wrap(&mut lines, said);
            escape(out, lines.trim_end());
        }
    }
    out.push_str("</td></tr>\n");
}

fn greeting(letter: &Letter, name: &str) -> String {
    match one_line(name) {
        name if letter.knows_its_reader() && !name.is_empty() => format!("Hello {name},"),
        _ => "Hello,".to_owned(),
    }
}

/// The public URL as it is configured, never as a request names it.
fn link(public_url: &str, button: &Button) -> SecretString {
    format!("{public_url}{}", button.path.expose_secret()).into()
}

/// One line, whatever it was made of: a line break in a subject would begin another header.
pub(super) fn one_line(text: &str) -> String {
    let printable = |c: char| if c.is_control() { ' ' } else { c };
    text.chars().map(printable).collect::<String>().split_whitespace().collect::<Vec<_>>().join(" ")
}

fn escape(out: &mut String, text: &str) {
    for c in text.chars() {
        match c {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '"' => out.push_str("&quot;"),
            '\'' => out.push_str("&#39;"),
            other => out.push(other),
        }
    }
}

/// Appends `text` in lines of at most [`COLUMNS`] characters; a longer word is a line of its own.
fn wrap(out: &mut String, text: &str) {
    let mut column = 0;
    for word in text.split(' ') {
        let length = word.chars().count();
        if column > 0 && column + 1 + length > COLUMNS {
            out.push('\n');
            column = 0;
        } else if column > 0 {
            out.push(' ');
            column += 1;
        }
        out.push_str(word);
        column += length;
    }
    out.push('\n');
}

#[cfg(test)]
mod tests;
