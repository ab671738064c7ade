//! A certificate as people keep it: a line in a file, or lines in a letter; and the check of it, which needs
//! nothing else.

use super::Certificate;
use crate::ledger::{NotSigned, PublicKey, Signed};

/// One word each: a letter breaks none of them.
const BEGIN: &str = "-----BEGIN-PROBITY-CERTIFICATE-----";
const END: &str = "-----END-PROBITY-CERTIFICATE-----";
/// Characters of a line in a letter.
const LINE: usize = 72;

/// What a certificate proves.
pub(super) const PROVES: &str = "Whoever holds this key signed that: these rows and files were removed, and the \
                          data key was destroyed, at the times above.";
/// What none can.
pub(super) const PROVES_NOT: &str = "It does not prove that no copy was made before: what was not sealed can \
                              still be read in such a copy, and what was sealed cannot.";

/// What a check came to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Checked {
    /// Whether it is signed as it stands here, and by the key that is trusted, if one was given.
    pub is_signed: bool,
    /// The short of it.
    pub verdict: String,
    /// What it says, a sentence each; nothing of one that is not signed.
    pub said: Vec<String>,
}

/// A signed line as a letter has it: words of at most 72 characters between two marks.
pub fn wrapped(line: &str) -> String {
    let characters: Vec<char> = line.chars().collect();
    let lines: Vec<String> = characters.chunks(LINE).map(|line| line.iter().collect()).collect();
    format!("{BEGIN} {} {END}", lines.join(" "))
}

/// Checks the certificate in this text, a file or a whole letter; nothing when there is none. Without a
/// `trusted` key it says who signed.
pub fn check(text: &str, trusted: Option<PublicKey>) -> Option<Checked> {
    let signed: Option<Signed<Certificate>> = serde_json::from_str(&found(text)?).ok();
    let refused =
        |verdict: &str| Checked { is_signed: false, verdict: verdict.to_owned(), said: Vec::new() };
    let Some(signed) = signed else {
        return Some(refused("Broken: the certificate was cut or altered."));
    };
    Some(match signed.open() {
        Ok(_) if trusted.is_some_and(|key| key != signed.key()) => refused(
            "Broken: it is signed with another key than the one you trust: somebody else made it.",
        ),
        Ok(certificate) => told(&certificate, signed.key(), trusted.is_some()),
        Err(NotSigned::Unknown) => refused("It is a newer program’s. Check it with a newer one."),
        Err(NotSigned::Forged | NotSigned::OtherTitle) => {
            refused("Broken: the certificate was altered. Nothing it says counts.")
        }
    })
}

fn told(certificate: &Certificate, key: PublicKey, is_trusted: bool) -> Checked {
    let Certificate { instance, team, stages, tables, files, .. } = certificate;
    let (rows, many) = (certificate.rows(), tables.len());
    let mut said = vec![format!(
        "{instance} deleted the team {team}: {rows} rows of {many} tables, and {files} files."
    )];
    said.extend(stages.iter().map(|at| format!("{}: {}.", at.at, at.stage.title())));
    said.push(match &certificate.key {
        Some(id) => format!("The data key that was destroyed: {id}."),
        None => "The team never had a data key.".to_owned(),
    });
    said.push(PROVES.to_owned());
    said.push(PROVES_NOT.to_owned());
    said.push(match is_trusted {
        true => format!("Signed with {key}, the key that you trust."),
        false => format!(
            "Signed with {key}, which anybody could have made: compare it with the key of the \
             Probity that you trust."
        ),
    });
    let verdict = "Signed: the certificate is as it was made.".to_owned();
    Checked { is_signed: true, verdict, said }
}

/// The line: between the marks without its breaks and what letters that are passed on begin lines with, or
/// the first that begins as a certificate does.
fn found(text: &str) -> Option<String> {
    if let Some((_, rest)) = text.split_once(BEGIN) {
        let body = rest.split_once(END).map_or(rest, |(body, _)| body);
        let lines = body.lines().map(|line| line.trim_start_matches(['>', ' ']));
        return Some(lines.flat_map(str::split_whitespace).collect());
    }
    let is_one = |line: &&str| line.starts_with("{\"title\":\"probity.certificate");
    text.lines().map(str::trim).find(is_one).map(str::to_owned)
}
