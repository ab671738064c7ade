//! `probity serve`: answers requests until it is told to stop.

use super::wait_for_cluster;
use crate::{
    Problem, VERSION,
    boot::{Database, House},
    config::Settings,
    http::{self, HttpParts, PublicUrl, Readiness},
    jobs::Jobs,
    lifecycle::{self, Running},
    postgres::State,
    telemetry::Format,
};
use domain::{Signup, account};
use leptos::config::LeptosOptions;
use secrecy::ExposeSecret;
use std::{
    io::ErrorKind,
    path::{Path, PathBuf},
};
use tokio::net::TcpListener;
use tokio_util::{sync::CancellationToken, task::TaskTracker};

pub(super) async fn run(settings: Settings) -> Result<(), Problem> {
    let stop = lifecycle::stop_on_signals()?;
    let listener = bind(&settings).await?;
    let public_url = public_url(&settings, &listener)?;
    let readiness = Readiness::default();
    let running = answer(&settings, listener, &public_url, readiness.clone());
    let settings = Settings { public_url: Some(public_url.clone()), ..settings };
    let serving = Serving { settings, public_url, stop };
    let tasks = TaskTracker::new();
    let booted = tokio::select! {
        booted = House::open(&serving.settings, "serve", &tasks) => booted.map(Some),
        () = serving.stop.cancelled() => Ok(None),
    };
    let outcome = match booted {
        Ok(Some(house)) => {
            readiness.begin(house.deps.clone());
            serving.until_stopped(house, running).await
        }
        Ok(None) => {
            running.drain().await;
            Ok(())
        }
        Err(problem) => {
            running.drain().await;
            Err(problem)
        }
    };
    wait_for_cluster(&tasks).await;
    outcome
}

/// One run of `serve`.
struct Serving {
    settings: Settings,
    public_url: PublicUrl,
    stop: CancellationToken,
}

impl Serving {
    /// From ready to stopped.
    async fn until_stopped(&self, house: House, mut running: Running) -> Result<(), Problem> {
        let jobs = Jobs::start(&house.deps);
        let outcome = match announce(&self.settings, &self.public_url, &house).await {
            Ok(()) => tokio::select! {
                () = self.stop.cancelled() => Ok(()),
                said = given_up(&house.database) => Err(Problem::say(said)),
                ended = &mut running.http => {
                    Err(Problem::say(format!("The HTTP server ended by itself: {ended:?}.")))
                }
            },
            Err(problem) => Err(problem),
        };
        running.drain().await;
        lifecycle::close(house, jobs).await;
        outcome
    }
}

/// Listens before anything else, so that `/healthz` answers while the database starts.
async fn bind(settings: &Settings) -> Result<TcpListener, Problem> {
    let address = settings.listen;
    TcpListener::bind(address).await.map_err(|error| {
        Problem::say(match error.kind() {
            ErrorKind::AddrInUse => format!(
                "PROBITY_LISTEN is {address}, where another program already answers. Stop that \
                 one, or write another port."
            ),
            ErrorKind::PermissionDenied => format!(
                "PROBITY_LISTEN is {address}, and this user may not listen there. Write a port \
                 above 1023."
            ),
            _ => format!("PROBITY_LISTEN is {address}, which cannot be listened on: {error}."),
        })
    })
}

/// Settings that name none listen on this machine only, whose address then is the public one.
fn public_url(settings: &Settings, listener: &TcpListener) -> Result<PublicUrl, Problem> {
    if let Some(url) = &settings.public_url {
        return Ok(url.clone());
    }
    let address = listener.local_addr()?;
    PublicUrl::parse(&format!("http://{address}")).map_err(Problem::say)
}

fn answer(
    settings: &Settings,
    listener: TcpListener,
    public_url: &PublicUrl,
    readiness: Readiness,
) -> Running {
    let parts = HttpParts {
        readiness,
        public_url: public_url.clone(),
        trusted_proxies: settings.trusted_proxies.clone(),
        leptos: browser_side(settings.site_folder.as_deref()),
        version: VERSION,
    };
    let stop_http = CancellationToken::new();
    let http = tokio::spawn(http::serve(listener, parts, stop_http.clone()));
    Running { http, stop_http }
}

/// Where the browser side lies: as set, or where a build or a package puts it.
fn browser_side(chosen: Option<&Path>) -> LeptosOptions {
    let program = std::env::current_exe().unwrap_or_default();
    let beside = program.parent().unwrap_or(Path::new("."));
    let usual = [beside.join("site"), beside.join("../site")];
    let found = usual.iter().find(|folder| folder.is_dir());
    let folder = chosen.map(PathBuf::from).or_else(|| found.cloned());
    let folder = folder.unwrap_or_else(|| "target/site".into());
    LeptosOptions::builder()
        .output_name("probity")
        .site_root(folder.display().to_string())
        .hash_files(beside.join("hash.txt").is_file())
        .build()
}

/// Ends when the private cluster keeps stopping.
async fn given_up(database: &Database) -> String {
    let Database::Own(cluster) = database else { return std::future::pending().await };
    let Some(mut state) = cluster.state() else { return std::future::pending().await };
    let last = state.wait_for(|state| matches!(state, State::GaveUp(_))).await.map(|it| it.clone());
    match last {
        Ok(State::GaveUp(said)) => said.to_string(),
        _ => std::future::pending().await,
    }
}

/// What it runs on, in at most seven lines.
async fn announce(settings: &Settings, url: &PublicUrl, house: &House) -> Result<(), Problem> {
    let database = match &house.database {
        Database::Own(_) => "private PostgreSQL in the data folder",
        Database::Other(_) => "another PostgreSQL server",
    };
    let data = settings.data_folder.canonicalize()?;
    let signup = match settings.signup {
        Signup::Open => "open to everybody",
        Signup::Invitation => "by invitation",
    };
    let mail = settings.mail.said(&data);
    let link = account::set_up_link(&house.deps).await?;
    let link = link.map(|token| format!("{url}/set-up/{}", token.expose_secret()));
    if settings.log.format == Format::Json {
        let (address, data) = (url.to_string(), data.display());
        tracing::info!(version = VERSION, %address, database, %data, signup, mail, "Probity runs.");
        if let Some(set_up) = link {
            tracing::info!(set_up, "Nobody has an account yet: open this link to begin.");
        }
        return Ok(());
    }
    let mut text = format!(
        "Probity {VERSION}\n  address   {url}\n  database  {database}\n  data      {}\n  \
         sign-up   {signup}\n  mail      {mail}\n",
        data.display()
    );
    if let Some(link) = link {
        text.push_str(&format!("  set up    {link}\n"));
    }
    super::print(&text)
}
