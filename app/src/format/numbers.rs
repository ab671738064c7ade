//! Numbers.

/// "48,213".
pub fn count(number: i64) -> String {
    let digits = number.unsigned_abs().to_string();
    let mut shown = String::from(if number < 0 { "-" } else { "" });
    for (index, digit) in digits.chars().enumerate() {
        if index > 0 && (digits.len() - index).is_multiple_of(3) {
            shown.push(',');
        }
        shown.push(digit);
    }
    shown
}

/// "Twelve", "48,213": a number at the head of a sentence.
pub fn number(number: i64) -> String {
    const WORDS: [&str; 13] = [
        "No", "One", "Two", "Three", "Four", "Five", "Six", "Seven", "Eight", "Nine", "Ten",
        "Eleven", "Twelve",
    ];
    let word = usize::try_from(number).ok().and_then(|index| WORDS.get(index));
    word.map_or_else(|| count(number), |word| (*word).to_owned())
}

/// "Twelve keys", "One key", "48,213 keys".
pub fn counted(things: i64, one: &str, many: &str) -> String {
    format!("{} {}", number(things), if things == 1 { one } else { many })
}

/// "3 %" of a whole; what is not nothing is never said to be.
pub fn share(part: i64, whole: i64) -> String {
    match (part * 100 + whole / 2).checked_div(whole) {
        Some(0) if part > 0 => "< 1\u{a0}%".to_owned(),
        Some(100) if part < whole => "> 99\u{a0}%".to_owned(),
        percent => format!("{}\u{a0}%", percent.unwrap_or(0)),
    }
}

/// "712 bytes", "1.4 MB": a file's size, in units of 1,000.
pub fn bytes(number: i64) -> String {
    if number < 1_000 {
        return format!("{number} bytes");
    }
    let mut size = number as f64 / 1e3;
    let mut unit = "kB";
    for larger in ["MB", "GB"] {
        if size >= 999.5 {
            (size, unit) = (size / 1e3, larger);
        }
    }
    if size < 9.95 { format!("{size:.1} {unit}") } else { format!("{size:.0} {unit}") }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_have_separators_and_small_ones_are_words() {
        assert_eq!(count(48_213), "48,213");
        assert_eq!(count(-1_000), "-1,000");
        assert_eq!(count(999), "999");
        assert_eq!(counted(1, "key", "keys"), "One key");
        assert_eq!(counted(0, "key", "keys"), "No keys");
        assert_eq!(counted(12, "key", "keys"), "Twelve keys");
        assert_eq!(counted(1_284, "key", "keys"), "1,284 keys");
    }

    #[test]
    fn a_size_has_two_digits_or_three() {
        let said =
            [0, 999, 1_000, 1_449, 9_950, 123_456, 999_499, 999_500, 1_400_000, 12_345_678_901];
        let expected = [
            "0 bytes",
            "999 bytes",
            "1.0 kB",
            "1.4 kB",
            "10 kB",
            "123 kB",
            "999 kB",
            "1.0 MB",
            "1.4 MB",
            "12 GB",
        ];
        assert_eq!(said.map(bytes), expected);
    }

    #[test]
    fn a_share_is_nothing_or_all_only_when_it_is() {
        let said = [(0, 0), (0, 9), (1, 9), (1, 1000), (999, 1000), (5, 5)];
        let said = said.map(|(part, whole)| share(part, whole).replace('\u{a0}', " "));
        assert_eq!(said, ["0 %", "0 %", "11 %", "< 1 %", "> 99 %", "100 %"]);
    }
}
