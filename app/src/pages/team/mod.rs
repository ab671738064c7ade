//! Pages of a team.

pub mod audit;
pub mod edit_key;
pub mod event;
pub mod invitations;
pub mod invite;
pub mod key;
pub mod keys;
pub mod member;
pub mod members;
pub mod new_key;
pub mod new_role;
pub mod overview;
pub mod policy;
pub mod remove_member;
pub mod review;
pub mod revoke_key;
pub mod role;
pub mod roles;
pub mod rotate_key;
pub mod settings;
pub mod usage;
