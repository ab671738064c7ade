//! Letters about API keys.

use super::{
    super::letter::{KeyEnd, Remedy},
    Button, Words, when,
};

/// Keys that are named in one letter.
const NAMED: usize = 20;

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

pub(super) fn ending(team: &str, slug: &str, keys: &[KeyEnd]) -> Words {
    let mut paragraphs = vec![format!(
        "These API keys of the team {team} end soon, and are refused from then on with the code \
         EXPIRED. Whoever still uses one needs another before that."
    )];
    paragraphs.extend(keys.iter().take(NAMED).map(|one| {
        let used = one
            .last_used_at
            .map_or_else(|| "never used".to_owned(), |at| format!("last used on {}", when(at)));
        format!("{}: ends on {}, {used}.", one.key, when(one.at))
    }));
    if let Some(more @ 1..) = keys.len().checked_sub(NAMED) {
        paragraphs.push(format!("And {more} more, which the list of keys shows."));
    }
    Words {
        subject: "API keys of your team end soon",
        paragraphs,
        button: Button::to("Look at the keys", &format!("/t/{slug}/keys?sort=ends")),
    }
}

pub(super) fn quota_used((team, key): (&str, &str), page: &str, quota: i64, percent: i32) -> Words {
    let (subject, then) = match percent {
        100 => (
            "The quota of an API key is used up",
            "Calls with it are refused with the code QUOTA_EXCEEDED until the month is over.",
        ),
        _ => (
            "Most of the quota of an API key is used",
            "When all of it is, calls are refused with the code QUOTA_EXCEEDED until the month is \
             over.",
        ),
    };
    Words {
        subject,
        paragraphs: vec![
            format!(
                "{percent} % of the {quota} calls that the API key {key} of the team {team} has in \
                 this month (UTC) are used. {then}"
            ),
            "If that is more than you expect, look at where the calls come from: somebody else may \
             have the key."
                .into(),
        ],
        button: Button::to("Look at the key", page),
    }
}
