//! Every letter that Probity writes.

use model::deletion::Stage;
use secrecy::SecretString;
use time::OffsetDateTime;

/// A letter, with what is different each time. Its words are in `words.rs`.
pub enum Letter {
    /// Confirms the address of somebody who wants an account. Good for 24 hours.
    ConfirmSignUp {
        token: SecretString,
    },
    /// Somebody wanted an account with an address that has one.
    SignUpExists,
    /// Confirms a new address of somebody who has an account; sent there. Good for 24 hours.
    ConfirmEmail {
        token: SecretString,
    },
    /// Announces a new address at the old one. `to` is the new one with its middle hidden.
    EmailChanged {
        to: String,
    },
    /// The link for a new password. Good for 30 minutes.
    ResetPassword {
        token: SecretString,
    },
    PasswordChanged,
    /// A sign-in from a device that was not known.
    NewDevice {
        agent: String,
        place: String,
        at: OffsetDateTime,
    },
    /// `what`: the factor by its name, such as `passkey "Office key"`.
    FactorAdded {
        what: String,
    },
    FactorRemoved {
        what: String,
    },
    /// `left`: how many are still good.
    RecoveryCodeUsed {
        left: u32,
    },
    RecoveryCodesRenewed,
    /// Too many wrong passwords; sign-in from unknown devices waits.
    SignInBlocked {
        at: OffsetDateTime,
    },
    /// The account is gone. Post it under [`MailOwner::Instance`](super::MailOwner): the person's
    /// data key goes with the account.
    AccountDeleted,
    /// The link for a new password, asked for by an operator. Good for 30 minutes.
    ResetByOperator {
        token: SecretString,
    },
    /// The link into a team, sent to an address that may have no account. Good for 7 days.
    Invitation {
        team: String,
        /// Who sends it.
        by: String,
        role: String,
        /// Their own words; empty for none.
        message: String,
        token: SecretString,
    },
    /// Tells a member that the team is offered to them.
    OwnershipOffered {
        team: String,
        slug: String,
        by: String,
    },
    /// Tells whoever offered a team that `by` has taken it over.
    OwnershipTaken {
        team: String,
        by: String,
    },
    /// Tells a member without a second factor from when on their team requires one.
    SecondFactorDue {
        team: String,
        from: OffsetDateTime,
    },
    /// Tells an owner that an operator lifted what kept people out of the team.
    PolicyLifted {
        team: String,
        slug: String,
        /// What was lifted, as people read it.
        what: String,
    },
    /// Tells an owner that an operator refuses the team's keys.
    TeamSuspended {
        team: String,
        slug: String,
    },
    /// Tells an owner that the team's keys are accepted again.
    TeamResumed {
        team: String,
        slug: String,
    },
    /// Tells an owner that `by` has asked for the team's deletion, and that another owner has to confirm.
    DeletionAsked {
        by: String,
        team: String,
        slug: String,
    },
    /// Tells an owner that the team is deleted when its days are over.
    DeletionBegins {
        due: OffsetDateTime,
        by: String,
        team: String,
        slug: String,
    },
    /// Tells an owner that the team stays.
    DeletionUndone {
        by: String,
        team: String,
        slug: String,
    },
    /// Tells who deleted their account what becomes of a team that waits to be deleted.
    DeletionLeft {
        team: String,
        due: OffsetDateTime,
        /// Of the page with each stage.
        link: SecretString,
    },
    /// Tells who was an owner that the team was deleted, with the signed line that says so.
    TeamDeleted {
        team: String,
        /// When each stage was done.
        stages: Vec<(Stage, OffsetDateTime)>,
        /// Of the page with them.
        link: SecretString,
        certificate: String,
    },
    /// Tells the sender of an invitation that it came too late for `email`.
    InvitationAsked {
        email: String,
        team: String,
        slug: String,
    },
    /// Tells who can rotate it that a key was found where others can read it.
    KeyFound {
        team: String,
        /// Its name and as much of it as may be shown.
        key: String,
        /// Its page, from the public URL on.
        page: String,
        /// Of whom the text is, as whoever reported it says: nothing but a host, because strangers
        /// report; empty where they say nothing.
        host: String,
        remedy: Remedy,
    },
    /// Tells who can make others that keys of the team end soon, the first of them first.
    KeysEnd {
        team: String,
        slug: String,
        keys: Vec<KeyEnd>,
    },
    /// Tells whoever asked for it that an export of the team's data is ready.
    ExportReady {
        team: String,
        slug: String,
        /// Its id.
        export: String,
    },
    /// Tells who can do something about it that most of a key's quota is used, or all of it.
    QuotaUsed {
        team: String,
        key: String,
        /// Its page, from the public URL on.
        page: String,
        /// Calls in a month.
        quota: i64,
        percent: i32,
    },
    /// Tells who lets the log of their team flow that nothing has arrived since then.
    StreamFails {
        team: String,
        stream: String,
        since: OffsetDateTime,
        /// Its page, from the public URL on.
        page: String,
    },
}

/// A key that ends.
pub struct KeyEnd {
    /// Its name and as much of it as may be shown.
    pub key: String,
    pub at: OffsetDateTime,
    pub last_used_at: Option<OffsetDateTime>,
}

/// What keeps whoever finds a key from using it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Remedy {
    /// It works on.
    None,
    /// It did not work when it was found.
    OffBefore,
    /// It was switched off for it.
    SwitchedOff,
}

impl Letter {
    /// The name in the database and in the log.
    pub const fn name(&self) -> &'static str {
        match self {
            Self::ConfirmSignUp { .. } => "confirm_sign_up",
            Self::SignUpExists => "sign_up_exists",
            Self::ConfirmEmail { .. } => "confirm_email",
            Self::EmailChanged { .. } => "email_changed",
            Self::ResetPassword { .. } => "reset_password",
            Self::PasswordChanged => "password_changed",
            Self::NewDevice { .. } => "new_device",
            Self::FactorAdded { .. } => "factor_added",
            Self::FactorRemoved { .. } => "factor_removed",
            Self::RecoveryCodeUsed { .. } => "recovery_code_used",
            Self::RecoveryCodesRenewed => "recovery_codes_renewed",
            Self::SignInBlocked { .. } => "sign_in_blocked",
            Self::AccountDeleted => "account_deleted",
            Self::ResetByOperator { .. } => "reset_by_operator",
            Self::Invitation { .. } => "invitation",
            Self::OwnershipOffered { .. } => "ownership_offered",
            Self::OwnershipTaken { .. } => "ownership_taken",
            Self::SecondFactorDue { .. } => "second_factor_due",
            Self::PolicyLifted { .. } => "policy_lifted",
            Self::TeamSuspended { .. } => "team_suspended",
            Self::TeamResumed { .. } => "team_resumed",
            Self::DeletionAsked { .. } => "deletion_asked",
            Self::DeletionBegins { .. } => "deletion_begins",
            Self::DeletionUndone { .. } => "deletion_undone",
            Self::DeletionLeft { .. } => "deletion_left",
            Self::TeamDeleted { .. } => "team_deleted",
            Self::InvitationAsked { .. } => "invitation_asked",
            Self::KeyFound { .. } => "key_found",
            Self::KeysEnd { .. } => "keys_end",
            Self::ExportReady { .. } => "export_ready",
            Self::QuotaUsed { .. } => "quota_used",
            Self::StreamFails { .. } => "stream_fails",
        }
    }

    /// Whether it may call its reader by name. Not where a stranger may have typed both: they
    /// would send words of their choice to anybody.
    pub(super) const fn knows_its_reader(&self) -> bool {
        !matches!(self, Self::ConfirmSignUp { .. } | Self::SignUpExists | Self::Invitation { .. })
    }
}
