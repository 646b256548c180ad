//! What the running services say, on one screen: each line with the name of its speaker in front. Until the system is
//! up the lines are kept back, so that they do not tear the progress apart; when the start fails they are shown.

use std::collections::VecDeque;
use std::fs::File;
use std::io::{BufRead, BufReader, Read, Write};
use std::sync::{Arc, Mutex};
use std::thread::JoinHandle;

use crate::progress::{Paint, say};

/// How many lines are kept back at most; a start that says more than this has said the same thing many times.
const KEPT_LINES: usize = 2000;

/// Columns of the longest name.
const NAME_WIDTH: usize = 8;

/// Where all lines come together.
#[derive(Clone, Default)]
pub struct Logs(Arc<Mutex<State>>);

#[derive(Default)]
struct State {
    flowing: bool,
    kept: VecDeque<String>,
    file: Option<File>,
}

impl Logs {
    /// Lines that go into a file instead of onto the screen.
    pub fn to_file(file: File) -> Self {
        Self(Arc::new(Mutex::new(State { file: Some(file), ..State::default() })))
    }

    /// Reads a stream to its end in the background.
    pub fn follow(&self, name: &str, stream: impl Read + Send + 'static) -> JoinHandle<()> {
        let logs = self.clone();
        let label = colour(name).on(&format!("{name:<NAME_WIDTH$} │"));
        std::thread::spawn(move || {
            let mut lines = BufReader::new(stream);
            let mut line = Vec::new();
            while lines.read_until(b'\n', &mut line).is_ok_and(|length| length > 0) {
                logs.add(&label, String::from_utf8_lossy(&line).trim_end());
                line.clear();
            }
        })
    }

    /// Shows what was kept back, and from now on every line at once.
    pub fn flow(&self) {
        let Ok(mut state) = self.0.lock() else { return };
        state.flowing = true;
        for line in std::mem::take(&mut state.kept) {
            say(&line);
        }
    }

    fn add(&self, label: &str, line: &str) {
        let Ok(mut state) = self.0.lock() else { return };
        if let Some(file) = &mut state.file {
            let _ = writeln!(file, "{line}");
        } else if state.flowing {
            say(&format!("{label} {line}"));
        } else {
            if state.kept.len() == KEPT_LINES {
                state.kept.pop_front();
            }
            state.kept.push_back(format!("{label} {line}"));
        }
    }
}

fn colour(name: &str) -> Paint {
    match name {
        "abtest" => Paint::Cyan,
        "metrics" => Paint::Magenta,
        "landing" => Paint::Yellow,
        "nginx" => Paint::Green,
        _ => Paint::Blue,
    }
}
