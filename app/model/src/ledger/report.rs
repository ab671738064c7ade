//! What a check of an export came to, in words.

use super::{Fault, PublicKey};

/// What was found.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Report {
    /// Records that were read.
    pub rows: u64,
    pub first: Option<i64>,
    pub last: Option<i64>,
    /// What does not fit: first what is wrong with the evidence, then with the file; some 20 at most.
    pub faults: Vec<Fault>,
    /// How many more.
    pub more_faults: u64,
    /// Whether a manifest said what the file should hold. Without one, nobody can tell that its end is
    /// not cut off.
    pub has_manifest: bool,
    /// The search that the records fit; empty for a whole ledger.
    pub search: String,
    /// Whose ledger, and when it was exported, in the words of the manifest.
    pub of: String,
    pub made_at: String,
    /// What was done to the ledger by those who may, a sentence each.
    pub notes: Vec<String>,
    /// Records whose hash was signed for earlier, and is the same.
    pub checkpoints_met: u64,
    /// Who signed.
    pub key: Option<PublicKey>,
    /// Whether that is the key that was given as the one to trust.
    pub is_trusted: bool,
}

/// The short of it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Verdict {
    /// Everything fits, and it is known what should be there.
    Proven,
    /// Everything fits, and nothing says what should be there.
    Unsigned,
    /// Something does not fit.
    Broken,
}

impl Verdict {
    /// As a sentence.
    pub const fn sentence(self) -> &'static str {
        match self {
            Self::Proven => {
                "Proven: nothing was altered, left out, added or reordered since it was signed."
            }
            Self::Unsigned => {
                "The records fit each other, but there is no manifest: nobody can tell whether the \
                 end is missing, or all of it was made anew."
            }
            Self::Broken => "Broken: this is not what was signed.",
        }
    }
}

impl Report {
    pub const fn verdict(&self) -> Verdict {
        match (self.faults.is_empty(), self.has_manifest) {
            (true, true) => Verdict::Proven,
            (true, false) => Verdict::Unsigned,
            (false, _) => Verdict::Broken,
        }
    }

    /// Whether everything fits and it is known what should be there.
    pub fn is_proven(&self) -> bool {
        self.verdict() == Verdict::Proven
    }

    /// What was read: "41 records, 1 to 41, of Acme, exported 2026-11-26T10:00:00Z".
    pub fn about(&self) -> String {
        let mut said = match (self.rows, self.first, self.last) {
            (1, Some(first), _) => format!("1 record, {first}"),
            (rows, Some(first), Some(last)) => format!("{rows} records, {first} to {last}"),
            _ => "No records".to_owned(),
        };
        if self.has_manifest {
            said += &format!(", of {}, exported {}", self.of, self.made_at);
        }
        if !self.search.is_empty() {
            said += &format!(", those that fit {}", self.search);
        }
        said
    }

    /// What does not fit, a sentence each.
    pub fn faults(&self) -> Vec<String> {
        let mut said: Vec<String> = self.faults.iter().map(Fault::to_string).collect();
        match self.more_faults {
            0 => {}
            1 => said.push("And one more.".to_owned()),
            more => said.push(format!("And {more} more.")),
        }
        said
    }

    /// Who signed, and what that is worth.
    pub fn signer(&self) -> Option<String> {
        let key = self.key?;
        let trusted = match self.is_trusted {
            true => "the key that you trust.",
            false => {
                "which anybody could have made: compare it with the key of the Probity that you \
                 trust."
            }
        };
        let agree = match self.checkpoints_met {
            0 => String::new(),
            1 => " One checkpoint agrees.".to_owned(),
            many => format!(" {many} checkpoints agree."),
        };
        Some(format!("Signed with {key}, {trusted}{agree}"))
    }
}
