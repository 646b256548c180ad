//! A disk so small that it is soon full.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use crate::cluster::{Owner, give};

/// Enough for the schema and a few thousand events.
const SMALL: &str = "size=24m";
/// Enough for everything that the test sends afterwards.
const LARGE: &str = "size=1g";

pub struct Disk(PathBuf);

impl Disk {
    /// Mounts it; `None` when we may not.
    pub fn mount(owner: Owner) -> Option<Self> {
        let folder = PathBuf::from(format!("/tmp/pushnami-disk-{}", std::process::id()));
        fs::create_dir_all(&folder).unwrap();
        let mounted = mount(&["-t", "tmpfs", "-o", SMALL, "tmpfs"], &folder);
        if !mounted {
            fs::remove_dir(&folder).unwrap();
            return None;
        }
        give(&folder, owner);
        Some(Self(folder))
    }

    pub fn path(&self) -> &Path {
        &self.0
    }

    pub fn grow(&self) {
        assert!(mount(&["-o", &format!("remount,{LARGE}")], &self.0), "the disk cannot be made larger");
    }
}

impl Drop for Disk {
    fn drop(&mut self) {
        let _ = Command::new("umount").arg("-l").arg(&self.0).status();
        let _ = fs::remove_dir(&self.0);
    }
}

fn mount(arguments: &[&str], folder: &Path) -> bool {
    Command::new("mount").args(arguments).arg(folder).output().is_ok_and(|output| output.status.success())
}
