//! Pages about the viewer, outside any team.

pub mod activity;
pub mod confirm;
pub mod data;
pub mod delete;
pub mod home;
pub mod new_passkey;
pub mod new_team;
pub mod passkey;
pub mod profile;
pub mod security;
pub mod sessions;
pub mod two_step;
