//! Endpoints that act in a team with one of its keys: what a key may there stands among its scopes,
//! as `probity:keys.view`.

mod audit;
mod create_key;
mod key;
mod keys;
mod life;
mod log;
mod members;
mod own;
mod page;
mod programs;
mod rule;
mod rules;
mod usage;

pub(super) use audit::{__path_audit_event, __path_audit_events, audit_event, audit_events};
pub(super) use create_key::{__path_create_key, create_key};
pub(super) use keys::{
    __path_find_key, __path_list_keys, __path_update_key, find_key, list_keys, update_key,
};
pub(super) use life::{
    __path_disable_key, __path_enable_key, __path_end_overlap, __path_revoke_key,
    __path_rotate_key, disable_key, enable_key, end_overlap, revoke_key, rotate_key,
};
pub(super) use log::{__path_log_event, __path_log_events, log_event, log_events};
pub(super) use members::{__path_list_members, list_members};
pub(super) use own::{__path_own_team, own_team};
pub(super) use programs::{
    __path_create_program, __path_delete_program, __path_find_program, __path_list_programs,
    __path_update_program, create_program, delete_program, find_program, list_programs,
    update_program,
};
pub(super) use rules::{
    __path_create_rule, __path_delete_rule, __path_find_rule, __path_list_rules,
    __path_update_rule, create_rule, delete_rule, find_rule, list_rules, update_rule,
};
pub(super) use usage::{__path_usage, usage};
