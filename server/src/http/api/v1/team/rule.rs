//! A keyword rule, as the API shows and takes it.

use model::rule::{Matching, RuleForm, RuleRow, RuleState};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// A keyword rule.
#[derive(Serialize, ToSchema)]
pub(in crate::http::api::v1) struct KeywordRule {
    #[schema(example = "rule_019a7c3e5b7e7b7a8b3f0d1c2e3f4a5b")]
    id: String,
    keyword: String,
    #[schema(value_type = How)]
    matching: Matching,
    /// `de`; empty for any.
    language: String,
    /// With `{tag}`, `{keyword}` and `{query}` as they were given.
    url: String,
    /// The id of the affiliate program whose key fills `{tag}`.
    program: Option<String>,
    priority: i32,
    /// The first and the last day that it counts on, by the team's clocks.
    #[schema(format = Date)]
    starts: Option<String>,
    #[schema(format = Date)]
    ends: Option<String>,
    enabled: bool,
    /// Whether it counts today: `on`, `off`, `waiting` for its first day, or `over`.
    #[schema(value_type = String)]
    state: RuleState,
}

impl From<RuleRow> for KeywordRule {
    fn from(rule: RuleRow) -> Self {
        let day = |day: String| (!day.is_empty()).then_some(day);
        Self {
            id: rule.id.to_string(),
            keyword: rule.keyword,
            matching: rule.matching,
            language: rule.language,
            url: rule.url,
            program: rule.program.map(|program| program.id.to_string()),
            priority: rule.priority,
            starts: day(rule.starts),
            ends: day(rule.ends),
            enabled: rule.enabled,
            state: rule.state,
        }
    }
}

/// What can be set of a rule: leave out what shall stay, or be as it is usually.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(in crate::http::api::v1) struct RuleTerms {
    #[schema(max_length = 200, example = "running shoes")]
    keyword: Option<String>,
    #[schema(value_type = Option<How>)]
    matching: Option<Matching>,
    /// A tag like `de`; empty for any.
    language: Option<String>,
    /// An https address; `{tag}`, `{keyword}` and, after a `?`, `{query}` are filled in.
    #[schema(max_length = 1000, example = "https://shop.example/shoes?tag={tag}")]
    url: Option<String>,
    /// The id of an affiliate program; empty for none.
    program: Option<String>,
    #[schema(minimum = -1000, maximum = 1000)]
    priority: Option<i32>,
    /// The first day, like `2026-12-01`; empty for none.
    starts: Option<String>,
    /// The last day; empty for none.
    ends: Option<String>,
    enabled: Option<bool>,
}

impl RuleTerms {
    /// What was said, over what is.
    pub(super) fn over(self, is: RuleForm) -> RuleForm {
        RuleForm {
            keyword: self.keyword.unwrap_or(is.keyword),
            matching: self.matching.map_or(is.matching, |it| it.name().to_owned()),
            language: self.language.unwrap_or(is.language),
            url: self.url.unwrap_or(is.url),
            program: self.program.unwrap_or(is.program),
            priority: self.priority.map_or(is.priority, |it| it.to_string()),
            starts: self.starts.unwrap_or(is.starts),
            ends: self.ends.unwrap_or(is.ends),
            enabled: self.enabled.map_or(is.enabled, yes_or_no),
            ..RuleForm::default()
        }
    }
}

/// A rule as it is when nothing is said of it.
pub(super) fn usual() -> RuleForm {
    RuleForm {
        matching: Matching::default().name().to_owned(),
        priority: "0".to_owned(),
        enabled: yes_or_no(true),
        ..RuleForm::default()
    }
}

/// The rule as a form would send it unchanged.
pub(super) fn form_of(rule: RuleRow) -> RuleForm {
    RuleForm {
        keyword: rule.keyword,
        matching: rule.matching.name().to_owned(),
        language: rule.language,
        url: rule.url,
        program: rule.program.map(|program| program.id.to_string()).unwrap_or_default(),
        priority: rule.priority.to_string(),
        starts: rule.starts,
        ends: rule.ends,
        enabled: yes_or_no(rule.enabled),
        ..RuleForm::default()
    }
}

fn yes_or_no(yes: bool) -> String {
    if yes { "yes" } else { "no" }.to_owned()
}

/// How a keyword is looked for: as the whole message, as words in it, or as how a word begins.
#[derive(ToSchema)]
#[schema(rename_all = "lowercase")]
#[expect(dead_code, reason = "stands for model::rule::Matching, which knows nothing of OpenAPI")]
pub(in crate::http::api::v1) enum How {
    Exact,
    Phrase,
    Prefix,
}
