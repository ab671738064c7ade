//! A world of its own for each test: a database, a clock that stands still, people and teams.

use crate::{
    post::{PUBLIC_URL, TestPost},
    streams::TestCarrier,
};
use domain::{
    Cx, Db, Deps, DepsParts, Lifetimes, Origin, Signup,
    account::{self, NewSession, SignedIn},
    audit::Archive,
    crypto::{Hasher, Keyring, MasterKey, Passkeys},
    member,
    ports::{Clock, Places, Random, SystemRandom, Witness},
    schema::{self, RolePasswords},
    team,
};
use model::{
    Role, TeamId, Typed,
    account::{ConfirmSignUp, SignIn, SignUp},
    place::Country,
    team::NewTeam,
};
use object_store::memory::InMemory;
use secrecy::SecretString;
use sqlx::{AssertSqlSafe, Connection, PgConnection, postgres::PgConnectOptions};
use std::{
    net::IpAddr,
    path::Path,
    sync::{
        Arc, Mutex,
        atomic::{AtomicU32, Ordering},
    },
};
use time::{Duration, OffsetDateTime, macros::datetime};
use uuid::Uuid;

pub(crate) const PASSWORD: &str = "correct horse battery";
/// Where everybody types it.
pub(crate) const ADDRESS: &str = "https://probity.example.com";
const ROLE_PASSWORD: &str = "testtesttest";

/// A clock that moves only when told to.
pub(crate) struct TestClock(Mutex<OffsetDateTime>);

impl TestClock {
    pub(crate) fn advance(&self, by: Duration) {
        *self.0.lock().unwrap() += by;
    }
}

impl Clock for TestClock {
    fn now(&self) -> OffsetDateTime {
        *self.0.lock().unwrap()
    }
}

pub(crate) struct World {
    pub(crate) deps: Deps,
    pub(crate) clock: Arc<TestClock>,
    pub(crate) random: Arc<dyn Random>,
    pub(crate) post: Arc<TestPost>,
    /// Where streams go.
    pub(crate) carrier: Arc<TestCarrier>,
    /// Where exports lie.
    pub(crate) exports: Arc<InMemory>,
    /// Where data keys lie, and what wraps them.
    keys: (Arc<InMemory>, MasterKey),
    superuser: PgConnectOptions,
}

/// Knows one network, which is in Norway.
struct TestPlaces;

impl Places for TestPlaces {
    fn country(&self, ip: IpAddr) -> Option<Country> {
        ip.to_string().starts_with("198.51.100.").then(|| Country::from_code("NO"))?
    }
}

impl World {
    pub(crate) async fn new() -> Self {
        Self::with(Signup::Open, 8).await
    }

    /// Another program on the same database, at the same time.
    pub(crate) async fn another_program(&self) -> Deps {
        self.program_with(None).await
    }

    /// The same, with a journal.
    pub(crate) async fn program_with(&self, journal: Option<domain::key::Journal>) -> Deps {
        self.furnished(journal, None, Vec::new()).await
    }

    /// The same, which keeps checkpoints in a folder.
    pub(crate) async fn proving(&self, folder: &Path) -> Deps {
        self.telling(folder, Vec::new()).await
    }

    /// The same, which tells these.
    pub(crate) async fn telling(&self, folder: &Path, who: Vec<Arc<dyn Witness>>) -> Deps {
        self.furnished(None, Some(Archive::open(folder).unwrap()), who).await
    }

    /// The same keyring, of which nothing is remembered.
    pub(crate) fn another_keyring(&self) -> Keyring {
        let (store, master) = (Arc::clone(&self.keys.0), self.keys.1.clone());
        Keyring::open(store, Arc::new(master), Arc::clone(&self.random))
    }

    async fn furnished(
        &self,
        journal: Option<domain::key::Journal>,
        archive: Option<Archive>,
        witnesses: Vec<Arc<dyn Witness>>,
    ) -> Deps {
        Deps::new(DepsParts {
            app: Db::connect(login(&self.superuser, "probity_app"), 4).await.unwrap(),
            job: Db::connect(login(&self.superuser, "probity_job"), 2).await.unwrap(),
            keyring: self.another_keyring(),
            hasher: Hasher::start(1, 4),
            passkeys: Passkeys::new(ADDRESS),
            clock: Arc::clone(&self.clock) as _,
            random: Arc::clone(&self.random),
            signup: Signup::Open,
            sessions: Lifetimes::default(),
            mailer: Arc::clone(&self.post) as _,
            public_url: PUBLIC_URL.to_owned(),
            places: Arc::new(TestPlaces),
            journal,
            archive,
            witnesses,
            exports: Arc::clone(&self.exports) as _,
            carrier: Arc::clone(&self.carrier) as _,
            deletion_days: 7,
            dwellings: Vec::new(),
        })
    }

    pub(crate) async fn with(signup: Signup, connections: u32) -> Self {
        let superuser = fresh_database().await;
        let clock = Arc::new(TestClock(Mutex::new(datetime!(2026-11-22 08:00 UTC))));
        let random: Arc<dyn Random> = Arc::new(SystemRandom);
        let master = MasterKey::parse(&MasterKey::generate(&SystemRandom)).unwrap();
        let keys = Arc::new(InMemory::new());
        let post = Arc::new(TestPost::default());
        let exports = Arc::new(InMemory::new());
        let carrier = Arc::new(TestCarrier::default());
        let deps = Deps::new(DepsParts {
            app: Db::connect(login(&superuser, "probity_app"), connections).await.unwrap(),
            job: Db::connect(login(&superuser, "probity_job"), 2).await.unwrap(),
            keyring: Keyring::open(
                Arc::clone(&keys) as _,
                Arc::new(master.clone()),
                Arc::clone(&random),
            ),
            hasher: Hasher::start(2, 64),
            passkeys: Passkeys::new(ADDRESS),
            clock: Arc::clone(&clock) as _,
            random: Arc::clone(&random),
            signup,
            sessions: Lifetimes::default(),
            mailer: Arc::clone(&post) as _,
            public_url: PUBLIC_URL.to_owned(),
            places: Arc::new(TestPlaces),
            journal: None,
            archive: None,
            witnesses: Vec::new(),
            exports: Arc::clone(&exports) as _,
            carrier: Arc::clone(&carrier) as _,
            deletion_days: 7,
            dwellings: Vec::new(),
        });
        let keys = (keys, master);
        Self { deps, clock, random, post, carrier, exports, keys, superuser }
    }

    /// A request by nobody, from an address of its own so that limits do not meet.
    pub(crate) fn anyone(&self) -> Cx {
        static NEXT: AtomicU32 = AtomicU32::new(1);
        let ip = std::net::Ipv4Addr::from(0x0a00_0000 + NEXT.fetch_add(1, Ordering::Relaxed));
        self.from(&ip.to_string())
    }

    /// The same in another program.
    pub(crate) fn anyone_in(&self, deps: &Deps) -> Cx {
        let request = domain::ports::new_request_id(&*self.clock, &*self.random);
        let agent = "Test/1".to_owned();
        Cx::anyone(deps, Origin { agent, ..Origin::of(request) })
    }

    pub(crate) fn from(&self, ip: &str) -> Cx {
        let request = domain::ports::new_request_id(&*self.clock, &*self.random);
        let (ip, agent) = (Some(ip.parse().unwrap()), "Test/1".to_owned());
        Cx::anyone(&self.deps, Origin { ip, agent, ..Origin::of(request) })
    }

    /// Somebody who has just signed up; everything later in their name is a new request.
    pub(crate) async fn person(&self, name: &str) -> Cx {
        let form = SignUp {
            name: name.to_owned(),
            email: format!("{}@example.com", name.to_lowercase().replace(' ', ".")),
            password: Typed::new(PASSWORD),
        };
        let email = form.email.clone();
        account::sign_up(&self.anyone(), form).await.unwrap();
        let letters = self.letters().await;
        let letter = letters.iter().find(|letter| letter.to == email).unwrap();
        let form = ConfirmSignUp {
            token: Typed::new(crate::post::link(letter)),
            password: Typed::new(PASSWORD),
        };
        let session = account::confirm_sign_up(&self.anyone(), form).await.unwrap();
        self.anyone().with_session(&session.token).await.unwrap()
    }

    pub(crate) async fn sign_in(&self, email: &str, password: &str) -> domain::Result<Cx> {
        let form =
            SignIn { email: email.to_owned(), password: Typed::new(password), next: String::new() };
        let session = entered(account::sign_in(&self.anyone(), form).await?);
        self.anyone().with_session(&session.token).await
    }

    /// A team of this owner, and the owner's context in it.
    pub(crate) async fn team(&self, owner: &Cx, name: &str) -> Cx {
        let card = team::create(owner, NewTeam { name: name.to_owned() }).await.unwrap();
        owner.in_team(&card.slug).await.unwrap()
    }

    /// Puts a person into the team.
    pub(crate) async fn join(&self, team: &Cx, person: &Cx, role: Role) -> Cx {
        member::add(team, person.person().unwrap(), role).await.unwrap();
        person.in_team(&team::card(team).unwrap().slug).await.unwrap()
    }

    /// Somebody who holds this role in the team.
    pub(crate) async fn member(&self, team: &Cx, role: Role) -> Cx {
        let person = self.person(&format!("{} {}", role.title(), Uuid::now_v7().simple())).await;
        self.join(team, &person, role).await
    }

    pub(crate) async fn superuser(&self) -> PgConnection {
        PgConnection::connect_with(&self.superuser).await.unwrap()
    }

    pub(crate) fn options(&self, role: &str) -> PgConnectOptions {
        login(&self.superuser, role)
    }

    /// A bare connection as `role` in which the settings say who acts, past every guard in Rust.
    pub(crate) async fn raw(&self, role: &str, team: TeamId, person: &Cx) -> PgConnection {
        let mut conn = PgConnection::connect_with(&self.options(role)).await.unwrap();
        let id = person.person().unwrap().0;
        let session: String = sqlx::query_scalar(
            "select coalesce((select encode(id_hash, 'hex') from session
             where person_id = $1 and ended_at is null order by created_at desc limit 1), '')",
        )
        .bind(id)
        .fetch_one(&mut self.superuser().await)
        .await
        .unwrap();
        let at = self.clock.now().to_string();
        let settings = [
            ("team", team.0.to_string()),
            ("person", id.to_string()),
            ("session", session),
            ("at", at),
        ];
        for (name, value) in settings {
            sqlx::query("select set_config($1, $2, false)")
                .bind(format!("app.{name}"))
                .bind(value)
                .execute(&mut conn)
                .await
                .unwrap();
        }
        conn
    }
}

fn login(superuser: &PgConnectOptions, role: &str) -> PgConnectOptions {
    superuser.clone().username(role).password(ROLE_PASSWORD)
}

/// A database of the current schema, made from a template that is made once.
async fn fresh_database() -> PgConnectOptions {
    let url = std::env::var("PROBITY_TEST_DATABASE_URL")
        .expect("PROBITY_TEST_DATABASE_URL is missing: run these tests with ./dev test");
    let server: PgConnectOptions = url.parse().unwrap();
    let mut conn = PgConnection::connect_with(&server).await.unwrap();
    let template = format!("template_{}", &schema::digest()[..16]);
    // One at a time: PostgreSQL copies a template only while nobody else uses it.
    run(&mut conn, "select pg_advisory_lock(4711)").await;
    let exists: bool =
        sqlx::query_scalar("select exists (select from pg_database where datname = $1)")
            .bind(&template)
            .fetch_one(&mut conn)
            .await
            .unwrap();
    if !exists {
        make_template(&mut conn, &server, &template).await;
    }
    let name = format!("test_{}", Uuid::now_v7().simple());
    run(&mut conn, &format!("create database {name} template {template} strategy file_copy")).await;
    run(&mut conn, "select pg_advisory_unlock(4711)").await;
    conn.close().await.unwrap();
    server.database(&name)
}

async fn make_template(conn: &mut PgConnection, server: &PgConnectOptions, template: &str) {
    let making = format!("making_{}", Uuid::now_v7().simple());
    run(conn, &format!("create database {making}")).await;
    let mut fresh = PgConnection::connect_with(&server.clone().database(&making)).await.unwrap();
    let password = SecretString::from(ROLE_PASSWORD);
    let passwords = RolePasswords { app: password.clone(), job: password };
    schema::bootstrap(&mut fresh, &passwords).await.unwrap();
    schema::migrate(&mut fresh).await.unwrap();
    fresh.close().await.unwrap();
    run(conn, &format!("alter database {making} rename to {template}")).await;
}

pub(crate) async fn run(conn: &mut PgConnection, sql: &str) {
    try_run(conn, sql).await.unwrap_or_else(|error| panic!("{sql}: {error}"));
}

pub(crate) async fn try_run(conn: &mut PgConnection, sql: &str) -> Result<u64, sqlx::Error> {
    sqlx::raw_sql(AssertSqlSafe(sql)).execute(conn).await.map(|done| done.rows_affected())
}

/// The statement behind "create a key", past the guard and without its event.
pub(crate) fn insert_key(team: TeamId, by: &Cx) -> String {
    format!(
        "insert into api_key (team_id, id, name, environment, start, secret_hash, created_at,
                              created_by)
         values ('{}', gen_random_uuid(), 'x', 'live', 'pby', sha256('x'), now(), '{}')",
        team.0,
        by.person().unwrap().0
    )
}

/// What PostgreSQL said when it refused.
pub(crate) async fn refusal(conn: &mut PgConnection, sql: &str) -> String {
    match try_run(conn, sql).await {
        Ok(rows) => panic!("{sql}: went through, {rows} row(s)"),
        Err(error) => error.as_database_error().unwrap().message().to_owned(),
    }
}

/// The session of somebody who has no second factor.
pub(crate) fn entered(signed_in: SignedIn) -> NewSession {
    match signed_in {
        SignedIn::Session(session) => session,
        SignedIn::SecondStep(_) => panic!("a second factor was asked for"),
    }
}

/// The sentence a caller is told.
pub(crate) fn said<T>(result: domain::Result<T>) -> String {
    match result {
        Ok(_) => panic!("it went through"),
        Err(error) => error.failure(model::RequestId(Uuid::nil())).to_string(),
    }
}
