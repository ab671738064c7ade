//! The whole router and the accept loop, as far as they go without a database. What needs one is
//! tested from outside, in `server/tests/it/http.rs`.

mod answers;
mod connections;
