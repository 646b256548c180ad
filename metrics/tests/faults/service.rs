//! The program `metrics` as a process.

use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use crate::PATIENCE;
use crate::cluster::free_port;

pub struct Service {
    process: Child,
    database_url: String,
    port: u16,
}

impl Service {
    pub async fn start(database_url: &str) -> Self {
        let port = free_port();
        let service = Self { process: spawn(database_url, port), database_url: database_url.to_owned(), port };
        service.wait_until_well().await;
        service
    }

    /// Ends it without a chance to do anything more.
    pub fn kill(&mut self) {
        self.process.kill().unwrap();
        self.process.wait().unwrap();
    }

    /// Tells it to stop, and waits until it has.
    pub async fn stop(&mut self) {
        let told = Command::new("kill").arg(self.process.id().to_string()).status().unwrap();
        assert!(told.success());
        let deadline = Instant::now() + PATIENCE;
        while self.process.try_wait().unwrap().is_none() {
            assert!(Instant::now() < deadline, "the service does not stop");
            tokio::time::sleep(Duration::from_millis(10)).await;
        }
    }

    pub async fn start_again(&mut self) {
        self.process = spawn(&self.database_url, self.port);
        self.wait_until_well().await;
    }

    pub fn address(&self, path: &str) -> String {
        format!("http://127.0.0.1:{}{path}", self.port)
    }

    pub async fn wait_until_well(&self) {
        let deadline = Instant::now() + PATIENCE;
        let client = reqwest::Client::new();
        while !client.get(self.address("/health")).send().await.is_ok_and(|answer| answer.status() == 200) {
            assert!(Instant::now() < deadline, "the service does not become well");
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
    }

    /// What the program, told to recount a database, says about it, unless nothing differs.
    pub async fn recount(database_url: &str) -> Option<String> {
        let mut command = Command::new(env!("CARGO_BIN_EXE_metrics"));
        command.arg("--verify").current_dir(Path::new("/")).env("DATABASE_URL", database_url).stdin(Stdio::null());
        let output = tokio::task::spawn_blocking(move || command.output()).await.unwrap().unwrap();
        (!output.status.success())
            .then(|| String::from_utf8_lossy(&[output.stdout, output.stderr].concat()).into_owned())
    }

    /// The resident kilobytes.
    pub fn memory(&self) -> u64 {
        let status = std::fs::read_to_string(format!("/proc/{}/status", self.process.id())).unwrap();
        let line = status.lines().find_map(|line| line.strip_prefix("VmRSS:")).expect("a process that runs");
        line.trim().trim_end_matches(" kB").parse().unwrap()
    }
}

impl Drop for Service {
    fn drop(&mut self) {
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}

fn spawn(database_url: &str, port: u16) -> Child {
    let mut command = Command::new(env!("CARGO_BIN_EXE_metrics"));
    // Away from the project's `.env`.
    command.current_dir(Path::new("/")).env("DATABASE_URL", database_url).env("ADMIN_AUTH", "off");
    command.env("BIND_ADDR", "127.0.0.1").env("LISTEN_ADDR", "127.0.0.1").env("RUST_LOG", "error");
    command.env("METRICS_PORT", port.to_string());
    command.stdin(Stdio::null()).stdout(Stdio::null()).spawn().unwrap()
}
