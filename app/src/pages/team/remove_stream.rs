//! Removing a stream: what it means, then the choice, the safe one first.

use crate::{
    actions::stream::load_stream,
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
use model::{audit::StreamPage, team::TeamCard};

/// The question.
pub fn show(visit: Visit) -> AnyView {
    let stream = visit.param("stream").to_owned();
    pages::load(visit, |team| load_stream(team.slug, stream), page)
}

fn page(visit: Visit, team: TeamCard, found: StreamPage) -> AnyView {
    let mut heading = Heading::named(&visit, "Remove");
    let (name, id) = (found.row.name, found.row.id.to_string());
    let back = team.path(&format!("/audit/streams/{id}"));
    heading.above.push(("Streams".to_owned(), team.path("/audit/streams")));
    heading.above.push((name.clone(), back.clone()));
    let form = Form::of(&visit, "/do/stream/remove");
    let slug = team.slug.clone();
    view! {
        <Frame visit team=Some(team) heading>
            <div class="max-w-[38rem] border-t-[5px] border-danger pt-4">
                <PageHead
                    title=format!("Remove the stream {name}?")
                    lead="Nothing goes there any more. Its secrets are gone for good; another stream can begin \
                          where this one stopped."
                />
                <PostForm form class="flex flex-wrap gap-2">
                    <Hidden name="team" value=slug/>
                    <Hidden name="stream" value=id/>
                    <a class="btn" href=back>"Keep the stream"</a>
                    <Submit label="Remove it" class="btn btn-danger"/>
                </PostForm>
            </div>
        </Frame>
    }
    .into_any()
}
