//! What an export of a team holds: the one table of its files and their columns.

use serde_json::{Map, Value, json};

/// The version of the table below. An export says which one it was written by.
pub const SCHEMA: u32 = 1;

/// Rows of one kind: a file of JSON, one object on each line, and the same as CSV.
#[derive(Debug)]
pub struct Kind {
    /// Its files are called so.
    pub name: &'static str,
    pub title: &'static str,
    /// What stands in it, and what does not.
    pub said: &'static str,
    /// The tables of the database that it is made of.
    pub tables: &'static [&'static str],
    pub columns: &'static [Column],
    /// Whether an import makes it anew; if not, it keeps the file as it is, as evidence.
    pub is_restored: bool,
}

/// One field of a row.
#[derive(Debug)]
pub struct Column {
    pub name: &'static str,
    pub form: Form,
    /// Whether it may be null.
    pub may_lack: bool,
}

/// What a value is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Form {
    Text,
    /// A UUID.
    Id,
    /// RFC 3339.
    Time,
    /// `2026-11-27`.
    Day,
    Integer,
    Flag,
    /// Several texts.
    Names,
    /// SHA-256, hexadecimal.
    Hash,
    /// Whatever JSON.
    Any,
}

macro_rules! kinds {
    ($($name:literal $title:literal $restored:ident [$($table:literal)*] $said:literal {
        $($column:ident $form:ident $($lack:ident)?,)*
    })*) => {
        /// Every kind, in the order in which an import reads them.
        pub const KINDS: &[Kind] = &[$(Kind {
            name: $name,
            title: $title,
            said: $said,
            tables: &[$($table),*],
            columns: &[$(Column {
                name: stringify!($column),
                form: Form::$form,
                may_lack: may_lack!($($lack)?),
            }),*],
            is_restored: is_restored!($restored),
        }),*];
    };
}

macro_rules! may_lack {
    () => {
        false
    };
    (or_none) => {
        true
    };
}

macro_rules! is_restored {
    (restored) => {
        true
    };
    (kept) => {
        false
    };
}

kinds! {
    "team" "The team" restored ["team"]
    "Its name, address, crest and time zone." {
        id Id, slug Text, name Text, crest Text, time_zone Text, created_at Time, created_by Id,
        suspended_at Time or_none,
    }
    "policy" "Security policy" restored ["team_policy" "team_domain" "team_network"]
    "What the team asks of its members and keys, and how long it keeps records." {
        mfa_required_from Time or_none, session_seconds Integer or_none, key_days Integer or_none,
        key_live_mfa Flag, key_networks Flag, key_leak_off Flag, audit_days Integer,
        audit_hold Text or_none, domains Names, networks Names,
    }
    "roles" "Roles" restored ["team_role" "team_role_permission"]
    "Roles of the team's own, and what each lets its holder do." {
        id Id, name Text, created_at Time, permissions Names,
    }
    "members" "Members" restored ["member"]
    "Who is in the team, as its members see them." {
        person Id, email Text, name Text, role Text, custom_role Id or_none, joined_at Time,
        added_by Id or_none,
    }
    "invitations" "Invitations" restored ["invitation"]
    "Those that nobody has answered. Without their links." {
        id Id, email Text, role Text, custom_role Id or_none, message Text, sent_by Id, sent_at Time,
        expires_at Time,
    }
    "keys" "API keys" restored ["api_key"]
    "All keys, without their secrets. Hashes of the secrets only where whoever made the export chose so." {
        id Id, name Text, environment Text, start Text, created_at Time, created_by Id or_none,
        created_with Id or_none, expires_at Time or_none, revoked_at Time or_none,
        revoked_by Id or_none, first_used_at Time or_none, networks Text, scopes Text, metadata Text,
        rate_limit Integer or_none, rate_seconds Integer or_none, quota Integer or_none,
        disabled_at Time or_none, disabled_by Id or_none, rotated_at Time or_none,
        previous_start Text or_none, previous_ends_at Time or_none, leaked_at Time or_none,
        leaked_where Text or_none, leaked_by Text or_none, leak_dismissed_at Time or_none,
        secret_hash Hash or_none, previous_hash Hash or_none,
    }
    "programs" "Affiliate programs" restored ["affiliate_program"]
    "Their names. Without the keys that they know their partner by." {
        id Id, name Text, key_set_at Time, created_at Time,
    }
    "rules" "Keyword rules" restored ["keyword_rule"]
    "Which words of a message lead to which address." {
        id Id, keyword Text, folded Text, matching Text, language Text, url Text,
        program_id Id or_none, priority Integer, starts Day or_none, ends Day or_none, enabled Flag,
        changed_at Time,
    }
    "searches" "Saved searches" restored ["team_search"]
    "Searches of the audit log that are saved for the team." {
        id Id, name Text, search Text,
    }
    "usage" "Usage" restored ["key_usage"]
    "Calls of each key by hour, answer and country." {
        key_id Id, hour Time, code Text, country Text, calls Integer,
    }
    "quotas" "Quotas" restored ["key_quota"]
    "Calls that were taken from each key's quota, by month." {
        key_id Id, month Day, taken Integer,
    }
    "last-used" "Last use" restored ["key_seen"]
    "When each key was last used, and from where." {
        key_id Id, last_at Time, last_ip Text,
    }
    "addresses" "Addresses" restored ["key_address"]
    "Calls of each key by day and address, of the last 30 days." {
        key_id Id, day Day, address Text, calls Integer, refused Integer, last_at Time,
    }
    "streams" "Streams" kept ["audit_stream"]
    "Where the audit log flows, as far as that may be shown. Without addresses and secrets." {
        id Id, name Text, kind Text, shown Text, person_id Id, made_at Time, state Text,
    }
    "access" "Access" kept ["access_period"]
    "Who could do what, and from when to when." {
        id Id, person_id Id, began_at Time, ended_at Time or_none, role Text, permissions Text,
    }
    "audit" "Audit log" kept ["audit_event" "ledger_head" "ledger_floor"]
    "Every record as it was written, with its place in the chain; audit.jsonl.manifest.json proves it." {
        seq Integer, record Any, actor Text, ip Text, agent Text, sealed Text, previous_hash Hash,
        hash Hash,
    }
}

/// Tables with rows of a team that an export leaves out, and why.
pub const LEFT_OUT: &[(&str, &str)] = &[
    ("api_answer", "answers of one day, kept so that a request is done once"),
    ("audit_block", "an index of the audit log, made from it"),
    ("audit_export", "exports of one day"),
    ("audit_stream_error", "what went wrong on the way to a stream lately"),
    ("deletion", "what was done to teams that are no more"),
    ("deletion_count", "the same"),
    ("former_file", "evidence from an import, which is in the export as it came"),
    ("key_notice", "which warnings of keys were sent"),
    (
        "ledger_proof",
        "what this Probity found when it walked the log; its checkpoints are in the manifest",
    ),
    ("member_order", "the order of a list, made from the members"),
    ("mfa_reminder", "which reminders were sent"),
    ("own_search", "each member's own, in their own export"),
    ("ownership_offer", "an offer of one member to another, good for seven days"),
    ("probe_verdict", "what the last proof of the roles found"),
    ("rule_draft", "a member's own, for an hour"),
    ("rule_state", "a count of the rules"),
    ("team_deletion", "a deletion that waits, which an import would not go on with"),
    ("team_export", "exports of one day"),
    ("team_origin", "where an import came from, as the former manifest says"),
    ("usage_batch", "which counts were added, so that each is added once"),
];

impl Kind {
    /// The kind of this name.
    pub fn named(name: &str) -> Option<&'static Self> {
        KINDS.iter().find(|kind| kind.name == name)
    }

    /// What is wrong with a line of its file, as a sentence; the row if nothing is.
    ///
    /// # Errors
    /// Names the column and what it should be.
    pub fn read(&self, line: &str) -> Result<Map<String, Value>, String> {
        let row: Map<String, Value> =
            serde_json::from_str(line).map_err(|_| "It is no JSON object.".to_owned())?;
        for column in self.columns {
            let value = row.get(column.name).ok_or(format!("{} is missing.", column.name))?;
            if !column.takes(value) {
                return Err(format!("{} is not {}.", column.name, column.form.said()));
            }
        }
        match row.keys().find(|name| !self.columns.iter().any(|column| column.name == *name)) {
            Some(name) => Err(format!("{name} is no column of it.")),
            None => Ok(row),
        }
    }

    /// Its JSON Schema (2020-12), for whoever reads an export with programs of their own.
    pub fn schema(&self) -> String {
        let columns = self.columns.iter().map(|column| (column.name.to_owned(), column.schema()));
        let names: Vec<&str> = self.columns.iter().map(|column| column.name).collect();
        let schema = json!({
            "$schema": "https://json-schema.org/draft/2020-12/schema",
            "title": self.title,
            "description": self.said,
            "type": "object",
            "properties": columns.collect::<Map<_, _>>(),
            "required": names,
            "additionalProperties": false,
        });
        serde_json::to_string_pretty(&schema).expect("a schema is plain JSON") + "\n"
    }
}

impl Column {
    fn takes(&self, value: &Value) -> bool {
        match (self.form, value) {
            (_, Value::Null) => self.may_lack,
            (Form::Text, Value::String(_)) | (Form::Flag, Value::Bool(_)) | (Form::Any, _) => true,
            (Form::Integer, Value::Number(number)) => number.is_i64(),
            (Form::Id, Value::String(text)) => uuid::Uuid::try_parse(text).is_ok(),
            (Form::Hash, Value::String(text)) => {
                text.len() == 64 && crate::hex::unhex(text).is_some()
            }
            (Form::Time, Value::String(text)) => is_time(text),
            (Form::Day, Value::String(text)) => is_day(text),
            (Form::Names, Value::Array(names)) => names.iter().all(Value::is_string),
            _ => false,
        }
    }

    fn schema(&self) -> Value {
        let (name, format) = match self.form {
            Form::Any => return json!({}),
            Form::Text => ("string", None),
            Form::Hash => ("string", Some(("pattern", "^[0-9a-f]{64}$"))),
            Form::Id => ("string", Some(("format", "uuid"))),
            Form::Time => ("string", Some(("format", "date-time"))),
            Form::Day => ("string", Some(("format", "date"))),
            Form::Integer => ("integer", None),
            Form::Flag => ("boolean", None),
            Form::Names => ("array", None),
        };
        let mut schema = match self.may_lack {
            true => json!({ "type": [name, "null"] }),
            false => json!({ "type": name }),
        };
        if let Some((word, value)) = format {
            schema[word] = value.into();
        }
        if self.form == Form::Names {
            schema["items"] = json!({ "type": "string" });
        }
        schema
    }
}

impl Form {
    const fn said(self) -> &'static str {
        match self {
            Self::Text => "a text",
            Self::Id => "a UUID",
            Self::Time => "a time, as RFC 3339 writes it",
            Self::Day => "a day, such as 2026-11-27",
            Self::Integer => "a whole number",
            Self::Flag => "true or false",
            Self::Names => "a list of texts",
            Self::Hash => "64 hexadecimal digits",
            Self::Any => "JSON",
        }
    }
}

fn is_time(text: &str) -> bool {
    let known = time::format_description::well_known::Rfc3339;
    time::OffsetDateTime::parse(text, &known).is_ok()
}

fn is_day(text: &str) -> bool {
    is_time(&format!("{text}T00:00:00Z"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_line_is_read_or_the_wrong_column_is_named() {
        let kind = Kind::named("quotas").unwrap();
        let good =
            r#"{"key_id":"00000000-0000-0000-0000-000000000007","month":"2026-11-01","taken":1}"#;
        assert_eq!(kind.read(good).unwrap().len(), 3);
        for (line, said) in [
            ("[]", "It is no JSON object."),
            (&good.replace("taken", "given"), "taken is missing."),
            (&good.replace("1}", "1,\"x\":2}"), "x is no column of it."),
            (&good.replace(":1}", ":null}"), "taken is not a whole number."),
            (&good.replace(":1}", ":1.5}"), "taken is not a whole number."),
            (&good.replace("-01\"", "-31\""), "month is not a day, such as 2026-11-27."),
            (&good.replace("00-0000-0000-0000", "00"), "key_id is not a UUID."),
        ] {
            assert_eq!(kind.read(line), Err(said.to_owned()), "{line}");
        }
    }

    #[test]
    fn every_table_stands_in_one_place() {
        let mut all: Vec<&str> = KINDS.iter().flat_map(|kind| kind.tables).copied().collect();
        all.extend(LEFT_OUT.iter().map(|(table, _)| *table));
        let count = all.len();
        all.sort_unstable();
        all.dedup();
        assert_eq!(all.len(), count);
    }
}
