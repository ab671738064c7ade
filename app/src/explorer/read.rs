//! From an OpenAPI description to endpoints.

use super::{Endpoint, Input, Kind, Place};
use leptos::serde_json::{self, Map, Value, json};
use model::explorer::KEY;

/// The endpoints that an OpenAPI 3.1 description names, in its order; none if it is no description.
pub fn endpoints(description: &str) -> Vec<Endpoint> {
    let description: Value = serde_json::from_str(description).unwrap_or_default();
    let book = Book(&description);
    let mut endpoints = Vec::new();
    for (path, methods) in object(&description["paths"]) {
        for (method, operation) in object(methods) {
            endpoints.push(book.endpoint(path, method, operation));
        }
    }
    endpoints
}

/// The description, to look names up in.
struct Book<'a>(&'a Value);

impl<'a> Book<'a> {
    fn endpoint(&self, path: &str, method: &str, operation: &'a Value) -> Endpoint {
        let parameters = operation["parameters"].as_array().into_iter().flatten();
        let mut inputs: Vec<Input> = parameters.filter_map(|it| self.parameter(it)).collect();
        let body = &operation["requestBody"]["content"]["application/json"]["schema"];
        inputs.extend(self.body(self.schema(body)));
        inputs.sort_by_key(|input| !input.is_needed);
        let answers = object(&operation["responses"])
            .map(|(status, answer)| (status.clone(), text(&answer["description"])))
            .collect();
        Endpoint {
            id: text(&operation["operationId"]),
            method: method.to_uppercase(),
            path: path.to_owned(),
            area: text(&operation["tags"][0]),
            title: text(&operation["summary"]),
            about: text(&operation["description"]),
            takes_key: operation["security"].as_array().is_some_and(|it| !it.is_empty()),
            inputs,
            answers,
        }
    }

    fn parameter(&self, parameter: &'a Value) -> Option<Input> {
        let (place, word) = match parameter["in"].as_str()? {
            "path" => (Place::Path, "path"),
            "query" => (Place::Query, "query"),
            "header" => (Place::Header, "header"),
            _ => return None,
        };
        let is_needed = parameter["required"].as_bool().unwrap_or(false);
        let (name, about) = (text(&parameter["name"]), text(&parameter["description"]));
        Some(self.input((place, word), name, &parameter["schema"], is_needed).saying(about))
    }

    /// A field for each part of the body, and one for all of it.
    fn body(&self, schema: &'a Value) -> Vec<Input> {
        let needed: Vec<&str> =
            schema["required"].as_array().into_iter().flatten().filter_map(Value::as_str).collect();
        let part = |(name, part): (&String, &'a Value)| {
            let is_needed = needed.contains(&name.as_str());
            self.input((Place::Body, "body"), name.clone(), part, is_needed)
        };
        let mut inputs: Vec<Input> = object(&schema["properties"]).map(part).collect();
        if !schema.is_null() {
            inputs.push(Input {
                place: Place::Body,
                name: String::new(),
                field: "body".to_owned(),
                kind: Kind::Json,
                about: "The whole body as JSON, in place of its fields.".to_owned(),
                is_needed: false,
                preset: String::new(),
            });
        }
        inputs
    }

    fn input(
        &self,
        (place, word): (Place, &str),
        name: String,
        outer: &'a Value,
        is_needed: bool,
    ) -> Input {
        let schema = self.schema(outer);
        let kind = self.kind(schema);
        let plain = |c: char| if c.is_ascii_alphanumeric() { c.to_ascii_lowercase() } else { '_' };
        let field = format!("{word}_{}", name.chars().map(plain).collect::<String>());
        let preset = match (is_needed, &kind) {
            (false, _) | (_, Kind::YesNo | Kind::Choice(_)) => String::new(),
            (true, Kind::Json) => {
                serde_json::to_string_pretty(&self.sample(schema)).unwrap_or_default()
            }
            (true, _) => self.sample(schema).as_str().unwrap_or_default().to_owned(),
        };
        let said = [outer, schema].map(|it| text(&it["description"]));
        let said = said.into_iter().find(|said| !said.is_empty()).unwrap_or_default();
        let about = format!("{said} {}", bounds(schema)).trim().to_owned();
        Input { place, name, field, kind, about, is_needed, preset }
    }

    /// What it is when it is there: without names, and without `null`.
    fn schema(&self, schema: &'a Value) -> &'a Value {
        if let Some(name) = schema["$ref"].as_str() {
            return self
                .schema(self.0.pointer(name.trim_start_matches('#')).unwrap_or(&Value::Null));
        }
        let ways = schema["oneOf"].as_array().into_iter().flatten();
        match ways.into_iter().find(|way| way["type"] != "null") {
            Some(way) => self.schema(way),
            None => schema,
        }
    }

    fn kind(&self, schema: &'a Value) -> Kind {
        if let Some(words) = schema["enum"].as_array() {
            return Kind::Choice(words.iter().map(text).collect());
        }
        match type_of(schema) {
            "string" => Kind::Text,
            "integer" | "number" => Kind::Number,
            "boolean" => Kind::YesNo,
            "array" if type_of(self.schema(&schema["items"])) == "string" => Kind::Lines,
            _ => Kind::Json,
        }
    }

    /// An example of it, as far as it gives one.
    fn sample(&self, schema: &'a Value) -> Value {
        let schema = self.schema(schema);
        match (&schema["example"], type_of(schema)) {
            // A key is not typed here: the test key stands in its place.
            (Value::String(example), _) if example.contains("pby_") => {
                let before = example.split("pby_").next().unwrap_or_default();
                json!(format!("{before}{KEY}"))
            }
            (Value::Null, "array") => json!([self.sample(&schema["items"])]),
            (Value::Null, "object") => {
                let needed = schema["required"].as_array().into_iter().flatten();
                let needed = needed.filter_map(Value::as_str);
                let part = |name: &str| (name.to_owned(), self.sample(&schema["properties"][name]));
                Value::Object(needed.map(part).collect::<Map<_, _>>())
            }
            (Value::Null, "integer" | "number") => schema["minimum"].clone(),
            (Value::Null, _) => schema["enum"][0].as_str().unwrap_or_default().into(),
            (example, _) => example.clone(),
        }
    }
}

impl Input {
    /// With what is said of it in its place, if anything is.
    fn saying(self, about: String) -> Self {
        if about.is_empty() { self } else { Self { about, ..self } }
    }
}

/// The type's name, `null` aside.
fn type_of(schema: &Value) -> &str {
    match &schema["type"] {
        Value::Array(names) => {
            names.iter().filter_map(Value::as_str).find(|name| *name != "null").unwrap_or_default()
        }
        name => name.as_str().unwrap_or_default(),
    }
}

/// Its bounds and its usual value, in a sentence.
fn bounds(schema: &Value) -> String {
    let number = |name: &str| schema[name].as_i64();
    let range = match (number("minimum"), number("maximum"), number("maxLength")) {
        (Some(least), Some(most), _) => format!("{least} to {most}. "),
        (_, _, Some(most)) => format!("At most {most} characters. "),
        _ => String::new(),
    };
    match &schema["default"] {
        Value::Null => range,
        usual => {
            format!("{range}Usually {}.", usual.as_str().map_or(usual.to_string(), str::to_owned))
        }
    }
}

fn object(value: &Value) -> impl Iterator<Item = (&String, &Value)> {
    value.as_object().into_iter().flatten()
}

fn text(value: &Value) -> String {
    value.as_str().unwrap_or_default().to_owned()
}
