//! What endpoints that act in a team refuse with, as the description says it.

use crate::http::problem::Problem;
use std::collections::BTreeMap;
use utoipa::{
    IntoResponses, ToSchema,
    openapi::{Content, Ref, RefOr, Response, ResponseBuilder},
};

macro_rules! refusals {
    ($($(#[$about:meta])* $name:ident = { $($status:literal: $said:literal,)* })*) => {$(
        $(#[$about])*
        pub(super) struct $name;

        impl IntoResponses for $name {
            fn responses() -> BTreeMap<String, RefOr<Response>> {
                [$(($status, $said),)*].into_iter().map(problem).collect()
            }
        }
    )*};
}

refusals! {
    /// Of every one of them.
    Acting = {
        "401": "No key, or one that does not work: `X-Probity-Code` says why",
        "403": "The key may not do this, or not from there",
        "429": "The key is used up, or calls too often; `Retry-After` says until when",
        "503": "It cannot be told now; `Retry-After` says when to ask again",
    }
    /// Where a body may come.
    Unread = {
        "400": "The body is not JSON, or did not come whole",
        "413": "The body is larger than 64 kB",
        "415": "The body is not called application/json",
    }
    /// Where the path names something.
    Absent = { "404": "The team has nothing of this id", }
    /// Where something is asked of it.
    Wrong = { "422": "A field is wrong, or is none of this endpoint’s", }
    /// Where what is there may stand against it.
    AsItIs = { "409": "Not with it as it is now", }
}

fn problem((status, said): (&str, &str)) -> (String, RefOr<Response>) {
    let schema = Ref::from_schema_name(Problem::name());
    let content = Content::new(Some(schema));
    let response = ResponseBuilder::new().description(said);
    let response = response.content("application/problem+json", content).build();
    (status.to_owned(), RefOr::T(response))
}
