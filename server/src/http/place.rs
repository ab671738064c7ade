//! Places on this site: the only ones a redirect may lead to.

use http::Uri;

/// Bytes of the longest path that is followed.
const MOST: usize = 2048;

/// `text` when it is a path (with a query, perhaps) on this site, and nothing that a browser could
/// read as another site: `//host`, `/\host`, `/<tab>/host`.
pub(super) fn ours(text: &str) -> Option<&str> {
    let bytes = text.as_bytes();
    let plain = bytes.iter().all(|b| (0x21..=0x7e).contains(b) && *b != b'\\');
    let absolute = bytes.first() == Some(&b'/') && bytes.get(1) != Some(&b'/');
    let readable = plain && absolute && text.len() <= MOST && text.parse::<Uri>().is_ok();
    readable.then_some(text)
}

/// The page of ours that a form says it stands on; `/` when it says nothing we can trust.
pub(super) fn page_of_form(from: Option<&str>) -> &str {
    from.and_then(ours).filter(|path| !is_door(path)).unwrap_or("/")
}

/// Doors are posted to; there is nothing to look at.
fn is_door(path: &str) -> bool {
    path.starts_with("/do/") || path.starts_with("/v1/")
}

/// A path as logs may show it: what is secret in it is left out.
pub(super) fn masked(path: &str) -> &str {
    // Links whose last part opens something.
    const LINKS: [(&str, &str); 4] = [
        ("/set-up/", "/set-up/…"),
        ("/sign-up/confirm/", "/sign-up/confirm/…"),
        ("/reset/", "/reset/…"),
        ("/email/", "/email/…"),
    ];
    if let Some((_, shown)) = LINKS.iter().find(|(link, _)| path.starts_with(link)) {
        return shown;
    }
    let mut end = path.len().min(200);
    while !path.is_char_boundary(end) {
        end -= 1;
    }
    &path[..end]
}

/// Where a `Location` may lead: our own paths stay, our own full addresses become paths,
/// everything else becomes `/`.
pub(super) fn same_site(location: &str, public_url: &str) -> String {
    let path =
        location.strip_prefix(public_url).filter(|rest| rest.starts_with('/')).unwrap_or(location);
    ours(path).unwrap_or("/").to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn our_own_paths_are_ours() {
        for path in ["/", "/t/acme/keys?before=7&x=%20", "/a//b", "/sign-in?next=/t/acme"] {
            assert_eq!(ours(path), Some(path));
        }
    }

    #[test]
    fn what_a_browser_could_take_for_another_site_is_not_ours() {
        let long = format!("/{}", "a".repeat(MOST));
        for path in [
            "",
            "t/acme",
            "//evil.example",
            "/\\evil.example",
            "/\t/evil.example",
            "\t//evil.example",
            "https://evil.example/",
            "javascript:alert(1)",
            "/ö",
            "/a b",
            "/a\r\nSet-Cookie: x=y",
            &long,
        ] {
            assert_eq!(ours(path), None, "{path:?}");
        }
    }

    #[test]
    fn a_form_without_a_page_of_ours_stands_on_the_front_page() {
        assert_eq!(page_of_form(None), "/");
        assert_eq!(page_of_form(Some("//evil.example")), "/");
        assert_eq!(page_of_form(Some("/do/session/end")), "/");
        assert_eq!(page_of_form(Some("/t/acme/keys/new")), "/t/acme/keys/new");
    }

    #[test]
    fn the_token_of_a_link_is_never_logged() {
        assert_eq!(masked("/set-up/3fd9c0ffee"), "/set-up/…");
        assert_eq!(masked("/sign-up/confirm/3fd9c0ffee"), "/sign-up/confirm/…");
        assert_eq!(masked("/reset/3fd9c0ffee"), "/reset/…");
        assert_eq!(masked("/email/3fd9c0ffee"), "/email/…");
        assert_eq!(masked("/t/acme/keys"), "/t/acme/keys");
    }

    #[test]
    fn a_location_stays_on_this_site() {
        let at = |to| same_site(to, "https://probity.example");
        assert_eq!(at("/t/acme"), "/t/acme");
        assert_eq!(at("https://probity.example/t/acme"), "/t/acme");
        assert_eq!(at("https://probity.example.evil.example/"), "/");
        assert_eq!(at("https://probity.example"), "/");
        assert_eq!(at("https://evil.example/"), "/");
        assert_eq!(at("//evil.example/"), "/");
    }
}
