//! Deleting a keyword rule: what it means, then the choice, the safe one first.

use crate::{
    actions::rule::load_rule,
    components::{
        field::Hidden,
        form::{Form, PostForm},
        frame::{Frame, Heading, PageHead},
    },
    islands::submit::Submit,
    pages,
    viewer::Visit,
};
use leptos::prelude::*;
use model::{rule::RulePage, team::TeamCard};

/// The question.
pub fn show(visit: Visit) -> AnyView {
    let rule = visit.param("rule").to_owned();
    pages::load(visit, |team| load_rule(team.slug, rule), page)
}

fn page(visit: Visit, team: TeamCard, found: RulePage) -> AnyView {
    let mut heading = Heading::named(&visit, "Delete");
    let (keyword, id) = (found.rule.keyword, found.rule.id.to_string());
    let back = team.path(&format!("/rules/{id}"));
    heading.above.push((keyword.clone(), back.clone()));
    let form = Form::of(&visit, "/do/rule/delete");
    let slug = team.slug.clone();
    view! {
        <Frame visit team=Some(team) heading>
            <div class="max-w-[38rem] border-t-[5px] border-danger pt-4">
                <PageHead
                    title=format!("Delete the rule for {keyword}?")
                    lead="Messages that hold it no longer lead to its address. Nobody can bring \
                          the rule back."
                />
                <PostForm form class="flex flex-wrap gap-2">
                    <Hidden name="team" value=slug/>
                    <Hidden name="rule" value=id/>
                    <a class="btn" href=back>"Keep the rule"</a>
                    <Submit label="Delete for good" class="btn btn-danger"/>
                </PostForm>
            </div>
        </Frame>
    }
    .into_any()
}
