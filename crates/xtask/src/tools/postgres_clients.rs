//! The client programs of Postgres (`pg_dump`, `pg_restore`, `psql`), which only backups need. They are not fetched with the
//! server's: a package for the machine brings them.

use std::path::{Path, PathBuf};

use anyhow::{Context, bail};

use crate::command::ask;
use crate::tools::postgres::folders;
use crate::tools::{apt, is_executable};

const PROGRAMS: [&str; 3] = ["pg_dump", "pg_restore", "psql"];

/// The folder of the programs that fit the server at this address: of its own major version, else of a newer one.
///
/// # Errors
/// When there are none, or the server does not answer.
pub fn provide(url: &str) -> anyhow::Result<PathBuf> {
    let mut found = installed();
    if found.is_empty() && apt::is_usable() {
        let step = crate::progress::Step::start("Postgres's clients");
        step.finish(|step| Ok((apt::install(step, &["postgresql-client"])?, "installed".to_owned())))?;
        found = installed();
    }
    let any = found.first().context(
        "pg_dump, pg_restore and psql are missing; install Postgres's clients (Debian: apt install postgresql-client, macOS: brew install libpq)",
    )?;
    let version = ask(any.1.join("psql"), &["-XAt", "-c", "show server_version_num", url])
        .and_then(|number| number.parse::<u32>().ok())
        .context("the database did not tell its version")?;
    choose(&found, version / 10_000)
}

/// Major versions and folders, newest first.
fn installed() -> Vec<(u32, PathBuf)> {
    let mut found: Vec<_> = folders().filter_map(|folder| Some((major(&folder)?, folder))).collect();
    found.sort_by_key(|(major, _)| std::cmp::Reverse(*major));
    found
}

fn major(folder: &Path) -> Option<u32> {
    // The real folder: Debian's own `psql` in PATH chooses a version by itself.
    let folder = folder.join("pg_dump").canonicalize().ok()?.parent()?.to_owned();
    if !PROGRAMS.iter().all(|name| is_executable(&folder.join(name))) {
        return None;
    }
    let answer = ask(folder.join("pg_dump"), &["--version"])?;
    answer.split_whitespace().nth(2)?.split(|c: char| !c.is_ascii_digit()).next()?.parse().ok()
}

fn choose(found: &[(u32, PathBuf)], server: u32) -> anyhow::Result<PathBuf> {
    let same = found.iter().find(|(major, _)| *major == server);
    match same.or_else(|| found.iter().rev().find(|(major, _)| *major > server)) {
        Some((_, folder)) => Ok(folder.clone()),
        None => bail!(
            "the database is a Postgres {server}, and pg_dump is older; install Postgres's clients of version {server}"
        ),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn programs_of_the_servers_version_come_first_and_older_ones_never() {
        let found = [18, 17, 15].map(|major| (major, PathBuf::from(format!("/{major}"))));
        let chosen = |server| choose(&found, server).ok();
        assert_eq!(chosen(15), Some("/15".into()));
        assert_eq!(chosen(16), Some("/17".into()));
        assert_eq!(chosen(19), None);
    }
}
