//! A whole ledger as a part of something larger, as it is at one moment.

use super::{
    super::{
        filter::Filter,
        prove,
        read::{Among, Of},
        seek,
    },
    write::Lines,
};
use crate::{Cx, Result, View, event::rfc3339};
use model::ledger::{ExportFormat, FileSummary, LedgerId, Manifest};

/// Records that are read at once.
const WINDOW: i64 = 2_000;

/// A ledger, window by window.
pub(crate) struct Whole {
    ledger: LedgerId,
    lines: Lines,
    format: ExportFormat,
    seq: i64,
    head: i64,
}

impl Whole {
    /// From its first record to the last one that `view` sees.
    pub(crate) async fn of(
        cx: &Cx,
        view: &mut View,
        ledger: LedgerId,
        format: ExportFormat,
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
        Ok(Self { ledger, lines: Lines::of(format), format, seq: floor, head })
    }

    /// Records that are still to come.
    pub(crate) const fn left(&self) -> i64 {
        self.head - self.seq
    }

    /// What stands before the first record.
    pub(crate) fn begin(&mut self) -> String {
        self.lines.begin()
    }

    /// The next lines, and how many records they are; nothing after the last.
    pub(crate) async fn next(&mut self, cx: &Cx, view: &mut View) -> Result<Option<(i64, String)>> {
        if self.seq >= self.head {
            return Ok(None);
        }
        let among = Among { after: self.seq, to: self.head.min(self.seq + WINDOW) };
        let of = Of { ledger: self.ledger, is_whole: true };
        let rows = seek::among(cx, view.sql(), of, &Filter::default(), among).await?;
        let count = among.to - among.after;
        self.seq = among.to;
        Ok(Some((count, self.lines.add(cx, rows).await?)))
    }

    /// What proves its file, as `audit verify` takes it: after the last line.
    pub(crate) async fn manifest(
        self,
        cx: &Cx,
        view: &mut View,
        (owner, name): (&str, &str),
    ) -> Result<String> {
        let signer = cx.deps().keyring().signer().await?;
        let lines = &self.lines;
        let manifest = Manifest {
            instance: cx.deps().public_url().to_owned(),
            ledger: self.ledger,
            name: owner.to_owned(),
            made_at: rfc3339(cx.now()),
            search: String::new(),
            file: FileSummary {
                name: name.to_owned(),
                format: self.format,
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
