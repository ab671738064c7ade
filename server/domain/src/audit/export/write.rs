//! Records as lines of a file.

use super::super::row::Stored;
use crate::{Cx, Error, Result, csv, event::rfc3339};
use model::{
    AuditAction,
    audit::AuditRow,
    hex::hex,
    ledger::{COLUMNS, Edge, ExportFormat, HEX, Hash, JsonLine},
};
use serde_json::value::RawValue;
use sha2::{Digest, Sha256};
use std::sync::Arc;
use tokio::{runtime::Handle, task::spawn_blocking};

/// What is gathered of a file while it is written.
pub(super) struct Lines {
    pub(super) format: ExportFormat,
    sum: Sha256,
    pub(super) bytes: u64,
    pub(super) rows: u64,
    pub(super) first: Option<Edge>,
    pub(super) last: Option<Edge>,
    /// The lines that were added last: one buffer for all, for a thread keeps what others free of its own.
    text: String,
}

impl Lines {
    pub(super) fn of(format: ExportFormat) -> Self {
        Self {
            format,
            sum: Sha256::new(),
            bytes: 0,
            rows: 0,
            first: None,
            last: None,
            text: String::new(),
        }
    }

    /// What was added last.
    pub(super) fn text(&self) -> &str {
        &self.text
    }

    /// Adds what stands before the first record.
    pub(super) fn begin(&mut self) {
        self.text.clear();
        if self.format == ExportFormat::Csv {
            csv::line(&mut self.text, &COLUMNS);
        }
        self.count();
    }

    /// Adds these records, on a thread of its own: what an export computes keeps no request waiting.
    pub(super) async fn aside(mut self, cx: &Cx, rows: Arc<[Stored]>) -> Result<Self> {
        let (cx, runtime) = (cx.clone(), Handle::current());
        let written = spawn_blocking(move || {
            runtime.block_on(self.add(&cx, &rows))?;
            Ok(self)
        });
        written.await.unwrap_or(Err(Error::Inconsistent("writing an export broke")))
    }

    async fn add(&mut self, cx: &Cx, rows: &[Stored]) -> Result<()> {
        self.text.clear();
        for row in rows {
            let edge = edge(row);
            self.first = self.first.or(edge);
            self.last = edge;
            self.rows += 1;
            match self.format {
                ExportFormat::Jsonl => json(cx, &mut self.text, row).await?,
                ExportFormat::Csv => sheet(cx, &mut self.text, row).await?,
            }
        }
        self.count();
        Ok(())
    }

    /// The sum of all bytes.
    pub(super) fn sum(&self) -> Hash {
        Hash(self.sum.clone().finalize().into())
    }

    fn count(&mut self) {
        self.sum.update(&self.text);
        self.bytes += self.text.len() as u64;
    }
}

fn edge(row: &Stored) -> Option<Edge> {
    let (previous_hash, hash) = (Hash::of(&row.previous_hash)?, Hash::of(&row.hash)?);
    Some(Edge { seq: row.seq, previous_hash, hash })
}

/// A hash as it is stored, even if it is none any more: then a check of the file says so.
fn hash(bytes: &[u8]) -> Hash {
    Hash::of(bytes).unwrap_or(Hash([0; 32]))
}

/// One record as a line of JSON, with the end of the line.
pub(in crate::audit) async fn json(cx: &Cx, text: &mut String, row: &Stored) -> Result<()> {
    let as_hex;
    let record = match std::str::from_utf8(&row.record).map(serde_json::from_str::<&RawValue>) {
        // On one line, as the program wrote it.
        Ok(Ok(raw)) if raw.get().len() == row.record.len() && !raw.get().contains('\n') => raw,
        _ => {
            let digits = serde_json::Value::String(format!("{HEX}{}", hex(&row.record)));
            as_hex = serde_json::value::to_raw_value(&digits).expect("a string is JSON");
            &*as_hex
        }
    };
    let (_, from) = row.origin(cx).await?;
    let line = JsonLine {
        seq: row.seq,
        record,
        actor: row.actor_name.as_deref().unwrap_or_default().into(),
        ip: from.ip.into(),
        agent: from.agent.into(),
        sealed: hex(row.sealed.as_deref().unwrap_or_default()).into(),
        previous_hash: hash(&row.previous_hash),
        hash: hash(&row.hash),
    };
    text.push_str(&serde_json::to_string(&line).expect("a line is plain JSON"));
    text.push('\n');
    Ok(())
}

async fn sheet(cx: &Cx, text: &mut String, row: &Stored) -> Result<()> {
    let record = match std::str::from_utf8(&row.record) {
        Ok(record) if record.starts_with('{') => record.to_owned(),
        _ => format!("{HEX}{}", hex(&row.record)),
    };
    let sealed = hex(row.sealed.as_deref().unwrap_or_default());
    let hashes = [hash(&row.previous_hash), hash(&row.hash)].map(|hash| hash.to_string());
    let at = rfc3339(row.at);
    let shown: AuditRow = row.shown(cx).await?;
    let known = AuditAction::from_name(&shown.action);
    let seq = shown.seq.to_string();
    let detail: serde_json::Value = serde_json::from_str(&shown.detail).unwrap_or_default();
    let detail = detail.to_string();
    let cells: [&str; COLUMNS.len()] = [
        &seq,
        &at,
        &shown.actor,
        &shown.actor_kind,
        &shown.actor_id,
        &shown.action,
        known.map_or("", |action| action.category().name()),
        known.map_or("", |action| action.severity().name()),
        &shown.target,
        &shown.target_id,
        shown.outcome.name(),
        &shown.request,
        &shown.ip,
        &shown.agent,
        &detail,
        &record,
        &sealed,
        &hashes[0],
        &hashes[1],
    ];
    csv::line(text, &cells);
    Ok(())
}
