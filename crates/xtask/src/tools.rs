//! The programs that this project needs and cargo does not bring. Each module finds its own on the machine, or fetches
//! it in a way that a newcomer's machine allows, or says in one sentence what to install.

pub mod apt;
pub mod chromium;
pub mod load;
pub mod nginx;
pub mod node;
pub mod openfeature;
pub mod postgres;
pub mod postgres_clients;
pub mod postgres_package;
pub mod schemathesis;
pub mod wheel;

use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};

/// Finds an executable in `PATH`, then in folders where it is often put without being in `PATH`.
pub fn find(name: &str, usual_folders: &[&str]) -> Option<PathBuf> {
    let path = std::env::var_os("PATH").unwrap_or_default();
    let folders = std::env::split_paths(&path).chain(usual_folders.iter().map(PathBuf::from));
    folders.map(|folder| folder.join(name)).find(|file| is_executable(file))
}

/// Whether a file is there and may be run.
pub fn is_executable(file: &Path) -> bool {
    file.metadata().is_ok_and(|about| about.is_file() && about.permissions().mode() & 0o111 != 0)
}
