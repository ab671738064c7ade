//! A stored password hash: the PHC string, and what it cost.

use super::workers::Memory;
use argon2::{
    Algorithm, Argon2, Params, PasswordHash, Version,
    password_hash::phc::{Output, ParamsString, Salt},
};
use model::Typed;

/// Bytes of salt and of the hash itself in what we store.
const SALT: usize = 16;
const OUTPUT: usize = 32;

/// What an argon2id hash costs whoever computes it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Cost {
    pub memory_kib: u32,
    pub passes: u32,
    pub lanes: u32,
}

impl Cost {
    /// OWASP Password Storage Cheat Sheet: argon2id, 19 MiB, two passes, one lane.
    pub const TODAY: Self = Self { memory_kib: 19_456, passes: 2, lanes: 1 };

    /// A stored hash that wants more is not ours, and trying it would only tie up the server.
    const MOST: Self = Self { memory_kib: 65_536, passes: 8, lanes: 4 };

    /// argon2id at this cost, for [`OUTPUT`] bytes; none when argon2 itself refuses it.
    pub fn argon2(self) -> Option<Argon2<'static>> {
        let Self { memory_kib, passes, lanes } = self;
        let params = Params::new(memory_kib, passes, lanes, Some(OUTPUT)).ok()?;
        Some(Argon2::new(Algorithm::Argon2id, Version::V0x13, params))
    }

    fn of(params: &Params) -> Self {
        Self { memory_kib: params.m_cost(), passes: params.t_cost(), lanes: params.p_cost() }
    }

    const fn is_within(self, most: Self) -> bool {
        self.memory_kib <= most.memory_kib && self.passes <= most.passes && self.lanes <= most.lanes
    }
}

/// A stored hash that can be compared with.
pub(super) struct Hash {
    argon2: Argon2<'static>,
    kind: (Algorithm, Version),
    salt: Salt,
    output: Output,
}

impl Hash {
    /// The PHC string of a new password, at today's cost.
    pub(super) fn make(password: &Typed, salt: &[u8; SALT], memory: &mut Memory) -> Option<String> {
        let argon2 = Cost::TODAY.argon2()?;
        let salt = Salt::new(salt).ok()?;
        let made = PasswordHash {
            algorithm: Algorithm::Argon2id.ident(),
            version: Some(Version::V0x13.into()),
            params: ParamsString::try_from(argon2.params()).ok()?,
            salt: Some(salt),
            hash: Some(compute(&argon2, password, &salt, memory)?),
        };
        Some(made.to_string())
    }

    /// Reads a PHC string; none when it is no hash of argon2 or would cost too much.
    pub(super) fn read(stored: &str) -> Option<Self> {
        let stored = PasswordHash::new(stored).ok()?;
        let algorithm = Algorithm::try_from(stored.algorithm.as_str()).ok()?;
        let version = stored.version.map_or(Ok(Version::default()), Version::try_from).ok()?;
        let params = Params::try_from(&stored).ok()?;
        if !Cost::of(&params).is_within(Cost::MOST) {
            return None;
        }
        Some(Self {
            argon2: Argon2::new(algorithm, version, params),
            kind: (algorithm, version),
            salt: stored.salt?,
            output: stored.hash?,
        })
    }

    /// Whether this is the hash of `password`: made again at the cost it was made with, and
    /// compared in constant time.
    pub(super) fn is_of(&self, password: &Typed, memory: &mut Memory) -> bool {
        compute(&self.argon2, password, &self.salt, memory).is_some_and(|made| made == self.output)
    }

    /// Whether a new hash at `cost` would be no better.
    pub(super) fn is_worth(&self, cost: Cost) -> bool {
        self.kind == (Algorithm::Argon2id, Version::V0x13)
            && cost.memory_kib <= self.argon2.params().m_cost()
            && cost.passes <= self.argon2.params().t_cost()
            && self.salt.len() >= SALT
            && self.output.len() >= OUTPUT
    }
}

fn compute(argon2: &Argon2, password: &Typed, salt: &Salt, memory: &mut Memory) -> Option<Output> {
    let mut bytes = [0; Output::MAX_LENGTH];
    let bytes = bytes.get_mut(..argon2.params().output_len()?)?;
    let blocks = memory.blocks(argon2.params().block_count());
    let password = password.expose().as_bytes();
    argon2.hash_password_into_with_memory(password, salt, bytes, blocks).ok()?;
    // Its `==` takes the same time wherever two hashes differ.
    Output::new(bytes).ok()
}

#[cfg(test)]
mod tests {
    use super::*;
    use argon2::PasswordHasher;

    const SMALL: Cost = Cost { memory_kib: 64, passes: 1, lanes: 1 };

    fn stored(argon2: &Argon2) -> String {
        let hash: PasswordHash = argon2.hash_password_with_salt(b"four words", &[7; SALT]).unwrap();
        hash.to_string()
    }

    fn is_of(stored: &str, text: &str) -> Option<bool> {
        Some(Hash::read(stored)?.is_of(&Typed::new(text), &mut Memory::default()))
    }

    #[test]
    fn a_hash_of_lower_cost_is_checked_at_its_own_and_is_not_worth_todays() {
        let weak = stored(&SMALL.argon2().unwrap());
        assert_eq!(is_of(&weak, "four words"), Some(true));
        assert_eq!(is_of(&weak, "four wordz"), Some(false));
        assert!(Hash::read(&weak).unwrap().is_worth(SMALL));
        for today in [Cost { memory_kib: 65, ..SMALL }, Cost { passes: 2, ..SMALL }, Cost::TODAY] {
            assert!(!Hash::read(&weak).unwrap().is_worth(today), "{today:?}");
        }
    }

    #[test]
    fn another_algorithm_or_version_is_checked_too_and_is_never_worth_it() {
        let params = || SMALL.argon2().unwrap().params().clone();
        for (algorithm, version) in
            [(Algorithm::Argon2i, Version::V0x13), (Algorithm::Argon2id, Version::V0x10)]
        {
            let old = stored(&Argon2::new(algorithm, version, params()));
            assert_eq!(is_of(&old, "four words"), Some(true), "{old}");
            assert!(!Hash::read(&old).unwrap().is_worth(SMALL), "{old}");
        }
    }

    #[test]
    fn what_would_tie_up_the_server_is_not_tried() {
        let rest = "$cHJvYml0eS1ub2JvZHkhIQ$Z2Vzd29ybmRlcmUgV29ydGUgc2luZCBuaWNodHMgd2U";
        let reads = |cost: &str| Hash::read(&format!("$argon2id$v=19${cost}{rest}")).is_some();
        assert!(reads("m=65536,t=8,p=4"));
        for cost in ["m=65537,t=2,p=1", "m=19456,t=9,p=1", "m=19456,t=2,p=5"] {
            assert!(!reads(cost), "{cost}");
        }
    }

    #[test]
    fn memory_used_before_makes_no_other_hash() {
        let mut memory = Memory::default();
        let mut make = |text: &str| Hash::make(&Typed::new(text), &[7; SALT], &mut memory).unwrap();
        let first = make("four words");
        assert_ne!(make("other words"), first);
        assert_eq!(make("four words"), first);
        assert_eq!(first, stored(&Cost::TODAY.argon2().unwrap()));
    }
}
