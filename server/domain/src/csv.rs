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
/// (OWASP, CSV injection).
fn push(text: &mut String, cell: &str) {
    text.push('"');
    if cell.starts_with(['=', '+', '-', '@', '\t', '\r']) {
        text.push('\'');
    }
    text.push_str(&cell.replace('"', "\"\""));
    text.push('"');
}

#[cfg(test)]
mod tests {
    use super::push;

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
