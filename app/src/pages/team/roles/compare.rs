//! One's own role beside another.

use leptos::prelude::*;
use model::{HeldRole, Permissions, team::TeamCard};

/// The choice of a role to compare one's own with.
pub(super) fn compare(team: &TeamCard, every: &[HeldRole], with: &str) -> AnyView {
    let options = every
        .iter()
        .filter(|role| role.which() != team.role.which())
        .map(|role| {
            let value = role.which().to_string();
            let selected = value == with;
            view! { <option value=value selected=selected>{role.title().to_owned()}</option> }
        })
        .collect_view();
    let all = (!with.is_empty()).then(|| {
        view! { <a class="btn" href=team.path("/roles")>"Show all roles"</a> }
    });
    view! {
        <form class="mb-4 flex flex-wrap items-center gap-2" method="get" action=team.path("/roles")>
            <label class="text-sm text-ink-2" for="with">
                {format!("Compare my role, {}, with", team.role.title())}
            </label>
            <select class="input w-44" name="with" id="with">{options}</select>
            <button class="btn" type="submit">"Compare"</button>
            {all}
        </form>
    }
    .into_any()
}

/// What one of two roles holds and the other does not.
pub(super) fn difference(team: &TeamCard, other: &HeldRole) -> AnyView {
    let (mine, theirs) = (team.role.permissions(), other.permissions());
    let words = |set: Permissions| {
        set.iter().map(|permission| inside(permission.means())).collect::<Vec<_>>().join("; ")
    };
    let line = |who: String, set: Permissions| {
        let what =
            if set.is_empty() { "nothing that the other may not".into() } else { words(set) };
        view! {
            <p>
                <span class="font-[560]">{who}</span> " may: " {what} "."
            </p>
        }
    };
    view! {
        <div class="mb-5 grid gap-1" role="status">
            {line(format!("Only {}", other.title()), theirs.without(mine))}
            {line(format!("Only {} (you)", team.role.title()), mine.without(theirs))}
        </div>
    }
    .into_any()
}

/// The words, as they stand inside of a sentence.
fn inside(words: &str) -> String {
    let mut letters = words.chars();
    letters.next().map_or_else(String::new, |first| {
        first.to_lowercase().collect::<String>() + letters.as_str()
    })
}
