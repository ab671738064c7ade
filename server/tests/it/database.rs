//! Another server instead of the private cluster. The other server is a Probity's own.

use crate::program::{Home, Program};

struct Server {
    home: Home,
    program: Program,
}

impl Server {
    fn start() -> Self {
        let home = Home::new();
        let mut program = home.serve();
        program.wait_until_ready();
        Self { home, program }
    }

    fn url(&self, who: &str) -> String {
        format!("postgres://{who}@localhost/probity?host={}/socket", self.home.folder.display())
    }

    fn urls_of_roles(&self) -> (String, String) {
        let passwords = self.home.read("database-passwords");
        let mut lines = passwords.lines();
        let app = format!("probity_app:{}", lines.next().expect("the first password"));
        let job = format!("probity_job:{}", lines.next().expect("the second password"));
        (self.url(&app), self.url(&job))
    }
}

#[test]
fn it_serves_on_another_server_as_the_two_roles() {
    let mut server = Server::start();
    let (app, job) = server.urls_of_roles();
    let (key, home) = ("ab".repeat(32), Home::new());
    let mut program = home.serve_with(&[
        ("PROBITY_DATABASE_URL", &app),
        ("PROBITY_JOB_DATABASE_URL", &job),
        ("PROBITY_MASTER_KEY", &key),
    ]);
    program.wait_until_ready();
    assert_eq!(home.postmaster(), None, "it runs no cluster of its own");
    program.stop();
    server.program.stop();
}

#[test]
fn it_refuses_to_serve_as_a_superuser() {
    let mut server = Server::start();
    let (_, job) = server.urls_of_roles();
    let (superuser, key, home) = (server.url("postgres"), "ab".repeat(32), Home::new());
    let mut program = home.serve_with(&[
        ("PROBITY_DATABASE_URL", &superuser),
        ("PROBITY_JOB_DATABASE_URL", &job),
        ("PROBITY_MASTER_KEY", &key),
    ]);
    assert_eq!(program.wait_for_end().code(), Some(1));
    let said = program.log.text();
    assert!(said.contains("The database role postgres is a superuser"), "{said}");
    server.program.stop();
}

#[test]
fn another_server_is_migrated_as_its_superuser_and_only_then() {
    let mut server = Server::start();
    let (app, job) = server.urls_of_roles();
    let (superuser, home) = (server.url("postgres"), Home::new());
    let roles =
        [("PROBITY_DATABASE_URL", app.as_str()), ("PROBITY_JOB_DATABASE_URL", job.as_str())];
    let without = home.run(&["migrate"], &roles);
    let said = String::from_utf8_lossy(&without.stderr).into_owned();
    assert!(said.contains("set PROBITY_OWNER_DATABASE_URL"), "{said}");
    let owner = ("PROBITY_OWNER_DATABASE_URL", superuser.as_str());
    let with = home.run(&["migrate"], &[roles[0], roles[1], owner]);
    let said = String::from_utf8_lossy(&with.stdout).into_owned();
    assert_eq!(said, "The database was up to date.\n");
    server.program.stop();
}

#[test]
fn with_another_server_the_master_key_must_be_given() {
    let mut server = Server::start();
    let (app, job) = server.urls_of_roles();
    let home = Home::new();
    let mut program =
        home.serve_with(&[("PROBITY_DATABASE_URL", &app), ("PROBITY_JOB_DATABASE_URL", &job)]);
    assert_eq!(program.wait_for_end().code(), Some(1));
    assert!(program.log.text().contains("PROBITY_MASTER_KEY_FILE is not set"));
    server.program.stop();
}
