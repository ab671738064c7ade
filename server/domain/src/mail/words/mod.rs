//! What each letter says: what happened, when, and what to do about it.

mod deletion;
mod factor;
mod key;
mod team;

use super::Letter;
use secrecy::{ExposeSecret, SecretString};
use time::{OffsetDateTime, macros::format_description};

/// The words of a letter, for both of its forms.
pub(super) struct Words {
    pub(super) subject: &'static str,
    pub(super) paragraphs: Vec<String>,
    pub(super) button: Option<Button>,
}

/// The one thing to do.
pub(super) struct Button {
    pub(super) label: &'static str,
    /// From the public URL on. It may end in a token.
    pub(super) path: SecretString,
}

impl Button {
    fn to(label: &'static str, path: &str) -> Option<Self> {
        Some(Self { label, path: path.into() })
    }

    fn with(label: &'static str, path: &str, token: &SecretString) -> Option<Self> {
        Some(Self { label, path: format!("{path}/{}", token.expose_secret()).into() })
    }
}

const NOTHING_TO_DO: &str = "If it was not you, do nothing: without this link nothing happens. \
                             Do not pass the link on.";
const IF_NOT_YOU: &str = "If it was you, there is nothing to do. If it was not you, somebody else \
                          can sign in as you: choose a new password now, then look through your \
                          second factors and sessions.";

impl Letter {
    /// Its words; `at`: when what it tells of happened.
    pub(super) fn words(&self, at: OffsetDateTime) -> Words {
        let at = when(at);
        match self {
            Self::ConfirmSignUp { token } => confirm_sign_up(token),
            Self::SignUpExists => sign_up_exists(),
            Self::ConfirmEmail { token } => confirm_email(token),
            Self::EmailChanged { to } => email_changed(to, &at),
            Self::ResetPassword { token } => reset_password(token),
            Self::PasswordChanged => password_changed(&at),
            Self::NewDevice { agent, place, at } => new_device(agent, place, &when(*at)),
            Self::FactorAdded { what } => factor::factor_added(what, &at),
            Self::FactorRemoved { what } => factor::factor_removed(what, &at),
            Self::RecoveryCodeUsed { left } => factor::recovery_code_used(*left, &at),
            Self::RecoveryCodesRenewed => factor::recovery_codes_renewed(&at),
            Self::SignInBlocked { at } => sign_in_blocked(&when(*at)),
            Self::AccountDeleted => account_deleted(&at),
            Self::ResetByOperator { token } => reset_by_operator(token),
            Self::Invitation { team, by, role, message, token } => {
                team::invitation(team, by, role, message, token)
            }
            Self::OwnershipOffered { team, slug, by } => team::ownership_offered(team, slug, by),
            Self::OwnershipTaken { team, by } => team::ownership_taken(team, by, &at),
            Self::SecondFactorDue { team, from } => team::second_factor_due(team, &when(*from)),
            Self::PolicyLifted { team, slug, what } => team::policy_lifted(team, slug, what, &at),
            Self::TeamSuspended { team, slug } => team::suspended(team, slug, &at),
            Self::TeamResumed { team, slug } => team::resumed(team, slug, &at),
            Self::DeletionAsked { by, team, slug } => deletion::asked(by, (team, slug), &at),
            Self::DeletionBegins { due, by, team, slug } => {
                deletion::begins(by, (team, slug), &when(*due))
            }
            Self::DeletionUndone { by, team, slug } => deletion::undone(by, (team, slug), &at),
            Self::DeletionLeft { team, due, link } => deletion::left(team, &when(*due), link),
            Self::TeamDeleted { team, stages, link, certificate } => {
                let stages = stages.iter().map(|(stage, at)| (*stage, when(*at))).collect();
                deletion::done(team, stages, link, certificate)
            }
            Self::InvitationAsked { email, team, slug } => {
                team::invitation_asked(email, team, slug)
            }
            Self::ExportReady { team, slug, export } => team::export_ready(team, slug, export, &at),
            Self::KeyFound { team, key, page, host, remedy } => {
                key::found((team, key), page, (host, &at), *remedy)
            }
            Self::KeysEnd { team, slug, keys } => key::ending(team, slug, keys),
            Self::QuotaUsed { team, key, page, quota, percent } => {
                key::quota_used((team, key), page, *quota, *percent)
            }
            Self::StreamFails { team, stream, since, page } => {
                team::stream_fails((team, stream), page, &when(*since))
            }
        }
    }
}

fn confirm_sign_up(token: &SecretString) -> Words {
    Words {
        subject: "Confirm your e-mail address",
        paragraphs: vec![
            "Somebody, hopefully you, is making an account with this address. Confirm the address \
             to go on. The link is good for 24 hours and works once."
                .into(),
            NOTHING_TO_DO.into(),
        ],
        button: Button::with("Confirm this address", "/sign-up/confirm", token),
    }
}

fn sign_up_exists() -> Words {
    Words {
        subject: "You have an account already",
        paragraphs: vec![
            "Somebody, hopefully you, wanted to make an account with this address, which has one. \
             Sign in with it instead; the sign-in page also helps with a forgotten password."
                .into(),
            "If it was not you, do nothing: your account has not changed.".into(),
        ],
        button: Button::to("Sign in", "/sign-in"),
    }
}

fn confirm_email(token: &SecretString) -> Words {
    Words {
        subject: "Confirm your new e-mail address",
        paragraphs: vec![
            "This address is to become the one you sign in with. Confirm it to make the change; \
             until then the old one counts. The link is good for 24 hours and works once."
                .into(),
            NOTHING_TO_DO.into(),
        ],
        button: Button::with("Confirm this address", "/email", token),
    }
}

fn email_changed(to: &str, at: &str) -> Words {
    Words {
        subject: "Your e-mail address was changed",
        paragraphs: vec![
            format!(
                "On {at} the e-mail address of your account was changed to {to}. From now on, you \
                 sign in with the new one, and mail goes there."
            ),
            "If it was you, there is nothing to do. If it was not you, tell whoever runs this \
             Probity at once. If you are still signed in somewhere, choose a new password there \
             and end all other sessions."
                .into(),
        ],
        button: Button::to("Look at your security", "/account/security"),
    }
}

fn reset_password(token: &SecretString) -> Words {
    Words {
        subject: "Choose a new password",
        paragraphs: vec![
            "Somebody, hopefully you, asked for a new password for your account. The link is good \
             for 30 minutes and works once. A new password ends all your sessions; your second \
             factors stay as they are."
                .into(),
            NOTHING_TO_DO.into(),
        ],
        button: Button::with("Choose a new password", "/reset", token),
    }
}

fn password_changed(at: &str) -> Words {
    Words {
        subject: "Your password was changed",
        paragraphs: vec![
            format!("On {at} the password of your account was changed."),
            IF_NOT_YOU.into(),
        ],
        button: Button::to("It was not me: choose a new password", "/forgot"),
    }
}

fn new_device(agent: &str, place: &str, at: &str) -> Words {
    Words {
        subject: "A new device signed in to your account",
        paragraphs: vec![
            format!("On {at} somebody signed in to your account from {agent}, {place}."),
            "If it was you, there is nothing to do. If it was not you, end that session and choose \
             a new password."
                .into(),
        ],
        button: Button::to("Look at your sessions", "/account/sessions"),
    }
}

fn sign_in_blocked(at: &str) -> Words {
    Words {
        subject: "Sign-in to your account is slowed down",
        paragraphs: vec![
            format!(
                "On {at} somebody had tried too many wrong passwords on your account. From devices \
                 that are not known, tries now have to wait. Your known devices and your passkeys \
                 still get in."
            ),
            "If it was you and you forgot your password, choose a new one. If it was not you, \
             nobody got in and there is nothing to do."
                .into(),
        ],
        button: Button::to("Choose a new password", "/forgot"),
    }
}

fn account_deleted(at: &str) -> Words {
    Words {
        subject: "Your account was deleted",
        paragraphs: vec![
            format!(
                "On {at} your account was deleted, with everything personal in it. This cannot be \
                 undone. This is the last mail about it."
            ),
            "If it was not you, tell whoever runs this Probity.".into(),
        ],
        button: None,
    }
}

fn reset_by_operator(token: &SecretString) -> Words {
    Words {
        subject: "Choose a new password",
        paragraphs: vec![
            "Whoever runs this Probity asks you to choose a new password. The link is good for 30 \
             minutes and works once. A new password ends all your sessions; nobody but you gets \
             to see it."
                .into(),
            "If you did not expect this, ask them before you use it. Do not pass the link on."
                .into(),
        ],
        button: Button::with("Choose a new password", "/reset", token),
    }
}

/// A moment as people write it; always UTC, because a letter does not know where it is read.
fn when(at: OffsetDateTime) -> String {
    let form =
        format_description!("[day padding:none] [month repr:long] [year], [hour]:[minute] UTC");
    at.to_offset(time::UtcOffset::UTC).format(form).expect("every date has these parts")
}
