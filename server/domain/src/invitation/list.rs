//! The team's open invitations.

use crate::{Cx, Result, event::rfc3339};
use model::{
    InvitationId, Permission,
    invitation::{InvitationRow, Invitations, MailState, bounds},
};
use sqlx::PgConnection;
use time::OffsetDateTime;
use uuid::Uuid;

/// Every open invitation, the newest first, with what became of its letter.
///
/// # Errors
/// [`crate::Error::Forbidden`] without `members.manage`.
pub async fn list(cx: &Cx) -> Result<Invitations> {
    let mut view = cx.view(Permission::MembersManage).await?;
    let rows = open(view.sql(), cx).await?;
    Ok(Invitations {
        rows: rows.into_iter().map(|row| row.shown(cx)).collect(),
        mail_leaves: cx.deps().mailer().leaves(),
    })
}

struct Row {
    id: Uuid,
    email: String,
    role: String,
    sent_by: Option<String>,
    sent_at: OffsetDateTime,
    expires_at: OffsetDateTime,
    asked_at: Option<OffsetDateTime>,
    mail: Option<Uuid>,
    mail_sent_at: Option<OffsetDateTime>,
    mail_failed_at: Option<OffsetDateTime>,
    mail_error: Option<String>,
}

async fn open(sql: &mut PgConnection, cx: &Cx) -> Result<Vec<Row>> {
    let rows = sqlx::query_as!(
        Row,
        r#"select i.id, i.email, coalesce(r.name, initcap(i.role)) as "role!",
                  p.name as "sent_by?", i.sent_at, i.expires_at, i.asked_at,
                  m.id as "mail?", m.sent_at as "mail_sent_at?", m.failed_at as "mail_failed_at?",
                  m.last_error as "mail_error?"
           from invitation i
           left join team_role r on r.team_id = i.team_id and r.id = i.custom_role
           left join person p on p.id = i.sent_by
           left join mail m on m.id = i.mail_id
           where i.team_id = $1 and i.ended_at is null
           order by i.sent_at desc, i.id desc limit $2"#,
        cx.seat()?.id.0,
        bounds::OPEN
    )
    .fetch_all(sql)
    .await?;
    Ok(rows)
}

impl Row {
    fn shown(self, cx: &Cx) -> InvitationRow {
        let mail = self.mail_state();
        InvitationRow {
            id: InvitationId(self.id),
            email: self.email,
            role: self.role,
            sent_by: self.sent_by.unwrap_or_default(),
            sent_at: rfc3339(self.sent_at),
            is_over: self.expires_at <= cx.now(),
            expires_at: rfc3339(self.expires_at),
            asks: self.asked_at.is_some(),
            mail,
        }
    }

    fn mail_state(&self) -> MailState {
        let why = || self.mail_error.clone().unwrap_or_default();
        match self {
            Self { mail: None, .. } => MailState::Unknown,
            Self { mail_sent_at: Some(_), .. } => MailState::Sent,
            Self { mail_failed_at: Some(_), .. } => MailState::Failed(why()),
            Self { mail_error: Some(_), .. } => MailState::Delayed(why()),
            _ => MailState::Waiting,
        }
    }
}
