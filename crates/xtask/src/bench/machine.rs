//! The machine that was measured: a figure without it says little.

use std::fs;
use std::path::Path;

use serde_json::{Value, json};

use crate::command::ask;

/// What is worth knowing of it, by name.
pub fn describe(root: &Path) -> Value {
    let first = |file: &str, name: &str| -> Option<String> {
        let text = fs::read_to_string(file).ok()?;
        let line = text.lines().find(|line| line.starts_with(name))?;
        Some(line.split_once(':')?.1.trim().to_owned())
    };
    let commit = || ask("git", &["-C", root.to_str()?, "describe", "--always", "--dirty", "--abbrev=10"]);
    json!({
        "processor": first("/proc/cpuinfo", "model name"),
        "cores": std::thread::available_parallelism().map_or(0, std::num::NonZero::get),
        "memory": first("/proc/meminfo", "MemTotal"),
        // Without what a distributor adds to the number.
        "kernel": ask("uname", &["-sr"]).and_then(|kernel| Some(kernel.split('-').next()?.to_owned())),
        "busy": fs::read_to_string("/proc/loadavg").ok().and_then(|text| Some(text.split(' ').next()?.to_owned())),
        "rustc": ask("rustc", &["--version"]),
        "commit": commit(),
        "date": ask("date", &["-u", "+%Y-%m-%dT%H:%M:%SZ"]),
    })
}

/// The same on a few words.
pub fn in_words(about: &Value) -> String {
    let of = |name: &str| about[name].as_str().unwrap_or("?").to_owned();
    format!(
        "{}, {} cores, {}, {}, load {} at the start, {}",
        of("processor"),
        about["cores"],
        of("memory"),
        of("kernel"),
        of("busy"),
        of("commit")
    )
}
