//! What a file would change.

use super::{super::Wanted, read::Read};
use crate::{Cx, Error, Result};
use model::{
    ProgramId, RuleId,
    rule::{BadLine, Matching, Planned, bounds},
};
use sqlx::PgConnection;
use std::collections::HashMap;

/// What is to be written, and what is not.
pub(super) struct Plan {
    pub(super) new: Vec<(RuleId, Wanted)>,
    pub(super) changed: Vec<(RuleId, Wanted)>,
    pub(super) unchanged: usize,
    pub(super) bad: Vec<BadLine>,
}

impl Plan {
    /// # Errors
    /// A sentence at `file` when the team would have too many rules.
    pub(super) async fn of(sql: &mut PgConnection, cx: &Cx, read: Read) -> Result<Self> {
        let known = known(sql, cx).await?;
        let mut by_identity = HashMap::with_capacity(known.len());
        by_identity.extend(known.iter().map(|(id, rule)| (rule.identity(), (*id, rule))));
        let mut plan = Self { new: Vec::new(), changed: Vec::new(), unchanged: 0, bad: read.bad };
        for (_, wanted) in read.good {
            match by_identity.get(&wanted.identity()) {
                None => plan.new.push((RuleId(cx.new_id()), wanted)),
                Some((_, rule)) if **rule == wanted => plan.unchanged += 1,
                Some((id, _)) => plan.changed.push((*id, wanted)),
            }
        }
        let all = known.len() + plan.new.len();
        if all > bounds::RULES {
            let said = format!(
                "With the new rules of this file the team would have {all}, and 50,000 are the \
                 most. Delete some first, or import fewer."
            );
            return Err(Error::field("file", said));
        }
        Ok(plan)
    }

    pub(super) fn planned(&self) -> Planned {
        Planned {
            new: self.new.len(),
            changed: self.changed.len(),
            unchanged: self.unchanged,
            bad: self.bad.len(),
        }
    }
}

/// Every rule of the team.
async fn known(sql: &mut PgConnection, cx: &Cx) -> Result<Vec<(RuleId, Wanted)>> {
    let rows = sqlx::query!(
        "select id, keyword, folded, matching, language, url, program_id, priority, starts, ends,
                enabled
         from keyword_rule where team_id = $1",
        cx.seat()?.id.0
    )
    .fetch_all(sql)
    .await?;
    let rule = rows.into_iter().map(|row| {
        let wanted = Wanted {
            keyword: row.keyword,
            folded: row.folded,
            matching: Matching::from_name(&row.matching)
                .ok_or(Error::Inconsistent("an unknown way of matching"))?,
            language: row.language,
            url: row.url,
            program: row.program_id.map(ProgramId),
            priority: row.priority,
            starts: row.starts,
            ends: row.ends,
            enabled: row.enabled,
        };
        Ok((RuleId(row.id), wanted))
    });
    rule.collect()
}
