//! A browser's name and version, out of its `User-Agent`.

/// In this order, because each later one also claims to be an earlier one.
const KNOWN: [(&str, &str); 5] = [
    ("Edg/", "Edge"),
    ("OPR/", "Opera"),
    ("Firefox/", "Firefox"),
    ("Chrome/", "Chrome"),
    ("Version/", "Safari"),
];

/// "Firefox 145", or the program's own first word, or nothing.
pub(super) fn name(agent: &str) -> String {
    for (mark, name) in KNOWN {
        if let Some((_, rest)) = agent.split_once(mark) {
            let version = rest.split(['.', ' ', ';']).next().unwrap_or_default();
            return format!("{name} {version}");
        }
    }
    let first = agent.split_whitespace().next().unwrap_or_default();
    first.replacen('/', " ", 1)
}

#[cfg(test)]
mod tests {
    use super::name;

    #[test]
    fn browsers_are_called_what_people_call_them() {
        let firefox = "Mozilla/5.0 (X11; Linux x86_64; rv:145.0) Gecko/20100101 Firefox/145.0";
        assert_eq!(name(firefox), "Firefox 145");
        let edge = "Mozilla/5.0 (Windows NT 10.0) AppleWebKit/537.36 (KHTML, like Gecko) \
                    Chrome/142.0.0.0 Safari/537.36 Edg/142.0.0.0";
        assert_eq!(name(edge), "Edge 142");
        assert_eq!(name("curl/8.5.0"), "curl 8.5.0");
        assert_eq!(name(""), "");
    }
}
