//! Turns texts into values, and collects what is wrong on the way.

use super::{Setting, Source, Wrong, source::Given};
use secrecy::SecretString;

pub(super) struct Reader<'a> {
    source: &'a Source,
    wrong: Vec<String>,
}

impl<'a> Reader<'a> {
    pub(super) fn new(source: &'a Source) -> Self {
        Self { source, wrong: Vec::new() }
    }

    /// Whether the operator wrote anything for it.
    pub(super) fn is_set(&self, setting: Setting) -> bool {
        !matches!(self.source.given(setting), Ok(None))
    }

    /// The value, or the default's when none was written. After a wrong one it is the default's
    /// too, but then [`Reader::finish`] refuses everything.
    pub(super) fn required<T>(&mut self, setting: Setting, parse: fn(&str) -> Option<T>) -> T {
        self.optional(setting, parse)
            .unwrap_or_else(|| parse(setting.row().default).expect("a test reads every default"))
    }

    /// The value, if one was written and is right.
    pub(super) fn optional<T>(
        &mut self,
        setting: Setting,
        parse: fn(&str) -> Option<T>,
    ) -> Option<T> {
        let given = self.given(setting)?;
        let value = parse(given.text.trim());
        if value.is_none() {
            let write = setting.row().write;
            self.wrong.push(format!("{} is \"{}\": write {write}.", given.name, given.text));
        }
        value
    }

    /// A secret's value, written directly or in a file. It is never repeated.
    pub(super) fn secret<T>(
        &mut self,
        setting: Setting,
        parse: fn(&SecretString) -> Option<T>,
    ) -> Option<T> {
        let given = self.given(setting)?;
        let write = setting.row().write;
        let text = match given.is_file {
            false => given.text.to_owned(),
            true => match std::fs::read_to_string(given.text.trim()) {
                Ok(text) => text,
                Err(error) => {
                    let Given { name, text, .. } = given;
                    self.wrong.push(format!(
                        "{name} is \"{text}\", which cannot be read ({error}): write the path of \
                         a file that holds {write}."
                    ));
                    return None;
                }
            },
        };
        let value = parse(&SecretString::from(text.trim()));
        if value.is_none() {
            let what = if given.is_file { "the file it names" } else { "its value" };
            self.wrong.push(format!(
                "{} is not usable; {what} is secret and so not shown: write {write}.",
                given.name
            ));
        }
        value
    }

    /// Notes something wrong that concerns more than one setting.
    pub(super) fn wrong(&mut self, sentence: String) {
        self.wrong.push(sentence);
    }

    pub(super) fn finish<T>(self, settings: T) -> Result<T, Wrong> {
        if self.wrong.is_empty() { Ok(settings) } else { Err(Wrong(self.wrong)) }
    }

    fn given(&mut self, setting: Setting) -> Option<Given<'a>> {
        match self.source.given(setting) {
            Ok(given) => given,
            Err(sentence) => {
                self.wrong.push(sentence);
                None
            }
        }
    }
}
