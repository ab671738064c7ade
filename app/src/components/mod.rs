//! The parts pages are made of: plain HTML, no state, no JavaScript.
//!
//! Looks are in `style/ui.css`, one class per part. Nothing here knows about a particular screen.

pub mod account;
pub mod answer;
pub mod bar;
pub mod bare;
pub mod changes;
pub mod chart;
pub mod codes;
pub mod curl;
pub mod events;
pub mod export;
pub mod facts;
pub mod field;
pub mod form;
pub mod frame;
pub mod guilloche;
pub mod head;
pub mod history;
pub mod icon;
pub mod kept;
pub mod list;
pub mod mark;
pub mod matrix;
pub mod may;
pub mod notice;
pub mod offer;
pub mod people;
pub mod permissions;
pub mod post;
pub mod record;
pub mod reveal;
pub mod reveal_hook;
pub mod saved;
pub mod search;
pub mod sidebar;
