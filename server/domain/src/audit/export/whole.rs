//! A whole ledger as a part of something larger, as it is at one moment.

use super::{
    super::{
        filter::Filter,
        prove,
        read::{Among, Of},
        row::Stored,
        seek,
    },
    write::Lines,
};
use crate::{Cx, Error, Result, View, event::rfc3339};
use futures::future::try_join_all;
use model::ledger::{ExportFormat, FileSummary, LedgerId, Manifest};
use std::sync::Arc;

/// Records that are read at once: so many, and as many as lines in each form, are held in memory twice.
const WINDOW: i64 = 500;

/// A ledger, window by window, in one form or more: each record is read once.
pub(crate) struct Whole {
    ledger: LedgerId,
    lines: Vec<Lines>,
    seq: i64,
    head: i64,
    /// Records that were read while those before were written.
    ahead: Option<Vec<Stored>>,
}

impl Whole {
    /// From its first record to the last one that `view` sees.
    pub(crate) async fn of(
        cx: &Cx,
        view: &mut View,
        ledger: LedgerId,
        formats: &[ExportFormat],
    ) -> Result<Self> {
        let ours = cx.deps().keyring().signer().await?.public();
        let trim = prove::trim(view.sql(), ledger, ours).await?;
        let floor = trim.and_then(|trim| trim.open().ok()).map_or(0, |trim| trim.seq);
        let (kind, id) = ledger.parts();
        let head = sqlx::query_scalar!(
            "select seq from ledger_head where kind = $1 and ledger = $2",
            kind,
            id
        );
        let head = head.fetch_optional(view.sql()).await?.unwrap_or(floor);
        let lines = formats.iter().map(|format| Lines::of(*format)).collect();
        Ok(Self { ledger, lines, seq: floor, head, ahead: None })
    }

    /// Records that are still to come.
    pub(crate) const fn left(&self) -> i64 {
        self.head - self.seq
    }

    /// What was written last, in one of its forms.
    pub(crate) fn text(&self, form: usize) -> &str {
        self.lines.get(form).map_or("", Lines::text)
    }

    /// Writes what stands before the first record.
    pub(crate) fn begin(&mut self) {
        self.lines.iter_mut().for_each(Lines::begin);
    }

    /// Writes the next lines in each form, and says how many records they are; nothing after the last. Meanwhile
    /// those behind them are read.
    pub(crate) async fn next(&mut self, cx: &Cx, view: &mut View) -> Result<Option<i64>> {
        if self.seq >= self.head {
            return Ok(None);
        }
        let rows: Arc<[Stored]> = match self.ahead.take() {
            Some(rows) => rows.into(),
            None => self.read(cx, view, self.seq).await?.into(),
        };
        let to = self.head.min(self.seq + WINDOW);
        let lines = std::mem::take(&mut self.lines);
        let written = lines.into_iter().map(|lines| lines.aside(cx, Arc::clone(&rows)));
        let (written, ahead) = tokio::join!(try_join_all(written), self.read(cx, view, to));
        self.lines = written?;
        let count = to - self.seq;
        (self.seq, self.ahead) = (to, Some(ahead?));
        Ok(Some(count))
    }

    /// The records behind this one, none behind the last.
    async fn read(&self, cx: &Cx, view: &mut View, after: i64) -> Result<Vec<Stored>> {
        if after >= self.head {
            return Ok(Vec::new());
        }
        let among = Among { after, to: self.head.min(after + WINDOW) };
        let of = Of { ledger: self.ledger, is_whole: true };
        seek::among(cx, view.sql(), of, &Filter::default(), among).await
    }

    /// What proves the file of its first form, as `audit verify` takes it: after the last line.
    pub(crate) async fn manifest(
        &self,
        cx: &Cx,
        view: &mut View,
        (owner, name): (&str, &str),
    ) -> Result<String> {
        let signer = cx.deps().keyring().signer().await?;
        let lines = self.lines.first().ok_or(Error::Inconsistent("a log in no form"))?;
        let manifest = Manifest {
            instance: cx.deps().public_url().to_owned(),
            ledger: self.ledger,
            name: owner.to_owned(),
            made_at: rfc3339(cx.now()),
            search: String::new(),
            file: FileSummary {
                name: name.to_owned(),
                format: lines.format,
                rows: lines.rows,
                bytes: lines.bytes,
                sha256: lines.sum(),
            },
            first: lines.first,
            last: lines.last,
            head: self.head,
            checkpoints: cx.deps().proven().of(self.ledger, signer.public())?,
            trim: prove::trim(view.sql(), self.ledger, signer.public()).await?,
        };
        Ok(signer.sign(&manifest).line() + "\n")
    }
}

/// Walks a ledger, so that its newest checkpoint reaches as far as an export that begins now.
///
/// # Errors
/// When the keyring or the database does not answer.
pub(crate) async fn walk(cx: &Cx, ledger: LedgerId) -> Result<()> {
    prove::ledger(cx.deps(), ledger).await.map(drop)
}
