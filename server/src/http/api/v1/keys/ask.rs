//! What is asked about a key, and what is wrong with how it is asked.

use crate::http::{failure::Told, refusal::Refusal};
use domain::key::Ask;
use model::{Failure, Typed, key::bounds};
use serde::Deserialize;
use serde_json::{Map, Value};
use std::{borrow::Cow, net::IpAddr};
use utoipa::ToSchema;

/// What to verify.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct VerifyRequest<'a> {
    /// The key exactly as your customer sent it.
    #[serde(borrow)]
    #[schema(value_type = String, min_length = 1, max_length = 256, example = "pby_live_…")]
    key: Cow<'a, str>,
    /// Where your customer's request came from. Needed for keys that name networks: without it
    /// they are refused with FORBIDDEN_IP.
    #[serde(default)]
    #[schema(value_type = Option<String>, example = "203.0.113.7")]
    ip: Option<IpAddr>,
    /// What the request needs, in the words that your keys hold: all of them, or it is refused
    /// with INSUFFICIENT_SCOPE.
    #[serde(borrow, default)]
    #[schema(value_type = Vec<String>, max_items = 32, example = json!(["orders:read"]))]
    scopes: Vec<Cow<'a, str>>,
    /// What the scopes are needed for. A key that holds `read@invoices` may `read` the resource
    /// `invoices` and nothing else.
    #[serde(borrow, default)]
    #[schema(value_type = Option<String>, max_length = 64, example = "invoices")]
    resource: Option<Cow<'a, str>>,
    /// Calls that this one counts as, for rate and quota; 0 looks and takes nothing.
    #[serde(default)]
    #[schema(minimum = 0, maximum = 1_000_000, default = 1)]
    cost: Option<u32>,
}

/// The key in the body, and what is asked about it. The usual body is read without a copy of
/// anything but the key; only a wrong one is read again, slowly, to say what is wrong with it.
pub(super) fn asked(bytes: &[u8]) -> Result<(Typed, Ask<'_>), Told> {
    // serde also reads a struct from an array, which nobody was promised.
    let is_object = bytes.trim_ascii_start().first() == Some(&b'{');
    match serde_json::from_slice::<VerifyRequest<'_>>(bytes) {
        Ok(asked) if is_object && asked.is_within_bounds() => Ok(asked.split()),
        _ => Err(explained(bytes)),
    }
}

impl<'a> VerifyRequest<'a> {
    /// The key, and what is asked about it.
    pub(super) fn split(self) -> (Typed, Ask<'a>) {
        let Self { key, ip, scopes, resource, cost } = self;
        (Typed::new(key), Ask { ip, scopes, resource, cost, ..Ask::default() })
    }

    pub(super) fn is_within_bounds(&self) -> bool {
        let is_word = |word: &str| (1..=bounds::SCOPE).contains(&word.len());
        (1..=bounds::TEXT).contains(&self.key.len())
            && self.scopes.len() <= bounds::SCOPES
            && self.scopes.iter().all(|scope| is_word(scope))
            && self.resource.as_deref().is_none_or(is_word)
            && self.cost.is_none_or(|cost| cost <= bounds::COST_MOST)
    }
}

/// What is wrong with the body, in a sentence that repeats nothing of a key.
fn explained(bytes: &[u8]) -> Told {
    let Ok(text) = std::str::from_utf8(bytes) else {
        return Told::Refusal(Refusal::NotUtf8);
    };
    let Ok(value) = serde_json::from_str::<Value>(text) else {
        return Told::Refusal(Refusal::NotJson);
    };
    let Value::Object(fields) = value else {
        return wrong("", "The body must be a JSON object. Send {\"key\": \"pby_live_…\"}.");
    };
    let (field, sentence) = wrong_with(&fields);
    wrong(field, sentence)
}

/// The field that is wrong, and what is wrong with it.
pub(super) fn wrong_with(fields: &Map<String, Value>) -> (&'static str, &'static str) {
    const FIELDS: [&str; 5] = ["key", "ip", "scopes", "resource", "cost"];
    if fields.keys().any(|name| !FIELDS.contains(&name.as_str())) {
        return (
            "",
            "The body has a field besides key, ip, scopes, resource and cost. Send only these.",
        );
    }
    if let Some(wrong) = wrong_ask(fields) {
        return wrong;
    }
    match fields.get("key") {
        None => ("key", "The field key is missing. Send the key to verify in it."),
        Some(Value::String(key)) if key.is_empty() => {
            ("key", "The field key is empty. Send the key to verify in it.")
        }
        Some(Value::String(key)) if key.len() > bounds::TEXT => {
            ("key", "The field key is longer than 256 bytes, so it is no key. Send one key.")
        }
        // Fitting values, yet refused: a name stands there twice.
        Some(Value::String(_)) => ("key", "A field is there twice. Send each once."),
        Some(_) => ("key", "The field key must be text. Put the key in double quotes."),
    }
}

/// What is wrong with what is asked about the key, if anything is.
fn wrong_ask(fields: &Map<String, Value>) -> Option<(&'static str, &'static str)> {
    let is_wrong =
        |name: &str, fits: fn(&Value) -> bool| fields.get(name).is_some_and(|value| !fits(value));
    if is_wrong("ip", |ip| ip.is_null() || ip.as_str().is_some_and(is_address)) {
        return Some(("ip", "The field ip must be an address like 203.0.113.7 or 2001:db8::7."));
    }
    let are_words = |scopes: &Value| {
        let scopes = scopes.as_array();
        scopes.is_some_and(|scopes| scopes.len() <= bounds::SCOPES && scopes.iter().all(is_word))
    };
    if is_wrong("scopes", are_words) {
        return Some((
            "scopes",
            "The field scopes must be a list of at most 32 texts of 1 to 64 bytes each.",
        ));
    }
    if is_wrong("resource", |resource| resource.is_null() || is_word(resource)) {
        return Some(("resource", "The field resource must be a text of 1 to 64 bytes."));
    }
    let is_cost = |cost: &Value| {
        cost.is_null() || cost.as_u64().is_some_and(|cost| cost <= bounds::COST_MOST.into())
    };
    is_wrong("cost", is_cost)
        .then_some(("cost", "The field cost must be a whole number from 0 to 1000000."))
}

fn is_address(text: &str) -> bool {
    text.parse::<IpAddr>().is_ok()
}

fn is_word(value: &Value) -> bool {
    value.as_str().is_some_and(|word| (1..=bounds::SCOPE).contains(&word.len()))
}

pub(super) fn wrong(field: &str, sentence: &str) -> Told {
    Told::Failure(Failure::field(field, sentence))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::http::problem::Problem;
    use model::RequestId;
    use uuid::Uuid;

    /// Status, field and sentence of the problem that a body leads to.
    fn problem(body: &[u8]) -> (u64, String, String) {
        let told = asked(body).expect_err("refused");
        let problem = Problem::new(&told, RequestId(Uuid::nil()));
        let json = serde_json::to_value(&problem).expect("plain data");
        let field = json["errors"][0]["field"].as_str().unwrap_or("-").to_owned();
        let detail = json["detail"].as_str().expect("a sentence").to_owned();
        (json["status"].as_u64().expect("a number"), field, detail)
    }

    fn sentence(body: &str) -> String {
        problem(body.as_bytes()).2
    }

    #[test]
    fn a_key_is_read_as_it_was_sent() {
        let (plain, nothing) = asked(br#"{"key":"pby_live_1"}"#).expect("well-formed");
        assert_eq!((plain.expose(), nothing.ip, nothing.cost), ("pby_live_1", None, None));
        let (escaped, ask) = asked(
            br#" { "ip":"2001:db8::7", "key" : "pby\u005flive", "scopes": ["a", "\u0062"],
                  "resource": "r", "cost": 0 } "#,
        )
        .expect("well-formed");
        assert_eq!((escaped.expose(), ask.ip), ("pby_live", "2001:db8::7".parse().ok()));
        assert_eq!((&*ask.scopes[1], ask.resource.as_deref()), ("b", Some("r")));
        assert_eq!(ask.cost, Some(0));
    }

    #[test]
    fn every_wrong_body_has_its_own_sentence() {
        assert_eq!(sentence("{}"), "The field key is missing. Send the key to verify in it.");
        assert_eq!(
            sentence(r#"{"key":""}"#),
            "The field key is empty. Send the key to verify in it."
        );
        assert_eq!(
            sentence(r#"{"key":7}"#),
            "The field key must be text. Put the key in double quotes."
        );
        assert_eq!(
            sentence(r#"{"key":"a","ip":"here"}"#),
            "The field ip must be an address like 203.0.113.7 or 2001:db8::7."
        );
        let scopes = "The field scopes must be a list of at most 32 texts of 1 to 64 bytes each.";
        for wrong in ["7", "\"a\"", "[7]", "[\"\"]", "null"] {
            assert_eq!(sentence(&format!(r#"{{"key":"a","scopes":{wrong}}}"#)), scopes);
        }
        let cost = "The field cost must be a whole number from 0 to 1000000.";
        for wrong in ["-1", "1.5", "1000001", "\"1\""] {
            assert_eq!(sentence(&format!(r#"{{"key":"a","cost":{wrong}}}"#)), cost);
        }
        assert_eq!(
            sentence(r#"{"key":"a","resource":""}"#),
            "The field resource must be a text of 1 to 64 bytes."
        );
        assert_eq!(
            sentence(r#"{"key":null}"#),
            "The field key must be text. Put the key in double quotes."
        );
        assert_eq!(sentence(r#"{"key":"a","key":"b"}"#), "A field is there twice. Send each once.");
        assert_eq!(
            sentence(r#"["a"]"#),
            "The body must be a JSON object. Send {\"key\": \"pby_live_…\"}."
        );
        assert_eq!(
            sentence(&format!(r#"{{"key":"{}"}}"#, "a".repeat(257))),
            "The field key is longer than 256 bytes, so it is no key. Send one key."
        );
    }

    #[test]
    fn the_status_says_whether_it_was_json_at_all() {
        assert_eq!(problem(b"").0, 400);
        assert_eq!(problem(b"key=pby_live_1").0, 400);
        assert_eq!(problem(b"{\"key\":\"\xff\"}").2, Refusal::NotUtf8.sentence());
        assert_eq!((problem(b"{}").0, problem(b"{}").1), (422, "key".to_owned()));
    }

    #[test]
    fn nothing_of_a_key_is_repeated() {
        for body in [
            r#"{"pby_live_secret":1}"#,
            r#"{"key":"pby_live_secret","x":1}"#,
            r#"{"key":["pby_live_secret"]}"#,
            r#"pby_live_secret"#,
            r#""pby_live_secret""#,
        ] {
            assert!(!format!("{:?}", problem(body.as_bytes())).contains("secret"), "{body}");
        }
    }
}
