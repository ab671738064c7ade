//! Forms: what was typed, what is wrong with it, and the frame every form stands in.

use crate::{
    components::{field, icon::Icon},
    viewer::Visit,
};
use leptos::prelude::*;
use model::{Failure, FieldError};

/// One form on a page: where it posts to and, when it was refused, why.
#[derive(Debug, Clone)]
pub struct Form {
    pub action: &'static str,
    from: String,
    values: Vec<(String, String)>,
    failure: Option<Failure>,
}

impl Form {
    /// The form that posts to `action`, as this visit finds it.
    pub fn of(visit: &Visit, action: &'static str) -> Self {
        let state = visit.page.form.clone().filter(|state| state.action == action);
        let (values, failure) = match state {
            Some(state) => (state.values, state.failure),
            None => (Vec::new(), None),
        };
        Self { action, from: visit.address.clone(), values, failure }
    }

    /// The same, for one row of a list: what happened to the form of another is not shown here.
    pub fn about(self, field: &str, value: &str) -> Self {
        if self.value(field) == Some(value) {
            return self;
        }
        Self { values: Vec::new(), failure: None, ..self }
    }

    /// What was typed into a field before.
    pub fn value(&self, field: &str) -> Option<&str> {
        self.values.iter().find(|(name, _)| name == field).map(|(_, value)| value.as_str())
    }

    /// What is wrong with a field.
    pub fn error(&self, field: &str) -> Option<String> {
        self.errors().iter().find(|error| error.field == field).map(|error| error.message.clone())
    }

    /// Whether the focus goes to this field: it is the first wrong one.
    pub fn is_first_wrong(&self, field: &str) -> bool {
        self.errors()
            .iter()
            .find(|error| !error.field.is_empty())
            .is_some_and(|error| error.field == field)
    }

    /// Whether the form was refused.
    pub fn is_refused(&self) -> bool {
        self.failure.is_some()
    }

    fn errors(&self) -> &[FieldError] {
        match &self.failure {
            Some(Failure::Invalid(errors)) => errors,
            _ => &[],
        }
    }

    /// What is wrong with the form as a whole.
    fn whole(&self) -> Option<String> {
        match &self.failure {
            Some(Failure::Invalid(_)) => self.error(""),
            Some(failure) => Some(failure.to_string()),
            None => None,
        }
    }
}

/// The `<form>` itself: works without JavaScript, and comes back with what was typed.
#[component]
pub fn PostForm(
    form: Form,
    #[prop(optional)] class: &'static str,
    /// For forms with a file.
    #[prop(optional)]
    enctype: Option<&'static str>,
    children: Children,
) -> AnyView {
    view! {
        <form class=class method="post" action=form.action enctype=enctype novalidate=true>
            <Summary form=form.clone()/>
            <input type="hidden" name="from" value=form.from/>
            {children()}
        </form>
    }
    .into_any()
}

/// What is wrong, on top of the form: one sentence about the whole, or links to several fields.
#[component]
fn Summary(form: Form) -> impl IntoView {
    let fields: Vec<_> = form.errors().iter().filter(|e| !e.field.is_empty()).cloned().collect();
    let list = (fields.len() > 1).then(|| {
        let heading = format!("{} fields need another look", fields.len());
        let links = fields.into_iter().map(link_to_field).collect_view();
        view! {
            <p class="font-[620]">{heading}</p>
            <ul class="mt-1 grid gap-1">{links}</ul>
        }
    });
    let whole = form.whole();
    (list.is_some() || whole.is_some()).then(|| {
        view! {
            <div class="refused" role="alert">
                {Icon::Alert.draw()}
                <div class="min-w-0">
                    {whole.map(|sentence| view! { <p>{sentence}</p> })}
                    {list}
                </div>
            </div>
        }
    })
}

fn link_to_field(error: FieldError) -> AnyView {
    let href = format!("#{}", field::id(&error.field));
    view! {
        <li>
            <a class="underline underline-offset-2" href=href>{error.message}</a>
        </li>
    }
    .into_any()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::viewer::{FormState, PageContext};

    fn refused(failure: Failure) -> Form {
        let mut page = PageContext::nobody();
        page.form = Some(FormState {
            action: "/do/key/create".to_owned(),
            values: vec![("name".to_owned(), "billing-sync".to_owned())],
            failure: Some(failure),
        });
        Form::of(&Visit::at("/t/halden/keys/new", page), "/do/key/create")
    }

    fn wrong(field: &str) -> FieldError {
        FieldError::new(field, format!("Say the {field}."))
    }

    #[test]
    fn what_was_typed_stays_and_the_error_stands_at_its_field() {
        let form = refused(Failure::Invalid(vec![wrong("days"), wrong("name")]));
        assert_eq!(form.value("name"), Some("billing-sync"));
        assert_eq!(form.error("name").as_deref(), Some("Say the name."));
        assert_eq!(form.error("environment"), None);
        assert!(form.is_first_wrong("days") && !form.is_first_wrong("name"));
    }

    #[test]
    fn another_form_on_the_same_page_is_not_refused() {
        let mut page = PageContext::nobody();
        page.form = Some(FormState {
            action: "/do/key/create".to_owned(),
            values: Vec::new(),
            failure: Some(Failure::NotFound),
        });
        assert!(!Form::of(&Visit::at("/", page), "/do/team/create").is_refused());
    }

    #[test]
    fn one_wrong_field_needs_no_summary_and_two_do() {
        let one = refused(Failure::Invalid(vec![wrong("name")]));
        let two = refused(Failure::Invalid(vec![wrong("name"), wrong("days")]));
        assert!(!Summary(SummaryProps { form: one }).to_html().contains("role=\"alert\""));
        let html = Summary(SummaryProps { form: two }).to_html();
        assert!(html.contains("2 fields need another look"), "{html}");
        assert!(html.contains("href=\"#field-days\""), "{html}");
    }

    #[test]
    fn a_failure_of_the_whole_form_is_a_sentence_on_top() {
        let html =
            Summary(SummaryProps { form: refused(Failure::TooMany { retry_after: 61 }) }).to_html();
        assert!(html.contains("Too many tries. Wait 2 minutes and try again."), "{html}");
    }
}
