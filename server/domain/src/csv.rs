//! Files for spreadsheets (RFC 4180).

/// One line: each cell in quotes.
pub(crate) fn line<T: AsRef<str>>(text: &mut String, cells: &[T]) {
    for (at, cell) in cells.iter().enumerate() {
        if at > 0 {
            text.push(',');
        }
        push(text, cell.as_ref());
    }
    text.push_str("\r\n");
}

/// A cell in quotes. What a spreadsheet would take for a formula begins with an apostrophe
/// (OWASP, CSV injection), and so does what would be read back as if it did.
fn push(text: &mut String, cell: &str) {
    text.push('"');
    if is_formula(cell) {
        text.push('\'');
    }
    for (at, part) in cell.split('"').enumerate() {
        if at > 0 {
            text.push_str("\"\"");
        }
        text.push_str(part);
    }
    text.push('"');
}

/// Whether it is a formula, whatever apostrophes are before it.
fn is_formula(cell: &str) -> bool {
    cell.trim_start_matches('\'').starts_with(['=', '+', '-', '@', '\t', '\r'])
}

/// The cell as it was before [`line`] wrote it.
fn read_back(cell: &str) -> &str {
    cell.strip_prefix('\'').filter(|rest| is_formula(rest)).unwrap_or(cell)
}

/// The lines of a file, each with its number from 1; a sentence for what is no line. Empty ones are
/// left out, and so is the mark that says it is UTF-8.
pub(crate) fn lines(text: &str) -> Lines<'_> {
    Lines { rest: text.strip_prefix('\u{feff}').unwrap_or(text), number: 1 }
}

/// See [`lines`].
pub(crate) struct Lines<'a> {
    rest: &'a str,
    number: usize,
}

impl Iterator for Lines<'_> {
    type Item = (usize, Result<Vec<String>, &'static str>);

    fn next(&mut self) -> Option<Self::Item> {
        loop {
            if self.rest.is_empty() {
                return None;
            }
            let number = self.number;
            match self.cells() {
                Ok(cells) if cells.iter().all(String::is_empty) => {}
                read => return Some((number, read)),
            }
        }
    }
}

impl Lines<'_> {
    fn cells(&mut self) -> Result<Vec<String>, &'static str> {
        let mut cells = Vec::new();
        loop {
            let cell = match self.rest.strip_prefix('"') {
                Some(inside) => {
                    self.rest = inside;
                    self.quoted()?
                }
                None => self.take(&[',', '\n']).trim_end_matches('\r').to_owned(),
            };
            cells.push(read_back(&cell).to_owned());
            match self.rest.strip_prefix(',') {
                Some(rest) => self.rest = rest,
                None => break,
            }
        }
        let after = self.take(&['\n']).trim_end_matches('\r');
        let is_clean = after.is_empty();
        if let Some(rest) = self.rest.strip_prefix('\n') {
            (self.rest, self.number) = (rest, self.number + 1);
        }
        is_clean
            .then_some(cells)
            .ok_or("Something stands after a closing quote. Write two quotes for one in a cell.")
    }

    /// The rest of a cell in quotes, of which two are one.
    fn quoted(&mut self) -> Result<String, &'static str> {
        let mut cell = String::new();
        loop {
            let Some((inside, rest)) = self.rest.split_once('"') else {
                self.rest = "";
                return Err("A quote opens a cell and none closes it. Close it at its end.");
            };
            self.number += inside.matches('\n').count();
            cell.push_str(inside);
            self.rest = rest;
            match rest.strip_prefix('"') {
                Some(rest) => {
                    cell.push('"');
                    self.rest = rest;
                }
                None => return Ok(cell),
            }
        }
    }

    /// What is before the next of these.
    fn take(&mut self, ends: &[char]) -> &str {
        let (taken, rest) = self.rest.split_at(self.rest.find(ends).unwrap_or(self.rest.len()));
        self.rest = rest;
        taken
    }
}

#[cfg(test)]
mod tests {
    use super::{line, lines, push};

    fn read(text: &str) -> Vec<(usize, Result<Vec<String>, &'static str>)> {
        lines(text).collect()
    }

    fn cells(cells: &[&str]) -> Result<Vec<String>, &'static str> {
        Ok(cells.iter().map(|cell| (*cell).to_owned()).collect())
    }

    #[test]
    fn lines_are_read_as_spreadsheets_write_them() {
        let text = "\u{feff}a,b\r\n\r\n\"x \"\"y\"\"\",\"1\n2\"\n,\nlast,'=1+1";
        let expected = [
            (1, cells(&["a", "b"])),
            (3, cells(&["x \"y\"", "1\n2"])),
            (6, cells(&["last", "=1+1"])),
        ];
        assert_eq!(read(text), expected);
        assert_eq!(read(""), []);
    }

    #[test]
    fn what_is_no_line_is_told_with_its_number_and_the_next_is_read() {
        let read = read("a\n\"b\"c,d\ne\n\"f");
        assert_eq!((read[0].0, &read[0].1), (1, &cells(&["a"])));
        assert!(read[1].0 == 2 && read[1].1.is_err());
        assert_eq!((read[2].0, &read[2].1), (3, &cells(&["e"])));
        assert!(read[3].0 == 4 && read[3].1.is_err() && read.len() == 4);
    }

    #[test]
    fn whatever_is_written_is_read_back() {
        let all = ["", "=1", "'=1", "''=1", "'a", "'", "-5", "a\r\nb", "\"", ",", "\t", "\rx", "ü"];
        let mut text = String::new();
        line(&mut text, &all);
        assert_eq!(read(&text), [(1, cells(&all))]);
    }

    #[test]
    fn a_cell_is_quoted_and_no_formula() {
        let cell = |words: &str| {
            let mut text = String::new();
            push(&mut text, words);
            text
        };
        assert_eq!(cell("Ada"), "\"Ada\"");
        assert_eq!(cell("Ada \"the\" first, really"), "\"Ada \"\"the\"\" first, really\"");
        assert_eq!(cell("=1+1"), "\"'=1+1\"");
        for formula in ["+1", "-1", "@x", "\tx", "\rx"] {
            assert!(cell(formula).starts_with("\"'"), "{formula:?}");
        }
    }
}
