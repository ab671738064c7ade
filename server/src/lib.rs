//! The program `probity`: what an operator starts.
//!
//! A command ([`command`]) reads the settings ([`config`]), opens the database and everything
//! operations need ([`boot`], [`postgres`]), and does its work; `serve` also answers requests
//! ([`http`]), does background work ([`jobs`]), sends mail and streams ([`outbound`]) and stops in good order
//! ([`lifecycle`]).
//!
//! **To add a command**: a file in `command/`, a row in its `Verb`. **A setting**: see [`config`].
//! **A job**: see [`jobs`].

pub mod boot;
pub mod command;
pub mod config;
pub mod http;
pub mod jobs;
pub mod lifecycle;
pub mod outbound;
pub mod places;
pub mod postgres;
pub mod problem;
pub mod telemetry;

pub use problem::Problem;

/// The version of this program.
pub const VERSION: &str = env!("CARGO_PKG_VERSION");
