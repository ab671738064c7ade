//! What is looked for in a list: it stands in the address, so that it can be kept and passed on.

use crate::pages::encode;
use leptos::prelude::*;

/// One of a few choices, without a label beside it.
pub fn choice<W: Into<String>>(
    name: &'static str,
    label: &'static str,
    choices: impl IntoIterator<Item = (W, W)>,
    chosen: &str,
) -> AnyView {
    let options = choices
        .into_iter()
        .map(|(value, words)| {
            let (value, words) = (value.into(), words.into());
            let selected = value == chosen;
            view! { <option value=value selected=selected>{words}</option> }
        })
        .collect_view();
    view! { <select class="input w-40" name=name aria-label=label>{options}</select> }.into_any()
}

/// The address of a list with what is asked for and nothing else.
pub fn address(path: String, asked: &[(&str, &str)]) -> String {
    let asked = asked.iter().filter(|(_, value)| !value.is_empty());
    let asked: Vec<String> =
        asked.map(|(name, value)| format!("{name}={}", encode(value))).collect();
    if asked.is_empty() { path } else { format!("{path}?{}", asked.join("&")) }
}

/// The form itself: a line of text, the choices, and the button.
#[component]
pub fn SearchForm(
    #[prop(into)] path: String,
    /// What the line of text looks in.
    words: &'static str,
    #[prop(into)] typed: String,
    /// More fields, under all of that.
    #[prop(optional)]
    below: Option<AnyView>,
    children: Children,
) -> AnyView {
    view! {
        <form class="mb-4 flex flex-wrap gap-2" method="get" action=path>
            <input
                class="input w-72 max-w-full"
                type="search"
                name="q"
                value=typed
                placeholder=words
                aria-label=words
            />
            {children()}
            <button class="btn" type="submit">"Search"</button>
            {below}
        </form>
    }
    .into_any()
}

#[cfg(test)]
mod tests {
    use super::address;

    #[test]
    fn what_is_not_asked_for_is_not_in_the_address() {
        let path = || "/t/halden/keys".to_owned();
        assert_eq!(address(path(), &[("q", ""), ("sort", "")]), "/t/halden/keys");
        let asked = [("q", "a&b"), ("state", ""), ("sort", "name")];
        assert_eq!(address(path(), &asked), "/t/halden/keys?q=a%26b&sort=name");
    }
}
