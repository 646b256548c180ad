//! Debian's packages, when we are root and something is missing. A package only brings its files: no service of the
//! system starts because of us, now or at the next boot.

use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::OnceLock;

use crate::account::is_root;
use crate::command::{ask, run, run_unbroken};
use crate::progress::Step;

/// Asked by Debian's packages before they start a service; 101 means "not allowed".
const POLICY: &str = "/usr/sbin/policy-rc.d";

/// Read by Debian's Postgres packages before they make and start a cluster of their own.
const CLUSTER_SETTINGS: &str = "/etc/postgresql-common/createcluster.d/pushnami.conf";

/// Whether packages can be installed here.
pub fn is_usable() -> bool {
    is_root() && super::find("apt-get", &[]).is_some()
}

/// Installs packages.
///
/// # Errors
/// When apt cannot, for instance without a network.
pub fn install(step: &Step, packages: &[&str]) -> anyhow::Result<()> {
    let _no_services = Temporary::write(
        POLICY,
        "#!/bin/sh\n# Written by `cargo xtask` for the time of an installation.\nexit 101\n",
        0o755,
    )?;
    let _no_cluster = Temporary::write(CLUSTER_SETTINGS, "create_main_cluster = false\n", 0o644)?;
    refresh(step)?;
    step.detail(&format!("apt-get install {}", packages.join(" ")));
    let mut arguments = vec!["install", "--yes", "--no-install-recommends"];
    arguments.extend(packages);
    run_unbroken(step, &mut apt(&arguments), &format!("apt-get could not install {}", packages.join(" ")))?;
    Ok(())
}

/// Reads the package lists, once.
fn refresh(step: &Step) -> anyhow::Result<()> {
    static DONE: OnceLock<()> = OnceLock::new();
    if DONE.get().is_none() {
        step.detail("apt-get update");
        run(step, &mut apt(&["update"]), "apt-get update failed: the package lists could not be read")?;
        DONE.get_or_init(|| ());
    }
    Ok(())
}

/// The version that would be installed, for instance `20.19.2+dfsg-1`.
pub fn candidate(step: &Step, package: &str) -> Option<String> {
    refresh(step).ok()?;
    let policy = ask("apt-cache", &["policy", package])?;
    let version = policy.lines().find_map(|line| line.trim().strip_prefix("Candidate: "))?;
    (version != "(none)").then(|| version.to_owned())
}

/// Keeps a service that a package has just brought from starting at the next boot.
pub fn do_not_start_at_boot(service: &str) {
    // Without systemd there is nothing to do, and a failure harms nobody now: the worst is an extra service later.
    let _ = ask("systemctl", &["disable", service]);
}

fn apt(arguments: &[&str]) -> Command {
    let mut command = Command::new("apt-get");
    command.args(["-o", "Dpkg::Options::=--force-confold", "-o", "DPkg::Lock::Timeout=120"]).args(arguments);
    command.env("DEBIAN_FRONTEND", "noninteractive").env("LC_ALL", "C.UTF-8");
    command
}

/// A file that exists as long as this value, unless it was there before: then it is not touched at all.
struct Temporary(Option<PathBuf>);

impl Temporary {
    fn write(path: &str, text: &str, mode: u32) -> anyhow::Result<Self> {
        let path = Path::new(path);
        if path.exists() {
            return Ok(Self(None));
        }
        if let Some(folder) = path.parent() {
            fs::create_dir_all(folder)?;
        }
        fs::write(path, text)?;
        fs::set_permissions(path, fs::Permissions::from_mode(mode))?;
        Ok(Self(Some(path.to_owned())))
    }
}

impl Drop for Temporary {
    fn drop(&mut self) {
        if let Some(path) = &self.0 {
            let _ = fs::remove_file(path);
        }
    }
}
