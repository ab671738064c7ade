//! Proof that promises hold in this very database, by trying to break them.
//!
//! **What lives here.** A [scratch world](scratch) of synthetic people and teams inside one
//! transaction that is always rolled back, and what is tried in it: [`isolation`] attacks another
//! team's rows through every table, view and function that PostgreSQL's catalogue names, so that
//! what is added later is attacked too. `probity doctor` runs it on the database that it examines.
//!
//! The [self-probe](probe()) tries each role × permission in it: what the program's check says to a
//! synthetic person, and what the database says to them past that check ([`trials`]). It runs once
//! a day and whenever an owner asks.
//!
//! **Why SQL is put together here.** Names come from `pg_catalog`, quoted by it, and all values are
//! our own: with `policy.rs` and the cluster's set-up this is the third place of `AssertSqlSafe`.
//!
//! **To add a table or function**: nothing; it is found. If it must pass row-level security or
//! cross teams by design, it stands with its reason in [`known`].
//! **To add a seed**: a row in `seed.rs`, so that there is something of the other team to reach.

mod catalogue;
mod functions;
mod isolation;
pub mod known;
mod matrix;
mod probe;
mod references;
mod rows;
mod scratch;
mod seed;
mod stage;
mod structure;
mod tables;
pub mod trials;

pub use isolation::{Isolation, isolation};
pub use matrix::{matrix, probe_due, probe_now};
pub use probe::{Column, probe};
