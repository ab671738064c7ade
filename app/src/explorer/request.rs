//! From what was typed to the request that is sent.

use super::{Endpoint, Input, Kind, Place};
use crate::pages::encode;
use leptos::serde_json::{self, Map, Value};
use model::{
    FieldError,
    explorer::{ApiRequest, KEY},
};
use std::collections::BTreeMap;

/// What was typed, by field.
type Typed = BTreeMap<String, String>;

/// The request that the form of `endpoint` stands for. Empty fields are left out.
///
/// # Errors
/// Every field that cannot be sent. What the API itself refuses is not looked at: to see its answer
/// is what the explorer is for.
pub fn request(endpoint: &Endpoint, typed: &Typed) -> Result<ApiRequest, Vec<FieldError>> {
    let mut errors: Vec<FieldError> = unknown(endpoint, typed).into_iter().collect();
    let mut draft = Draft::of(endpoint);
    for input in &endpoint.inputs {
        let said = typed.get(&input.field).map(|said| said.trim()).filter(|said| !said.is_empty());
        let put = match said {
            Some(said) => draft.put(input, said),
            None if input.place == Place::Path => {
                Err("It is part of the address. Enter it.".into())
            }
            None => Ok(()),
        };
        errors.extend(put.err().map(|said| FieldError::new(&input.field, said)));
    }
    if errors.is_empty() { Ok(draft.done()) } else { Err(errors) }
}

/// What is wrong with a field that the form does not have.
fn unknown(endpoint: &Endpoint, typed: &Typed) -> Option<FieldError> {
    let is_known = |field: &String| endpoint.inputs.iter().any(|input| input.field == *field);
    let field = typed.keys().find(|field| !is_known(field))?;
    Some(FieldError::new("", format!("The form has no field called {field}. Leave it out.")))
}

/// A request that is being put together.
struct Draft {
    request: ApiRequest,
    query: Vec<String>,
    takes_body: bool,
    body: Map<String, Value>,
}

impl Draft {
    fn of(endpoint: &Endpoint) -> Self {
        let key = ("Authorization".to_owned(), format!("Bearer {KEY}"));
        let request = ApiRequest {
            method: endpoint.method.clone(),
            path: endpoint.path.clone(),
            headers: endpoint.takes_key.then_some(key).into_iter().collect(),
            body: None,
        };
        let takes_body = endpoint.inputs.iter().any(|input| input.place == Place::Body);
        Self { request, query: Vec::new(), takes_body, body: Map::new() }
    }

    /// Puts what was said in its place, or says why not.
    fn put(&mut self, input: &Input, said: &str) -> Result<(), String> {
        let name = &input.name;
        match input.place {
            Place::Path => {
                let path = self.request.path.replace(&format!("{{{name}}}"), &segment(said));
                self.request.path = path;
            }
            Place::Query => self.query.push(format!("{name}={}", segment(said))),
            Place::Header if said.bytes().all(|byte| (b' '..0x7f).contains(&byte)) => {
                self.request.headers.push((name.clone(), said.to_owned()));
            }
            Place::Header => {
                return Err("A header holds plain ASCII. Leave out the other characters.".into());
            }
            Place::Body => drop(self.body.insert(name.clone(), value(input, said)?)),
        }
        Ok(())
    }

    fn done(self) -> ApiRequest {
        let Self { mut request, query, takes_body, mut body } = self;
        if !query.is_empty() {
            request.path = format!("{}?{}", request.path, query.join("&"));
        }
        if takes_body {
            let whole = body.remove("").unwrap_or(Value::Object(body));
            request.headers.push(("Content-Type".to_owned(), "application/json".to_owned()));
            request.body = Some(whole.to_string());
        }
        request
    }
}

/// What was typed, as JSON.
fn value(input: &Input, said: &str) -> Result<Value, String> {
    Ok(match input.kind {
        Kind::Text | Kind::Choice(_) => Value::from(said),
        Kind::Number => Value::from(said.parse::<i64>().map_err(|_| "Enter a whole number.")?),
        Kind::YesNo => Value::from(said == "true"),
        Kind::Lines => {
            said.lines().map(str::trim).filter(|line| !line.is_empty()).map(Value::from).collect()
        }
        Kind::Json => serde_json::from_str(said)
            .map_err(|error| format!("This is no JSON ({error}). Look at that place again."))?,
    })
}

/// As a part of an address, where a slash would begin the next.
fn segment(text: &str) -> String {
    encode(text).replace('/', "%2F")
}
