//! What a self-probe found: each cell of roles × permissions, tried.

use crate::{Permission, RoleRef, role::RoleRow};
use serde::{Deserialize, Serialize};

/// What one of the two guards said of a cell when it was tried.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Verdict {
    Yes,
    No,
    /// Some of what was tried went through, and some did not.
    Partly,
    /// It could not be tried.
    Failed,
}

impl Verdict {
    pub const ALL: [Self; 4] = [Self::Yes, Self::No, Self::Partly, Self::Failed];

    /// The word stored and shown.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Yes => "yes",
            Self::No => "no",
            Self::Partly => "partly",
            Self::Failed => "failed",
        }
    }

    /// The verdict stored as `name`.
    pub fn from_name(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|verdict| verdict.name() == name)
    }

    /// Whether it is what the table says.
    pub const fn is(self, held: bool) -> bool {
        matches!((self, held), (Self::Yes, true) | (Self::No, false))
    }
}

impl From<bool> for Verdict {
    fn from(yes: bool) -> Self {
        if yes { Self::Yes } else { Self::No }
    }
}

/// One cell, tried by a synthetic person who holds the role.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct CellProof {
    pub permission: Permission,
    /// What the table says.
    pub held: bool,
    /// What the program's own check said.
    pub guard: Verdict,
    /// What the database said to statements that passed no check of the program.
    pub database: Verdict,
    /// How many statements that were.
    pub tries: i32,
    /// What went otherwise than it should; empty when nothing did.
    pub said: String,
}

impl CellProof {
    /// Whether both said what the table says.
    pub fn is_proven(&self) -> bool {
        self.guard.is(self.held) && self.database.is(self.held)
    }
}

/// A role's column of the matrix, tried.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct RoleProof {
    /// As [`RoleRef`] writes it.
    pub role: String,
    /// RFC 3339, UTC.
    pub at: String,
    pub cells: Vec<CellProof>,
}

/// The matrix of a team.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Matrix {
    /// The roles that the team made, by name.
    pub own: Vec<RoleRow>,
    /// Of each role that was tried.
    pub proofs: Vec<RoleProof>,
}

impl Matrix {
    /// What was found of a cell, and when.
    pub fn cell(&self, role: RoleRef, permission: Permission) -> Option<(&CellProof, &str)> {
        let role = role.to_string();
        let proof = self.proofs.iter().find(|proof| proof.role == role)?;
        let cell = proof.cells.iter().find(|cell| cell.permission == permission)?;
        Some((cell, &proof.at))
    }
}

/// What one probe found, in numbers.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct ProbeSum {
    pub cells: usize,
    /// Cells in which guard, database and table do not all say the same.
    pub wrong: usize,
    pub took_ms: i64,
}

/// The "try every cell now" form, as posted.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct TryRoles {
    pub team: String,
}
