//! Everything that Probity keeps about a person, for that person: an archive that is written as it is fetched,
//! and lies nowhere.

use super::{device, factors, proof, session};
use crate::{
    Cx, Error, Result,
    audit::export::Whole,
    crypto::{Owner, Place},
    data::archive::Archive,
    event::{self, Event, Ledger, rfc3339},
    failpoint::{Point, reach},
    limit,
    pass::Pass,
};
use bytes::Bytes;
use futures::Stream;
use model::{
    AuditAction, Limit, PersonId,
    audit::{ExportLink, manifest_name},
    ledger::{ExportFormat, LedgerId},
};
use serde_json::{Value, json};
use tokio::sync::mpsc;

/// Pieces that wait for whoever fetches them.
const AHEAD: usize = 2;

fn pass(cx: &Cx) -> Result<Pass> {
    let person = caller(cx)?;
    let place = Place { table: "person", column: "export", row: person.0 };
    Pass::here(cx, Owner::Person(person), place)
}

/// A link to everything about the caller, who has confirmed that it is them, for this session of theirs.
///
/// # Errors
/// [`Error::Unconfirmed`] without step-up; [`Error::TooMany`].
pub async fn export_link(cx: &Cx) -> Result<ExportLink> {
    cx.require_confirmed()?;
    let person = caller(cx)?;
    limit::take(cx, Limit::PersonExport, &person.to_string()).await?;
    let link = pass(cx)?.link(cx).await?;
    let change = cx.change_self(None).await?;
    let event = Event::new(Ledger::Person, AuditAction::PersonExport)
        .on("person", person, "")
        .with("until", link.until.as_str());
    change.commit(event).await?;
    reach(Point::PersonLinked);
    Ok(link)
}

/// What a link says of its end; nothing when it is none of this session, or has ended.
///
/// # Errors
/// When nobody is signed in, or the keyring does not answer.
pub async fn export_ends(cx: &Cx, token: &str) -> Result<Option<ExportLink>> {
    pass(cx)?.read(cx, token).await
}

fn caller(cx: &Cx) -> Result<PersonId> {
    cx.person().ok_or(Error::Unauthenticated)
}

/// The archive, piece by piece as it is fetched.
///
/// # Errors
/// [`Error::Conflict`] when the link has ended or is one of another session.
pub async fn export(
    cx: &Cx,
    token: &str,
) -> Result<impl Stream<Item = Result<Bytes>> + Send + use<>> {
    if export_ends(cx, token).await?.is_none() {
        let said = "This link does not work here: it is good for ten minutes, in the session that made \
                    it. Get a new one on the page about your data.";
        return Err(Error::Conflict(said.to_owned()));
    }
    let (to, from) = mpsc::channel(AHEAD);
    let cx = cx.clone();
    tokio::spawn(async move {
        // Whoever stops fetching stops it.
        if let Err(error) = write(&cx, Archive::sent(to.clone())).await {
            tracing::warn!(request = %cx.request(), cause = %error, "A person's export was cut.");
            drop(to.send(Err(error)).await);
        }
    });
    Ok(futures::stream::unfold(from, async |mut from| Some((from.recv().await?, from))))
}

async fn write(cx: &Cx, mut to: Archive) -> Result<()> {
    let about = [
        ("profile.json", profile(cx).await?),
        ("memberships.json", memberships(cx)?),
        ("sessions.json", sessions(cx).await?),
        ("browsers.json", browsers(cx).await?),
        ("factors.json", factors(cx).await?),
        ("searches.json", searches(cx).await?),
    ];
    for (name, value) in about {
        let text = serde_json::to_string_pretty(&value).expect("values are JSON") + "\n";
        plain(&mut to, name, &text).await?;
    }
    reach(Point::PersonBegun);
    activity(cx, &mut to).await?;
    plain(&mut to, "README.txt", README).await?;
    reach(Point::PersonPacked);
    to.finish().await.map(drop)
}

const README: &str = "\
Everything that this Probity keeps about you.

profile.json      who you are here
memberships.json  the teams you are in, and as what
sessions.json     where you are and were signed in, of the last 30 days
browsers.json     browsers that are remembered
factors.json      what proves that it is you: names and times, no secrets
searches.json     searches that you saved for yourself
activity.jsonl    what you did and what was tried on your account: every record of your own ledger
activity.jsonl.manifest.json
                  proves it: probity audit verify activity.jsonl activity.jsonl.manifest.json

What you did in a team stands in that team's log, and belongs to the team: its pages show you your part of it.
Letters to you are emptied when they have left. What else is kept, why and how long, stands on the page about
your data.
";

async fn plain(to: &mut Archive, name: &str, text: &str) -> Result<()> {
    to.begin(name)?;
    to.add(text.as_bytes()).await?;
    to.end().await
}

async fn profile(cx: &Cx) -> Result<Value> {
    let mut view = cx.view_self().await?;
    let row = sqlx::query!(
        "select id, email, name, time_zone, date_style, created_at from person where id = $1",
        caller(cx)?.0
    )
    .fetch_one(view.sql())
    .await?;
    Ok(json!({
        "id": PersonId(row.id).to_string(),
        "email": row.email,
        "name": row.name,
        "time_zone": row.time_zone,
        "date_style": row.date_style,
        "created_at": rfc3339(row.created_at),
    }))
}

fn memberships(cx: &Cx) -> Result<Value> {
    let viewer = cx.viewer().ok_or(Error::Unauthenticated)?;
    let team = |team: &model::team::TeamCard| {
        json!({ "team": team.id.to_string(), "name": team.name, "address": team.slug,
                "role": team.role.title() })
    };
    Ok(viewer.teams.iter().map(team).collect())
}

async fn sessions(cx: &Cx) -> Result<Value> {
    let person = caller(cx)?.0;
    let mut view = cx.view_self().await?;
    let rows = sqlx::query!(
        "select id, origin, first_proof, second_proof, created_at, last_seen_at, expires_at, ended_at
         from session where person_id = $1 order by created_at, id",
        person
    )
    .fetch_all(view.sql())
    .await?;
    drop(view);
    let mut all = Vec::with_capacity(rows.len());
    for row in rows {
        let place = session::origin_place(row.id);
        let origin = event::open_origin(cx, person, &place, row.origin.as_deref()).await?;
        let by_passkey = row.first_proof == "passkey";
        all.push(json!({
            "id": row.id.to_string(),
            "address": origin.ip,
            "browser": origin.agent,
            "signed_in_with": proof::words(by_passkey, row.second_proof.as_deref()),
            "created_at": rfc3339(row.created_at),
            "last_seen_at": rfc3339(row.last_seen_at),
            "expires_at": rfc3339(row.expires_at),
            "ended_at": row.ended_at.map(rfc3339),
        }));
    }
    Ok(Value::Array(all))
}

async fn browsers(cx: &Cx) -> Result<Value> {
    let person = caller(cx)?.0;
    let mut view = cx.view_self().await?;
    let rows = sqlx::query!(
        "select id, origin, created_at, last_seen_at, trusted_until, ended_at
         from device where person_id = $1 order by created_at, id",
        person
    )
    .fetch_all(view.sql())
    .await?;
    drop(view);
    let mut all = Vec::with_capacity(rows.len());
    for row in rows {
        let place = device::origin_place(row.id);
        let origin = event::open_origin(cx, person, &place, row.origin.as_deref()).await?;
        all.push(json!({
            "id": row.id.to_string(),
            "address": origin.ip,
            "browser": origin.agent,
            "created_at": rfc3339(row.created_at),
            "last_seen_at": rfc3339(row.last_seen_at),
            "trusted_until": row.trusted_until.map(rfc3339),
            "ended_at": row.ended_at.map(rfc3339),
        }));
    }
    Ok(Value::Array(all))
}

async fn factors(cx: &Cx) -> Result<Value> {
    let security = factors::security(cx).await?;
    Ok(serde_json::to_value(security).expect("a page is plain JSON"))
}

/// In each team that lets them in now.
async fn searches(cx: &Cx) -> Result<Value> {
    let viewer = cx.viewer().ok_or(Error::Unauthenticated)?;
    let mut all = Vec::new();
    for team in &viewer.teams {
        let mut view = cx.view_own_team(team.id.0).await?;
        let rows = sqlx::query!(
            "select name, search from own_search where team_id = $1 and person_id = $2 order by name",
            team.id.0,
            viewer.id.0
        )
        .fetch_all(view.sql())
        .await?;
        let row =
            |name: &str, search: &str| json!({ "team": team.name, "name": name, "search": search });
        all.extend(rows.iter().map(|it| row(&it.name, &it.search)));
    }
    Ok(Value::Array(all))
}

/// Window by window, so that nobody who fetches slowly keeps a connection.
async fn activity(cx: &Cx, to: &mut Archive) -> Result<()> {
    let name = "activity.jsonl";
    let ledger = LedgerId::Person(caller(cx)?);
    crate::audit::export::walk(cx, ledger).await?;
    let mut view = cx.view_self().await?;
    let mut whole = Whole::of(cx, &mut view, ledger, &[ExportFormat::Jsonl]).await?;
    drop(view);
    to.begin(name)?;
    loop {
        let mut view = cx.view_self().await?;
        let next = whole.next(cx, &mut view).await?;
        drop(view);
        let Some(rows) = next else { break };
        to.add_rows(whole.text(0), rows.unsigned_abs()).await?;
    }
    to.end().await?;
    let owner = cx.viewer().ok_or(Error::Unauthenticated)?.name.clone();
    let mut view = cx.view_self().await?;
    let manifest = whole.manifest(cx, &mut view, (&owner, name)).await?;
    drop(view);
    plain(to, &manifest_name(name), &manifest).await
}
