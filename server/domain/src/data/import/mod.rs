//! Making a team of an export from another Probity: everything is looked at first, then all of it is written,
//! or nothing.

mod check;
mod file;
mod people;
mod rows;
mod sweep;
mod write;

pub use check::{Checked, check};
pub use sweep::sweep;

use crate::{
    Cx, Deps, Error, Result,
    crypto::Owner,
    event::{Event, Ledger, rfc3339},
    failpoint::{Point, reach},
    policy::Actor,
    task::Task,
    text,
};
use file::File;
use model::{AuditAction, TeamId, data::Kind, ledger::PublicKey, team::bounds};
use people::People;
use std::path::Path;

/// What the operator asks for.
#[derive(Debug, Clone)]
pub struct Import {
    /// The e-mail address of who shall own the team. They have an account here.
    pub owner: String,
    /// What it is called here; otherwise as it was.
    pub name: Option<String>,
    /// The key that the export has to be signed with. Exports of this very Probity need none.
    pub key: Option<PublicKey>,
}

/// What an import came to.
#[derive(Debug)]
pub struct Imported {
    pub checked: Checked,
    pub name: String,
    pub slug: String,
    pub members: usize,
    /// Invitations that wait for the owner to send them.
    pub invited: usize,
    /// Keys that have to be made anew, because their hashes are not in the export.
    pub dead_keys: usize,
    /// Programs whose affiliate key has to be set.
    pub programs: Vec<String>,
}

/// Makes the team.
///
/// # Errors
/// [`Error::Conflict`] with a sentence about the file, or about what is here already; a sentence at
/// `owner`, `name` or `key`. Then nothing is written.
pub async fn import(deps: &Deps, path: &Path, wanted: &Import) -> Result<Imported> {
    let checked = check(path)?;
    reach(Point::ImportChecked);
    sweep(deps).await?;
    let ours = deps.keyring().signer().await?.public();
    trust(&checked, wanted.key, ours)?;
    let cx = Cx::system(deps);
    let name = match &wanted.name {
        Some(name) => text::name(name, "the team", bounds::NAME)
            .map_err(|message| Error::field("name", message))?,
        None => checked.bundle.name.clone(),
    };
    let mut file = File::open(path, &checked.bundle)?;
    let known = file.pairs("members", "person", "email")?;
    let people = People::find(&cx, &wanted.owner, known).await?;
    let slug = free_slug(&cx, &text::slug(&name)).await?;
    let team = TeamId(cx.new_id());
    let new = New { team, name, slug, people };
    let written = write(&cx, &mut file, &checked, &new).await;
    reach(Point::ImportDone);
    sweep::settle(&cx, team).await?;
    written.map(|counts| counts.told(checked, new))
}

/// Only what is signed by somebody that the operator knows.
fn trust(checked: &Checked, key: Option<PublicKey>, ours: PublicKey) -> Result<()> {
    let (signed_by, instance) = (checked.key, &checked.bundle.instance);
    match key {
        Some(key) if key == signed_by => Ok(()),
        None if signed_by == ours => Ok(()),
        Some(_) => Err(Error::field(
            "key",
            format!(
                "It is signed with another key: {signed_by}. Ask whoever runs {instance} for theirs, as \
                 `probity audit key` prints it."
            ),
        )),
        None => Err(Error::field(
            "key",
            format!(
                "It is signed with {signed_by}, as it says by {instance}, and this Probity does not know \
                 that key. If whoever runs {instance} says that it is theirs, add --key {signed_by}"
            ),
        )),
    }
}

/// The team that is to be.
struct New {
    team: TeamId,
    name: String,
    slug: String,
    people: People,
}

/// What was written.
#[derive(Default)]
struct Counts {
    members: usize,
    invited: usize,
    dead_keys: usize,
    programs: Vec<String>,
}

impl Counts {
    fn told(self, checked: Checked, new: New) -> Imported {
        let Self { members, invited, dead_keys, programs } = self;
        let (name, slug) = (new.name, new.slug);
        Imported { checked, name, slug, members, invited, dead_keys, programs }
    }
}

async fn write(cx: &Cx, file: &mut File, checked: &Checked, new: &New) -> Result<Counts> {
    let (team, owner) = (new.team.0, new.people.owner);
    let about = Actor { team: Some(team), person: Some(owner), ..Actor::default() };
    let mut change = cx.change_as(Task::TeamImport, about).await?;
    sweep::hold(change.sql(), new.team).await?;
    let key = cx.deps().keyring().key_of_newborn(Owner::Team(new.team)).await?;
    reach(Point::ImportKey);
    let counts = write::everything(&mut change, file, checked, new, &key).await?;
    let bundle = &checked.bundle;
    let event = Event::new(Ledger::Team, AuditAction::TeamImport)
        .on("team", new.team, &new.name)
        .with("slug", new.slug.as_str())
        .with("from", bundle.instance.as_str())
        .with("exported_at", bundle.made_at.as_str())
        .with("imported_at", rfc3339(cx.now()))
        .with("former_team", bundle.team.to_string())
        .with("signed_by", checked.key.to_string())
        .with("members", counts.members)
        .with("invitations", counts.invited);
    change.record(event.clone().moved_to(Ledger::Instance)).await?;
    reach(Point::ImportKept);
    change.commit(event).await?;
    Ok(counts)
}

/// This address, or one with a number behind it.
async fn free_slug(cx: &Cx, base: &str) -> Result<String> {
    let mut change = cx.change_as(Task::Operator, Actor::default()).await?;
    for number in 1..1000 {
        let slug = crate::team::numbered(base, number, cx.new_id());
        let taken = sqlx::query_scalar!(
            r#"select exists (select from team where slug = $1) as "taken!""#,
            slug
        );
        if !taken.fetch_one(change.sql()).await? {
            change.commit_unaudited("looking changes nothing").await?;
            return Ok(slug);
        }
    }
    Err(Error::Inconsistent("numbers ended"))
}

/// The kind of this name.
fn kind(name: &str) -> Result<&'static Kind> {
    Kind::named(name).ok_or(Error::Inconsistent("an unknown kind"))
}
