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
    let fields = || endpoint.inputs.iter().map(|input| &input.field);
    let unknown = typed.keys().find(|field| !fields().any(|known| known == *field));
    let mut errors: Vec<FieldError> = unknown
        .map(|field| format!("The form has no field called {field}. Leave it out."))
        .map(|said| FieldError::new("", said))
        .into_iter()
        .collect();
    let mut request = ApiRequest {
        method: endpoint.method.clone(),
        path: endpoint.path.clone(),
        headers: Vec::new(),
        body: None,
    };
    if endpoint.takes_key {
        request.headers.push(("Authorization".to_owned(), format!("Bearer {KEY}")));
    }
    let (mut query, mut body) = (Vec::new(), Map::new());
    for input in &endpoint.inputs {
        let said = typed.get(&input.field).map(|said| said.trim()).filter(|said| !said.is_empty());
        match (input.place, said) {
            (Place::Path, None) => {
                errors.push(FieldError::new(&*input.field, "It is part of the address. Enter it."));
            }
            (_, None) => {}
            (Place::Path, Some(said)) => {
                let name = format!("{{{}}}", input.name);
                request.path = request.path.replace(&name, &segment(said));
            }
            (Place::Query, Some(said)) => query.push((input, said)),
            (Place::Header, Some(said))
                if said.bytes().all(|byte| (b' '..0x7f).contains(&byte)) =>
            {
                request.headers.push((input.name.clone(), said.to_owned()));
            }
            (Place::Header, Some(_)) => {
                let said = "A header holds letters, digits and signs of ASCII. Leave out the rest.";
                errors.push(FieldError::new(&*input.field, said));
            }
            (Place::Body, Some(said)) => match value(input, said) {
                Ok(value) => drop(body.insert(input.name.clone(), value)),
                Err(said) => errors.push(FieldError::new(&*input.field, said)),
            },
        }
    }
    if !errors.is_empty() {
        return Err(errors);
    }
    let pairs: Vec<String> =
        query.iter().map(|(input, said)| format!("{}={}", input.name, segment(said))).collect();
    if !pairs.is_empty() {
        request.path = format!("{}?{}", request.path, pairs.join("&"));
    }
    if endpoint.inputs.iter().any(|input| input.place == Place::Body) {
        let whole = body.remove("").unwrap_or(Value::Object(body));
        request.headers.push(("Content-Type".to_owned(), "application/json".to_owned()));
        request.body = Some(whole.to_string());
    }
    Ok(request)
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
