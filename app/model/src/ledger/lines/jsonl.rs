//! A JSON object on each line.

use super::{JsonLine, LONGEST, Line, Told, record};
use crate::hex::unhex;
use std::borrow::Cow;

/// See [`super::Lines`].
#[derive(Default)]
pub(in super::super) struct Reader {
    /// The beginning of a line whose end has not come yet.
    begun: Vec<u8>,
    /// Whether that line is too long: then the rest of it is passed over.
    is_too_long: bool,
}

impl Reader {
    pub(super) fn read(&mut self, mut bytes: &[u8], told: Told<'_>) {
        while let Some(end) = bytes.iter().position(|byte| *byte == b'\n') {
            let (rest, after) = (&bytes[..end], &bytes[end + 1..]);
            if self.begun.is_empty() && !self.is_too_long {
                told(line(rest));
            } else {
                self.keep(rest);
                self.end(told);
            }
            bytes = after;
        }
        self.keep(bytes);
    }

    /// The line that has begun is over.
    pub(super) fn end(&mut self, told: Told<'_>) {
        if self.is_too_long || !self.begun.is_empty() {
            told((!self.is_too_long).then_some(()).and_then(|()| line(&self.begun)));
        }
        self.begun.clear();
        self.is_too_long = false;
    }

    fn keep(&mut self, bytes: &[u8]) {
        if self.is_too_long || self.begun.len() + bytes.len() > LONGEST {
            self.is_too_long = true;
            self.begun.clear();
            return;
        }
        self.begun.extend_from_slice(bytes);
    }
}

fn line(bytes: &[u8]) -> Option<Line<'_>> {
    let text = std::str::from_utf8(bytes).ok()?;
    let read: JsonLine<'_> = serde_json::from_str(text).ok()?;
    let written = read.record.get();
    let record = match written.starts_with('"') {
        true => {
            let hex: String = serde_json::from_str(written).ok()?;
            Cow::Owned(record(&hex)?.into_owned())
        }
        false => Cow::Borrowed(written.as_bytes()),
    };
    Some(Line {
        seq: read.seq,
        record,
        sealed: unhex(&read.sealed)?,
        previous_hash: read.previous_hash,
        hash: read.hash,
    })
}
