//! What is in an export: read as the person who asked for it, at one moment.

use super::{
    super::{
        archive::Archive,
        readme::readme,
        rows::{self, Of},
    },
    SEES, file,
    progress::{Progress, Row},
    run::Order,
};
use crate::{
    Cx, Error, Result, View,
    audit::export::{Whole, walk},
    csv,
    event::rfc3339,
    failpoint::{Point, reach},
    sealed_file::{self, Which, Writer},
};
use futures::TryStreamExt;
use model::{
    Permission,
    audit::{ExportState, manifest_name},
    data::{Bundle, KINDS, Kind, MANIFEST, SCHEMA},
    ledger::{ExportFormat, LedgerId},
};
use serde_json::{Map, Value};

/// Rows between two words about how far it is, each of which asks whether it may go on: some 200 ms.
const WINDOW: i64 = 20_000;

/// Why it is not written to its end.
pub(super) enum Stopped {
    Cancelled,
    Failed(Error),
}

impl<E: Into<Error>> From<E> for Stopped {
    fn from(error: E) -> Self {
        Self::Failed(error.into())
    }
}

type Outcome<T> = std::result::Result<T, Stopped>;

/// Writes everything; says how many rows that were.
pub(super) async fn everything(
    cx: &Cx,
    row: &Row,
    order: &Order,
    to: &mut Archive,
) -> Outcome<i64> {
    let ledger = LedgerId::Team(row.team.id);
    walk(cx, ledger).await?;
    let mut view = cx.view_still(Permission::DataExport).await?;
    may(cx).await?;
    let records = Whole::of(cx, &mut view, ledger, &[]).await?.left();
    let total = 2 * (rows::count(view.sql(), row.team.id.0).await? + records);
    let mut told = Told { cx, row, at: Progress { total, ..Progress::default() }, silent: 0 };
    let of = Of { team: row.team.id.0, export: order.id.0, has_hashes: order.has_hashes };
    let made_at = rfc3339(cx.now());
    for kind in KINDS {
        told.stage(kind.title).await?;
        if kind.name == "audit" {
            log(&mut view, to, &mut told).await?;
        } else {
            for format in ExportFormat::ALL {
                table(&mut view, (kind, of), format, to, &mut told).await?;
            }
        }
        let name = format!("schema/{}.json", kind.name);
        plain(to, &name, &kind.schema()).await?;
    }
    super::super::former::copy(cx, &mut view, to).await?;
    drop(view);
    let team = &row.team;
    let mut bundle = Bundle {
        instance: row.deps.public_url().to_owned(),
        team: team.id,
        name: team.name.clone(),
        made_at,
        schema: SCHEMA,
        has_hashes: order.has_hashes,
        files: to.entries().to_vec(),
    };
    plain(to, "README.html", &readme(&bundle)).await?;
    bundle.files = to.entries().to_vec();
    let signer = row.deps.keyring().signer().await?;
    plain(to, MANIFEST, &(signer.sign(&bundle).line() + "\n")).await?;
    told.tell().await?;
    Ok(total)
}

async fn plain(to: &mut Archive, name: &str, text: &str) -> Result<()> {
    to.begin(name)?;
    to.add(text.as_bytes()).await?;
    to.end().await
}

/// Rows of a table.
async fn table(
    view: &mut View,
    (kind, of): (&Kind, Of),
    format: ExportFormat,
    to: &mut Archive,
    told: &mut Told<'_>,
) -> Outcome<()> {
    to.begin(&format!("{}.{}", kind.name, format.name()))?;
    to.has_rows();
    let mut text = String::new();
    if format == ExportFormat::Csv {
        let names: Vec<&str> = kind.columns.iter().map(|column| column.name).collect();
        csv::line(&mut text, &names);
        to.add(text.as_bytes()).await?;
    }
    let mut rows = rows::of(view.sql(), kind, of)?;
    while let Some(line) = rows.try_next().await? {
        text.clear();
        match format {
            ExportFormat::Jsonl => text.extend([line.as_str(), "\n"]),
            ExportFormat::Csv => sheet(kind, &line, &mut text)?,
        }
        to.add_rows(&text, 1).await?;
        told.more(1).await?;
    }
    drop(rows);
    Ok(to.end().await?)
}

/// A row as a line of a spreadsheet.
fn sheet(kind: &Kind, line: &str, text: &mut String) -> Result<()> {
    let row: Map<String, Value> =
        serde_json::from_str(line).map_err(|_| Error::Inconsistent("a row is no JSON"))?;
    let cell = |name: &str| match row.get(name) {
        None | Some(Value::Null) => String::new(),
        Some(Value::String(text)) => text.clone(),
        Some(other) => other.to_string(),
    };
    let cells: Vec<String> = kind.columns.iter().map(|column| cell(column.name)).collect();
    csv::line(text, &cells);
    Ok(())
}

/// The audit log, and behind its JSON what proves it. It is read once: the table for spreadsheets waits in a
/// file of its own until its turn comes.
async fn log(view: &mut View, to: &mut Archive, told: &mut Told<'_>) -> Outcome<()> {
    let (cx, row) = (told.cx, told.row);
    let team = &row.team;
    let (name, sheet) = ("audit.jsonl", "audit.csv");
    let mut whole = Whole::of(cx, view, LedgerId::Team(team.id), &ExportFormat::ALL).await?;
    let waits = Which { column: "waits", ..file(team.id, row.id, sheet) };
    let mut aside = Writer::open(&row.deps, waits).await?;
    to.begin(name)?;
    to.has_rows();
    whole.begin();
    let (mut next, mut rows) = (Some(0_i64), 0);
    while let Some(count) = next {
        let added = to.add_rows(whole.text(0), count.unsigned_abs());
        let (added, put_aside) = tokio::join!(added, aside.write(whole.text(1).as_bytes()));
        added.and(put_aside)?;
        rows += count.unsigned_abs();
        told.more(2 * count).await?;
        next = whole.next(cx, view).await?;
    }
    to.end().await?;
    let manifest = whole.manifest(cx, view, (&team.name, name)).await?;
    plain(to, &manifest_name(name), &manifest).await?;
    aside.finish().await?;
    reach(Point::ExportLog);
    to.begin(sheet)?;
    to.add_rows("", rows).await?;
    let (_, parts) = sealed_file::read(&row.deps, waits).await?;
    let mut parts = std::pin::pin!(parts);
    while let Some(part) = parts.try_next().await? {
        to.add(&part).await?;
    }
    to.end().await?;
    Ok(sealed_file::remove(&row.deps, waits).await?)
}

/// Whether whoever asked may still have all of it. What is read is as it was at one moment; this is now.
async fn may(cx: &Cx) -> Result<()> {
    let mut view = cx.view(Permission::DataExport).await?;
    let needed: Vec<String> = SEES.iter().map(|permission| permission.name().to_owned()).collect();
    let may = sqlx::query_scalar!(
        r#"select app.may('data.export') and bool_and(app.may(p)) as "may!" from unnest($1::text[]) p"#,
        &needed
    );
    match may.fetch_one(view.sql()).await? {
        true => Ok(()),
        false => Err(Error::Forbidden(Permission::DataExport)),
    }
}

/// How far it is, told now and then.
struct Told<'a> {
    cx: &'a Cx,
    row: &'a Row,
    at: Progress,
    /// Rows since it was told.
    silent: i64,
}

impl Told<'_> {
    async fn stage(&mut self, stage: &'static str) -> Outcome<()> {
        self.at.stage = stage;
        self.tell().await
    }

    async fn more(&mut self, rows: i64) -> Outcome<()> {
        self.at.done += rows;
        self.silent += rows;
        match self.silent >= WINDOW {
            true => self.tell().await,
            false => Ok(()),
        }
    }

    async fn tell(&mut self) -> Outcome<()> {
        self.silent = 0;
        may(self.cx).await?;
        match self.row.say(ExportState::Running, self.at).await? {
            true => Ok(()),
            false => Err(Stopped::Cancelled),
        }
    }
}
