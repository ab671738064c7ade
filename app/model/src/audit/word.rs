//! The words of a search, as they stand in its line.

/// A word of the line, `-field:value` or `-value`, without its quotes.
#[derive(Debug)]
pub(super) struct Word<'a> {
    /// As it stands in the line.
    pub(super) whole: &'a str,
    pub(super) not: bool,
    pub(super) field: Option<&'a str>,
    pub(super) value: String,
}

impl Word<'_> {
    pub(super) fn misread(&self, why: &str) -> String {
        format!("“{}” is not understood: {why}", self.whole)
    }

    /// One of a few, each called by its name.
    pub(super) fn one_of<T: Copy>(
        &self,
        all: &[T],
        name: impl Fn(T) -> &'static str,
    ) -> Result<T, String> {
        let found = all.iter().copied().find(|one| name(*one).eq_ignore_ascii_case(&self.value));
        found.ok_or_else(|| {
            let names: Vec<&str> = all.iter().map(|one| name(*one)).collect();
            self.misread(&format!("it can be {}.", names.join(", ")))
        })
    }
}

/// The words of a line. A quote that is never closed reaches to the end.
pub(super) fn words(line: &str) -> Vec<Word<'_>> {
    let mut words = Vec::new();
    let mut rest = line.trim_start();
    while !rest.is_empty() {
        let mut quoted = false;
        let end = rest.find(|c: char| {
            quoted ^= c == '"';
            c.is_whitespace() && !quoted
        });
        let (whole, after) = rest.split_at(end.unwrap_or(rest.len()));
        let bare = whole.strip_prefix('-').filter(|bare| !bare.is_empty());
        let text = bare.unwrap_or(whole);
        let field = text.split_once(':').filter(|(field, _)| {
            !field.is_empty() && field.bytes().all(|byte| byte.is_ascii_alphabetic())
        });
        let (field, value) = field.map_or((None, text), |(field, value)| (Some(field), value));
        words.push(Word { whole, not: bare.is_some(), field, value: value.replace('"', "") });
        rest = after.trim_start();
    }
    words
}
