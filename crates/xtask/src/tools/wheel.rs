//! Binary packages from the Python index, through the user's own pip, so that a mirror or proxy is followed. What
//! arrives must have the pinned SHA-256.

use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context, bail};
use sha2::{Digest, Sha256};

use crate::command::{ask, run};
use crate::progress::Step;
use crate::tools::{apt, find};

/// One file of a package, for one kind of machine.
pub struct Pin {
    /// `linux`, `macos`: as Rust calls them.
    pub os: &'static str,
    /// `x86_64`, `aarch64`: as Rust calls them.
    pub arch: &'static str,
    /// The name under which the package offers it, where that differs from machine to machine.
    pub label: &'static str,
    /// The SHA-256 of the file.
    pub sha256: &'static str,
}

/// The pin for this machine.
pub fn for_this_machine(pins: &[Pin]) -> Option<&Pin> {
    pins.iter().find(|pin| pin.os == std::env::consts::OS && pin.arch == std::env::consts::ARCH)
}

/// Whether wheels can be fetched here, perhaps after an installation.
pub fn is_usable() -> bool {
    pip().is_some() || apt::is_usable()
}

/// Fetches `requirement` (`name==version`) and unpacks it into `folder`, which must not exist yet.
///
/// # Errors
/// When pip is not to be had, the package cannot be fetched, or it is not the pinned one.
pub fn fetch(step: &Step, requirement: &str, pin: &Pin, folder: &Path) -> anyhow::Result<()> {
    if pip().is_none() {
        apt::install(step, &["python3-pip"])?;
    }
    let (python, pip) = pip().context("pip is missing; install Python 3 with pip")?;
    let part = Part::new(folder)?;
    step.detail(&format!("pip download {requirement}"));
    let mut command = Command::new(&pip[0]);
    command.args(&pip[1..]).args(["download", "--quiet", "--disable-pip-version-check", "--no-deps"]);
    command.args(["--only-binary=:all:", "--dest"]).arg(&part.0).arg(requirement);
    run(step, &mut command, &format!("pip could not fetch {requirement}"))?;
    let wheel = only_file(&part.0)?;
    verify(&wheel, pin.sha256)?;
    step.detail("unpacking");
    // A wheel is a zip, and who has pip has Python, which can unpack one.
    let unpacked = part.0.join("unpacked");
    let mut command = Command::new(python);
    command.args(["-m", "zipfile", "-e"]).arg(&wheel).arg(&unpacked);
    run(step, &mut command, &format!("{requirement} cannot be unpacked"))?;
    std::fs::rename(unpacked, folder)?;
    Ok(())
}

/// Fetches packages with all they need, and puts them into `folder`, which must not exist yet: a place for `PYTHONPATH`.
///
/// # Errors
/// When pip is not to be had, or the packages cannot be fetched.
pub fn install(step: &Step, requirements: &[&str], folder: &Path) -> anyhow::Result<()> {
    if pip().is_none() {
        apt::install(step, &["python3-pip"])?;
    }
    let (_, pip) = pip().context("pip is missing; install Python 3 with pip")?;
    let part = Part::new(folder)?;
    let unpacked = part.0.join("unpacked");
    step.detail(&format!("pip install {}", requirements.join(" ")));
    let mut command = Command::new(&pip[0]);
    command.args(&pip[1..]).args(["install", "--quiet", "--disable-pip-version-check", "--only-binary=:all:"]);
    command.arg("--target").arg(&unpacked).args(requirements);
    run(step, &mut command, "pip could not fetch the packages")?;
    std::fs::rename(unpacked, folder)?;
    Ok(())
}

/// Fails unless the file has the pinned SHA-256.
///
/// # Errors
/// With a sentence that shows both sums.
pub fn verify(file: &Path, sha256: &str) -> anyhow::Result<()> {
    let digest = Sha256::digest(std::fs::read(file)?);
    let found: String = digest.iter().map(|byte| format!("{byte:02x}")).collect();
    if found != sha256 {
        let name = file.file_name().unwrap_or_default().to_string_lossy();
        bail!("{name} is not the file this project knows: its SHA-256 is {found}, expected {sha256}");
    }
    Ok(())
}

/// The one file of a folder.
///
/// # Errors
/// When there is none.
pub fn only_file(folder: &Path) -> anyhow::Result<PathBuf> {
    let mut files = std::fs::read_dir(folder)?.flatten().map(|entry| entry.path()).filter(|path| path.is_file());
    files.next().context("the download brought no file")
}

/// Python, and the words that run its pip.
fn pip() -> Option<(PathBuf, Vec<String>)> {
    let python = find("python3", &[]).or_else(|| find("python", &[]))?;
    let name = python.to_str()?;
    ask(name, &["-m", "pip", "--version"])?;
    Some((python.clone(), [name, "-m", "pip"].map(str::to_owned).to_vec()))
}

/// A folder beside the wanted one that is gone at the end, whatever happens.
pub struct Part(pub PathBuf);

impl Part {
    /// Makes the folder, empty.
    ///
    /// # Errors
    /// When the file system refuses.
    pub fn new(wanted: &Path) -> anyhow::Result<Self> {
        let part = wanted.with_extension("part");
        if part.exists() {
            std::fs::remove_dir_all(&part)?;
        }
        std::fs::create_dir_all(&part)?;
        Ok(Self(part))
    }
}

impl Drop for Part {
    fn drop(&mut self) {
        let _ = std::fs::remove_dir_all(&self.0);
    }
}
