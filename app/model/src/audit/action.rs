//! Audited actions: the one table of what is written to a ledger.

use super::{Category, Severity};
use serde::{Deserialize, Serialize};

macro_rules! actions {
    ($($variant:ident = $name:literal, $title:literal, $category:ident, $severity:ident;)*) => {
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

            /// What it is about.
            pub const fn category(self) -> Category {
                match self { $(Self::$variant => Category::$category,)* }
            }

            /// How much it matters to whoever looks after security.
            pub const fn severity(self) -> Severity {
                match self { $(Self::$variant => Severity::$severity,)* }
            }
        }
    };
}

actions! {
    InstanceSetUp = "instance.set_up", "Probity set up", Settings, Info;
    PersonSignUp = "person.sign_up", "Account made", SignIn, Info;
    SessionCreate = "session.create", "Signed in", SignIn, Info;
    SessionRefuse = "session.refuse", "Sign-in refused", SignIn, Warning;
    SessionEnd = "session.end", "Signed out", SignIn, Info;
    SessionRevoke = "session.revoke", "Session ended from elsewhere", SignIn, Notice;
    SessionConfirm = "session.confirm", "Confirmed that it is them", SignIn, Info;
    SessionBlock = "session.block", "Sign-ins slowed down", SignIn, Warning;
    DeviceTrust = "device.trust", "Browser remembered", SignIn, Notice;
    DeviceForget = "device.forget", "Browser forgotten", SignIn, Info;
    FactorRefuse = "factor.refuse", "Second factor refused", SignIn, Warning;
    TotpEnable = "totp.enable", "Authenticator app set up", SignIn, Notice;
    TotpDisable = "totp.disable", "Authenticator app removed", SignIn, Warning;
    PasskeyAdd = "passkey.add", "Passkey added", SignIn, Notice;
    PasskeyRename = "passkey.rename", "Passkey renamed", SignIn, Info;
    PasskeyRemove = "passkey.remove", "Passkey removed", SignIn, Notice;
    RecoveryRenew = "recovery.renew", "Recovery codes made", SignIn, Notice;
    RecoveryUse = "recovery.use", "Recovery code used", SignIn, Warning;
    PasswordChange = "password.change", "Password changed", SignIn, Notice;
    PasswordForget = "password.forget", "Password link asked for", SignIn, Info;
    PasswordReset = "password.reset", "Password reset by link", SignIn, Notice;
    PasswordStrengthen = "password.strengthen", "Password hash made stronger", SignIn, Info;
    EmailAsk = "email.ask", "E-mail change asked for", SignIn, Notice;
    EmailChange = "email.change", "E-mail address changed", SignIn, Notice;
    ProfileUpdate = "profile.update", "Profile changed", Settings, Info;
    PersonDelete = "person.delete", "Account deleted", Security, Warning;
    PersonLock = "person.lock", "Account locked", Security, Warning;
    PersonUnlock = "person.unlock", "Account unlocked", Security, Notice;
    PersonResetMfa = "person.reset_mfa", "Second factors removed by the operator", Security, Warning;
    PersonSendReset = "person.send_reset", "Password link sent by the operator", Security, Notice;
    PersonSignOut = "person.sign_out", "Signed out everywhere by the operator", Security, Notice;
    TeamCreate = "team.create", "Team made", Settings, Info;
    TeamUpdate = "team.update", "Team settings changed", Settings, Info;
    TeamSuspend = "team.suspend", "Team suspended by the operator", Security, Warning;
    TeamResume = "team.resume", "Team resumed by the operator", Security, Notice;
    TeamLiftPolicy = "team.lift_policy", "Security policy lifted by the operator", Security, Warning;
    KeyringRotate = "keyring.rotate", "Master key rotated by the operator", Security, Warning;
    KeyringRenew = "keyring.renew", "Data key renewed by the operator", Security, Notice;
    TeamDeleteAsk = "team.delete_ask", "Deletion of the team asked for", Security, Warning;
    TeamDeleteConfirm = "team.delete_confirm", "Deletion of the team confirmed", Security, Warning;
    TeamDeleteUndo = "team.delete_undo", "Deletion of the team undone", Security, Notice;
    TeamDelete = "team.delete", "Team deleted", Security, Warning;
    MemberAdd = "member.add", "Member added", Members, Notice;
    MemberChangeRole = "member.change_role", "Role changed", Members, Notice;
    MemberRemove = "member.remove", "Member removed", Members, Notice;
    MemberLeave = "member.leave", "Member left", Members, Info;
    RoleCreate = "role.create", "Role made", Roles, Notice;
    RoleUpdate = "role.update", "Role changed", Roles, Notice;
    RoleDelete = "role.delete", "Role deleted", Roles, Notice;
    RoleProbe = "role.probe", "Roles and permissions tried", Security, Info;
    AccessExport = "access.export", "Access review downloaded", Roles, Notice;
    InvitationSend = "invitation.send", "Invitation sent", Members, Info;
    InvitationResend = "invitation.resend", "Invitation sent again", Members, Info;
    InvitationLink = "invitation.link", "Invitation link copied", Members, Notice;
    InvitationRevoke = "invitation.revoke", "Invitation taken back", Members, Info;
    InvitationAccept = "invitation.accept", "Invitation accepted", Members, Info;
    InvitationDecline = "invitation.decline", "Invitation declined", Members, Info;
    InvitationForget = "invitation.forget", "Addresses of old invitations removed", Members, Info;
    InvitationAsk = "invitation.ask", "New invitation asked for", Members, Info;
    OwnershipOffer = "ownership.offer", "Ownership offered", Members, Notice;
    OwnershipAccept = "ownership.accept", "Ownership taken over", Members, Notice;
    OwnershipDecline = "ownership.decline", "Ownership declined", Members, Info;
    OwnershipWithdraw = "ownership.withdraw", "Offer of ownership withdrawn", Members, Info;
    SecurityPolicy = "security.policy", "Security policy changed", Security, Notice;
    KeyCreate = "key.create", "Key made", Keys, Notice;
    KeyIssue = "key.issue", "Keys issued by the operator", Keys, Notice;
    KeyUpdate = "key.update", "Key changed", Keys, Info;
    KeyRotate = "key.rotate", "Key rotated", Keys, Notice;
    KeyEndOverlap = "key.end_overlap", "Old secret of a key ended", Keys, Info;
    KeyDisable = "key.disable", "Key switched off", Keys, Info;
    KeyEnable = "key.enable", "Key switched on", Keys, Info;
    KeyLeak = "key.leak", "Key found in public", Keys, Warning;
    KeyLeakDismiss = "key.leak_dismiss", "Warning of a found key dismissed", Keys, Notice;
    KeyRevoke = "key.revoke", "Key revoked", Keys, Notice;
    RuleCreate = "rule.create", "Rule made", Data, Info;
    RuleUpdate = "rule.update", "Rule changed", Data, Info;
    RuleDisable = "rule.disable", "Rule switched off", Data, Info;
    RuleEnable = "rule.enable", "Rule switched on", Data, Info;
    RuleDelete = "rule.delete", "Rule deleted", Data, Info;
    RuleImport = "rule.import", "Rules imported", Data, Info;
    ProgramCreate = "program.create", "Affiliate program made", Data, Info;
    ProgramRename = "program.rename", "Affiliate program renamed", Data, Info;
    ProgramReplaceKey = "program.replace_key", "Affiliate key replaced", Data, Notice;
    ProgramDelete = "program.delete", "Affiliate program deleted", Data, Info;
    AccessRefuse = "access.refuse", "Refused what the role does not allow", Security, Notice;
    AccessBar = "access.bar", "Kept out by the security policy", Security, Warning;
    AuditExport = "audit.export", "Audit log exported", Data, Notice;
    AuditCancel = "audit.cancel", "Export of the audit log cancelled", Data, Info;
    AuditDownload = "audit.download", "Export of the audit log downloaded", Data, Notice;
    LedgerAccept = "ledger.accept", "Audit log accepted by the operator as it is", Security, Warning;
    AuditTrim = "audit.trim", "Old records of the audit log removed", Data, Notice;
    DataExport = "data.export", "Export of the team's data started", Data, Warning;
    DataCancel = "data.cancel", "Export of the team's data cancelled", Data, Info;
    DataDownload = "data.download", "Link to an export of the team's data made", Data, Warning;
    TeamImport = "team.import", "Team imported by the operator", Data, Warning;
    PersonExport = "person.export", "Own data exported", Data, Notice;
    SearchSave = "search.save", "Search of the log saved for the team", Settings, Info;
    SearchUpdate = "search.update", "Saved search of the team changed", Settings, Info;
    SearchRemove = "search.remove", "Saved search of the team removed", Settings, Info;
    StreamCreate = "stream.create", "Stream of the audit log made", Data, Notice;
    StreamRotate = "stream.rotate", "Signing secret of a stream replaced", Data, Notice;
    StreamPause = "stream.pause", "Stream of the audit log paused", Data, Warning;
    StreamResume = "stream.resume", "Stream of the audit log resumed", Data, Info;
    StreamRestart = "stream.restart", "Stream of the audit log begun elsewhere", Data, Warning;
    StreamRemove = "stream.remove", "Stream of the audit log removed", Data, Warning;
    StreamTest = "stream.test", "Stream of the audit log tested", Data, Info;
    KeyFirstUse = "key.first_use", "Key used for the first time", Keys, Info;
}

impl AuditAction {
    /// The action stored as `name`.
    pub fn from_name(name: &str) -> Option<Self> {
        Self::ALL.iter().copied().find(|action| action.name() == name)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_action_is_found_by_its_name_and_each_has_one_of_its_own() {
        for action in AuditAction::ALL {
            assert_eq!(AuditAction::from_name(action.name()), Some(*action));
        }
    }

    #[test]
    fn every_category_and_severity_has_actions() {
        for category in Category::ALL {
            assert!(AuditAction::ALL.iter().any(|action| action.category() == category));
        }
        for severity in Severity::ALL {
            assert!(AuditAction::ALL.iter().any(|action| action.severity() == severity));
        }
    }
}
