//! Pages about the viewer, outside any team.

pub mod confirm;
pub mod home;
pub mod new_team;
