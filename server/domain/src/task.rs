//! Background tasks, as the database knows them: who acts when nobody asks.

/// A task that role `probity_job` may act as. Policies name what each may touch.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Task {
    /// Adds up verifications.
    KeyUsage,
    /// Records that a key was used for the first time.
    KeyFirstUse,
    /// Records a sign-in that was refused, for the person it was tried on.
    SignInRefuse,
    /// Removes sessions that ended long ago.
    SessionSweep,
    /// Removes buckets of limits that are full again.
    LimitSweep,
    /// Sends the mail that is due.
    MailSend,
    /// Removes mail that was sent or given up long ago.
    MailSweep,
}

impl Task {
    pub const ALL: [Self; 7] = [
        Self::KeyUsage,
        Self::KeyFirstUse,
        Self::SignInRefuse,
        Self::SessionSweep,
        Self::LimitSweep,
        Self::MailSend,
        Self::MailSweep,
    ];

    /// The name in the database and in the ledger.
    pub const fn name(self) -> &'static str {
        match self {
            Self::KeyUsage => "key.usage",
            Self::KeyFirstUse => "key.first_use",
            Self::SignInRefuse => "sign_in.refuse",
            Self::SessionSweep => "session.sweep",
            Self::LimitSweep => "limit.sweep",
            Self::MailSend => "mail.send",
            Self::MailSweep => "mail.sweep",
        }
    }
}
