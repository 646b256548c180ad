//! Who runs what. Postgres refuses to run as root, rightly; started by root, it runs as another user of the machine,
//! and what that user needs must stand where that user can go.

use std::os::unix::fs::MetadataExt;
use std::os::unix::process::CommandExt;
use std::path::Path;
use std::process::Command;

use anyhow::Context;
use nix::unistd::{User, geteuid};

/// A user of this machine.
#[derive(Clone, Debug)]
pub struct Account {
    /// Its name.
    pub name: String,
    uid: u32,
    gid: u32,
}

impl Account {
    /// Who runs Postgres when root started us; `None` when we are an ordinary user, who runs it as themselves.
    ///
    /// # Errors
    /// When the machine knows no user but root.
    pub fn for_postgres() -> anyhow::Result<Option<Self>> {
        Self::first_of(&["postgres", "nobody"])
    }

    /// Who runs nginx's workers when root started us.
    ///
    /// # Errors
    /// When the machine knows no user but root.
    pub fn for_nginx() -> anyhow::Result<Option<Self>> {
        Self::first_of(&["www-data", "nginx", "nobody"])
    }

    /// The owner of a file, known by numbers only.
    pub fn with_ids(uid: u32, gid: u32) -> Self {
        let name = User::from_uid(uid.into()).ok().flatten().map_or_else(|| uid.to_string(), |user| user.name);
        Self { name, uid, gid }
    }

    fn first_of(names: &[&str]) -> anyhow::Result<Option<Self>> {
        if !is_root() {
            return Ok(None);
        }
        let user = names.iter().find_map(|name| User::from_name(name).ok().flatten());
        let user =
            user.context("Postgres must not run as root, and this machine has neither `postgres` nor `nobody`")?;
        Ok(Some(Self { name: user.name, uid: user.uid.as_raw(), gid: user.gid.as_raw() }))
    }

    /// Lets the account run the command.
    pub fn run(&self, command: &mut Command) {
        command.uid(self.uid).gid(self.gid);
    }

    /// Gives a file or folder to the account.
    ///
    /// # Errors
    /// When the file system refuses.
    pub fn own(&self, path: &Path) -> anyhow::Result<()> {
        std::os::unix::fs::chown(path, Some(self.uid), Some(self.gid))
            .with_context(|| format!("{} cannot be given to {}", path.display(), self.name))
    }

    /// Whether the account may pass through a folder and all folders above it.
    pub fn reaches(&self, folder: &Path) -> bool {
        let Ok(real) = folder.canonicalize() else { return false };
        real.ancestors()
            .all(|above| above.metadata().is_ok_and(|about| self.passes(about.mode(), about.uid(), about.gid())))
    }

    fn passes(&self, mode: u32, uid: u32, gid: u32) -> bool {
        let bit = if uid == self.uid {
            0o100
        } else if gid == self.gid {
            0o010
        } else {
            0o001
        };
        mode & bit != 0
    }
}

/// Whether we may do everything on this machine.
pub fn is_root() -> bool {
    geteuid().is_root()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_closest_permission_decides() {
        let account = Account { name: "nobody".to_owned(), uid: 65534, gid: 65534 };
        assert!(account.passes(0o755, 0, 0));
        assert!(!account.passes(0o700, 0, 0));
        assert!(account.passes(0o700, 65534, 0));
        // Its own group may not, although everybody else may.
        assert!(!account.passes(0o701, 0, 65534));
    }
}
