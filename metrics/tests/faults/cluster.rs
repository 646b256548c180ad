//! A Postgres of the test's own, which may be crashed. Its programs are those of the server that `DATABASE_URL` names,
//! and so is the user that runs it.

use std::fs;
use std::net::TcpListener;
use std::os::unix::fs::{MetadataExt, chown};
use std::os::unix::process::CommandExt;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::{Duration, Instant};

use sqlx::postgres::PgPoolOptions;
use sqlx::{Connection, PgConnection, PgPool};

use crate::PATIENCE;

/// Who runs Postgres: user and group.
pub type Owner = Option<(u32, u32)>;

pub struct Cluster {
    folder: PathBuf,
    programs: PathBuf,
    owner: Owner,
    port: u16,
    server: Option<Child>,
}

impl Cluster {
    pub async fn start() -> Self {
        static NUMBER: AtomicUsize = AtomicUsize::new(0);
        let number = NUMBER.fetch_add(1, Ordering::Relaxed);
        let folder = PathBuf::from(format!("/tmp/pushnami-faults-{}-{number}", std::process::id()));
        fs::create_dir_all(&folder).unwrap();
        let (owner, programs) =
            (owner().await, PathBuf::from(ask("select setting from pg_config where name = 'BINDIR'").await));
        give(&folder, owner);
        let mut cluster = Self { folder, programs, owner, port: free_port(), server: None };
        let mut initdb = cluster.program("initdb");
        initdb.arg("-D").arg(cluster.folder.join("data")).args([
            "-U",
            "pushnami",
            "-A",
            "trust",
            "-E",
            "UTF8",
            "--locale=C",
            "--no-sync",
        ]);
        let made = initdb.output().unwrap();
        assert!(made.status.success(), "{}", String::from_utf8_lossy(&made.stderr));
        cluster.run().await;
        cluster
    }

    /// Starts the server, after a crash too, and waits until it answers.
    pub async fn run(&mut self) {
        let mut server = self.program("postgres");
        server.arg("-D").arg(self.folder.join("data")).args(["-p", &self.port.to_string()]);
        for setting in ["listen_addresses=127.0.0.1", "unix_socket_directories=", "fsync=on", "synchronous_commit=on"] {
            server.args(["-c", setting]);
        }
        let log = fs::OpenOptions::new().create(true).append(true).open(self.folder.join("log")).unwrap();
        server.stderr(log);
        self.server = Some(server.spawn().unwrap());
        let deadline = Instant::now() + PATIENCE;
        while PgConnection::connect(&self.url()).await.is_err() {
            let log = || fs::read_to_string(self.folder.join("log")).unwrap_or_default();
            assert!(Instant::now() < deadline, "Postgres does not come back: {}", log());
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
    }

    /// Ends the server as a power cut would, as far as it can tell: nothing is written that was not written before.
    pub fn crash(&mut self) {
        let mut server = self.server.take().expect("a running server");
        let stopped = Command::new("kill").args(["-QUIT", &server.id().to_string()]).status().unwrap();
        assert!(stopped.success());
        server.wait().unwrap();
    }

    /// Stops every process of the server where it stands, as a machine does that has run out of memory.
    pub fn hang(&self) {
        self.signal_all("STOP");
    }

    /// Lets them go on.
    pub fn go_on(&self) {
        self.signal_all("CONT");
    }

    fn signal_all(&self, signal: &str) {
        let server = self.server.as_ref().expect("a running server").id();
        let children = fs::read_to_string(format!("/proc/{server}/task/{server}/children")).unwrap();
        for pid in std::iter::once(server.to_string().as_str()).chain(children.split_whitespace()) {
            // One that has ended meanwhile needs none.
            let _ = Command::new("kill").args([&format!("-{signal}"), pid]).stderr(Stdio::null()).status().unwrap();
        }
    }

    pub fn url(&self) -> String {
        self.address_of("postgres")
    }

    fn address_of(&self, database: &str) -> String {
        format!("postgres://pushnami@127.0.0.1:{}/{database}", self.port)
    }

    /// Ends every connection of the service, and says how many there were.
    pub async fn cut_connections(&self) -> i64 {
        let statement =
            "select count(pg_terminate_backend(pid)) from pg_stat_activity where application_name = 'metrics'";
        sqlx::query_scalar(statement).fetch_one(&connect(&self.url()).await).await.unwrap()
    }

    /// Makes a database whose tables lie in a folder of another disk.
    pub async fn database_on(&self, folder: &Path) -> String {
        let place = folder.join("tables");
        fs::create_dir_all(&place).unwrap();
        give(&place, self.owner);
        let db = connect(&self.url()).await;
        let statement = format!("create tablespace small location '{}'", place.display());
        sqlx::query(sqlx::AssertSqlSafe(statement)).execute(&db).await.unwrap();
        sqlx::query("create database on_small tablespace small").execute(&db).await.unwrap();
        self.address_of("on_small")
    }

    fn program(&self, name: &str) -> Command {
        let mut command = Command::new(self.programs.join(name));
        command.env("LC_ALL", "C").current_dir(&self.folder);
        command.stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::piped());
        if let Some((user, group)) = self.owner {
            command.uid(user).gid(group);
        }
        command
    }
}

impl Drop for Cluster {
    fn drop(&mut self) {
        if self.server.is_some() {
            self.go_on();
            self.crash();
        }
        let _ = fs::remove_dir_all(&self.folder);
    }
}

/// Postgres refuses to run as root; then it runs as who runs the server that tests use anyway.
pub async fn owner() -> Owner {
    if fs::metadata("/proc/self").is_ok_and(|own| own.uid() != 0) {
        return None;
    }
    let folder = fs::metadata(ask("show data_directory").await).expect("a Postgres on this machine");
    Some((folder.uid(), folder.gid()))
}

async fn ask(question: &'static str) -> String {
    let url = std::env::var("DATABASE_URL").expect("DATABASE_URL names a Postgres on this machine");
    let mut connection = PgConnection::connect(&url).await.unwrap();
    sqlx::query_scalar(question).fetch_one(&mut connection).await.unwrap()
}

pub async fn connect(url: &str) -> PgPool {
    PgPoolOptions::new().max_connections(1).acquire_timeout(PATIENCE).connect(url).await.unwrap()
}

pub fn give(folder: &Path, owner: Owner) {
    if let Some((user, group)) = owner {
        chown(folder, Some(user), Some(group)).unwrap();
    }
}

pub fn free_port() -> u16 {
    TcpListener::bind(("127.0.0.1", 0)).unwrap().local_addr().unwrap().port()
}
