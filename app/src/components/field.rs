//! Fields: label above, control, then help or, in the same place, what is wrong.

use crate::{
    components::{form::Form, icon::Icon},
    islands::meter::Meter,
};
use leptos::prelude::*;

/// The id of the control for a field.
pub fn id(field: &str) -> String {
    format!("field-{field}")
}

/// What kind of text a field takes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    Text,
    Email,
    CurrentPassword,
    /// With the meter, where the page is alive.
    NewPassword,
    Number,
    /// Digits from an app.
    Code,
    /// A day, as `2026-12-01`.
    Day,
}

impl Kind {
    const fn input_type(self) -> &'static str {
        match self {
            Self::Text | Self::Number | Self::Code => "text",
            Self::Email => "email",
            Self::Day => "date",
            Self::CurrentPassword | Self::NewPassword => "password",
        }
    }

    const fn input_mode(self) -> Option<&'static str> {
        match self {
            Self::Number | Self::Code => Some("numeric"),
            Self::Email => Some("email"),
            _ => None,
        }
    }
}

/// A line of text to fill in, or one of a few choices.
///
/// ```ignore
/// {form.field("email", "Email").kind(Kind::Email).autocomplete("username").view()}
/// ```
pub struct Field {
    name: &'static str,
    label: &'static str,
    typed: Option<String>,
    error: Option<String>,
    focus: bool,
    kind: Kind,
    autocomplete: &'static str,
    preset: &'static str,
    class: &'static str,
    help: String,
}

impl Form {
    /// The field of this name, as the form finds it.
    pub fn field(&self, name: &'static str, label: &'static str) -> Field {
        Field {
            name,
            label,
            typed: self.value(name).map(str::to_owned),
            error: self.error(name),
            focus: self.is_first_wrong(name),
            kind: Kind::Text,
            autocomplete: "off",
            preset: "",
            class: "input",
            help: String::new(),
        }
    }
}

impl Field {
    pub fn kind(self, kind: Kind) -> Self {
        Self { kind, ..self }
    }

    /// What the browser may fill in.
    pub fn autocomplete(self, autocomplete: &'static str) -> Self {
        Self { autocomplete, ..self }
    }

    /// What stands in it before anything was typed.
    pub fn preset(self, preset: &'static str) -> Self {
        Self { preset, ..self }
    }

    /// What stands in it now.
    pub fn filled(self, value: String) -> Self {
        Self { typed: Some(value), ..self }
    }

    /// Roomy, for pages with nothing but a form.
    pub fn large(self) -> Self {
        Self { class: "input input-lg", ..self }
    }

    /// Digits that are read one by one.
    pub fn otp(self) -> Self {
        Self { class: "input otp", ..self }
    }

    pub fn help(self, help: impl Into<String>) -> Self {
        Self { help: help.into(), ..self }
    }

    /// The focus starts here, unless another field is wrong.
    pub fn first(self, form: &Form) -> Self {
        Self { focus: self.focus || !form.is_refused(), ..self }
    }

    /// The field as a line of text.
    pub fn view(self) -> AnyView {
        let value = self.typed.clone().unwrap_or_else(|| self.preset.to_owned());
        let control = view! {
            <input
                class=self.class
                id=id(self.name)
                name=self.name
                type=self.kind.input_type()
                inputmode=self.kind.input_mode()
                autocomplete=self.autocomplete
                spellcheck="false"
                value=value
                autofocus=self.focus
                aria-invalid=self.error.is_some().then_some("true")
                aria-describedby=self.described_by()
            />
        };
        self.around(control)
    }

    /// The field as several lines of text.
    pub fn lines(self, rows: u32) -> AnyView {
        let value = self.typed.clone().unwrap_or_else(|| self.preset.to_owned());
        let control = view! {
            <textarea
                class="input h-auto"
                id=id(self.name)
                name=self.name
                rows=rows
                autocomplete=self.autocomplete
                spellcheck="false"
                autofocus=self.focus
                aria-invalid=self.error.is_some().then_some("true")
                aria-describedby=self.described_by()
            >
                {value}
            </textarea>
        };
        self.around(control)
    }

    /// The field as a file to choose; `accept`: its kinds.
    pub fn file(self, accept: &'static str) -> AnyView {
        let control = view! {
            <input
                class="input h-auto py-1"
                id=id(self.name)
                name=self.name
                type="file"
                accept=accept
                aria-invalid=self.error.is_some().then_some("true")
                aria-describedby=self.described_by()
            />
        };
        self.around(control)
    }

    /// The field as a choice between these values, each with its words.
    pub fn choose(self, choices: &[(&'static str, &'static str)]) -> AnyView {
        self.choose_of(choices.to_vec())
    }

    /// The same, where the choices are made at run time.
    pub fn choose_of<V: Into<String>, W: Into<String>>(self, choices: Vec<(V, W)>) -> AnyView {
        let chosen = self.typed.clone().unwrap_or_else(|| self.preset.to_owned());
        let options = choices
            .into_iter()
            .map(|(value, words)| {
                let (value, words) = (value.into(), words.into());
                let selected = value == chosen;
                view! { <option value=value selected=selected>{words}</option> }
            })
            .collect_view();
        let control = view! {
            <select
                class=self.class
                id=id(self.name)
                name=self.name
                autofocus=self.focus
                aria-invalid=self.error.is_some().then_some("true")
                aria-describedby=self.described_by()
            >
                {options}
            </select>
        };
        self.around(control)
    }

    fn described_by(&self) -> Option<String> {
        let spoken = self.error.is_some() || !self.help.is_empty();
        spoken.then(|| note_id(self.name))
    }

    fn around(self, control: impl IntoView + 'static) -> AnyView {
        let meter = (self.kind == Kind::NewPassword).then(|| view! { <Meter name=self.name/> });
        view! {
            <div class="field">
                <label class="label" for=id(self.name)>{self.label}</label>
                {control}
                {note(self.name, self.error, self.help)}
                {meter}
            </div>
        }
        .into_any()
    }
}

/// A value that the form sends along and nobody sees.
#[component]
pub fn Hidden(name: &'static str, #[prop(into)] value: String) -> impl IntoView {
    view! { <input type="hidden" name=name value=value/> }
}

fn note_id(field: &str) -> String {
    format!("{}-note", id(field))
}

/// Help or, in the same place, what is wrong.
fn note(field: &str, error: Option<String>, help: String) -> AnyView {
    match error {
        Some(message) => view! {
            <p class="error" id=note_id(field)>
                {Icon::Alert.draw()}
                <span class="min-w-0">{message}</span>
            </p>
        }
        .into_any(),
        None if help.is_empty() => ().into_any(),
        None => view! { <p class="help" id=note_id(field)>{help}</p> }.into_any(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::viewer::{FormState, PageContext, Visit};
    use model::Failure;

    fn field(failure: Option<Failure>) -> String {
        let mut page = PageContext::nobody();
        page.form = failure.map(|failure| FormState {
            action: "/do/team/create".to_owned(),
            values: vec![("name".to_owned(), "\"><script>".to_owned())],
            failure: Some(failure),
        });
        let form = Form::of(&Visit::at("/teams/new", page), "/do/team/create");
        form.field("name", "Name").help("What people call it.").view().to_html()
    }

    #[test]
    fn help_gives_way_to_the_error_and_the_control_points_at_it() {
        let calm = field(None);
        assert!(calm.contains("What people call it.") && !calm.contains("aria-invalid"));
        let wrong = field(Some(Failure::field("name", "Give the team a name.")));
        assert!(wrong.contains("Give the team a name.") && wrong.contains("aria-invalid=\"true\""));
        assert!(
            wrong.contains("aria-describedby=\"field-name-note\"") && wrong.contains("autofocus")
        );
        assert!(!wrong.contains("What people call it."), "{wrong}");
    }

    #[test]
    fn what_was_typed_cannot_break_out_of_its_field() {
        let html = field(Some(Failure::field("name", "No.")));
        assert!(!html.contains("<script>"), "{html}");
    }
}
