//! Deleting a team: who may, who confirms, what waits; what goes, and what can be shown of it afterwards.

mod asking;
mod going;
mod proving;
mod waiting;

use crate::support::World;
use domain::{Cx, Result, team};
use model::{
    Role, TeamId,
    deletion::{AskDeletion, ConfirmDeletion, Stage, Waits},
};
use time::{Duration, OffsetDateTime};

fn id(team: &Cx) -> TeamId {
    team::card(team).unwrap().id
}

async fn ask(cx: &Cx) -> Result<Option<OffsetDateTime>> {
    let name = team::card(cx)?.name.clone();
    team::ask_deletion(cx, &AskDeletion { team: String::new(), name }).await
}

async fn confirm(cx: &Cx) -> Result<OffsetDateTime> {
    let name = team::card(cx)?.name.clone();
    team::confirm_deletion(cx, &ConfirmDeletion { team: String::new(), name }).await
}

async fn waits(cx: &Cx) -> Option<Waits> {
    team::deletion(cx).await.unwrap().asked.map(|asked| asked.waits)
}

/// A team of one owner.
async fn halden() -> (World, Cx) {
    let world = World::new().await;
    let ada = world.team(&world.person("Ada").await, "Halden").await;
    (world, ada)
}

/// A team of two.
async fn of_two() -> (World, Cx, Cx) {
    let (world, ada) = halden().await;
    let ben = world.join(&ada, &world.person("Ben").await, Role::Owner).await;
    (world, ada, ben)
}

/// Deletes the team at once, and says which stages that took.
async fn delete(world: &World, team: TeamId) -> Vec<Stage> {
    world.clock.advance(Duration::days(7));
    let mut stages = Vec::new();
    while let Some(stage) = team::delete_step(&world.deps, team).await.unwrap() {
        stages.push(stage);
    }
    stages
}
