//! Endpoints that act in a team with one of its keys: what a key may there stands among its scopes,
//! as `probity:keys.view`.

mod audit;
mod create_key;
mod key;
mod keys;
mod members;
mod own;
mod page;
mod usage;

pub(super) use audit::{__path_audit_event, __path_audit_events, audit_event, audit_events};
pub(super) use create_key::{__path_create_key, create_key};
pub(super) use keys::{
    __path_disable_key, __path_enable_key, __path_end_overlap, __path_find_key, __path_list_keys,
    __path_revoke_key, __path_rotate_key, __path_update_key, disable_key, enable_key, end_overlap,
    find_key, list_keys, revoke_key, rotate_key, update_key,
};
pub(super) use members::{__path_list_members, list_members};
pub(super) use own::{__path_own_team, own_team};
pub(super) use usage::{__path_usage, usage};
