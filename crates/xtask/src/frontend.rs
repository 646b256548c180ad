//! The Node packages: dependencies are installed when the lock file changed, and an app is built when a source changed.
//! What was done is noted inside `node_modules`, so that it is forgotten together with it.

use std::fs::{self, File, TryLockError};
use std::path::{Path, PathBuf};
use std::time::Duration;

use anyhow::Context;
use sha2::{Digest, Sha256};

use crate::command::run;
use crate::interrupt;
use crate::progress::Step;
use crate::tools::node::Node;

/// Folders that are made, not written.
const MADE: [&str; 4] = ["node_modules", "dist", "test-results", "playwright-report"];

/// One Node package of the project.
pub struct Package {
    /// Its folder, from the project's root.
    pub name: &'static str,
    folder: PathBuf,
}

impl Package {
    /// The script of the landing page.
    pub fn landing_client(root: &Path) -> Self {
        Self::new(root, "landing/client")
    }

    /// The admin.
    pub fn admin(root: &Path) -> Self {
        Self::new(root, "admin-ui")
    }

    /// The browser tests.
    pub fn browser_tests(root: &Path) -> Self {
        Self::new(root, "crates/testkit/browser")
    }

    fn new(root: &Path, name: &'static str) -> Self {
        Self { name, folder: root.join(name) }
    }

    /// Where its files are.
    pub fn folder(&self) -> &Path {
        &self.folder
    }

    /// Installs its dependencies unless they are there; `true` when there was something to do.
    ///
    /// # Errors
    /// When npm fails.
    pub fn install(&self, step: &Step, node: &Node) -> anyhow::Result<bool> {
        let lock = self.folder.join("package-lock.json");
        let lock = fs::read(&lock).with_context(|| format!("{} cannot be read", lock.display()))?;
        let mark = hex(Sha256::new().chain_update(&node.version).chain_update(lock));
        if self.noted("installed") == mark {
            return Ok(false);
        }
        step.detail("npm ci");
        let mut command = node.npm(&self.folder, &["ci", "--no-fund", "--no-audit", "--loglevel=http"]);
        command.env("PLAYWRIGHT_SKIP_BROWSER_DOWNLOAD", "1");
        run(step, &mut command, &format!("the dependencies of {} could not be installed", self.name))?;
        self.note("installed", &mark)?;
        Ok(true)
    }

    /// Builds it unless the build is newer than every source; `true` when there was something to do.
    ///
    /// # Errors
    /// When the build fails.
    pub fn build(&self, step: &Step, node: &Node) -> anyhow::Result<bool> {
        let mark = self.sources()?;
        if self.noted("built") == mark && self.folder.join("dist").is_dir() {
            return Ok(false);
        }
        step.detail("npm run build");
        run(step, &mut node.npm(&self.folder, &["run", "build"]), &format!("{} could not be built", self.name))?;
        self.note("built", &mark)?;
        Ok(true)
    }

    /// A hash over all its sources, their names included.
    fn sources(&self) -> anyhow::Result<String> {
        let mut files = Vec::new();
        list_sources(&self.folder, &mut files).with_context(|| format!("{} cannot be read", self.folder.display()))?;
        files.sort();
        let mut hash = Sha256::new();
        for file in files {
            let text = fs::read(&file)?;
            hash.update(file.as_os_str().as_encoded_bytes());
            hash.update(text.len().to_le_bytes());
            hash.update(text);
        }
        Ok(hex(hash))
    }

    fn noted(&self, what: &str) -> String {
        fs::read_to_string(self.folder.join("node_modules/.pushnami").join(what)).unwrap_or_default()
    }

    fn note(&self, what: &str, mark: &str) -> anyhow::Result<()> {
        let notes = self.folder.join("node_modules/.pushnami");
        let written = fs::create_dir_all(&notes).and_then(|()| fs::write(notes.join(what), mark));
        written.with_context(|| format!("{} cannot be written", notes.display()))
    }
}

/// Waits until no other `cargo xtask` works on the front ends of this project; the turn ends with the returned file.
///
/// # Errors
/// When somebody asked for a stop meanwhile.
pub fn take_turn(step: &Step, root: &Path) -> anyhow::Result<File> {
    let folder = root.join("target");
    let file = folder.join("frontends.lock");
    let lock = fs::create_dir_all(&folder).and_then(|()| File::create(&file));
    let lock = lock.with_context(|| format!("{} cannot be written", file.display()))?;
    while let Err(refusal) = lock.try_lock() {
        if let TryLockError::Error(error) = refusal {
            return Err(error.into());
        }
        interrupt::check()?;
        step.detail("waiting for another `cargo xtask`");
        std::thread::sleep(Duration::from_millis(100));
    }
    Ok(lock)
}

fn list_sources(folder: &Path, into: &mut Vec<PathBuf>) -> std::io::Result<()> {
    for entry in fs::read_dir(folder)? {
        let entry = entry?;
        let made = MADE.iter().any(|name| entry.file_name() == *name);
        match entry.file_type()? {
            kind if kind.is_dir() && !made => list_sources(&entry.path(), into)?,
            kind if kind.is_file() => into.push(entry.path()),
            _ => {}
        }
    }
    Ok(())
}

fn hex(hash: Sha256) -> String {
    hash.finalize().iter().map(|byte| format!("{byte:02x}")).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_sources_change_the_hash() {
        let root = std::env::temp_dir().join(format!("pushnami-frontend-{}", std::process::id()));
        let package = Package::new(&root, "app");
        fs::create_dir_all(package.folder().join("src")).unwrap();
        fs::create_dir_all(package.folder().join("dist")).unwrap();
        fs::write(package.folder().join("src/main.ts"), "one").unwrap();
        let before = package.sources().unwrap();
        fs::write(package.folder().join("dist/main.js"), "made").unwrap();
        assert_eq!(package.sources().unwrap(), before);
        fs::write(package.folder().join("src/main.ts"), "two").unwrap();
        assert_ne!(package.sources().unwrap(), before);
        fs::remove_dir_all(root).unwrap();
    }
}
