//! Audited actions: the one table of what is written to a ledger.

use serde::{Deserialize, Serialize};

macro_rules! actions {
    ($($variant:ident = $name:literal, $title:literal;)*) => {
        /// Something that is written to a ledger when it happens.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
        pub enum AuditAction {
            $(#[doc = $title] #[serde(rename = $name)] $variant,)*
        }

        impl AuditAction {
            /// Every action, in the order of the documentation.
            pub const ALL: &[Self] = &[$(Self::$variant,)*];

            /// The name in the database, filters and exports, e.g. `key.create`.
            pub const fn name(self) -> &'static str {
                match self { $(Self::$variant => $name,)* }
            }

            /// What happened, as a heading.
            pub const fn title(self) -> &'static str {
                match self { $(Self::$variant => $title,)* }
            }
        }
    };
}

actions! {
    InstanceSetUp = "instance.set_up", "Probity set up";
    PersonSignUp = "person.sign_up", "Account made";
    SessionCreate = "session.create", "Signed in";
    SessionRefuse = "session.refuse", "Sign-in refused";
    SessionEnd = "session.end", "Signed out";
    SessionRevoke = "session.revoke", "Session ended from elsewhere";
    SessionConfirm = "session.confirm", "Confirmed that it is them";
    SessionBlock = "session.block", "Sign-ins slowed down";
    DeviceTrust = "device.trust", "Browser remembered";
    DeviceForget = "device.forget", "Browser forgotten";
    FactorRefuse = "factor.refuse", "Second factor refused";
    TotpEnable = "totp.enable", "Authenticator app set up";
    TotpDisable = "totp.disable", "Authenticator app removed";
    PasskeyAdd = "passkey.add", "Passkey added";
    PasskeyRename = "passkey.rename", "Passkey renamed";
    PasskeyRemove = "passkey.remove", "Passkey removed";
    RecoveryRenew = "recovery.renew", "Recovery codes made";
    RecoveryUse = "recovery.use", "Recovery code used";
    PasswordChange = "password.change", "Password changed";
    PasswordForget = "password.forget", "Password link asked for";
    PasswordReset = "password.reset", "Password reset by link";
    PasswordStrengthen = "password.strengthen", "Password hash made stronger";
    EmailAsk = "email.ask", "E-mail change asked for";
    EmailChange = "email.change", "E-mail address changed";
    ProfileUpdate = "profile.update", "Profile changed";
    PersonDelete = "person.delete", "Account deleted";
    PersonLock = "person.lock", "Account locked";
    PersonUnlock = "person.unlock", "Account unlocked";
    PersonResetMfa = "person.reset_mfa", "Second factors removed by the operator";
    PersonSendReset = "person.send_reset", "Password link sent by the operator";
    PersonSignOut = "person.sign_out", "Signed out everywhere by the operator";
    TeamCreate = "team.create", "Team made";
    TeamUpdate = "team.update", "Team settings changed";
    TeamSuspend = "team.suspend", "Team suspended by the operator";
    TeamResume = "team.resume", "Team resumed by the operator";
    TeamLiftPolicy = "team.lift_policy", "Security policy lifted by the operator";
    MemberAdd = "member.add", "Member added";
    MemberChangeRole = "member.change_role", "Role changed";
    MemberRemove = "member.remove", "Member removed";
    MemberLeave = "member.leave", "Member left";
    RoleCreate = "role.create", "Role made";
    RoleUpdate = "role.update", "Role changed";
    RoleDelete = "role.delete", "Role deleted";
    RoleProbe = "role.probe", "Roles and permissions tried";
    AccessExport = "access.export", "Access review downloaded";
    InvitationSend = "invitation.send", "Invitation sent";
    InvitationResend = "invitation.resend", "Invitation sent again";
    InvitationLink = "invitation.link", "Invitation link copied";
    InvitationRevoke = "invitation.revoke", "Invitation taken back";
    InvitationAccept = "invitation.accept", "Invitation accepted";
    InvitationDecline = "invitation.decline", "Invitation declined";
    InvitationAsk = "invitation.ask", "New invitation asked for";
    OwnershipOffer = "ownership.offer", "Ownership offered";
    OwnershipAccept = "ownership.accept", "Ownership taken over";
    OwnershipDecline = "ownership.decline", "Ownership declined";
    OwnershipWithdraw = "ownership.withdraw", "Offer of ownership withdrawn";
    SecurityPolicy = "security.policy", "Security policy changed";
    KeyCreate = "key.create", "Key made";
    KeyIssue = "key.issue", "Keys issued by the operator";
    KeyUpdate = "key.update", "Key changed";
    KeyRotate = "key.rotate", "Key rotated";
    KeyEndOverlap = "key.end_overlap", "Old secret of a key ended";
    KeyDisable = "key.disable", "Key switched off";
    KeyEnable = "key.enable", "Key switched on";
    KeyLeak = "key.leak", "Key found in public";
    KeyLeakDismiss = "key.leak_dismiss", "Warning of a found key dismissed";
    KeyRevoke = "key.revoke", "Key revoked";
    RuleCreate = "rule.create", "Rule made";
    RuleUpdate = "rule.update", "Rule changed";
    RuleDisable = "rule.disable", "Rule switched off";
    RuleEnable = "rule.enable", "Rule switched on";
    RuleDelete = "rule.delete", "Rule deleted";
    RuleImport = "rule.import", "Rules imported";
    ProgramCreate = "program.create", "Affiliate program made";
    ProgramRename = "program.rename", "Affiliate program renamed";
    ProgramReplaceKey = "program.replace_key", "Affiliate key replaced";
    ProgramDelete = "program.delete", "Affiliate program deleted";
    KeyFirstUse = "key.first_use", "Key used for the first time";
}

impl AuditAction {
    /// The action stored as `name`.
    pub fn from_name(name: &str) -> Option<Self> {
        Self::ALL.iter().copied().find(|action| action.name() == name)
    }
}

/// How it ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Outcome {
    Ok,
    Refused,
}

impl Outcome {
    pub const fn name(self) -> &'static str {
        match self {
            Self::Ok => "ok",
            Self::Refused => "refused",
        }
    }
}

/// One record of a ledger, as the audit log shows it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct AuditRow {
    /// Its number in the ledger, from 1 without gaps.
    pub seq: i64,
    /// RFC 3339, UTC, with milliseconds.
    pub at: String,
    /// `person`, `key` or `system`.
    pub actor_kind: String,
    /// Who did it, as they are called today.
    pub actor: String,
    pub action: String,
    /// The action's heading, or its name if this program is older than the record.
    pub title: String,
    /// What it was done to: a key's name, for instance.
    pub target: String,
    pub outcome: Outcome,
    /// `req_…`, or empty for background work.
    pub request: String,
    /// What changed, as JSON text with secrets masked; `{}` when there is nothing to say.
    pub detail: String,
    /// Where from; empty when unknown or erased.
    pub ip: String,
    /// Browser or program; empty when unknown or erased.
    pub agent: String,
    /// Hashes of the previous record and of this one, hexadecimal.
    pub previous_hash: String,
    pub hash: String,
}

/// What a check of a ledger's chain found, done in this request.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ChainProof {
    /// Records from the first to the last one checked.
    pub from: i64,
    pub to: i64,
    /// The first record that does not fit; none when all do.
    pub broken_at: Option<i64>,
    /// RFC 3339, UTC.
    pub checked_at: String,
}

/// A page of the audit log and what a check of just these records found. There is no proof when
/// the viewer sees only their own records: a chain with gaps proves nothing.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct AuditPage {
    pub page: crate::page::Page<AuditRow>,
    /// Whether the viewer sees everybody's records or only their own.
    pub whole: bool,
    pub proof: Option<ChainProof>,
}

/// One record with the check of its own hash, done in this request.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct AuditEntry {
    pub row: AuditRow,
    pub proof: ChainProof,
}
