//! One copy of the system for one test: free ports, a folder that is removed at the end, and the tool itself.

use std::collections::BTreeMap;
use std::fs;
use std::io::{BufRead, BufReader, Read, Write};
use std::net::{TcpListener, TcpStream};
use std::path::{Path, PathBuf};
use std::process::{Child, ChildStdout, Command, ExitStatus, Output, Stdio};

use nix::sys::signal::{Signal, kill};
use nix::unistd::Pid;

const PORTS: [&str; 5] = ["LANDING_PORT", "ADMIN_PORT", "METRICS_PORT", "ABTEST_PORT", "POSTGRES_PORT"];

/// What makes this copy differ from every other.
pub struct Copy {
    folder: PathBuf,
    variables: BTreeMap<String, String>,
}

impl Copy {
    /// A copy that nobody else knows.
    pub fn new(name: &str) -> Self {
        let folder = std::env::temp_dir().join(format!("pushnami-up-{}-{name}", std::process::id()));
        // All are held at once, so that no port is given out twice.
        let holders = PORTS.map(|_| TcpListener::bind(("127.0.0.1", 0)).unwrap());
        let ports = holders.map(|holder| holder.local_addr().unwrap().port().to_string());
        let mut variables: BTreeMap<String, String> = PORTS.map(str::to_owned).into_iter().zip(ports).collect();
        for (name, value) in
            [("DATABASE_URL", ""), ("ADMIN_AUTH", "on"), ("ADMIN_PASSWORD", "olympus"), ("MUSIC_DIR", "")]
        {
            variables.insert(name.to_owned(), value.to_owned());
        }
        variables.insert("PUSHNAMI_DATA".to_owned(), folder.display().to_string());
        Self { folder, variables }
    }

    /// The same copy with another value.
    pub fn with(mut self, name: &str, value: &str) -> Self {
        self.variables.insert(name.to_owned(), value.to_owned());
        self
    }

    /// Its folder.
    pub fn folder(&self) -> &Path {
        &self.folder
    }

    /// One of its ports.
    pub fn port(&self, name: &str) -> u16 {
        self.variables[name].parse().unwrap()
    }

    /// One of its ports as the table shows it.
    pub fn address(&self, name: &str) -> String {
        format!("http://localhost:{}", self.port(name))
    }

    /// Starts the tool.
    pub fn start(&self) -> Running {
        let mut child = self.tool().stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
        let output = BufReader::new(child.stdout.take().unwrap());
        Running { child, output }
    }

    /// Runs the tool when it is expected to end by itself.
    pub fn run_to_end(&self) -> Output {
        self.tool().output().unwrap()
    }

    /// Runs the recount.
    pub fn verify(&self) -> Output {
        self.task(&["verify", "--profile", "dev", "--no-build"])
    }

    /// Runs another task of the tool on this copy, to its end.
    pub fn task(&self, arguments: &[&str]) -> Output {
        let mut command = Command::new(env!("CARGO_BIN_EXE_pushnami-xtask"));
        command.args(arguments).envs(&self.variables).stdin(Stdio::null());
        command.output().unwrap()
    }

    /// Sends JSON to one of its ports and answers the status.
    pub fn post(&self, port: &str, path: &str, body: &str) -> u16 {
        let mut stream = TcpStream::connect(("127.0.0.1", self.port(port))).unwrap();
        let head = format!("POST {path} HTTP/1.0\r\nHost: localhost\r\nContent-Type: application/json\r\n");
        write!(stream, "{head}Content-Length: {}\r\n\r\n{body}", body.len()).unwrap();
        let mut answer = String::new();
        stream.read_to_string(&mut answer).unwrap();
        answer.split(' ').nth(1).unwrap().parse().unwrap()
    }

    /// Asks one of its ports.
    pub fn get(&self, port: &str, path: &str) -> (u16, String) {
        let mut stream = TcpStream::connect(("127.0.0.1", self.port(port))).unwrap();
        write!(stream, "GET {path} HTTP/1.0\r\nHost: localhost\r\n\r\n").unwrap();
        let mut answer = String::new();
        stream.read_to_string(&mut answer).unwrap();
        let (head, body) = answer.split_once("\r\n\r\n").unwrap();
        (head.split(' ').nth(1).unwrap().parse().unwrap(), body.to_owned())
    }

    /// Asks one of its ports with a header more, and answers the status.
    pub fn get_with(&self, port: &str, path: &str, header: &str) -> u16 {
        let mut stream = TcpStream::connect(("127.0.0.1", self.port(port))).unwrap();
        write!(stream, "GET {path} HTTP/1.0\r\nHost: localhost\r\n{header}\r\n").unwrap();
        let mut answer = String::new();
        stream.read_to_string(&mut answer).unwrap();
        answer.split(' ').nth(1).unwrap().parse().unwrap()
    }

    /// Kills one of its processes as a crash would.
    pub fn kill(&self, name: &str) {
        let note = fs::read_to_string(self.folder.join("run").join(format!("{name}.pid"))).unwrap();
        let pid = note.lines().next().unwrap().parse().unwrap();
        kill(Pid::from_raw(pid), Signal::SIGKILL).unwrap();
    }

    /// Fails when a port is still listened on, except by the test itself, or a process is still noted.
    pub fn assert_nothing_runs(&self, held_by_test: Option<&str>) {
        for name in PORTS.iter().filter(|name| Some(**name) != held_by_test) {
            assert!(TcpStream::connect(("127.0.0.1", self.port(name))).is_err(), "{name} is still listened on");
        }
        assert_eq!(self.notes(), Vec::<PathBuf>::new());
    }

    fn notes(&self) -> Vec<PathBuf> {
        let entries = fs::read_dir(self.folder.join("run")).unwrap().flatten().map(|entry| entry.path());
        entries.filter(|path| path.extension().is_some_and(|extension| extension == "pid")).collect()
    }

    fn tool(&self) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_pushnami-xtask"));
        command.args(["up", "--profile", "dev", "--no-build"]).envs(&self.variables).stdin(Stdio::null());
        command
    }
}

impl Drop for Copy {
    fn drop(&mut self) {
        let _ = fs::remove_dir_all(&self.folder);
    }
}

/// The running tool.
pub struct Running {
    child: Child,
    output: BufReader<ChildStdout>,
}

impl Running {
    /// Reads until a line holds the words; everything read.
    pub fn read_until(&mut self, words: &str) -> String {
        let mut all = String::new();
        while !all.contains(words) {
            let length = self.output.read_line(&mut all).unwrap();
            assert!(length > 0, "the tool ended without `{words}`:\n{all}\n{}", self.end_with_error().1);
        }
        all
    }

    /// Sends a signal and waits for the end.
    pub fn end_by(&mut self, signal: Signal) -> (ExitStatus, String) {
        kill(Pid::from_raw(self.child.id().try_into().unwrap()), signal).unwrap();
        self.end()
    }

    /// Waits for the end; how it ended, and what was said on standard error.
    pub fn end_with_error(&mut self) -> (ExitStatus, String) {
        let (status, _) = self.end();
        let mut said = String::new();
        self.child.stderr.take().unwrap().read_to_string(&mut said).unwrap();
        (status, said)
    }

    fn end(&mut self) -> (ExitStatus, String) {
        let mut rest = String::new();
        self.output.read_to_string(&mut rest).unwrap();
        (self.child.wait().unwrap(), rest)
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        // After a failed assertion; after a good end there is nobody to hear it.
        if matches!(self.child.try_wait(), Ok(None)) {
            let _ = kill(Pid::from_raw(self.child.id().try_into().unwrap_or(i32::MAX)), Signal::SIGTERM);
            let _ = self.child.wait();
        }
    }
}
