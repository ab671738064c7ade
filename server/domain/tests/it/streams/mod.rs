//! Streams of the audit log, to a place that behaves as the test wants.

mod carrier;
mod delivering;
mod making;

pub(crate) use carrier::TestCarrier;

use crate::support::{World, try_run};
use domain::{
    Cx, Deps,
    audit::stream::{self, Made},
};
use model::{
    StreamId,
    audit::{NewStream, StreamPage},
};
use sqlx::PgConnection;
use time::Duration;

/// A stream to a receiver, from the beginning of the log.
pub(crate) fn to_siem() -> NewStream {
    NewStream {
        kind: "https".to_owned(),
        name: "siem".to_owned(),
        begin: "beginning".to_owned(),
        url: "https://siem.example.com/in/t0k3n".to_owned(),
        ..NewStream::default()
    }
}

async fn furnished() -> (World, Cx) {
    let world = World::new().await;
    let team = world.team(&world.person("Ada Lind").await, "Halden").await;
    (world, team)
}

async fn made(team: &Cx) -> Made {
    stream::create(team, &to_siem()).await.unwrap()
}

async fn page(team: &Cx, id: StreamId) -> StreamPage {
    stream::find(team, id).await.unwrap().unwrap()
}

/// One run of the task, after whatever is waited for at most.
async fn run_after(world: &World, deps: &Deps, wait: Duration) {
    world.clock.advance(wait);
    stream::deliver(deps).await.unwrap();
}

async fn run_now(world: &World) {
    run_after(world, &world.deps, Duration::seconds(1)).await;
}

/// A bare connection as the task, in this team.
async fn as_task(world: &World, team: &Cx) -> PgConnection {
    let id = domain::team::card(team).unwrap().id;
    let mut job = world.raw("probity_job", id, team).await;
    let task = "select set_config('app.task', 'audit.stream', false),
                set_config('app.person', '', false), set_config('app.session', '', false)";
    try_run(&mut job, task).await.unwrap();
    job
}
