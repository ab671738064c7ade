//! What Probity can do, and the rules under which it does it.
//!
//! **What lives here.** Operations, one verb per file (`key/create.rs`), the SQL they run under
//! row-level security, the ledgers, and the cryptography. No HTTP, no pages: doors are elsewhere.
//!
//! **How an operation looks.** It takes a [`Cx`] (who acts, in which team) and what was typed,
//! checks the words, and opens a transaction by naming the permission it needs:
//!
//! ```ignore
//! let mut change = cx.change(Permission::KeysManage).await?;   // guard; RLS repeats it
//! insert(change.sql(), &key).await?;
//! change.commit(Event::team(AuditAction::KeyCreate, target)).await?;  // nothing else commits
//! ```
//!
//! **To add an operation**: a file in its area, a door in `app/src/actions` or `http/api`, a row
//! in the golden permission test if it needs a new power.
//! **To add a tenant table**: a migration and a row in `policy::tables`.

pub mod account;
pub mod audit;
mod change;
pub mod crypto;
mod csv;
mod cx;
pub mod data;
pub mod demo;
pub mod deps;
mod error;
mod event;
pub mod explorer;
pub mod failpoint;
pub mod invitation;
pub mod key;
pub mod limit;
pub mod mail;
pub mod member;
mod once;
pub mod operator;
pub mod ownership;
mod pass;
pub mod password;
pub mod policy;
pub mod ports;
pub mod program;
pub mod proof;
pub mod renewal;
pub mod review;
pub mod role;
pub mod rule;
pub mod schema;
mod sealed_file;
mod seat;
pub mod security;
pub mod task;
pub mod team;
mod text;
pub mod tx;
pub mod usage;
pub mod zone;

pub use change::{Change, View};
pub use cx::{Cx, Origin};
pub use deps::{Deps, DepsParts, Lifetimes, Signup};
pub use error::{Error, Result};
pub use once::{once, sweep_answers};
pub use tx::Db;
