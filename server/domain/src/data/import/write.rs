//! Writing what an export holds into the team that is made of it, kind by kind, in one transaction.

use super::{
    Checked, Counts, New,
    file::{File, Lines, refused},
    rows,
};
use crate::{
    Change, Error, Result,
    crypto::DataKey,
    data::former::{self, FOLDER, PART},
    event::rfc3339,
    failpoint::{Point, reach},
    program,
};
use model::{
    audit::manifest_name,
    data::{KINDS, Kind, MANIFEST},
};
use serde_json::{Map, Value, json};
use sqlx::PgConnection;
use std::collections::HashSet;
use uuid::Uuid;

/// Rows in one statement.
const ROWS: usize = 500;

type Row = Map<String, Value>;

/// Everything, or an error: then nothing is kept of it.
pub(super) async fn everything(
    change: &mut Change,
    file: &mut File,
    checked: &Checked,
    new: &New,
    key: &DataKey,
) -> Result<Counts> {
    let mut all = All { new, key, counts: Counts::default(), absent: Vec::new(), is_owned: false };
    for kind in KINDS.iter().filter(|kind| kind.is_restored) {
        refuse_known_keys(change, file, kind).await?;
        let name = format!("{}.jsonl", kind.name);
        let mut lines = file.lines(&name)?;
        loop {
            let rows = some(&mut lines, kind)?;
            if rows.is_empty() {
                break;
            }
            let batch = all.put(change, kind, rows)?;
            insert(change.sql(), kind, new.team.0, &batch).await?;
            reach(Point::ImportRows);
        }
        drop(lines);
        if kind.name == "invitations" {
            let invited = file.pairs("invitations", "id", "email")?;
            all.invite(change, kind, invited).await?;
            let policy = file.rows("policy")?.into_iter().map(Value::Object).collect();
            let policy = Value::Array(policy).to_string();
            rows::insert_domains(change.sql(), new.team.0, &policy).await?;
        }
    }
    keep(change, file, checked, new, key).await?;
    Ok(all.counts)
}

/// The next rows of a kind, some hundred.
fn some(lines: &mut Lines<'_>, kind: &Kind) -> Result<Vec<Row>> {
    let mut rows = Vec::with_capacity(ROWS);
    while rows.len() < ROWS
        && let Some(row) = lines.row(kind)?
    {
        rows.push(row);
    }
    Ok(rows)
}

async fn refuse_known_keys(change: &mut Change, file: &mut File, kind: &Kind) -> Result<()> {
    if kind.name != "keys" {
        return Ok(());
    }
    let ids = file.pairs("keys", "id", "name")?;
    let ids: Vec<Uuid> = ids.iter().filter_map(|(id, _)| Uuid::try_parse(id).ok()).collect();
    let here = sqlx::query_scalar!(r#"select app.keys_here($1) as "here!""#, &ids);
    match here.fetch_one(change.sql()).await? {
        0 => Ok(()),
        _ => Err(refused(
            "Keys of this team are on this Probity already: it was exported here, or imported before. \
             Import it on another one, or after that team was deleted.",
        )),
    }
}

async fn insert(sql: &mut PgConnection, kind: &Kind, team: Uuid, batch: &str) -> Result<()> {
    rows::insert(sql, kind.name, team, batch).await.map_err(|error| match error {
        Error::Database(sqlx::Error::Database(said)) if said.code().is_some_and(is_data) => {
            let constraint = said.constraint().unwrap_or_else(|| said.message());
            refused(format!(
                "{}.jsonl holds a row that cannot be: the database says {constraint}. The export was \
                 put together by hand, or is one of another version.",
                kind.name
            ))
        }
        other => other,
    })
}

/// Classes 22 and 23, and what triggers of ours raise: it is the data, not the database.
fn is_data(code: std::borrow::Cow<'_, str>) -> bool {
    code.starts_with("22") || code.starts_with("23") || code.starts_with("PB")
}

/// Rows on their way into the team.
struct All<'a> {
    new: &'a New,
    key: &'a DataKey,
    counts: Counts,
    /// Members who have no account here, and become invitations.
    absent: Vec<Row>,
    /// Whether who shall own the team is in it.
    is_owned: bool,
}

impl All<'_> {
    /// The rows as they are to be here, as one text.
    fn put(&mut self, change: &Change, kind: &Kind, rows: Vec<Row>) -> Result<String> {
        let mut put = Vec::with_capacity(rows.len());
        for mut row in rows {
            self.new.people.put(&mut row);
            match kind.name {
                "team" => self.put_team(&mut row),
                "members" if !self.is_here(&mut row) => {
                    self.absent.push(row);
                    continue;
                }
                "invitations" => self.put_invitation(change, &mut row),
                "keys" => self.put_key(change, &mut row),
                "programs" => self.put_program(change, &mut row)?,
                _ => {}
            }
            put.push(Value::Object(row));
        }
        if kind.name == "members" {
            self.counts.members += put.len();
        }
        Ok(Value::Array(put).to_string())
    }

    fn put_team(&self, row: &mut Row) {
        set(row, "name", self.new.name.as_str());
        set(row, "slug", self.new.slug.as_str());
        set(row, "created_by", self.new.people.owner.to_string());
    }

    /// Whether a member has an account here; then the row names it. Whoever shall own the team does.
    fn is_here(&mut self, row: &mut Row) -> bool {
        let there = row.get("person").and_then(Value::as_str).unwrap_or_default();
        let Some(here) = self.new.people.here(there) else { return false };
        set(row, "person", here.to_string());
        if here == self.new.people.owner {
            set(row, "role", "owner");
            set(row, "custom_role", Value::Null);
            self.is_owned = true;
        }
        true
    }

    /// Its link was not in the export: the owner sends it anew.
    fn put_invitation(&mut self, change: &Change, row: &mut Row) {
        set(row, "sent_by", self.new.people.owner.to_string());
        set(row, "mailed_hash", nobodys_hash(change));
        self.counts.invited += 1;
    }

    /// Without its hash nobody has its secret: it is switched off.
    fn put_key(&mut self, change: &Change, row: &mut Row) {
        if row.get("secret_hash").is_some_and(Value::is_null) {
            set(row, "secret_hash", nobodys_hash(change));
            if row.get("disabled_at").is_some_and(Value::is_null) {
                set(row, "disabled_at", rfc3339(change.cx().now()));
            }
            // Of a secret before it, likewise.
            set(row, "previous_start", Value::Null);
            set(row, "previous_ends_at", Value::Null);
            self.counts.dead_keys += 1;
        }
    }

    /// Its key was not in the export: it has none until somebody sets it, and leads nowhere.
    fn put_program(&mut self, change: &Change, row: &mut Row) -> Result<()> {
        let id = row.get("id").and_then(Value::as_str).unwrap_or_default();
        let id = Uuid::try_parse(id).map_err(|_| Error::Inconsistent("a checked id is none"))?;
        let sealed = self.key.seal(change.cx().deps().random(), &program::place(id), b"")?;
        set(row, "sealed", model::hex::hex(&sealed));
        let name = row.get("name").and_then(Value::as_str).unwrap_or_default();
        self.counts.programs.push(name.to_owned());
        Ok(())
    }

    /// Whoever shall own the team is in it, and members without an account here are invited.
    async fn invite(
        &mut self,
        change: &mut Change,
        kind: &Kind,
        invited: Vec<(String, String)>,
    ) -> Result<()> {
        let (team, owner) = (self.new.team.0, self.new.people.owner);
        if !self.is_owned {
            let now = change.cx().now();
            rows::insert_owner(change.sql(), team, owner, now).await?;
            self.counts.members += 1;
        }
        let invited: HashSet<String> = invited.into_iter().map(|(_, email)| email).collect();
        let rows: Vec<Value> =
            self.absent.iter().map(|member| self.invitation(change, member)).collect();
        let is_new = |row: &&Value| row["email"].as_str().is_none_or(|it| !invited.contains(it));
        let rows: Vec<&Value> = rows.iter().filter(is_new).collect();
        for some in rows.chunks(ROWS) {
            let batch = serde_json::to_string(some).expect("rows are plain JSON");
            insert(change.sql(), kind, team, &batch).await?;
        }
        self.counts.invited += rows.len();
        Ok(())
    }

    fn invitation(&self, change: &Change, member: &Row) -> Value {
        let cx = change.cx();
        let email = member.get("email").and_then(Value::as_str).unwrap_or_default();
        json!({
            "id": cx.new_id().to_string(),
            "email": email.to_lowercase(),
            "role": member.get("role"),
            "custom_role": member.get("custom_role"),
            "message": "",
            "sent_by": self.new.people.owner.to_string(),
            "sent_at": rfc3339(cx.now()),
            "expires_at": rfc3339(cx.now() + crate::invitation::LASTS),
            "mailed_hash": nobodys_hash(change),
        })
    }
}

fn set(row: &mut Row, name: &str, value: impl Into<Value>) {
    row.insert(name.to_owned(), value.into());
}

/// A hash of which nobody has the secret.
fn nobodys_hash(change: &Change) -> String {
    let mut hash = [0; 32];
    change.cx().deps().random().fill(&mut hash);
    model::hex::hex(&hash)
}

/// Keeps what is no row here as it came: the log of before and what proves it, and what was kept before.
async fn keep(
    change: &mut Change,
    file: &mut File,
    checked: &Checked,
    new: &New,
    key: &DataKey,
) -> Result<()> {
    let now = change.cx().now();
    rows::insert_origin(change.sql(), now, new.team.0, checked).await?;
    let mut names: Vec<String> = KINDS
        .iter()
        .filter(|kind| !kind.is_restored)
        .map(|kind| format!("{}.jsonl", kind.name))
        .collect();
    names.push(manifest_name("audit.jsonl"));
    names.extend(file.names().into_iter().filter(|name| name.starts_with(FOLDER)));
    for name in names {
        keep_one(change, file, (new, key), &name).await?;
    }
    let list = checked.list.as_bytes();
    let sealed = former::seal(change.cx(), (new.team, key), MANIFEST, (0, list))?;
    rows::insert_part(change.sql(), new.team.0, MANIFEST, 0, &sealed).await
}

async fn keep_one(
    change: &mut Change,
    file: &mut File,
    (new, key): (&New, &DataKey),
    name: &str,
) -> Result<()> {
    let (mut reading, mut part) = (file.read(name)?, vec![0; PART]);
    for number in 0.. {
        let length = reading.fill(&mut part)?;
        let sealed = former::seal(change.cx(), (new.team, key), name, (number, &part[..length]))?;
        rows::insert_part(change.sql(), new.team.0, name, number, &sealed).await?;
        // The last part is never full, so that its end is known.
        if length < PART {
            break;
        }
    }
    Ok(())
}
