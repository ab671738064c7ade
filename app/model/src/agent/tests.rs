//! Real headers, and some that are not.

use super::Agent;

const WEBKIT: &str = "AppleWebKit/537.36 (KHTML, like Gecko)";
const MAC: &str = "Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7)";
const PHONE: &str = "Mozilla/5.0 (iPhone; CPU iPhone OS 18_6 like Mac OS X)";
const APPLE: &str = "AppleWebKit/605.1.15 (KHTML, like Gecko)";

fn words(user_agent: &str) -> String {
    Agent::read(user_agent).words()
}

#[test]
fn browsers_on_a_desk_are_told_by_name_version_and_system() {
    for (system, rest, expected) in [
        (
            "Mozilla/5.0 (X11; Linux x86_64; rv:140.0)",
            "Gecko/20100101 Firefox/140.0",
            "Firefox 140 on Linux",
        ),
        (
            "Mozilla/5.0 (Windows NT 10.0; Win64; x64)",
            "Chrome/141.0.0.0 Safari/537.36",
            "Chrome 141 on Windows",
        ),
        (
            "Mozilla/5.0 (Windows NT 10.0; Win64; x64)",
            "Chrome/141.0.0.0 Safari/537.36 Edg/141.0.3537.57",
            "Edge 141 on Windows",
        ),
        (MAC, "Chrome/139.0.0.0 Safari/537.36 OPR/124.0.0.0", "Opera 124 on macOS"),
        (MAC, "Version/18.6 Safari/605.1.15", "Safari on macOS"),
        (
            "Mozilla/5.0 (X11; CrOS x86_64 14541.0.0)",
            "Chrome/140.0.0.0 Safari/537.36",
            "Chrome 140 on ChromeOS",
        ),
        (
            "Mozilla/5.0 (X11; Linux x86_64)",
            "HeadlessChrome/141.0.7390.37 Safari/537.36",
            "Headless Chrome 141 on Linux",
        ),
    ] {
        assert_eq!(words(&format!("{system} {WEBKIT} {rest}")), expected);
    }
}

#[test]
fn browsers_in_a_hand_are_told_by_their_device() {
    let ipad = PHONE.replace("iPhone; CPU iPhone", "iPad; CPU");
    let pixel = "Mozilla/5.0 (Linux; Android 10; K)";
    for (device, rest, expected) in [
        (PHONE, "Version/18.6 Mobile/15E148 Safari/604.1", "Safari on iPhone"),
        (PHONE, "CriOS/141.0.7390.41 Mobile/15E148 Safari/604.1", "Chrome 141 on iPhone"),
        (PHONE, "FxiOS/143.0 Mobile/15E148 Safari/605.1.15", "Firefox 143 on iPhone"),
        (PHONE, "Mobile/15E148", "unknown browser on iPhone"),
        (&ipad, "Version/18.6 Mobile/15E148 Safari/604.1", "Safari on iPad"),
        (pixel, "Chrome/141.0.0.0 Mobile Safari/537.36", "Chrome 141 on Android"),
        (
            pixel,
            "SamsungBrowser/28.0 Chrome/130.0.0.0 Mobile Safari/537.36",
            "Samsung Internet 28 on Android",
        ),
        (pixel, "Version/4.0 Mobile Safari/533.1", "unknown browser on Android"),
    ] {
        assert_eq!(words(&format!("{device} {APPLE} {rest}")), expected);
    }
    let fenix = "Mozilla/5.0 (Android 15; Mobile; rv:143.0) Gecko/143.0 Firefox/143.0";
    assert_eq!(words(fenix), "Firefox 143 on Android");
}

#[test]
fn programs_are_told_by_what_their_users_call_them() {
    assert_eq!(words("curl/8.5.0"), "curl 8.5");
    assert_eq!(words("Wget/1.21.3"), "Wget 1.21");
    assert_eq!(words("python-requests/2.32.4"), "Python requests 2.32");
    assert_eq!(words("Go-http-client/1.1"), "Go program");
    assert_eq!(words("PostmanRuntime/7.43.0"), "Postman 7.43");
}

#[test]
fn who_says_nothing_readable_is_unknown() {
    for garbage in ["", " ", "/", "Mozilla/5.0", "()", "\u{0}\u{7f}", "NotChrome/9", "🦀/1.0"] {
        assert_eq!(words(garbage), "unknown browser", "{garbage:?}");
    }
    assert_eq!(words("Firefox/"), "Firefox");
    assert_eq!(words("Firefox/999999999999"), "Firefox");
    assert_eq!(words("curl/8"), "curl 8");
    assert_eq!(words("curl/x.y"), "curl");
}

#[test]
fn only_our_own_words_and_numbers_come_out() {
    let long = "Linux Firefox/".repeat(1_000);
    let accents = "é".repeat(10_000);
    let markup = "<script>alert(1)</script> Chrome/<b>1</b> Windows; Edg/141<img>";
    let digits = "curl/٣.٤ Firefox/１４０";
    for hostile in [long.as_str(), &accents, markup, digits, "Chrome/141.0\r\nSet-Cookie: a=b"] {
        let said = words(hostile);
        let plain = |c: char| c.is_ascii_alphanumeric() || c == ' ' || c == '.';
        assert!(said.len() < 60 && said.chars().all(plain), "{said}");
    }
    assert_eq!(words(markup), "Edge 141 on Windows");
}

#[test]
fn only_the_beginning_is_read() {
    let late = format!("{} Firefox/140.0 Linux", "x".repeat(600));
    assert_eq!(words(&late), "unknown browser");
}
