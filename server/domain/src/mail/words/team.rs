//! Letters about teams.

use super::{Button, Words};
use secrecy::SecretString;

pub(super) fn invitation(
    team: &str,
    by: &str,
    role: &str,
    message: &str,
    token: &SecretString,
) -> Words {
    let mut paragraphs =
        vec![format!("{by} invites you to work in the team {team}. Your role there: {role}.")];
    if !message.is_empty() {
        paragraphs.push(format!("{by} writes: {message}"));
    }
    paragraphs.push(
        "The link is good for 7 days and works once, for this address only. If you do not know \
         them, do nothing. Do not pass the link on."
            .into(),
    );
    Words {
        subject: "You are invited to a team",
        paragraphs,
        button: Button::with("Look at the invitation", "/invitation", token),
    }
}

pub(super) fn invitation_asked(email: &str, team: &str, slug: &str) -> Words {
    Words {
        subject: "Somebody asks for a new invitation",
        paragraphs: vec![
            format!(
                "You invited {email} to the team {team}. They opened the link when it was over, \
                 and ask for a new one."
            ),
            "If they shall come in, send the invitation again. If not, take it back.".into(),
        ],
        button: Button::to("Look at the invitations", &format!("/t/{slug}/members/invitations")),
    }
}

pub(super) fn ownership_offered(team: &str, slug: &str, by: &str) -> Words {
    Words {
        subject: "A team is offered to you",
        paragraphs: vec![
            format!(
                "{by} offers you the team {team}. If you accept, you become its owner, and they \
                 become admin. The offer is good for 7 days."
            ),
            "If you do nothing, nothing changes.".into(),
        ],
        button: Button::to("Look at the offer", &format!("/t/{slug}/members")),
    }
}

pub(super) fn ownership_taken(team: &str, by: &str, at: &str) -> Words {
    Words {
        subject: "Your team was taken over",
        paragraphs: vec![
            format!(
                "On {at} {by} accepted your offer of the team {team}: they are its owner, and you \
                 are admin."
            ),
            "If you did not offer it, tell whoever runs this Probity at once.".into(),
        ],
        button: Button::to("Look at your security", "/account/security"),
    }
}

pub(super) fn second_factor_due(team: &str, from: &str) -> Words {
    Words {
        subject: "Your team will ask for two-step sign-in",
        paragraphs: vec![
            format!(
                "From {from} on, the team {team} can be entered with two-step sign-in only. You \
                 have not set it up yet: it takes two minutes and an app or a passkey."
            ),
            "If you do not, you stay a member and are in again as soon as you have.".into(),
        ],
        button: Button::to("Set it up", "/account/security"),
    }
}

pub(super) fn policy_lifted(team: &str, slug: &str, what: &str, at: &str) -> Words {
    Words {
        subject: "Your team's security policy was lifted",
        paragraphs: vec![
            format!(
                "On {at} whoever runs this Probity lifted what kept people out of the team {team}: \
                 {what}. Its members get in without it now; roles are as they were."
            ),
            "Set the policy again as soon as you are in. If nobody of you asked for this, ask \
             whoever runs this Probity why: the reason stands in the team's audit log."
                .into(),
        ],
        button: Button::to("Look at the policy", &format!("/t/{slug}/policy")),
    }
}

pub(super) fn suspended(team: &str, slug: &str, at: &str) -> Words {
    Words {
        subject: "Your team was suspended",
        paragraphs: vec![
            format!(
                "On {at} whoever runs this Probity suspended the team {team}: all of its API keys \
                 are refused from now on, with the code TEAM_SUSPENDED."
            ),
            "You and your team sign in as before. The reason stands in the team's audit log; for \
             everything else ask whoever runs this Probity."
                .into(),
        ],
        button: Button::to("Look at the audit log", &format!("/t/{slug}/audit")),
    }
}

pub(super) fn resumed(team: &str, slug: &str, at: &str) -> Words {
    Words {
        subject: "Your team's keys work again",
        paragraphs: vec![format!(
            "On {at} whoever runs this Probity ended the suspension of the team {team}: its API \
             keys are accepted as before."
        )],
        button: Button::to("Look at the keys", &format!("/t/{slug}/keys")),
    }
}

pub(super) fn stream_fails((team, stream): (&str, &str), page: &str, since: &str) -> Words {
    Words {
        subject: "A stream of your audit log fails",
        paragraphs: vec![
            format!(
                "Since {since} nothing has arrived where the stream {stream} of the team {team} goes. It is tried again \
                 at least once an hour, in order, and nothing is left out as long as the log keeps it."
            ),
            "Its page shows what the receiver answered. If it should stop meanwhile, pause it there.".into(),
        ],
        button: Button::to("Look at the stream", page),
    }
}

pub(super) fn export_ready(team: &str, slug: &str, export: &str, at: &str) -> Words {
    Words {
        subject: "Your export is ready",
        paragraphs: vec![
            format!(
                "The export of everything that the team {team} owns was finished on {at}. On its page \
                 you get a link to the file, which works for ten minutes. A day after the export was \
                 started, the file is destroyed."
            ),
            "If you did not ask for it, somebody else is signed in as you: end your other sessions and \
             choose a new password now."
                .into(),
        ],
        button: Button::to("Look at the export", &format!("/t/{slug}/data/{export}")),
    }
}
