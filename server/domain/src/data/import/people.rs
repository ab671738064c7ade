//! Who is who: people of the export, and their accounts here, found by their addresses.

use crate::{Cx, Error, Result, policy::Actor, task::Task, text};
use serde_json::{Map, Value};
use std::collections::HashMap;
use uuid::Uuid;

/// People of the export who have an account here.
pub(super) struct People {
    /// Who shall own the team.
    pub(super) owner: Uuid,
    /// By what they were there.
    here: HashMap<String, Uuid>,
}

impl People {
    /// `known`: what they were there, and their addresses.
    pub(super) async fn find(cx: &Cx, owner: &str, known: Vec<(String, String)>) -> Result<Self> {
        let owner = text::email(owner).map_err(|said| Error::field("owner", said))?;
        let mut emails: Vec<String> = known.iter().map(|(_, email)| email.to_lowercase()).collect();
        emails.push(owner.to_lowercase());
        let mut change = cx.change_as(Task::Operator, Actor::default()).await?;
        let rows = sqlx::query!(
            r#"select id, lower(email) as "email!" from person
               where lower(email) = any($1) and deleted_at is null and locked_at is null"#,
            &emails
        )
        .fetch_all(change.sql())
        .await?;
        change.commit_unaudited("looking changes nothing").await?;
        let ids: HashMap<String, Uuid> = rows.into_iter().map(|row| (row.email, row.id)).collect();
        let owner = ids.get(&owner.to_lowercase()).copied().ok_or_else(|| {
            let said = "Nobody with this address has an account here that is not locked. They make one \
                        first.";
            Error::field("owner", said)
        })?;
        let here = known
            .into_iter()
            .filter_map(|(there, email)| Some((there, *ids.get(&email.to_lowercase())?)));
        Ok(Self { owner, here: here.collect() })
    }

    /// Who somebody of the export is here.
    pub(super) fn here(&self, there: &str) -> Option<Uuid> {
        self.here.get(there).copied()
    }

    /// Puts whom a row names into its place here: who they are here, or nobody.
    pub(super) fn put(&self, row: &mut Map<String, Value>) {
        for name in ["created_by", "revoked_by", "disabled_by", "added_by"] {
            if let Some(value) = row.get_mut(name) {
                let here = value.as_str().and_then(|there| self.here(there));
                *value = here.map_or(Value::Null, |id| Value::String(id.to_string()));
            }
        }
    }
}
