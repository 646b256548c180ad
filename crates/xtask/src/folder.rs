//! The folder that `PUSHNAMI_DATA` names: everything that lasts on a bare machine, and one lock, so that two copies
//! never share it.

use std::fs::{File, OpenOptions, TryLockError};
use std::io::{Read, Seek, Write};
use std::path::{Path, PathBuf};

use anyhow::{Context, bail};
use sha2::{Digest, Sha256};

use crate::account::Account;

/// The opened and locked folder.
pub struct Folder {
    path: PathBuf,
    shared: PathBuf,
    _lock: File,
}

impl Folder {
    /// Makes the folder if need be and locks it. `others` are the accounts that must reach a part of it.
    ///
    /// # Errors
    /// When it cannot be made, or another copy uses it.
    pub fn open(path: &Path, others: &[Account]) -> anyhow::Result<Self> {
        let unusable = || format!("PUSHNAMI_DATA is `{}`, which cannot be used", path.display());
        std::fs::create_dir_all(path.join("run")).with_context(unusable)?;
        let path = path.canonicalize().with_context(unusable)?;
        let lock = lock(&path.join("run/lock"), &path)?;
        let shared = shared_part(&path, others)?;
        Ok(Self { path, shared, _lock: lock })
    }

    /// Whether another copy uses the folder at this moment.
    pub fn is_in_use(path: &Path) -> bool {
        let opened = File::open(path.join("run/lock"));
        opened.is_ok_and(|lock| matches!(lock.try_lock(), Err(TryLockError::WouldBlock)))
    }

    /// Where the part of a folder is that other accounts must reach, whoever uses it now.
    pub fn shared_part_of(path: &Path) -> PathBuf {
        let elsewhere = std::fs::read_to_string(path.join("elsewhere"));
        elsewhere.map_or_else(|_| path.to_owned(), |place| place.trim().into())
    }

    /// The folder itself.
    pub fn path(&self) -> &Path {
        &self.path
    }

    /// Where files of the running processes are: their ids, nginx's configuration.
    pub fn run(&self) -> PathBuf {
        self.path.join("run")
    }

    /// Where what must be reached by other accounts stands: the folder itself nearly always.
    pub fn shared(&self) -> &Path {
        &self.shared
    }

    /// Whether a part of the folder had to be put elsewhere.
    pub fn is_split(&self) -> bool {
        self.shared != self.path
    }
}

fn lock(file: &Path, folder: &Path) -> anyhow::Result<File> {
    let opened = OpenOptions::new().read(true).write(true).create(true).truncate(false).open(file);
    let mut lock = opened.with_context(|| format!("PUSHNAMI_DATA is `{}`, which cannot be used", folder.display()))?;
    match lock.try_lock() {
        Ok(()) => {
            lock.set_len(0)?;
            lock.rewind()?;
            writeln!(lock, "{}", std::process::id())?;
            Ok(lock)
        }
        Err(TryLockError::WouldBlock) => {
            let mut holder = String::new();
            let _ = lock.read_to_string(&mut holder);
            bail!(
                "another `cargo xtask up` (process {}) runs on {}; stop it, or name another folder with PUSHNAMI_DATA and other ports",
                holder.trim(),
                folder.display()
            )
        }
        Err(TryLockError::Error(error)) => Err(error).with_context(|| format!("{} cannot be locked", file.display())),
    }
}

/// The folder, or one that all the accounts can reach when it stands in a closed home. A file in the folder says where.
fn shared_part(path: &Path, others: &[Account]) -> anyhow::Result<PathBuf> {
    if others.iter().all(|account| account.reaches(path)) {
        return Ok(path.to_owned());
    }
    let digest = Sha256::digest(path.as_os_str().as_encoded_bytes());
    let name: String = digest.iter().take(4).map(|byte| format!("{byte:02x}")).collect();
    let elsewhere = PathBuf::from(format!("/var/lib/pushnami-{name}"));
    std::fs::create_dir_all(&elsewhere).with_context(|| format!("{} cannot be made", elsewhere.display()))?;
    std::fs::write(path.join("elsewhere"), format!("{}\n", elsewhere.display()))?;
    Ok(elsewhere)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_second_copy_on_the_same_folder_is_refused_until_the_first_is_gone() {
        let path = std::env::temp_dir().join(format!("pushnami-folder-{}", std::process::id()));
        let first = Folder::open(&path, &[]).unwrap();
        let refusal = Folder::open(&path, &[]).map(|_| ()).unwrap_err().to_string();
        assert!(refusal.contains(&format!("(process {})", std::process::id())), "{refusal}");
        drop(first);
        assert!(Folder::open(&path, &[]).is_ok());
        std::fs::remove_dir_all(path).unwrap();
    }
}
