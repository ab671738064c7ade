//! Problem JSON (RFC 9457): the body of every failed API request.

use super::{failure::Told, refusal::Refusal};
use axum::body::Body;
use model::{Failure, FieldError, RequestId};
use serde::Serialize;
use utoipa::ToSchema;

/// The body of every failed API request, as RFC 9457 has it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub(super) struct Problem {
    /// Always `about:blank`: the status says what kind of problem it is.
    #[serde(rename = "type")]
    kind: &'static str,
    /// A few words.
    title: String,
    /// The HTTP status.
    status: u16,
    /// One sentence: what is wrong and what to do.
    detail: String,
    /// Finds this request in Probity's log.
    #[schema(value_type = String, example = "req_019a7c3e5b7e7b7a8b3f0d1c2e3f4a5b")]
    request_id: RequestId,
    /// Per wrong field, what to do about it.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    errors: Vec<ProblemField>,
}

/// What is wrong with one field.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub(super) struct ProblemField {
    /// Its name as sent; empty when it is about the whole body.
    field: String,
    message: String,
}

impl Problem {
    /// The problem that says `told`.
    pub(super) fn new(told: &Told, request_id: RequestId) -> Self {
        let (title, detail, errors) = match told {
            Told::Refusal(refusal) => {
                (refusal.title().to_owned(), refusal.sentence().to_owned(), Vec::new())
            }
            Told::Failure(failure) => {
                (title(failure).to_owned(), failure.to_string(), fields(failure))
            }
        };
        let status = told.status().as_u16();
        Self { kind: "about:blank", title, status, detail, request_id, errors }
    }

    /// The problem as a response's body.
    pub(super) fn json(&self) -> Body {
        Body::from(serde_json::to_vec(self).expect("a problem is plain data"))
    }
}

fn title(failure: &Failure) -> &'static str {
    match failure {
        Failure::Unauthenticated => "Signed out",
        Failure::Forbidden(_) | Failure::Barred(_) => "Not allowed",
        Failure::Unconfirmed { .. } => "Not confirmed",
        Failure::NotFound => Refusal::NoPage.title(),
        Failure::Invalid(_) => "Needs another look",
        Failure::Conflict(_) => "Changed meanwhile",
        Failure::TooMany { .. } => "Too many tries",
        Failure::Unavailable(_) => "Not just now",
    }
}

fn fields(failure: &Failure) -> Vec<ProblemField> {
    let Failure::Invalid(errors) = failure else { return Vec::new() };
    let field = |FieldError { field, message }: &FieldError| ProblemField {
        field: field.clone(),
        message: message.clone(),
    };
    errors.iter().map(field).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use uuid::Uuid;

    #[test]
    fn a_problem_names_the_fields_and_the_request() {
        let told = Told::Failure(Failure::field("name", "Give the key a name."));
        let problem = Problem::new(&told, RequestId(Uuid::nil()));
        assert_eq!(
            serde_json::to_value(&problem).expect("plain data"),
            serde_json::json!({
                "type": "about:blank",
                "title": "Needs another look",
                "status": 422,
                "detail": "Give the key a name.",
                "request_id": "req_00000000000000000000000000000000",
                "errors": [{ "field": "name", "message": "Give the key a name." }],
            })
        );
    }
}
