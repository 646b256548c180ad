//! `cargo xtask sqlx`: asks a private Postgres with our schema about every statement in the code and writes the answers
//! into `.sqlx/`, so that everybody else compiles without a database.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::time::SystemTime;

use anyhow::{Context, bail};

use crate::cargo::cargo;
use crate::command::run;
use crate::progress::{Step, say};
use crate::temporary::ThrowAwayServer;

/// How a file shows that it holds a checked statement.
const MACROS: [&str; 4] = ["query!(", "query_as!(", "query_scalar!(", "query_file"];

/// Writes `.sqlx/`, or with `check` says whether it is current.
///
/// # Errors
/// When a statement is wrong, or the folder is stale and `check` was asked for.
pub fn queries(root: &Path, check: bool) -> anyhow::Result<ExitCode> {
    let server = ThrowAwayServer::with_schema(&migrations(root)?)?;
    let written = server.folder().join("sqlx");
    let scratch = server.folder().join("sqlx-part");
    fs::create_dir_all(&written)?;
    fs::create_dir_all(&scratch)?;
    Step::start("Statements").finish(|step| {
        let touched = touch_statements(root)?;
        let mut command = cargo(root, &["check", "--workspace", "--all-targets"]);
        command.env("SQLX_OFFLINE", "false").env("DATABASE_URL", server.url());
        command.env("SQLX_OFFLINE_DIR", &written).env("SQLX_TMP", &scratch);
        run(step, &mut command, "a statement does not fit the schema, or the code does not compile")?;
        Ok(((), format!("those of {touched} files were asked about")))
    })?;
    let (kept, found) = (read_folder(&root.join(".sqlx"))?, read_folder(&written)?);
    if kept == found {
        say(&format!("  .sqlx/ is current ({} statements)", found.len()));
        return Ok(ExitCode::SUCCESS);
    }
    if check {
        bail!(".sqlx/ is stale; `cargo xtask sqlx` writes it anew");
    }
    replace(&root.join(".sqlx"), &found)?;
    let new = found.iter().filter(|file| !kept.contains(file)).count();
    let gone = kept.iter().filter(|file| !found.contains(file)).count();
    say(&format!("  .sqlx/ is written: {} statements, {new} new, {gone} gone", found.len()));
    Ok(ExitCode::SUCCESS)
}

/// All migrations in their order.
fn migrations(root: &Path) -> anyhow::Result<Vec<String>> {
    let folder = root.join("db/migrations");
    let entries = fs::read_dir(&folder).with_context(|| format!("{} cannot be read", folder.display()))?;
    let mut files: Vec<PathBuf> = entries.flatten().map(|entry| entry.path()).collect();
    files.retain(|file| file.extension().is_some_and(|extension| extension == "sql"));
    files.sort();
    Ok(files.iter().map(fs::read_to_string).collect::<Result<_, _>>()?)
}

/// Makes every file with a statement newer, so that its crate is compiled again and asks again.
fn touch_statements(root: &Path) -> anyhow::Result<usize> {
    let mut files = Vec::new();
    for member in ["crates", "abtest", "metrics", "landing"] {
        list_rust(&root.join(member), &mut files)?;
    }
    let mut touched = 0;
    for file in files {
        let text = fs::read_to_string(&file)?;
        if MACROS.iter().any(|name| text.contains(name)) {
            fs::File::options().append(true).open(&file)?.set_modified(SystemTime::now())?;
            touched += 1;
        }
    }
    Ok(touched)
}

fn list_rust(folder: &Path, into: &mut Vec<PathBuf>) -> std::io::Result<()> {
    for entry in fs::read_dir(folder)? {
        let path = entry?.path();
        if path.is_dir() && !path.ends_with("node_modules") {
            list_rust(&path, into)?;
        } else if path.extension().is_some_and(|extension| extension == "rs") {
            into.push(path);
        }
    }
    Ok(())
}

/// Names and texts of a folder's files, sorted; nothing when the folder is not there.
fn read_folder(folder: &Path) -> anyhow::Result<Vec<(PathBuf, String)>> {
    let Ok(entries) = fs::read_dir(folder) else { return Ok(Vec::new()) };
    let mut files = Vec::new();
    for path in entries.flatten().map(|entry| entry.path()) {
        if path.extension().is_some_and(|extension| extension == "json") {
            files.push((PathBuf::from(path.file_name().unwrap_or_default()), fs::read_to_string(&path)?));
        }
    }
    files.sort();
    Ok(files)
}

fn replace(folder: &Path, files: &[(PathBuf, String)]) -> anyhow::Result<()> {
    fs::create_dir_all(folder)?;
    for (stale, _) in read_folder(folder)? {
        fs::remove_file(folder.join(stale))?;
    }
    for (name, text) in files {
        fs::write(folder.join(name), text)?;
    }
    Ok(())
}
