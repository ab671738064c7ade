//! One role that the team made: what it holds, and its end.

use crate::{
    actions::role::load_role,
    components::{
        facts::Section,
        field::Hidden,
        form::{Form, PostForm},
        frame::{Frame, Heading, PageHead},
        may::needs,
        permissions::Boxes,
    },
    format,
    islands::submit::Submit,
    pages,
    viewer::Visit,
};
use leptos::prelude::*;
use model::{HeldRole, role::RolePage, team::TeamCard};

/// The role's page.
pub fn show(visit: Visit) -> AnyView {
    let role = visit.param("role").to_owned();
    pages::load(visit, |team| load_role(team.slug, role), page)
}

fn page(visit: Visit, team: TeamCard, found: RolePage) -> AnyView {
    let heading = Heading::named(&visit, found.role.name.clone());
    let title = found.role.name.clone();
    let lead = match found.holders {
        0 => "Nobody holds it.".to_owned(),
        many => format!("{} it.", format::counted(many, "person holds", "people hold")),
    };
    let lacks = team.role.lacks_for(&HeldRole::Custom(found.role.clone()));
    let content = match lacks {
        Some(lacking) => {
            let reason = format!("It holds more than your role. {} to change it.", needs(lacking));
            view! { <p class="text-ink-2">{reason}</p> }.into_any()
        }
        None => view! {
            {change(&visit, &team, &found)}
            {end(&visit, &team, &found)}
        }
        .into_any(),
    };
    view! {
        <Frame visit team=Some(team) heading>
            <PageHead title lead/>
            {content}
        </Frame>
    }
    .into_any()
}

fn change(visit: &Visit, team: &TeamCard, found: &RolePage) -> AnyView {
    let form = Form::of(visit, "/do/role/update");
    let name = form.value("name").unwrap_or(&found.role.name).to_owned();
    let name = form.field("name", "Name").filled(name).view();
    let boxes = view! {
        <Boxes form=form.clone() team=team.clone() held=found.role.permissions/>
    };
    let (slug, id) = (team.slug.clone(), found.role.id.to_string());
    view! {
        <Section id="holds" title="What it holds" note="It counts from their next click on.">
            <PostForm form class="grid max-w-form gap-5">
                <Hidden name="team" value=slug/>
                <Hidden name="role" value=id/>
                {name}
                {boxes}
                <div><Submit label="Change the role" class="btn btn-primary"/></div>
            </PostForm>
        </Section>
    }
    .into_any()
}

/// Deleting it, which waits until nobody holds it.
fn end(visit: &Visit, team: &TeamCard, found: &RolePage) -> AnyView {
    let used = match (found.holders, found.promised) {
        (0, 0) => None,
        (0, _) => Some("An open invitation promises it. Take the invitation back first."),
        _ => Some("Give everybody who holds it another role first."),
    };
    let content = match used {
        Some(reason) => view! { <p class="text-ink-2">{reason}</p> }.into_any(),
        None => {
            let form = Form::of(visit, "/do/role/delete");
            let (slug, id) = (team.slug.clone(), found.role.id.to_string());
            let label = format!("Delete {}", found.role.name);
            view! {
                <PostForm form>
                    <Hidden name="team" value=slug/>
                    <Hidden name="role" value=id/>
                    <Submit label class="btn btn-danger-line"/>
                </PostForm>
            }
            .into_any()
        }
    };
    view! { <Section id="end" title="Delete" note="Nobody holds it then.">{content}</Section> }
        .into_any()
}
