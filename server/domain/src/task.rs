//! Background tasks, as the database knows them: who acts when nobody asks.

/// A task that role `probity_job` may act as. Policies name what each may touch.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Task {
    /// Adds up verifications.
    KeyUsage,
    /// Records that a key was used for the first time.
    KeyFirstUse,
    /// Warns of a key that was found where others can read it.
    KeyLeak,
    /// Writes before keys end.
    KeyRemind,
    /// Writes when most of a key's quota is used.
    QuotaRemind,
    /// Records a sign-in that was refused, for the person it was tried on.
    SignInRefuse,
    /// What an invited person says who is not in the team.
    InvitationAnswer,
    /// Takes addresses out of invitations that were over long ago.
    InvitationForget,
    /// Tries every cell of roles × permissions.
    RoleProbe,
    /// Reminds members of a second factor that their team will require.
    MfaRemind,
    /// Takes calls from a key's quota, for one program to hand out.
    KeyQuota,
    /// Reads the rules of a team, for whoever asks what matches.
    RuleMatch,
    /// Removes addresses that called long ago, and what tells that a batch of usage was added, long
    /// after nobody can add it again.
    UsageSweep,
    /// Walks the chains of ledgers, and signs how far they were found whole.
    AuditProve,
    /// Makes what searches of audit logs find things by.
    AuditIndex,
    /// Removes records that are older than their team keeps them.
    AuditRetain,
    /// Records that somebody was refused what they may not do.
    AccessRefuse,
    /// Writes exports of audit logs.
    AuditExport,
    /// Writes exports of everything that is a team's.
    DataExport,
    /// Makes a team of an export, for the operator.
    TeamImport,
    /// Takes records to where their team wants them.
    AuditStream,
    /// Removes exports that are a day old.
    AuditSweep,
    /// Removes answers to requests that were named more than a day ago.
    AnswerSweep,
    /// What an operator does to an account, with a reason.
    Operator,
    /// Removes what nobody can use any more: half-done sign-ins, links, ceremonies.
    AccountSweep,
    /// Destroys the data keys of deleted accounts.
    PersonSweep,
    /// Removes sessions that ended long ago.
    SessionSweep,
    /// Removes buckets of limits that are full again.
    LimitSweep,
    /// Deletes teams whose days are over.
    TeamDelete,
    /// Seals anew what was sealed under earlier versions of data keys.
    KeyringRenew,
    /// Sends the mail that is due.
    MailSend,
    /// Removes mail that was sent or given up long ago.
    MailSweep,
}

impl Task {
    pub const ALL: [Self; 32] = [
        Self::KeyUsage,
        Self::KeyFirstUse,
        Self::KeyLeak,
        Self::KeyRemind,
        Self::QuotaRemind,
        Self::SignInRefuse,
        Self::InvitationAnswer,
        Self::InvitationForget,
        Self::RoleProbe,
        Self::MfaRemind,
        Self::KeyQuota,
        Self::RuleMatch,
        Self::UsageSweep,
        Self::AuditProve,
        Self::AuditIndex,
        Self::AuditRetain,
        Self::AccessRefuse,
        Self::AuditExport,
        Self::DataExport,
        Self::TeamImport,
        Self::AuditStream,
        Self::AuditSweep,
        Self::AnswerSweep,
        Self::Operator,
        Self::AccountSweep,
        Self::PersonSweep,
        Self::SessionSweep,
        Self::LimitSweep,
        Self::TeamDelete,
        Self::KeyringRenew,
        Self::MailSend,
        Self::MailSweep,
    ];

    /// The name in the database and in the ledger.
    pub const fn name(self) -> &'static str {
        match self {
            Self::KeyUsage => "key.usage",
            Self::KeyFirstUse => "key.first_use",
            Self::KeyLeak => "key.leak",
            Self::KeyRemind => "key.remind",
            Self::QuotaRemind => "quota.remind",
            Self::SignInRefuse => "sign_in.refuse",
            Self::InvitationAnswer => "invitation.answer",
            Self::InvitationForget => "invitation.forget",
            Self::RoleProbe => "role.probe",
            Self::MfaRemind => "mfa.remind",
            Self::KeyQuota => "key.quota",
            Self::RuleMatch => "rule.match",
            Self::UsageSweep => "usage.sweep",
            Self::AuditProve => "audit.prove",
            Self::AuditIndex => "audit.index",
            Self::AuditRetain => "audit.retain",
            Self::AccessRefuse => "access.refuse",
            Self::AuditExport => "audit.export",
            Self::DataExport => "data.export",
            Self::TeamImport => "team.import",
            Self::AuditStream => "audit.stream",
            Self::AuditSweep => "audit.sweep",
            Self::AnswerSweep => "answer.sweep",
            Self::Operator => "operator",
            Self::AccountSweep => "account.sweep",
            Self::PersonSweep => "person.sweep",
            Self::SessionSweep => "session.sweep",
            Self::LimitSweep => "limit.sweep",
            Self::TeamDelete => "team.delete",
            Self::KeyringRenew => "keyring.renew",
            Self::MailSend => "mail.send",
            Self::MailSweep => "mail.sweep",
        }
    }
}
