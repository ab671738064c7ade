//! What a record says in detail: what was and what is, side by side, and what else it says.

use crate::{
    components::facts::Section,
    format::{As, Time},
    server,
};
use leptos::{
    prelude::*,
    serde_json::{self, Map, Value},
};

/// What stands in place of a secret.
const MASKED: &str = "••••••";

/// Parts of names that secrets go by. Ours are never recorded; of what a customer's own application logs,
/// nobody knows.
const SECRETS: [&str; 6] = ["password", "passphrase", "secret", "token", "authorization", "cookie"];

/// One line of a record's detail.
#[derive(Debug, PartialEq)]
enum Line {
    /// Its name, what was, and what is.
    Changed(String, Value, Value),
    Said(String, Value),
}

/// The section; nothing when a record says nothing in detail. `target`: what the thing is called now.
pub fn changes(detail: &str, target: &str) -> AnyView {
    let Ok(Value::Object(mut said)) = serde_json::from_str(detail) else { return ().into_any() };
    mask(&mut said);
    let lines = lines(said, target);
    if lines.is_empty() {
        return ().into_any();
    }
    let is_diff = lines.iter().any(|line| matches!(line, Line::Changed(..)));
    let columns: &[&str] = if is_diff { &["What", "Was", "Is"] } else { &["What", "Value"] };
    let heads = columns.iter().map(|&head| view! { <th scope="col">{head}</th> }).collect_view();
    let rows = lines.into_iter().map(|line| row(line, is_diff)).collect_view();
    view! {
        <Section id="detail" title="In detail" note="As recorded. Secrets are masked.">
            <table class="ledger changes">
                <caption class="sr-only">"What the record says in detail"</caption>
                <thead>
                    <tr>{heads}</tr>
                </thead>
                <tbody>{rows}</tbody>
            </table>
        </Section>
    }
    .into_any()
}

fn row(line: Line, is_diff: bool) -> AnyView {
    let name = |name: String| view! { <th scope="row">{worded(&name)}</th> };
    match line {
        Line::Changed(what, was, is) => view! {
            <tr>
                {name(what)}
                <td class="wrap-anywhere">
                    <del class="text-ink-3">{value(was)}</del>
                </td>
                <td class="wrap-anywhere">
                    <ins class="bg-pen-wash no-underline">{value(is)}</ins>
                </td>
            </tr>
        }
        .into_any(),
        Line::Said(what, said) => {
            let nothing = is_diff.then(|| view! { <td></td> });
            view! {
                <tr>
                    {name(what)} {nothing}
                    <td class="wrap-anywhere">{value(said)}</td>
                </tr>
            }
            .into_any()
        }
    }
}

/// Puts pairs together: `before` and `after`, `name_before` and `name`, `old_start` and `start`.
fn lines(mut said: Map<String, Value>, target: &str) -> Vec<Line> {
    let mut lines = Vec::new();
    match (said.remove("before"), said.remove("after")) {
        (Some(Value::Object(was)), Some(Value::Object(is))) => lines.extend(altered(was, is)),
        (Some(was), Some(is)) => lines.push(pair("value".to_owned(), was, is)),
        (was, is) => {
            let alone = [("before", was), ("after", is)];
            lines.extend(
                alone
                    .into_iter()
                    .filter_map(|(name, value)| Some(Line::Said(name.to_owned(), value?))),
            );
        }
    }
    let earlier: Vec<(String, String)> = said
        .keys()
        .filter_map(|key| {
            let what = key.strip_suffix("_before").or_else(|| key.strip_prefix("old_"))?;
            let is_known = said.contains_key(what) || matches!(what, "name" | "keyword");
            is_known.then(|| (key.clone(), what.to_owned()))
        })
        .collect();
    for (key, what) in earlier {
        // What it is called now stands beside the detail.
        let is = said.remove(&what).unwrap_or_else(|| target.into());
        let was = said.remove(&key).unwrap_or_default();
        lines.push(pair(what, was, is));
    }
    lines.extend(said.into_iter().map(|(name, value)| Line::Said(name, value)));
    lines
}

/// What differs of two that have the same fields.
fn altered(was: Map<String, Value>, mut is: Map<String, Value>) -> Vec<Line> {
    let mut lines = Vec::new();
    for (name, was) in was {
        let is = is.remove(&name).unwrap_or_default();
        if was != is {
            lines.push(Line::Changed(name, was, is));
        }
    }
    lines.extend(is.into_iter().map(|(name, is)| Line::Changed(name, Value::Null, is)));
    lines
}

fn pair(name: String, was: Value, is: Value) -> Line {
    if was == is { Line::Said(name, is) } else { Line::Changed(name, was, is) }
}

/// "Old ends at" for `old_ends_at`.
fn worded(name: &str) -> String {
    let spaced = name.replace('_', " ");
    let mut letters = spaced.chars();
    letters.next().map_or_else(String::new, |first| first.to_uppercase().chain(letters).collect())
}

fn value(value: Value) -> AnyView {
    match value {
        Value::Null => "none".into_any(),
        Value::Bool(yes) => if yes { "yes" } else { "no" }.into_any(),
        Value::String(text) if text.is_empty() => "none".into_any(),
        Value::String(text) if text.contains('T') && crate::format::moment(&text).is_some() => {
            view! { <Time at=text now=server::now() worded=As::Exact/> }.into_any()
        }
        Value::String(text) => text.into_any(),
        Value::Array(items) if items.iter().all(|item| !item.is_object()) => {
            let words: Vec<String> = items.iter().map(short).collect();
            words.join(", ").into_any()
        }
        other => view! { <code>{other.to_string()}</code> }.into_any(),
    }
}

fn short(value: &Value) -> String {
    value.as_str().map_or_else(|| value.to_string(), str::to_owned)
}

/// Puts something else in place of what goes by the name of a secret, however deep.
pub fn mask(said: &mut Map<String, Value>) {
    for (name, value) in said {
        let name = name.to_lowercase();
        match value {
            _ if SECRETS.iter().any(|secret| name.contains(secret)) => *value = MASKED.into(),
            Value::Object(inner) => mask(inner),
            Value::Array(items) => {
                items.iter_mut().filter_map(Value::as_object_mut).for_each(mask);
            }
            _ => {}
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use leptos::serde_json::json;

    fn read(detail: Value, target: &str) -> Vec<Line> {
        let Value::Object(said) = detail else { panic!("an object") };
        lines(said, target)
    }

    fn changed(name: &str, was: Value, is: Value) -> Line {
        Line::Changed(name.to_owned(), was, is)
    }

    #[test]
    fn what_was_and_what_is_stand_side_by_side() {
        let settings = json!({
            "before": {"name": "Halden", "slug": "halden"},
            "after": {"name": "Halden Freight", "slug": "halden"},
        });
        assert_eq!(read(settings, ""), [changed("name", json!("Halden"), json!("Halden Freight"))]);
        let role = json!({"before": "viewer", "after": "admin"});
        assert_eq!(read(role, ""), [changed("value", json!("viewer"), json!("admin"))]);
        let key = json!({"name_before": "a", "scopes": "x", "scopes_before": "x", "quota": null});
        let expected = [
            changed("name", json!("a"), json!("b")),
            Line::Said("scopes".to_owned(), json!("x")),
            Line::Said("quota".to_owned(), json!(null)),
        ];
        assert_eq!(read(key, "b"), expected);
        let rotated = json!({"start": "pby_2", "old_start": "pby_1", "old_ends_at": "soon"});
        let expected = [
            changed("start", json!("pby_1"), json!("pby_2")),
            Line::Said("old_ends_at".to_owned(), json!("soon")),
        ];
        assert_eq!(read(rotated, ""), expected);
        let half = json!({"before": "viewer"});
        assert_eq!(read(half, ""), [Line::Said("before".to_owned(), json!("viewer"))]);
    }

    #[test]
    fn what_goes_by_the_name_of_a_secret_is_masked_however_deep() {
        let detail = json!({
            "data": {"apiToken": "t1", "deep": [{"PASSWORD": {"new": "p2"}}], "days": 90},
            "client_secret": "s3",
        });
        let Value::Object(mut said) = detail else { panic!("an object") };
        mask(&mut said);
        let text = Value::Object(said).to_string();
        for secret in ["t1", "p2", "s3"] {
            assert!(!text.contains(secret), "{text}");
        }
        assert!(text.contains("90") && text.matches(MASKED).count() == 3, "{text}");
    }

    #[test]
    fn a_record_that_says_nothing_has_no_section() {
        for nothing in ["{}", "null", "", "not json", r#"{"before":{},"after":{}}"#] {
            assert!(!changes(nothing, "").to_html().contains("section"), "{nothing}");
        }
        assert_eq!(worded("old_ends_at"), "Old ends at");
    }
}
