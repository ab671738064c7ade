//! Ids: UUIDv7 inside, shown with a prefix that says what they name.

use serde::{Deserialize, Serialize};
use std::{fmt, str::FromStr};
use uuid::Uuid;

/// The text is not an id of the wanted kind.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct NotAnId;

impl fmt::Display for NotAnId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("not an id of this kind")
    }
}

impl std::error::Error for NotAnId {}

/// Bytes of the longest of them.
const LONGEST: usize = 48;

macro_rules! id {
    ($(#[$doc:meta])* $name:ident, $prefix:literal) => {
        $(#[$doc])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
        pub struct $name(pub Uuid);

        impl $name {
            /// What stands before the 32 hexadecimal digits.
            pub const PREFIX: &'static str = $prefix;

            /// The text of it, without a detour: verify writes two with each answer.
            fn written<'a>(&self, room: &'a mut [u8; LONGEST]) -> &'a str {
                room[..$prefix.len()].copy_from_slice($prefix.as_bytes());
                self.0.simple().encode_lower(&mut room[$prefix.len()..]);
                std::str::from_utf8(&room[..$prefix.len() + 32]).expect("letters and digits")
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str(self.written(&mut [0; LONGEST]))
            }
        }

        impl FromStr for $name {
            type Err = NotAnId;

            fn from_str(text: &str) -> Result<Self, NotAnId> {
                let digits = text.strip_prefix($prefix).ok_or(NotAnId)?;
                if digits.len() != 32 {
                    return Err(NotAnId);
                }
                Uuid::try_parse(digits).map(Self).map_err(|_| NotAnId)
            }
        }

        impl Serialize for $name {
            fn serialize<S: serde::Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
                to.serialize_str(self.written(&mut [0; LONGEST]))
            }
        }

        impl<'de> Deserialize<'de> for $name {
            fn deserialize<D: serde::Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
                let text = std::borrow::Cow::<'_, str>::deserialize(from)?;
                text.parse().map_err(serde::de::Error::custom)
            }
        }
    };
}

id!(
    /// A team, the tenant.
    TeamId, "team_"
);
id!(
    /// A person, who may belong to several teams.
    PersonId, "person_"
);
id!(
    /// An API key. Not its secret: safe to log and to show.
    KeyId, "key_"
);
id!(
    /// An invitation. Not its secret: safe to log and to show.
    InvitationId, "inv_"
);
id!(
    /// A role that a team made.
    RoleId, "role_"
);
id!(
    /// A keyword rule.
    RuleId, "rule_"
);
id!(
    /// An affiliate program.
    ProgramId, "program_"
);
id!(
    /// An export of an audit log.
    ExportId, "export_"
);
id!(
    /// An export of everything that is a team's.
    DataExportId, "data_"
);
id!(
    /// A saved search of an audit log.
    SearchId, "search_"
);
id!(
    /// A stream of an audit log.
    StreamId, "stream_"
);
id!(
    /// One request, as named in logs, in the ledger and on error pages.
    RequestId, "req_"
);

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_id_reads_back_as_it_is_shown() {
        let id = KeyId(Uuid::from_u128(7));
        assert_eq!(id.to_string(), "key_00000000000000000000000000000007");
        assert_eq!(id.to_string().parse(), Ok(id));
    }

    #[test]
    fn an_id_of_another_kind_is_refused() {
        let team = TeamId(Uuid::from_u128(7)).to_string();
        assert_eq!(team.parse::<KeyId>(), Err(NotAnId));
        assert_eq!("key_7".parse::<KeyId>(), Err(NotAnId));
        assert_eq!("".parse::<KeyId>(), Err(NotAnId));
    }
}
