//! nginx, which serves the admin.

use std::path::PathBuf;

use anyhow::Context;

use crate::progress::Step;
use crate::tools::{apt, find};

/// Finds nginx, or installs Debian's.
///
/// # Errors
/// With a sentence that says what to install.
pub fn provide() -> anyhow::Result<PathBuf> {
    Step::start("nginx").finish(|step| {
        let found = find_or_install(step)?;
        let shown = found.display().to_string();
        Ok((found, shown))
    })
}

fn find_or_install(step: &Step) -> anyhow::Result<PathBuf> {
    let look = || find("nginx", &["/usr/sbin", "/usr/local/sbin", "/usr/local/nginx/sbin", "/opt/homebrew/bin"]);
    if let Some(found) = look() {
        return Ok(found);
    }
    if apt::is_usable() {
        apt::install(step, &["nginx-light"])?;
        apt::do_not_start_at_boot("nginx");
    }
    look().context(
        "nginx is missing; install it (Debian: apt install nginx-light, macOS: brew install nginx) and start again",
    )
}
