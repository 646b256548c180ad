//! Runs other programs for a step: their output feeds the moving line and is shown in full only when they fail.

use std::ffi::OsStr;
use std::io::{BufReader, Read};
use std::os::unix::process::CommandExt;
use std::process::{Child, Command, Stdio};
use std::sync::mpsc::{Receiver, RecvTimeoutError, Sender, channel};
use std::time::{Duration, Instant};

use anyhow::{Context, bail};
use nix::sys::signal::{Signal, killpg};
use nix::unistd::Pid;

use crate::interrupt;
use crate::progress::{Paint, Step, say};

/// How many lines of a failed program are shown: some name the cause first, most name it last.
const SHOWN_LINES: (usize, usize) = (15, 60);

/// How long a program may take to stop when asked to.
const GRACE: Duration = Duration::from_secs(5);

/// What a program said and how it ended.
pub struct Outcome {
    /// Whether it ended well.
    pub success: bool,
    /// How it ended, in words.
    pub ending: String,
    /// Its lines, standard output and error together.
    pub lines: Vec<String>,
}

/// Where a program's lines go while it runs.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Show {
    /// The newest one onto the moving line.
    Newest,
    /// Every one onto the screen.
    All,
}

/// Runs a program to its end and returns its lines; fails with `sentence` when the program does.
///
/// # Errors
/// When the program cannot be started, ends badly, or somebody asked for a stop meanwhile.
pub fn run(step: &Step, command: &mut Command, sentence: &str) -> anyhow::Result<Vec<String>> {
    judge(watch(step, command, Show::Newest, interrupt::requested)?, sentence)
}

/// Like [`run`], for a program that would leave a mess if it were stopped half-way: who asks for a stop waits for its
/// end, unless they insist.
///
/// # Errors
/// When the program cannot be started, ends badly, or somebody asked for a stop meanwhile.
pub fn run_unbroken(step: &Step, command: &mut Command, sentence: &str) -> anyhow::Result<Vec<String>> {
    let lines = judge(watch(step, command, Show::Newest, interrupt::insisted)?, sentence)?;
    interrupt::check()?;
    Ok(lines)
}

fn judge(outcome: Outcome, sentence: &str) -> anyhow::Result<Vec<String>> {
    if outcome.success {
        return Ok(outcome.lines);
    }
    bail!(Failure::new(format!("{sentence} ({})", outcome.ending), outcome.lines))
}

/// Runs a program to its end, however it ends.
///
/// # Errors
/// When the program cannot be started or somebody asked for a stop meanwhile.
pub fn observe(step: &Step, command: &mut Command, show: Show) -> anyhow::Result<Outcome> {
    watch(step, command, show, interrupt::requested)
}

fn watch(step: &Step, command: &mut Command, show: Show, must_stop: fn() -> bool) -> anyhow::Result<Outcome> {
    let name = command.get_program().to_string_lossy().into_owned();
    // An own group: Ctrl-C reaches this process only, which then stops the program and what the program started.
    command.stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::piped()).process_group(0);
    let mut child = command.spawn().with_context(|| format!("{name} cannot be started"))?;
    let (sender, receiver) = channel();
    if let (Some(out), Some(err)) = (child.stdout.take(), child.stderr.take()) {
        read_lines(out, sender.clone());
        read_lines(err, sender);
    }
    let mut lines = Vec::new();
    let status = loop {
        take_lines(&receiver, Duration::from_millis(20), step, show, &mut lines);
        if let Some(status) = child.try_wait()? {
            break status;
        }
        if must_stop() {
            end(&mut child);
            return Err(interrupt::Interrupted.into());
        }
    };
    // What was written last may still be on its way; a grandchild that keeps the pipe open is not waited for.
    while take_lines(&receiver, Duration::from_millis(200), step, show, &mut lines) {}
    Ok(Outcome { success: status.success(), ending: status.to_string(), lines })
}

/// Asks a short question of a program; `None` when it is missing or fails.
pub fn ask(program: impl AsRef<OsStr>, arguments: &[&str]) -> Option<String> {
    let output = Command::new(program).args(arguments).stdin(Stdio::null()).stderr(Stdio::null()).output().ok()?;
    output.status.success().then(|| String::from_utf8_lossy(&output.stdout).trim().to_owned())
}

/// A program's failure: the sentence comes last, after what the program said.
#[derive(Debug)]
pub struct Failure {
    sentence: String,
    lines: Vec<String>,
}

impl Failure {
    /// A failure with what was said before it.
    pub fn new(sentence: String, lines: Vec<String>) -> Self {
        Self { sentence, lines }
    }

    /// Writes what the program said.
    pub fn show_lines(&self) {
        show_ends(&self.lines);
    }
}

impl std::fmt::Display for Failure {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&self.sentence)
    }
}

impl std::error::Error for Failure {}

/// Writes the first and last lines of a program that failed.
pub fn show_ends(lines: &[String]) {
    let show = |line: &str| say(&format!("    {} {line}", Paint::Dim.on("│")));
    let (first, last) = SHOWN_LINES;
    let left_out = lines.len().saturating_sub(first + last);
    for (index, line) in lines.iter().enumerate() {
        if left_out == 0 || index < first || index >= first + left_out {
            show(line);
        } else if index == first {
            show(&format!("… {left_out} lines …"));
        }
    }
}

fn end(child: &mut Child) {
    let Ok(group) = i32::try_from(child.id()).map(Pid::from_raw) else { return };
    let _ = killpg(group, Signal::SIGTERM);
    let deadline = Instant::now() + GRACE;
    while Instant::now() < deadline && !interrupt::insisted() {
        if matches!(child.try_wait(), Ok(Some(_))) {
            break;
        }
        std::thread::sleep(Duration::from_millis(20));
    }
    let _ = killpg(group, Signal::SIGKILL);
    let _ = child.wait();
}

/// Takes what has arrived; `false` when nothing more can come or nothing came in time.
fn take_lines(from: &Receiver<Text>, wait: Duration, step: &Step, show: Show, lines: &mut Vec<String>) -> bool {
    let mut next = match from.recv_timeout(wait) {
        Ok(text) => Some(text),
        Err(RecvTimeoutError::Disconnected) => {
            std::thread::sleep(Duration::from_millis(5));
            return false;
        }
        Err(RecvTimeoutError::Timeout) => return false,
    };
    while let Some(text) = next {
        match text {
            Text::Bar(bar) => step.detail(&bar),
            Text::Line(line) => {
                match show {
                    Show::Newest => step.detail(&line),
                    Show::All => say(&format!("    {} {line}", Paint::Dim.on("│"))),
                }
                lines.push(line);
            }
        }
        next = from.try_recv().ok();
    }
    true
}

enum Text {
    Line(String),
    /// A line that the program would have overwritten by the next: a progress bar.
    Bar(String),
}

fn read_lines(stream: impl Read + Send + 'static, to: Sender<Text>) {
    std::thread::spawn(move || {
        let mut bytes = BufReader::new(stream).bytes();
        let mut line = Vec::new();
        while let Some(Ok(byte)) = bytes.next() {
            match byte {
                b'\n' | b'\r' => {
                    let text = plain(&String::from_utf8_lossy(&line));
                    line.clear();
                    if text.trim().is_empty() {
                        continue;
                    }
                    let text = match bar(&text) {
                        Some(short) => Text::Bar(short),
                        None => Text::Line(text),
                    };
                    if to.send(text).is_err() {
                        return;
                    }
                }
                _ => line.push(byte),
            }
        }
        let rest = plain(&String::from_utf8_lossy(&line));
        if !rest.trim().is_empty() {
            let _ = to.send(Text::Line(rest));
        }
    });
}

/// What only says that something goes on: cargo's bar `Building [===>   ] 123/327: serde, tokio` without the drawing, and
/// npm's `npm http fetch GET 200 https://…/vite 80ms` without the host.
fn bar(line: &str) -> Option<String> {
    if let Some(rest) = line.trim_start().strip_prefix("Building [") {
        return Some(rest.split_once(']')?.1.trim().to_owned());
    }
    let address = line.strip_prefix("npm http fetch GET ")?.split(' ').find(|word| word.contains("://"))?;
    Some(address.splitn(4, '/').nth(3)?.to_owned())
}

/// The line without colours and cursor movements.
fn plain(line: &str) -> String {
    let mut text = String::with_capacity(line.len());
    let mut characters = line.chars();
    while let Some(character) = characters.next() {
        if character == '\u{1b}' {
            // An escape sequence ends with its first letter.
            characters.by_ref().find(char::is_ascii_alphabetic);
        } else if !character.is_control() || character == '\t' {
            text.push(character);
        }
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_only_shows_progress_is_shortened() {
        assert_eq!(bar("    Building [===>    ] 12/327: serde, tokio").as_deref(), Some("12/327: serde, tokio"));
        assert_eq!(bar("npm http fetch GET 200 https://npm.example/@a/b 80ms (cache hit)").as_deref(), Some("@a/b"));
        assert_eq!(bar("   Compiling serde v1.0.229"), None);
    }

    #[test]
    fn colours_are_taken_out() {
        assert_eq!(plain("\u{1b}[32m✓\u{1b}[0m done\u{1b}[K"), "✓ done");
    }

    #[test]
    fn a_failing_program_yields_the_sentence_and_its_words() {
        let step = Step::start("a test");
        let error = run(&step, Command::new("sh").args(["-c", "echo why >&2; exit 3"]), "it failed").unwrap_err();
        let failure = error.downcast_ref::<Failure>().unwrap();
        assert_eq!(
            (failure.to_string().as_str(), failure.lines.as_slice()),
            ("it failed (exit status: 3)", &["why".to_owned()][..])
        );
    }
}
