//! What the person at the terminal sees while work goes on: one line a step, with its time. On a terminal the line of
//! the running step moves; elsewhere (CI, a file) a step that takes longer says so now and then.

use std::io::{IsTerminal, Write, stdout};
use std::sync::mpsc::{Receiver, RecvTimeoutError, Sender, channel};
use std::sync::{Arc, Mutex, OnceLock};
use std::thread::JoinHandle;
use std::time::{Duration, Instant};

use crate::interrupt::Interrupted;

const FRAMES: [&str; 10] = ["⠋", "⠙", "⠹", "⠸", "⠼", "⠴", "⠦", "⠧", "⠇", "⠏"];

/// After this time a step that is not shown on a terminal says for the first time that it is running.
const FIRST_WORD: Duration = Duration::from_secs(2);

/// Further words come at this pace.
const LATER_WORDS: Duration = Duration::from_secs(10);

/// Columns that a line may have when the terminal does not say how wide it is.
const WIDTH: usize = 100;

/// Columns of a title, so that outcomes stand below each other.
const TITLE_WIDTH: usize = 16;

/// Colours of the terminal; all of them are nothing when there is no terminal.
#[derive(Clone, Copy)]
pub enum Paint {
    /// For what went well.
    Green,
    /// For what failed.
    Red,
    /// For what deserves a second look.
    Yellow,
    /// For addresses.
    Cyan,
    /// For names of logs.
    Magenta,
    /// For names of logs.
    Blue,
    /// For what matters less.
    Dim,
    /// For headings.
    Bold,
}

impl Paint {
    /// The text in this colour.
    pub fn on(self, text: &str) -> String {
        let code = match self {
            Self::Green => "32",
            Self::Red => "31",
            Self::Yellow => "33",
            Self::Cyan => "36",
            Self::Magenta => "35",
            Self::Blue => "34",
            Self::Dim => "2",
            Self::Bold => "1",
        };
        if is_terminal() { format!("\x1b[{code}m{text}\x1b[0m") } else { text.to_owned() }
    }
}

/// Whether a person watches.
pub fn is_terminal() -> bool {
    static ANSWER: OnceLock<bool> = OnceLock::new();
    *ANSWER.get_or_init(|| {
        let plain = std::env::var_os("NO_COLOR").is_some_and(|value| !value.is_empty())
            || std::env::var_os("TERM").is_some_and(|value| value == "dumb");
        stdout().is_terminal() && !plain
    })
}

/// Writes one line. A reader that has gone away (a closed terminal, `| head`) is no reason to stop.
pub fn say(line: &str) {
    let mut out = stdout().lock();
    let _ = writeln!(out, "{line}");
    let _ = out.flush();
}

/// A time as people read it: `0.4 s`, `12 s`, `3 min 05 s`.
pub fn human(time: Duration) -> String {
    match time.as_secs() {
        0..10 => format!("{:.1} s", time.as_secs_f64()),
        seconds @ 10..60 => format!("{seconds} s"),
        seconds => format!("{} min {:02} s", seconds / 60, seconds % 60),
    }
}

/// A piece of work that is going on.
pub struct Step {
    title: String,
    detail: Arc<Mutex<String>>,
    started: Instant,
    ticker: Option<(Sender<()>, JoinHandle<()>)>,
}

impl Step {
    /// Begins a step; `title` says what is being done.
    pub fn start(title: &str) -> Self {
        let detail = Arc::new(Mutex::new(String::new()));
        let started = Instant::now();
        let (stop, stopped) = channel();
        let (ticker_title, ticker_detail) = (title.trim_end().to_owned(), Arc::clone(&detail));
        let ticker = std::thread::spawn(move || {
            if is_terminal() {
                spin(&ticker_title, &ticker_detail, started, &stopped);
            } else {
                report_now_and_then(&ticker_title, &ticker_detail, started, &stopped);
            }
        });
        Self { title: title.to_owned(), detail, started, ticker: Some((stop, ticker)) }
    }

    /// Tells what exactly is being done at the moment.
    pub fn detail(&self, text: &str) {
        if let Ok(mut detail) = self.detail.lock() {
            text.trim().clone_into(&mut detail);
        }
    }

    /// How long the step has been running.
    pub fn elapsed(&self) -> Duration {
        self.started.elapsed()
    }

    /// Does the step's work and writes how it ended. The work answers with what it made and a few words about it.
    ///
    /// # Errors
    /// Those of the work.
    pub fn finish<T>(self, work: impl FnOnce(&Self) -> anyhow::Result<(T, String)>) -> anyhow::Result<T> {
        match work(&self) {
            Ok((made, outcome)) => {
                self.done(&outcome);
                Ok(made)
            }
            Err(error) => {
                if !error.is::<Interrupted>() {
                    self.failed("failed");
                }
                Err(error)
            }
        }
    }

    /// Ends the step well; `outcome` says what came of it.
    pub fn done(mut self, outcome: &str) {
        self.silence();
        self.line(&Paint::Green.on("✓"), outcome);
    }

    /// Ends the step badly.
    pub fn failed(mut self, outcome: &str) {
        self.silence();
        self.line(&Paint::Red.on("✗"), outcome);
    }

    /// Ends the step without a result, for a reason that is nobody's failure.
    pub fn left_out(mut self, reason: &str) {
        self.silence();
        self.line(&Paint::Yellow.on("–"), reason);
    }

    /// Stops the moving line, so that other lines can be written.
    pub fn silence(&mut self) {
        if let Some((stop, ticker)) = self.ticker.take() {
            drop(stop);
            let _ = ticker.join();
            clear_line();
        }
    }

    fn line(&self, mark: &str, outcome: &str) {
        let (title, time) = (&self.title, Paint::Dim.on(&human(self.elapsed())));
        say(&if outcome.is_empty() {
            format!("  {mark} {title:<TITLE_WIDTH$} {time}")
        } else {
            format!("  {mark} {title:<TITLE_WIDTH$} {outcome}  {time}")
        });
    }
}

impl Drop for Step {
    fn drop(&mut self) {
        self.silence();
    }
}

fn clear_line() {
    if is_terminal() {
        let mut out = stdout().lock();
        let _ = write!(out, "\r\x1b[2K");
        let _ = out.flush();
    }
}

fn spin(title: &str, detail: &Mutex<String>, started: Instant, stopped: &Receiver<()>) {
    for frame in FRAMES.iter().cycle() {
        let detail = detail.lock().map(|text| text.clone()).unwrap_or_default();
        let time = human(Duration::from_secs(started.elapsed().as_secs()));
        let room = WIDTH.saturating_sub(title.chars().count() + 16);
        let detail: String = detail.chars().take(room).collect();
        let mut out = stdout().lock();
        let line = format!("{} {title}  {} {}", Paint::Cyan.on(frame), Paint::Dim.on(&time), Paint::Dim.on(&detail));
        let _ = write!(out, "\r\x1b[2K  {line}");
        let _ = out.flush();
        drop(out);
        if stopped.recv_timeout(Duration::from_millis(100)) != Err(RecvTimeoutError::Timeout) {
            return;
        }
    }
}

fn report_now_and_then(title: &str, detail: &Mutex<String>, started: Instant, stopped: &Receiver<()>) {
    let mut pause = FIRST_WORD;
    while stopped.recv_timeout(pause) == Err(RecvTimeoutError::Timeout) {
        pause = LATER_WORDS;
        let detail = detail.lock().map(|text| text.clone()).unwrap_or_default();
        let separator = if detail.is_empty() { "" } else { ": " };
        say(&format!("  … {title}{separator}{detail}  {}", human(started.elapsed())));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn times_read_naturally() {
        let read = |milliseconds| human(Duration::from_millis(milliseconds));
        assert_eq!([read(420), read(12_900), read(185_000)], ["0.4 s", "12 s", "3 min 05 s"]);
    }
}
