//! The programs of Postgres, 15 or newer: installed ones, or a package fetched for us. Only `initdb` and `postgres` are
//! needed.

use std::cmp::Reverse;
use std::path::{Path, PathBuf};

use anyhow::{Context, bail};

use crate::account::Account;
use crate::command::ask;
use crate::progress::Step;
use crate::tools::{apt, find, is_executable, postgres_package};

/// The oldest Postgres whose SQL we use.
const OLDEST: u32 = 15;

/// Folders of installed versions; `*` stands for a name. Debian, for one, puts only a few programs in `PATH`.
const USUAL_FOLDERS: [&str; 8] = [
    "/usr/lib/postgresql/*/bin",
    "/usr/pgsql-*/bin",
    "/usr/local/pgsql/bin",
    "/opt/homebrew/opt/postgresql*/bin",
    "/usr/local/opt/postgresql*/bin",
    "/home/linuxbrew/.linuxbrew/opt/postgresql*/bin",
    "/Applications/Postgres.app/Contents/Versions/*/bin",
    "/Library/PostgreSQL/*/bin",
];

/// One set of programs.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Binaries {
    /// The folder they are in.
    pub folder: PathBuf,
    /// For instance 15.
    pub major: u32,
    /// For instance `15.18`.
    pub version: String,
}

impl Binaries {
    /// Finds programs, or installs or fetches some into `cache`. `wanted` is the version that existing data need.
    ///
    /// # Errors
    /// With a sentence that says what to install.
    pub fn provide(step: &Step, cache: &Path, account: Option<&Account>, wanted: Option<u32>) -> anyhow::Result<Self> {
        if let Some(named) = std::env::var_os("PUSHNAMI_PG_BIN").filter(|folder| !folder.is_empty()) {
            let named = PathBuf::from(named);
            let held = named.display();
            return Self::of(&named, account).with_context(|| {
                format!("PUSHNAMI_PG_BIN is `{held}`; it may hold a folder with initdb and postgres, {OLDEST} or newer")
            });
        }
        if let Some(found) = best(installed(cache, account), wanted) {
            return Ok(found);
        }
        let reason = bring(step, cache);
        match (best(installed(cache, account), wanted), reason) {
            (Some(found), _) => Ok(found),
            (None, Err(error)) if crate::interrupt::requested() => Err(error),
            (None, Err(error)) => Err(error.context(missing())),
            (None, Ok(())) => bail!(missing()),
        }
    }

    fn of(folder: &Path, account: Option<&Account>) -> Option<Self> {
        // The real folder: the programs find their own files relative to it.
        let folder = folder.join("postgres").canonicalize().ok()?.parent()?.to_owned();
        if !["initdb", "postgres"].iter().all(|name| is_executable(&folder.join(name))) {
            return None;
        }
        if account.is_some_and(|account| !account.reaches(&folder)) {
            return None;
        }
        let answer = ask(folder.join("postgres"), &["--version"])?;
        let version = answer.split_whitespace().nth(2)?.to_owned();
        let major = version.split(|c: char| !c.is_ascii_digit()).next()?.parse().ok()?;
        (major >= OLDEST).then_some(Self { folder, major, version })
    }
}

fn missing() -> String {
    format!(
        "Postgres {OLDEST} or newer is missing and could not be fetched; install it (Debian: apt install postgresql, macOS: brew install postgresql), or name a running one with DATABASE_URL"
    )
}

/// Folders in which programs of Postgres may lie, in the order in which they are preferred.
pub fn folders() -> impl Iterator<Item = PathBuf> {
    let configured = ask("pg_config", &["--bindir"]).map(PathBuf::from).into_iter();
    let in_path = ["postgres", "pg_dump"].into_iter().filter_map(|name| Some(find(name, &[])?.parent()?.to_owned()));
    configured.chain(in_path).chain(USUAL_FOLDERS.iter().flat_map(|pattern| matching(pattern)))
}

/// Everything that is there, in the order in which it is preferred.
fn installed(cache: &Path, account: Option<&Account>) -> Vec<Binaries> {
    let folders = folders().chain([postgres_package::folder(cache)]);
    let mut found: Vec<Binaries> = Vec::new();
    for binaries in folders.filter_map(|folder| Binaries::of(&folder, account)) {
        if !found.contains(&binaries) {
            found.push(binaries);
        }
    }
    found
}

/// The version that the data were written by, else the newest.
fn best(mut found: Vec<Binaries>, wanted: Option<u32>) -> Option<Binaries> {
    found.sort_by_key(|binaries| Reverse((Some(binaries.major) == wanted, binaries.major)));
    found.into_iter().next()
}

fn bring(step: &Step, cache: &Path) -> anyhow::Result<()> {
    if apt::is_usable() && apt::install(step, &["postgresql"]).is_ok() {
        return Ok(());
    }
    crate::interrupt::check()?;
    postgres_package::fetch(step, cache)
}

/// The folders that a pattern with one `*` stands for.
fn matching(pattern: &str) -> Vec<PathBuf> {
    let Some((before, after)) = pattern.split_once('*') else { return vec![pattern.into()] };
    let Some((parent, prefix)) = before.rsplit_once('/') else { return Vec::new() };
    let entries = std::fs::read_dir(parent).into_iter().flatten().flatten();
    let named = entries.filter(|entry| entry.file_name().to_string_lossy().starts_with(prefix));
    named.map(|entry| entry.path().join(after.trim_start_matches('/'))).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn data_choose_their_version_and_else_the_newest_wins() {
        let of = |major: u32| Binaries { folder: format!("/{major}").into(), major, version: format!("{major}.1") };
        let chosen = |wanted| best(vec![of(15), of(18), of(16)], wanted).map(|binaries| binaries.major);
        assert_eq!([chosen(None), chosen(Some(16)), chosen(Some(17))], [Some(18), Some(16), Some(18)]);
    }

    #[test]
    fn a_pattern_finds_folders() {
        let root = std::env::temp_dir().join(format!("pushnami-pattern-{}", std::process::id()));
        std::fs::create_dir_all(root.join("pg-15")).unwrap();
        std::fs::create_dir_all(root.join("other")).unwrap();
        assert_eq!(matching(&format!("{}/pg-*/bin", root.display())), [root.join("pg-15/bin")]);
        std::fs::remove_dir_all(root).unwrap();
    }
}
