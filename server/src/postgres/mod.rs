//! The private PostgreSQL cluster that Probity runs when no other server is given.
//!
//! It lives in the data folder, listens on a Unix socket that only this user can reach, and is
//! owned by whoever holds [`Lock`]: `serve` for as long as it runs, an operator's command for a
//! moment. A command beside a running `serve` uses the cluster of that `serve`.
//!
//! | file | what it holds |
//! |---|---|
//! | `binaries` | which `postgres` and `initdb` are used |
//! | `account` | the unprivileged user they run as |
//! | `place` | the paths in the data folder |
//! | `lock` | one owner at a time |
//! | `settings` | `postgresql.conf`, `pg_hba.conf`, `pg_ident.conf`, written at every start |
//! | `create` | `initdb`, all or nothing |
//! | `leftover` | what an earlier, killed owner left running |
//! | `postmaster` | one run of the server |
//! | `supervisor` | keeps it running |
//! | `cluster` | all of it together: open, connect, stop |

mod account;
mod binaries;
mod cluster;
mod create;
mod error;
mod leftover;
mod lock;
mod log;
mod place;
mod postmaster;
mod secret_file;
mod settings;
mod supervisor;

pub use account::Account;
pub use binaries::Binaries;
pub use cluster::{Cluster, Passwords, Wish};
pub use create::free_mb;
pub use error::Error;
pub use lock::{Holder, Lock};
pub use place::Place;
pub use secret_file::SecretFile;
pub use supervisor::State;

pub(crate) type Result<T, E = Error> = std::result::Result<T, E>;
