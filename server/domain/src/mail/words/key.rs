//! Letters about API keys.

use super::{super::letter::Remedy, Button, Words};

pub(super) fn found(
    (team, key): (&str, &str),
    page: &str,
    (host, at): (&str, &str),
    remedy: Remedy,
) -> Words {
    let place = match host {
        "" => "where others can read it".to_owned(),
        host => format!("where others can read it, as whoever reported it says: at {host}"),
    };
    let now = match remedy {
        Remedy::None => "It works on: whoever finds it can use it.",
        Remedy::OffBefore => "It is refused at the moment, and would work again if that ended.",
        Remedy::SwitchedOff => {
            "It was switched off at once, as the team's policy says, and is refused from now on."
        }
    };
    Words {
        subject: "An API key of your team was found in public",
        paragraphs: vec![
            format!("On {at} the API key {key} of the team {team} was found {place}. {now}"),
            "Give it another secret now and let the old one end at once, then put the new one \
             where the key is used. To take it out of the place where it was found is not enough: \
             copies remain."
                .into(),
        ],
        button: Button::to("Look at the key", page),
    }
}
