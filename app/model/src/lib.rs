//! Words shared by browser, server and database.
//!
//! Two kinds of things live here and nothing else:
//!
//! * **Tables of facts**, each an enum that owns its table: [`Permission`], [`AuditAction`],
//!   [`Limit`], [`Role`]. Rust checks, SQL policies, pages, documentation and tests are generated
//!   from them or loop over them. To add a fact, add one row; the compiler, `./dev generate` and
//!   the coverage tests ask for the rest.
//! * **What travels** between the browser and the server: a module per area with its forms
//!   (raw text, as typed) and its answers (ready to show).
//!
//! No secret may live here, with two named exceptions: [`reveal`], for what is shown once, and
//! [`Typed`], for a password on its way from a form.

pub mod account;
pub mod agent;
pub mod audit;
mod crest;
pub mod data;
mod date_style;
pub mod deletion;
pub mod explorer;
pub mod factor;
mod failure;
pub mod hex;
pub mod id;
pub mod invitation;
pub mod kept;
pub mod key;
pub mod ledger;
pub mod limit;
pub mod member;
pub mod ownership;
pub mod page;
pub mod passkey;
pub mod password;
mod permission;
pub mod place;
pub mod proof;
pub mod reveal;
pub mod review;
pub mod role;
pub mod rule;
pub mod security;
pub mod session;
pub mod team;
mod typed;
pub mod usage;

pub use audit::AuditAction;
pub use crest::Crest;
pub use date_style::DateStyle;
pub use failure::{Failure, FieldError, Flash, Next};
pub use id::{
    DataExportId, ExportId, InvitationId, KeyId, PersonId, ProgramId, RequestId, RoleId, RuleId,
    SearchId, StreamId, TeamId,
};
pub use limit::Limit;
pub use permission::{Permission, Permissions};
pub use role::{CustomRole, HeldRole, Role, RoleRef};
pub use typed::Typed;
