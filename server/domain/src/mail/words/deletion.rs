//! Letters about a team that is deleted, to its owners.

use super::{Button, Words};
use model::deletion::{Stage, wrapped};
use secrecy::SecretString;

/// The page on which owners confirm it and undo it.
fn page(slug: &str) -> String {
    format!("/t/{slug}/data/delete")
}

pub(super) fn asked(by: &str, (team, slug): (&str, &str), at: &str) -> Words {
    Words {
        subject: "Your team is to be deleted",
        paragraphs: vec![
            format!(
                "On {at} {by} asked for the deletion of the team {team}. Nothing happens until \
                 another owner confirms it."
            ),
            "If the team shall stay, undo it: any owner can.".into(),
        ],
        button: Button::to("Confirm it or undo it", &page(slug)),
    }
}

pub(super) fn begins(by: &str, (team, slug): (&str, &str), due: &str) -> Words {
    Words {
        subject: "Your team will be deleted",
        paragraphs: vec![
            format!(
                "{by} confirmed the deletion of the team {team}. It is deleted on {due}, with \
                 everything in it. Until then its API keys are refused with the code \
                 TEAM_SUSPENDED, its streams stand still, and nothing in it can be changed."
            ),
            "Until then any owner can undo it; afterwards nobody can.".into(),
        ],
        button: Button::to("Look at it or undo it", &page(slug)),
    }
}

pub(super) fn undone(by: &str, (team, slug): (&str, &str), at: &str) -> Words {
    Words {
        subject: "Your team stays",
        paragraphs: vec![format!(
            "On {at} {by} undid the deletion of the team {team}. Unless whoever runs this Probity \
             suspended it, its keys are accepted and its streams flow as before."
        )],
        button: Button::to("Look at the team", &format!("/t/{slug}")),
    }
}

pub(super) fn left(team: &str, due: &str, link: &SecretString) -> Words {
    Words {
        subject: "Your team will be deleted without you",
        paragraphs: vec![
            format!(
                "You deleted your account while the team {team} waited to be deleted. It is deleted on \
                 {due}, as you asked. Nobody is left who could undo that."
            ),
            "The page below shows each stage and, in the end, the signed certificate. Keep this letter: \
             no other one comes."
                .into(),
        ],
        button: Button::with("Look at each stage", "/deleted", link),
    }
}

pub(super) fn done(
    team: &str,
    stages: Vec<(Stage, String)>,
    link: &SecretString,
    certificate: &str,
) -> Words {
    let mut paragraphs = vec![format!(
        "The team {team} was deleted, with everything in it. Its data key was destroyed: what was \
         sealed under it opens nowhere any more, in copies made before neither."
    )];
    paragraphs.extend(stages.into_iter().map(|(stage, at)| format!("{at}: {}.", stage.title())));
    paragraphs.push(
        "Below is the signed certificate. Keep this letter: with “probity certificate verify” or on \
         the page /verify anybody can check it."
            .into(),
    );
    paragraphs.push(wrapped(certificate));
    Words {
        subject: "Your team was deleted",
        paragraphs,
        button: Button::with("Look at each stage", "/deleted", link),
    }
}
