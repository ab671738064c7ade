//! Operations against a real PostgreSQL, as the roles that the program uses, never as superuser.
//!
//! Each test has a database of its own, copied from a template. A superuser connection only sets
//! the scene, or takes a control away to see the other one hold.

#![expect(clippy::unwrap_used, reason = "a test that panics has failed, which is what it is for")]

mod accounts;
mod audit_export;
mod audit_index;
mod audit_search;
mod authenticator;
mod catalogue;
mod data;
mod deletion;
mod demo;
mod interleavings;
mod invitations;
mod isolation;
mod isolation_attack;
mod kept;
mod keys;
mod ledger;
mod ledger_proof;
mod limits;
mod mail;
mod members;
mod own_events;
mod ownership;
mod passkeys;
mod passwords;
mod permissions;
mod pool;
mod post;
mod proof;
mod refusals;
mod renewal;
mod retention;
mod review;
mod roles;
mod rules;
mod saved_searches;
mod secrets;
mod security;
mod settings;
mod streams;
mod support;
mod usage;
