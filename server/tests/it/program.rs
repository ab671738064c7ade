//! A data folder of its own, and the program running on it. Everything waited for has a deadline,
//! and everything started is stopped by its pid.

use rustix::process::{Pid, Signal, kill_process};
use std::{
    fs,
    io::{BufRead, BufReader, Read, Write},
    net::{TcpListener, TcpStream},
    os::unix::{fs::PermissionsExt, process::ExitStatusExt},
    path::PathBuf,
    process::{Child, Command, ExitStatus, Output, Stdio},
    sync::{
        Arc, Mutex,
        atomic::{AtomicU32, Ordering},
    },
    thread,
    time::{Duration, Instant},
};

/// Longer than anything takes on a busy machine.
const PATIENCE: Duration = Duration::from_secs(60);

/// Asks again and again until `look` finds something.
pub(crate) fn wait_for<T>(what: &str, mut look: impl FnMut() -> Option<T>) -> T {
    let deadline = Instant::now() + PATIENCE;
    loop {
        if let Some(found) = look() {
            return found;
        }
        assert!(Instant::now() < deadline, "waited {PATIENCE:?} for {what}");
        thread::sleep(Duration::from_millis(20));
    }
}

pub(crate) fn signal(pid: u32, signal: Signal) {
    let pid = Pid::from_raw(pid.try_into().expect("a pid is small")).expect("a pid is not 0");
    kill_process(pid, signal).expect("it runs and is ours");
}

/// A data folder that is removed in the end, where also PostgreSQL's user can get to.
pub(crate) struct Home {
    pub(crate) folder: PathBuf,
}

impl Home {
    pub(crate) fn new() -> Self {
        static NUMBER: AtomicU32 = AtomicU32::new(0);
        let number = NUMBER.fetch_add(1, Ordering::Relaxed);
        let name = format!("probity-it-{}-{number}", std::process::id());
        let parent = std::env::temp_dir().join(name);
        fs::create_dir_all(&parent).expect("the temporary folder can be written");
        fs::set_permissions(&parent, fs::Permissions::from_mode(0o755)).expect("it is ours");
        Self { folder: parent.join("data") }
    }

    pub(crate) fn read(&self, file: &str) -> String {
        fs::read_to_string(self.folder.join(file)).unwrap_or_default()
    }

    pub(crate) fn mode(&self, file: &str) -> u32 {
        let path = self.folder.join(file);
        fs::metadata(path).expect("it is there").permissions().mode() & 0o777
    }

    /// The running PostgreSQL of this folder.
    pub(crate) fn postmaster(&self) -> Option<u32> {
        let pid = self.read("postgres/postmaster.pid").lines().next()?.parse().ok()?;
        PathBuf::from(format!("/proc/{pid}")).exists().then_some(pid)
    }

    /// `probity` with this data folder and nothing else in its environment.
    pub(crate) fn probity(&self, arguments: &[&str], settings: &[(&str, &str)]) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_probity"));
        let path = std::env::var_os("PATH").unwrap_or_default();
        command.args(arguments).env_clear().env("PATH", path);
        command.env("PROBITY_DATA_DIR", &self.folder).envs(settings.iter().copied());
        command
    }

    /// Runs a command to its end.
    pub(crate) fn run(&self, arguments: &[&str], settings: &[(&str, &str)]) -> Output {
        self.probity(arguments, settings).output().expect("the program can be run")
    }

    pub(crate) fn serve(&self) -> Program {
        self.serve_with(&[])
    }

    /// Starts `probity serve` without waiting for anything.
    pub(crate) fn serve_with(&self, settings: &[(&str, &str)]) -> Program {
        let free = TcpListener::bind("127.0.0.1:0").and_then(|it| it.local_addr());
        let address = free.expect("this machine has a free port").to_string();
        let mut command = self.probity(&["serve"], &[("PROBITY_LISTEN", &address)]);
        command.envs(settings.iter().copied());
        command.stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::piped());
        let mut child = command.spawn().expect("the program can be run");
        let (out, log) = (Said::default(), Said::default());
        out.follow(child.stdout.take().expect("stdout is piped"));
        log.follow(child.stderr.take().expect("stderr is piped"));
        Program { child, address, out, log }
    }
}

impl Drop for Home {
    fn drop(&mut self) {
        if let Some(pid) = self.postmaster() {
            signal(pid, Signal::QUIT);
            wait_for("PostgreSQL to stop", || self.postmaster().is_none().then_some(()));
        }
        if let Some(parent) = self.folder.parent() {
            drop(fs::remove_dir_all(parent));
        }
    }
}

/// A running `probity serve`.
pub(crate) struct Program {
    child: Child,
    pub(crate) address: String,
    /// What it printed for the operator.
    pub(crate) out: Said,
    /// What it logged.
    pub(crate) log: Said,
}

impl Program {
    pub(crate) fn pid(&self) -> u32 {
        self.child.id()
    }

    /// The status of an answer; none while nobody answers.
    pub(crate) fn status_of(&self, path: &str) -> Option<u16> {
        let mut stream = TcpStream::connect(&self.address).ok()?;
        stream.set_read_timeout(Some(Duration::from_secs(10))).ok()?;
        let host = &self.address;
        write!(stream, "GET {path} HTTP/1.1\r\nHost: {host}\r\nConnection: close\r\n\r\n").ok()?;
        let mut answer = String::new();
        stream.read_to_string(&mut answer).ok()?;
        answer.split(' ').nth(1)?.parse().ok()
    }

    pub(crate) fn wait_until_ready(&mut self) -> &mut Self {
        wait_for("/readyz to answer 200", || {
            let ended = self.child.try_wait().expect("it is our child");
            assert!(ended.is_none(), "it ended: {ended:?}\n{}", self.log.text());
            (self.status_of("/readyz") == Some(200)).then_some(())
        });
        self
    }

    pub(crate) fn signal(&self, which: Signal) {
        signal(self.pid(), which);
    }

    pub(crate) fn wait_for_end(&mut self) -> ExitStatus {
        wait_for("the program to end", || self.child.try_wait().expect("it is our child"))
    }

    /// Stops it as an init system does, and sees that it ends well and in time.
    pub(crate) fn stop(&mut self) {
        let asked = Instant::now();
        self.signal(Signal::TERM);
        let status = self.wait_for_end();
        assert!(status.success(), "{status}\n{}", self.log.text());
        let took = asked.elapsed();
        assert!(took < Duration::from_secs(15), "stopping took {took:?}");
    }

    /// Sees that it killed itself, at the point that was named to it.
    pub(crate) fn dies(&mut self) {
        let status = self.wait_for_end();
        assert_eq!(status.signal(), Some(Signal::KILL.as_raw()), "{status}\n{}", self.log.text());
    }

    pub(crate) fn kill(&mut self) {
        self.signal(Signal::KILL);
        self.wait_for_end();
    }
}

impl Drop for Program {
    fn drop(&mut self) {
        drop(self.child.kill());
        drop(self.child.wait());
    }
}

/// What a program says, while it says it.
#[derive(Clone, Default)]
pub(crate) struct Said(Arc<Mutex<String>>);

impl Said {
    pub(crate) fn text(&self) -> String {
        self.0.lock().expect("nobody panics while holding it").clone()
    }

    fn follow(&self, from: impl Read + Send + 'static) {
        let said = Arc::clone(&self.0);
        thread::spawn(move || {
            for line in BufReader::new(from).lines().map_while(Result::ok) {
                let mut said = said.lock().expect("nobody panics while holding it");
                said.push_str(&line);
                said.push('\n');
            }
        });
    }
}
