//! One long-running program that we started and that must be gone when we are.
//!
//! Four things make sure of it: it has its own process group, so that it is stopped with all it started; where the
//! system can (Linux), it is told when we die; a file remembers it, so that the next start ends what a power cut or
//! `kill -9` left; and [`Process`] stops it when dropped.

use std::fs;
use std::os::unix::process::{CommandExt, ExitStatusExt};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, ExitStatus, Stdio};
use std::sync::OnceLock;
use std::thread::JoinHandle;
use std::time::{Duration, Instant};

use anyhow::Context;
use nix::errno::Errno;
use nix::sys::signal::{Signal, kill, killpg};
use nix::unistd::Pid;

use crate::account::Account;
use crate::command::ask;
use crate::interrupt;
use crate::logs::Logs;

/// How long a program may take to end in order.
const GRACE: Duration = Duration::from_secs(10);

/// A running program.
pub struct Process {
    name: String,
    child: Child,
    group: Pid,
    stop_signal: Signal,
    note: PathBuf,
    readers: Vec<JoinHandle<()>>,
}

/// How a program is started and stopped.
pub struct Program<'a> {
    /// Its name on the screen.
    pub name: &'a str,
    /// What is run.
    pub command: Command,
    /// Who runs it, if not we.
    pub account: Option<&'a Account>,
    /// The signal that stops it in order.
    pub stop_signal: Signal,
}

impl Process {
    /// Starts the program; `run` is the folder of the files that remember what runs.
    ///
    /// # Errors
    /// When it cannot be started.
    pub fn start(program: Program<'_>, run: &Path, logs: &Logs) -> anyhow::Result<Self> {
        let Program { name, command, account, stop_signal } = program;
        let mut command = told_of_our_death(command, stop_signal);
        command.stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::piped()).process_group(0);
        if let Some(account) = account {
            account.run(&mut command);
        }
        let mut child = command.spawn().with_context(|| format!("{name} cannot be started"))?;
        let group = Pid::from_raw(i32::try_from(child.id())?);
        let note = run.join(format!("{name}.pid"));
        let noted = fs::write(&note, format!("{group}\n{}\n", birth(group).unwrap_or_default()));
        let mut readers = Vec::new();
        readers.extend(child.stdout.take().map(|stream| logs.follow(name, stream)));
        readers.extend(child.stderr.take().map(|stream| logs.follow(name, stream)));
        let process = Self { name: name.to_owned(), child, group, stop_signal, note, readers };
        // Only now, when dropping it would stop it.
        noted.with_context(|| format!("{} cannot be written", process.note.display()))?;
        Ok(process)
    }

    /// Its name on the screen.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// Its number.
    pub fn id(&self) -> Pid {
        self.group
    }

    /// How it ended, in words, if it did.
    pub fn ended(&mut self) -> Option<String> {
        self.child.try_wait().ok().flatten().map(in_words)
    }

    /// Ends it: in order if it can, by force after a while or when somebody insists.
    pub fn stop(&mut self) {
        if self.ended().is_none() {
            let _ = kill(self.group, self.stop_signal);
            let deadline = Instant::now() + GRACE;
            while self.ended().is_none() && Instant::now() < deadline && !interrupt::insisted() {
                std::thread::sleep(Duration::from_millis(10));
            }
        }
        // Whatever it started goes with it.
        let _ = killpg(self.group, Signal::SIGKILL);
        let _ = self.child.wait();
        for reader in self.readers.drain(..) {
            let _ = reader.join();
        }
        let _ = fs::remove_file(&self.note);
    }
}

impl Drop for Process {
    fn drop(&mut self) {
        self.stop();
    }
}

/// Ends what an earlier copy on this folder left behind, and returns its names.
pub fn end_leftovers(run: &Path) -> Vec<String> {
    let Ok(entries) = fs::read_dir(run) else { return Vec::new() };
    let notes = entries.flatten().map(|entry| entry.path());
    let mut ended = Vec::new();
    for note in notes.filter(|path| path.extension().is_some_and(|extension| extension == "pid")) {
        if end_leftover(&note) {
            ended.extend(note.file_stem().map(|name| name.to_string_lossy().into_owned()));
        }
        let _ = fs::remove_file(&note);
    }
    ended
}

/// Ends the process of a note, unless its number belongs to another process by now: then the time of birth differs.
fn end_leftover(note: &Path) -> bool {
    let text = fs::read_to_string(note).unwrap_or_default();
    let mut lines = text.lines();
    let Some(pid) = lines.next().and_then(|line| line.parse().ok()).map(Pid::from_raw) else { return false };
    let noted = lines.next().unwrap_or_default();
    let ours = || birth(pid).is_some_and(|now| now == noted);
    if !ours() {
        return false;
    }
    // SIGINT stops each of our programs in order: it is Postgres's "fast" and the services' Ctrl-C.
    let _ = kill(pid, Signal::SIGINT);
    let deadline = Instant::now() + GRACE;
    while ours() && Instant::now() < deadline {
        std::thread::sleep(Duration::from_millis(20));
    }
    let _ = killpg(pid, Signal::SIGKILL);
    while ours() && kill(pid, None) != Err(Errno::ESRCH) && Instant::now() < deadline + GRACE {
        std::thread::sleep(Duration::from_millis(20));
    }
    true
}

/// When a process was born, which together with its number names it for good; `None` when it is not there.
fn birth(pid: Pid) -> Option<String> {
    if cfg!(target_os = "linux") {
        let stat = fs::read_to_string(format!("/proc/{pid}/stat")).ok()?;
        // The name, in brackets, may hold anything; fields are counted behind it. A zombie is as good as gone.
        let fields: Vec<_> = stat.rsplit_once(')')?.1.split_whitespace().collect();
        return (*fields.first()? != "Z").then(|| fields.get(19).map(|ticks| (*ticks).to_owned()))?;
    }
    ask("ps", &["-o", "lstart=", "-p", &pid.to_string()]).filter(|text| !text.is_empty())
}

/// The same command, which the kernel stops when we die. `setpriv` does it without a line of unsafe code; where it is
/// missing, the notes alone have to do.
fn told_of_our_death(command: Command, signal: Signal) -> Command {
    static CAN: OnceLock<bool> = OnceLock::new();
    if !*CAN.get_or_init(|| ask("setpriv", &["--pdeathsig", "TERM", "true"]).is_some()) {
        return command;
    }
    let mut wrapped = Command::new("setpriv");
    wrapped.arg("--pdeathsig").arg(signal.as_str().trim_start_matches("SIG")).arg("--");
    wrapped.arg(command.get_program()).args(command.get_args());
    for (name, value) in command.get_envs() {
        match value {
            Some(value) => wrapped.env(name, value),
            None => wrapped.env_remove(name),
        };
    }
    if let Some(folder) = command.get_current_dir() {
        wrapped.current_dir(folder);
    }
    wrapped
}

fn in_words(status: ExitStatus) -> String {
    match (status.code(), status.signal()) {
        (Some(code), _) => format!("exit code {code}"),
        (_, Some(number)) => {
            Signal::try_from(number).map_or_else(|_| format!("signal {number}"), |signal| signal.as_str().to_owned())
        }
        _ => "an unknown end".to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn sleeper(run: &Path) -> Process {
        let mut command = Command::new("sleep");
        command.arg("600");
        let program = Program { name: "sleeper", command, account: None, stop_signal: Signal::SIGTERM };
        Process::start(program, run, &Logs::default()).unwrap()
    }

    #[test]
    fn what_was_left_behind_is_ended_by_the_next_start_and_nothing_else() {
        let run = std::env::temp_dir().join(format!("pushnami-process-{}", std::process::id()));
        fs::create_dir_all(&run).unwrap();
        let mut left = sleeper(&run);
        // A note whose number was given to another process (this test) since.
        fs::write(run.join("stranger.pid"), format!("{}\n1\n", std::process::id())).unwrap();
        assert_eq!(end_leftovers(&run), ["sleeper"]);
        assert_eq!(left.ended().as_deref(), Some("SIGINT"));
        assert_eq!(fs::read_dir(&run).unwrap().count(), 0);
        fs::remove_dir_all(run).unwrap();
    }
}
