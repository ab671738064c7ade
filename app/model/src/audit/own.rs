//! Events of a customer's own application.

use super::Outcome;

/// In one request.
pub const EVENTS_MOST: usize = 1_000;
/// Bytes of an event's detail, as JSON.
pub const DETAIL_LONGEST: usize = 16 << 10;
/// Characters of a name or an id in an event.
pub const PART_LONGEST: usize = 200;
/// What stands before the action of each in the log.
pub const OWN: &str = "app.";
/// Characters of an action.
const ACTION_LONGEST: usize = 64;

/// One event, as its sender says it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OwnEvent {
    /// `invoice.paid`; in the log `app.invoice.paid`.
    pub action: String,
    /// Who did it, in the application: an id and a name, either may be empty.
    pub by: (String, String),
    /// What it was done to: its kind, id and name.
    pub target: (String, String, String),
    pub outcome: Outcome,
    /// When it happened, if that was not now: RFC 3339.
    pub happened_at: Option<String>,
    /// What else there is to say: a JSON object as text.
    pub detail: String,
}

/// Whether it is two to four words of small letters, digits and `_`, with dots between them, each
/// beginning with a letter.
pub fn is_action(text: &str) -> bool {
    let is_word = |word: &str| {
        word.starts_with(|first: char| first.is_ascii_lowercase())
            && word.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'_')
    };
    let words = text.split('.').count();
    text.len() <= ACTION_LONGEST && (2..=4).contains(&words) && text.split('.').all(is_word)
}

#[cfg(test)]
mod tests {
    use super::is_action;

    #[test]
    fn an_action_is_a_few_plain_words() {
        for right in ["invoice.paid", "a.b.c.d", "user_2.log_in"] {
            assert!(is_action(right), "{right}");
        }
        let long = format!("a.{}", "b".repeat(63));
        for wrong in
            ["", "invoice", "a.b.c.d.e", "Invoice.paid", "invoice.", ".paid", "a..b", "1.a", &long]
        {
            assert!(!is_action(wrong), "{wrong}");
        }
    }
}
