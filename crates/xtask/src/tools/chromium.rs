//! Chromium, which plays the visitor in the browser tests.

use std::path::PathBuf;

use anyhow::Context;

use crate::progress::Step;
use crate::tools::{apt, find, is_executable};

const MAC: &str = "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome";

/// Finds a Chromium, or installs Debian's with a font that pictures can be compared by. `CHROMIUM` names another.
///
/// # Errors
/// With a sentence that says what to install.
pub fn provide() -> anyhow::Result<PathBuf> {
    Step::start("Chromium").finish(|step| {
        let found = find_or_install(step)?;
        let shown = found.display().to_string();
        Ok((found, shown))
    })
}

fn find_or_install(step: &Step) -> anyhow::Result<PathBuf> {
    let named = std::env::var_os("CHROMIUM").map(PathBuf::from).filter(|file| is_executable(file));
    let look = || {
        let names = ["chromium", "chromium-browser", "google-chrome", "google-chrome-stable"];
        let mac = || Some(PathBuf::from(MAC)).filter(|file| is_executable(file));
        names.iter().find_map(|name| find(name, &[])).or_else(mac)
    };
    if let Some(found) = named.or_else(look) {
        return Ok(found);
    }
    if apt::is_usable() {
        apt::install(step, &["chromium", "fonts-dejavu-core"])?;
    }
    look().context(
        "Chromium is missing; install it (Debian: apt install chromium) or name one with CHROMIUM, and start again",
    )
}
