//! What is written when the system is up: where everything is, how to log in, and what deserves a second look.

use std::path::Path;
use std::time::Duration;

use crate::progress::{Paint, human, say};
use crate::settings::{AdminLock, Settings};

/// Says that the system is up after this time, with its data in this folder.
pub fn say_where_it_is(settings: &Settings, folder: &Path, after: Duration) {
    let page = settings.shown(settings.landing_port);
    let admin = settings.shown(settings.admin_port);
    say(&format!("\n  {} Pushnami is up after {}\n", Paint::Green.on("✓"), human(after)));
    row("Page", &format!("{page}/"), "what a visitor gets");
    row("", &format!("{page}/?variant=neon"), "a look at neon");
    row("", &format!("{page}/?variant=synthwave"), "a look at synthwave");
    row("Admin", &format!("{admin}/"), login(settings.admin_lock));
    row("API docs", &format!("{}/docs", settings.shown(settings.abtest_port)), "experiments, assignments, toggles");
    row("", &format!("{}/docs", settings.shown(settings.metrics_port)), "events and what they add up to");
    row("", &format!("{page}/docs"), "the music library");
    row("Data", &folder.display().to_string(), "stays when everything stops");
    say("");
    match settings.admin_lock {
        AdminLock::OwnPassword => {}
        AdminLock::ShippedPassword => warn(&[
            "The admin's password is the shipped one, which everybody knows. It will do on this machine;",
            "set ADMIN_PASSWORD in .env before others can reach it.",
        ]),
        AdminLock::Open => warn(&["ADMIN_AUTH=off: everybody who reaches these ports is the admin."]),
    }
    say(&format!("  {}\n", Paint::Dim.on("Ctrl-C stops everything. From here on: what the services say.")));
}

fn row(name: &str, address: &str, remark: &str) {
    let (name, address) = (format!("{name:<9}"), format!("{address:<42}"));
    say(&format!("  {} {} {}", Paint::Bold.on(&name), Paint::Cyan.on(&address), Paint::Dim.on(remark)));
}

fn login(lock: AdminLock) -> &'static str {
    match lock {
        AdminLock::Open => "no password: ADMIN_AUTH=off",
        AdminLock::ShippedPassword => "password: olympus (ADMIN_PASSWORD in .env)",
        AdminLock::OwnPassword => "password: your ADMIN_PASSWORD",
    }
}

fn warn(lines: &[&str]) {
    for line in lines {
        say(&format!("  {} {}", Paint::Yellow.on("!"), Paint::Yellow.on(line)));
    }
    say("");
}
