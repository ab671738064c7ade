use super::*;
use model::explorer::KEY;
use std::collections::BTreeMap;

/// An endpoint with something of everything.
fn endpoint() -> Endpoint {
    let description = r##"{
        "paths": { "/v1/keys/{key}": { "patch": {
            "operationId": "updateKey", "tags": ["keys"], "summary": "Change a key",
            "description": "What is left out stays.",
            "parameters": [
                { "name": "key", "in": "path", "required": true, "schema": { "type": "string" } },
                { "name": "dry", "in": "query", "schema": { "type": "boolean" } },
                { "name": "Idempotency-Key", "in": "header", "description": "Your name for it",
                  "schema": { "type": ["string", "null"] } },
                { "name": "session", "in": "cookie", "schema": { "type": "string" } }
            ],
            "requestBody": { "content": { "application/json": {
                "schema": { "$ref": "#/components/schemas/Terms" } } } },
            "responses": { "200": { "description": "The key" } },
            "security": [ { "key": [] } ]
        } } },
        "components": { "schemas": {
            "Terms": { "type": "object", "required": ["text", "list"], "properties": {
                "days": { "type": ["integer", "null"], "minimum": 1, "maximum": 365, "default": 90 },
                "how": { "oneOf": [ { "type": "null" }, { "$ref": "#/components/schemas/How" } ] },
                "list": { "type": "array", "items": { "$ref": "#/components/schemas/Rate" } },
                "scopes": { "type": "array", "items": { "type": "string" } },
                "text": { "type": "string", "description": "Any text.", "example": "K=pby_live_…" }
            } },
            "How": { "type": "string", "enum": ["exact", "prefix"] },
            "Rate": { "type": "object", "required": ["limit"],
                      "properties": { "limit": { "type": "integer", "minimum": 1 } } }
        } }
    }"##;
    endpoints(description).pop().expect("one endpoint")
}

fn input<'a>(endpoint: &'a Endpoint, field: &str) -> &'a Input {
    endpoint.inputs.iter().find(|input| input.field == field).unwrap_or_else(|| panic!("{field}"))
}

fn typed(fields: &[(&str, &str)]) -> BTreeMap<String, String> {
    fields.iter().map(|(field, value)| ((*field).to_owned(), (*value).to_owned())).collect()
}

#[test]
fn a_description_is_read_with_what_is_needed_first() {
    let endpoint = endpoint();
    assert_eq!((endpoint.id.as_str(), endpoint.method.as_str()), ("updateKey", "PATCH"));
    assert!(endpoint.takes_key);
    let fields: Vec<&str> = endpoint.inputs.iter().map(|input| &*input.field).collect();
    let expected = [
        "path_key",
        "body_list",
        "body_text",
        "query_dry",
        "header_idempotency_key",
        "body_days",
        "body_how",
        "body_scopes",
        "body",
    ];
    assert_eq!(fields, expected);
    assert_eq!(
        input(&endpoint, "body_how").kind,
        Kind::Choice(vec!["exact".into(), "prefix".into()])
    );
    assert_eq!(input(&endpoint, "body_scopes").kind, Kind::Lines);
    assert_eq!(input(&endpoint, "query_dry").kind, Kind::YesNo);
    assert_eq!(input(&endpoint, "body_days").about, "1 to 365. Usually 90.");
    assert_eq!(input(&endpoint, "header_idempotency_key").about, "Your name for it");
    assert_eq!(input(&endpoint, "body_text").preset, format!("K={KEY}"), "no key is typed");
    assert_eq!(input(&endpoint, "body_list").preset, "[\n  {\n    \"limit\": 1\n  }\n]");
    assert!(endpoints("{}").is_empty() && endpoints("no JSON").is_empty());
}

#[test]
fn what_was_typed_stands_in_its_place_and_what_was_not_is_left_out() {
    let typed = typed(&[
        ("path_key", "../x y"),
        ("query_dry", "true"),
        ("header_idempotency_key", "a-1"),
        ("body_text", "say \"hi\""),
        ("body_days", "7"),
        ("body_scopes", "a:b\r\n\r\n c "),
        ("body_how", ""),
    ]);
    let made = request(&endpoint(), &typed).expect("a request");
    assert_eq!(made.path, "/v1/keys/..%2Fx%20y?dry=true");
    let bearer = format!("Bearer {KEY}");
    let headers: Vec<_> = made.headers.iter().map(|(name, it)| (&**name, &**it)).collect();
    let expected = [
        ("Authorization", bearer.as_str()),
        ("Idempotency-Key", "a-1"),
        ("Content-Type", "application/json"),
    ];
    assert_eq!(headers, expected);
    let body = r#"{"days":7,"scopes":["a:b","c"],"text":"say \"hi\""}"#;
    assert_eq!(made.body.as_deref(), Some(body));
}

#[test]
fn a_whole_body_takes_the_place_of_its_fields() {
    let typed = typed(&[("path_key", "k"), ("body_days", "7"), ("body", "[null, 1]")]);
    assert_eq!(request(&endpoint(), &typed).expect("sent").body.as_deref(), Some("[null,1]"));
}

#[test]
fn every_field_that_cannot_be_sent_is_named() {
    let typed = typed(&[
        ("body_days", "seven"),
        ("body_list", "[1"),
        ("header_idempotency_key", "a\r\nX-Evil: 1"),
        ("team_id", "x"),
    ]);
    let errors = request(&endpoint(), &typed).expect_err("not sent");
    let fields: Vec<&str> = errors.iter().map(|error| &*error.field).collect();
    assert_eq!(errors[0].message, "The form has no field called team_id. Leave it out.");
    assert_eq!(fields, ["", "path_key", "body_list", "header_idempotency_key", "body_days"]);
    assert!(errors[2].message.starts_with("This is no JSON (EOF"), "{}", errors[2].message);
}

/// A request with everything that could break out of its quotes.
fn tricky() -> ApiRequest {
    let body = format!(
        r#"{{"a":"it's {{x}} \"{KEY}\" $HOME","b":[true,null,-1.5],"c":{{}},"k":"{KEY}"}}"#
    );
    ApiRequest {
        method: "PUT".to_owned(),
        path: "/v1/x?y=1".to_owned(),
        headers: vec![
            ("Authorization".to_owned(), format!("Bearer {KEY}")),
            ("Content-Type".to_owned(), "application/json".to_owned()),
        ],
        body: Some(body),
    }
}

#[test]
fn the_same_request_stands_in_four_languages() {
    let [curl, javascript, python, rust] = snippets("https://p.example", &tricky()).map(|it| it.1);
    assert_eq!(
        curl,
        r#"curl 'https://p.example/v1/x?y=1' \
  -X PUT \
  -H 'Authorization: Bearer '"$PROBITY_KEY" \
  -H 'Content-Type: application/json' \
  -d '{"a":"it'\''s {x} \"'"$PROBITY_KEY"'\" $HOME","b":[true,null,-1.5],"c":{},"k":"'"$PROBITY_KEY"'"}'"#
    );
    assert_eq!(
        javascript,
        r#"const key = process.env.PROBITY_KEY;
const response = await fetch("https://p.example/v1/x?y=1", {
  method: "PUT",
  headers: {
    "Authorization": "Bearer " + key,
    "Content-Type": "application/json",
  },
  body: JSON.stringify({
    "a": "it's {x} \"" + key + "\" $HOME",
    "b": [
      true,
      null,
      -1.5,
    ],
    "c": {},
    "k": key,
  }),
});
console.log(response.status, await response.text());"#
    );
    assert_eq!(
        python,
        r#"import os
import requests

key = os.environ["PROBITY_KEY"]
response = requests.put(
    "https://p.example/v1/x?y=1",
    headers={
        "Authorization": "Bearer " + key,
    },
    json={
        "a": "it's {x} \"" + key + "\" $HOME",
        "b": [
            True,
            None,
            -1.5,
        ],
        "c": {},
        "k": key,
    },
    timeout=10,
)
print(response.status_code, response.text)"#
    );
    assert_eq!(
        rust,
        r#"let key = std::env::var("PROBITY_KEY")?;
let response = reqwest::Client::new()
    .put("https://p.example/v1/x?y=1")
    .header("Authorization", format!("Bearer {key}"))
    .json(&serde_json::json!({
        "a": format!("it's {{x}} \"{key}\" $HOME"),
        "b": [
            true,
            null,
            -1.5,
        ],
        "c": {},
        "k": key,
    }))
    .send()
    .await?;
println!("{} {}", response.status(), response.text().await?);"#
    );
}

#[test]
fn a_request_without_a_key_and_a_body_is_short() {
    let get = ApiRequest {
        method: "GET".to_owned(),
        path: "/v1/team".to_owned(),
        headers: Vec::new(),
        body: None,
    };
    let [curl, javascript, python, rust] = snippets("http://x", &get).map(|it| it.1);
    assert_eq!(curl, "curl 'http://x/v1/team'");
    assert_eq!(javascript.lines().count(), 4);
    assert!(!python.contains("import os") && !rust.contains("let key"));
}
