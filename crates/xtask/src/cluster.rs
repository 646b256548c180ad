//! A Postgres of our own: made on first use, run as long as we run, and never root's. It listens on 127.0.0.1 only, has
//! no socket in the file system (whose path could be too long, and which would need no password), and its one role
//! has a password that was drawn when it was made.

use std::fs;
use std::io::Read;
use std::net::SocketAddr;
use std::os::unix::fs::{MetadataExt, PermissionsExt};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use anyhow::{Context, bail};
use nix::sys::signal::Signal;

use crate::account::Account;
use crate::command::{Failure, run};
use crate::interrupt;
use crate::logs::Logs;
use crate::ports;
use crate::process::{Process, Program};
use crate::progress::Step;
use crate::tools::postgres::Binaries;

const ROLE: &str = "pushnami";
const DATABASE: &str = "pushnami";

/// How long Postgres may take to answer; recovering after a power cut takes a while.
const PATIENCE: Duration = Duration::from_secs(120);

/// Whether the data must outlive a power cut.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Durability {
    /// Yes: the real thing.
    Lasting,
    /// No: gone after the tests anyway.
    ThrowAway,
}

/// Where a cluster lies and who runs it; not running yet.
pub struct Cluster {
    folder: PathBuf,
    password_file: PathBuf,
    account: Option<Account>,
    durability: Durability,
}

impl Cluster {
    /// The cluster in `home`, which there may or may not be yet.
    ///
    /// # Errors
    /// When we are root and there is nobody else to run it.
    pub fn in_folder(home: &Path, durability: Durability) -> anyhow::Result<Self> {
        let folder = home.join("postgres");
        let mut account = Account::for_postgres()?;
        if let (Some(_), Ok(about)) = (&account, folder.metadata()) {
            // Made by another account than we would choose today (packages come and go): its owner stays its owner.
            account = Some(Account::with_ids(about.uid(), about.gid()));
        }
        Ok(Self { folder, password_file: home.join("postgres.password"), account, durability })
    }

    /// Who runs it, if not we.
    pub fn account(&self) -> Option<&Account> {
        self.account.as_ref()
    }

    /// The version that wrote the data, if there are any.
    pub fn major(&self) -> Option<u32> {
        fs::read_to_string(self.folder.join("PG_VERSION")).ok()?.trim().parse().ok()
    }

    /// Makes the cluster if it is not there yet.
    ///
    /// # Errors
    /// When it cannot be made, or its data were written by another major version.
    pub fn prepare(&self, step: &Step, binaries: &Binaries) -> anyhow::Result<()> {
        match self.major() {
            Some(major) if major == binaries.major && self.password_file.exists() => Ok(()),
            Some(major) if major == binaries.major => bail!(
                "{} is missing, without which the data in {} cannot be opened; bring it back, or move the folder away to begin anew",
                self.password_file.display(),
                self.folder.display()
            ),
            Some(major) => bail!(
                "the data in {} were written by Postgres {major}, and Postgres {} is what is installed; install {major}, or move the folder away to begin anew",
                self.folder.display(),
                binaries.version
            ),
            None => self.create(step, binaries),
        }
    }

    /// Runs SQL before the server is started: the fetched packages hold no client.
    ///
    /// # Errors
    /// When a statement fails.
    pub fn run_offline(&self, step: &Step, binaries: &Binaries, sql: &str) -> anyhow::Result<()> {
        self.run_offline_in(step, binaries, &self.folder, DATABASE, sql)
    }

    /// Starts the server and waits until it answers.
    ///
    /// # Errors
    /// When it does not, or somebody asked for a stop meanwhile.
    pub fn start(&self, step: &Step, binaries: &Binaries, port: u16, run: &Path) -> anyhow::Result<Server> {
        self.forget_a_dead_server();
        let mut command = Command::new(binaries.folder.join("postgres"));
        command.arg("-D").arg(&self.folder).args(["-p", &port.to_string()]);
        let log = Self::log_file(run)?;
        for setting in self.settings() {
            command.args(["-c", setting]);
        }
        command.env("LC_ALL", "C").current_dir(&self.folder);
        let logs = Logs::to_file(log);
        let program =
            Program { name: "postgres", command, account: self.account.as_ref(), stop_signal: Signal::SIGINT };
        let mut process = Process::start(program, run, &logs)?;
        let address = SocketAddr::from(([127, 0, 0, 1], port));
        let deadline = Instant::now() + PATIENCE;
        while !ports::postgres_answers(address, ROLE) {
            interrupt::check()?;
            if let Some(ending) = process.ended() {
                process.stop();
                let said = fs::read_to_string(run.join("postgres.log")).unwrap_or_default();
                let lines = said.lines().map(str::to_owned).collect();
                return Err(Failure::new(format!("Postgres did not start ({ending})"), lines).into());
            }
            if Instant::now() > deadline {
                bail!("Postgres did not answer on port {port} within {} s", PATIENCE.as_secs());
            }
            step.detail("waiting for an answer");
            std::thread::sleep(Duration::from_millis(20));
        }
        Ok(Server { process, url: self.url(port)? })
    }

    /// How the server is reached on its port, password included.
    ///
    /// # Errors
    /// When its password cannot be read.
    pub fn url(&self, port: u16) -> anyhow::Result<String> {
        let password = fs::read_to_string(&self.password_file)
            .with_context(|| format!("{} cannot be read", self.password_file.display()))?;
        Ok(format!("postgres://{ROLE}:{}@127.0.0.1:{port}/{DATABASE}", password.trim()))
    }

    /// After a power cut or `kill -9` Postgres's own lock file stays. Postgres takes no offence, unless its number has been
    /// given to another program of the same user since: then the file is what keeps it from starting.
    fn forget_a_dead_server(&self) {
        let lock = self.folder.join("postmaster.pid");
        let Ok(text) = fs::read_to_string(&lock) else { return };
        let pid = text.lines().next().unwrap_or_default();
        let command_line = fs::read_to_string(format!("/proc/{pid}/cmdline"));
        if command_line.is_ok_and(|line| !line.contains("postgres")) {
            let _ = fs::remove_file(lock);
        }
    }

    fn settings(&self) -> Vec<&'static str> {
        let mut settings = vec![
            "listen_addresses=127.0.0.1",
            "unix_socket_directories=",
            "log_checkpoints=off",
            "cluster_name=pushnami",
        ];
        match self.durability {
            Durability::Lasting => settings.push("fsync=on"),
            Durability::ThrowAway => settings.extend([
                "fsync=off",
                "synchronous_commit=off",
                "full_page_writes=off",
                "max_connections=300",
                "log_min_messages=fatal",
            ]),
        }
        settings
    }

    /// A cluster appears under its name only when it is whole.
    fn create(&self, step: &Step, binaries: &Binaries) -> anyhow::Result<()> {
        step.detail("making a cluster");
        let part = self.folder.with_extension("part");
        empty_private_folder(&part).with_context(|| format!("{} cannot be made", part.display()))?;
        self.draw_password().with_context(|| format!("{} cannot be written", self.password_file.display()))?;
        for owned in [&part, &self.password_file] {
            if let Some(account) = &self.account {
                account.own(owned)?;
            }
        }
        let mut command = self.program(binaries, "initdb");
        command.arg("-D").arg(&part).args(["-U", ROLE, "-E", "UTF8", "--locale=C", "--auth=scram-sha-256"]);
        command.arg("--pwfile").arg(&self.password_file).current_dir(&part);
        if self.durability == Durability::ThrowAway {
            command.arg("--no-sync");
        }
        run(step, &mut command, "a Postgres cluster could not be made")?;
        self.run_offline_in(step, binaries, &part, "postgres", &format!("create database {DATABASE}"))?;
        if self.folder.exists() {
            bail!("{} exists, but is not a Postgres cluster; move it away and start again", self.folder.display());
        }
        fs::rename(&part, &self.folder)?;
        Ok(())
    }

    fn draw_password(&self) -> std::io::Result<()> {
        let mut bytes = [0; 24];
        fs::File::open("/dev/urandom")?.read_exact(&mut bytes)?;
        let password: String = bytes.iter().map(|byte| format!("{byte:02x}")).collect();
        if self.password_file.exists() {
            fs::remove_file(&self.password_file)?;
        }
        fs::write(&self.password_file, "")?;
        fs::set_permissions(&self.password_file, fs::Permissions::from_mode(0o600))?;
        fs::write(&self.password_file, format!("{password}\n"))
    }

    fn run_offline_in(
        &self,
        step: &Step,
        binaries: &Binaries,
        folder: &Path,
        database: &str,
        sql: &str,
    ) -> anyhow::Result<()> {
        // The single-user server reads from a file, takes an empty line behind `;` for the end of a command, and
        // without these settings goes on after an error.
        let input = folder.join("offline.sql");
        let text: String =
            sql.lines().filter(|line| !line.trim().is_empty()).fold(String::new(), |all, line| all + line + "\n");
        fs::write(&input, format!("{};\n\n", text.trim_end().trim_end_matches(';')))?;
        let mut command = self.program(binaries, "sh");
        let quiet = "exec \"$0\" --single -j -D \"$1\" -c exit_on_error=on -c log_checkpoints=off \"$2\" < \"$3\"";
        command.args(["-c", quiet]).arg(binaries.folder.join("postgres")).arg(folder).arg(database).arg(&input);
        command.current_dir(folder);
        if let Some(account) = &self.account {
            account.own(&input)?;
        }
        let outcome = run(step, &mut command, "Postgres could not carry out the first statements");
        let _ = fs::remove_file(&input);
        outcome.map(|_| ())
    }

    /// A program of Postgres (or the shell), as whoever runs the cluster.
    fn program(&self, binaries: &Binaries, name: &str) -> Command {
        let own = binaries.folder.join(name);
        let mut command = if own.exists() { Command::new(own) } else { Command::new(name) };
        command.env("LC_ALL", "C").stdin(Stdio::null());
        if let Some(account) = &self.account {
            account.run(&mut command);
        }
        command
    }

    fn log_file(run: &Path) -> anyhow::Result<fs::File> {
        fs::File::create(run.join("postgres.log")).context("Postgres's log cannot be written")
    }
}

fn empty_private_folder(folder: &Path) -> std::io::Result<()> {
    if folder.exists() {
        fs::remove_dir_all(folder)?;
    }
    fs::create_dir_all(folder)?;
    fs::set_permissions(folder, fs::Permissions::from_mode(0o700))
}

/// A running Postgres; stopped when dropped.
pub struct Server {
    /// The process.
    pub process: Process,
    /// How services reach it, password included.
    pub url: String,
}
